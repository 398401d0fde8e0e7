/*
 * Notes, in the order in which it happened, what a process does to the files below REC_DIR, and what it says on its output, in the file REC_LOG:
 * so that a machine can be told of that lost its power at any moment. Loaded with LD_PRELOAD; read by recording.ts.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CREATE, WRITE, TRUNCATE, SYNC, UNLINK, RENAME, LINK, TOLD };
struct head {
  uint32_t kind, path, length, spare;
  uint64_t offset;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_file = -1;

#define REAL(type, name) \
  static type (*real)(); \
  if (!real) real = (type(*)())dlsym(RTLD_NEXT, name)

static int is_noted(const char *path) {
  const char *below = getenv("REC_DIR");
  size_t size = below ? strlen(below) : 0, length = strlen(path);
  return size && !strncmp(path, below, size) && (length < 4 || strcmp(path + length - 4, "-shm")) && !strstr(path, " (deleted)");
}

/* The path of an open file; 0 where it is none that is noted. */
static int path_of(int file, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t size = readlink(link, path, PATH_MAX - 1);
  if (size < 0) return 0;
  path[size] = 0;
  return is_noted(path);
}

static void all(const void *bytes, size_t size) {
  REAL(ssize_t, "write");
  for (const char *from = bytes; size;) {
    ssize_t done = real(log_file, from, size);
    if (done <= 0) abort();
    from += done, size -= done;
  }
}

static void note(uint32_t kind, const char *path, uint64_t offset, const void *bytes, size_t length) {
  if (log_file < 0) {
    REAL(int, "open64");
    log_file = real(getenv("REC_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_file < 0) abort();
  }
  struct head head = {kind, strlen(path), length, 0, offset};
  all(&head, sizeof head), all(path, head.path), all(bytes, length);
}

#define LOCKED(work) \
  pthread_mutex_lock(&lock); \
  work; \
  pthread_mutex_unlock(&lock)

static void wrote(int file, const char *path, const void *bytes, ssize_t done, int64_t offset) {
  if (done > 0) note(file == 1 ? TOLD : WRITE, path, offset, bytes, done);
}

#define PWRITE(name) \
  ssize_t name(int file, const void *bytes, size_t size, off64_t offset) { \
    REAL(ssize_t, #name); \
    char path[PATH_MAX]; \
    if (!path_of(file, path)) return real(file, bytes, size, offset); \
    LOCKED(ssize_t done = real(file, bytes, size, offset); wrote(file, path, bytes, done, offset)); \
    return done; \
  }
PWRITE(pwrite64)
PWRITE(pwrite)

static int64_t place(int file) {
  struct stat found;
  if (fcntl(file, F_GETFL) & O_APPEND) return fstat(file, &found) ? 0 : found.st_size;
  return lseek(file, 0, SEEK_CUR);
}

ssize_t write(int file, const void *bytes, size_t size) {
  REAL(ssize_t, "write");
  char path[PATH_MAX] = "";
  if (file != 1 && !path_of(file, path)) return real(file, bytes, size);
  LOCKED(int64_t offset = file == 1 ? 0 : place(file); ssize_t done = real(file, bytes, size); wrote(file, path, bytes, done, offset));
  return done;
}

/* What is written in pieces is nothing that a store does: better no recording than one with holes. */
ssize_t writev(int file, const struct iovec *pieces, int count) {
  REAL(ssize_t, "writev");
  char path[PATH_MAX];
  if (file == 1 || path_of(file, path)) abort();
  return real(file, pieces, count);
}

#define TRUNCATES(name) \
  int name(int file, off64_t size) { \
    REAL(int, #name); \
    char path[PATH_MAX]; \
    if (!path_of(file, path)) return real(file, size); \
    LOCKED(int failed = real(file, size); if (!failed) note(TRUNCATE, path, size, "", 0)); \
    return failed; \
  }
TRUNCATES(ftruncate)
TRUNCATES(ftruncate64)

#define SYNCS(name) \
  int name(int file) { \
    REAL(int, #name); \
    char path[PATH_MAX]; \
    if (!path_of(file, path)) return real(file); \
    LOCKED(int failed = real(file); if (!failed) note(SYNC, path, 0, "", 0)); \
    return failed; \
  }
SYNCS(fsync)
SYNCS(fdatasync)

#define OPENS(name) \
  int name(const char *path, int flags, ...) { \
    REAL(int, #name); \
    va_list more; \
    va_start(more, flags); \
    int mode = flags & O_CREAT ? va_arg(more, int) : 0; \
    va_end(more); \
    if (!(flags & (O_CREAT | O_TRUNC)) || !is_noted(path)) return real(path, flags, mode); \
    LOCKED(int is_new = access(path, F_OK); int file = real(path, flags, mode); \
           if (file >= 0 && is_new) note(CREATE, path, 0, "", 0); \
           if (file >= 0 && !is_new && flags & O_TRUNC) note(TRUNCATE, path, 0, "", 0)); \
    return file; \
  }
OPENS(open)
OPENS(open64)

#define REMOVES(name) \
  int name(const char *path) { \
    REAL(int, #name); \
    LOCKED(int failed = real(path); if (!failed && is_noted(path)) note(UNLINK, path, 0, "", 0)); \
    return failed; \
  }
REMOVES(unlink)
REMOVES(remove)

int unlinkat(int directory, const char *name, int flags) {
  REAL(int, "unlinkat");
  char path[PATH_MAX], whole[2 * PATH_MAX];
  snprintf(whole, sizeof whole, "%s", name);
  if (*name != '/' && directory != AT_FDCWD && path_of(directory, path)) snprintf(whole, sizeof whole, "%s/%s", path, name);
  LOCKED(int failed = real(directory, name, flags); if (!failed && is_noted(whole)) note(UNLINK, whole, 0, "", 0));
  return failed;
}

#define NAMES(name, kind) \
  int name(const char *from, const char *to) { \
    REAL(int, #name); \
    LOCKED(int failed = real(from, to); if (!failed && is_noted(from)) note(kind, from, 0, to, strlen(to))); \
    return failed; \
  }
NAMES(rename, RENAME)
NAMES(link, LINK)
