import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

type OpenFile = { readonly descriptor: number; readonly device: number; readonly inode: number };

/**
 * Database files that were read for remnants stay open until the process ends: closing one that SQLite has open in this process too would
 * drop SQLite's locks on it (POSIX). One that another file was put in the place of is opened anew.
 */
const opened = new Map<string, OpenFile>();

const descriptorOf = (path: string): number => {
  const { dev, ino } = statSync(path);
  const known = opened.get(path);
  if (known?.device === dev && known.inode === ino) return known.descriptor;
  const descriptor = openSync(path, 'r');
  const found = fstatSync(descriptor);
  opened.set(path, { descriptor, device: found.dev, inode: found.ino });
  return descriptor;
};

const chunkBytes = 1024 * 1024;

const occurrences = (bytes: Buffer, needle: Uint8Array): number => {
  let count = 0;
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) count += 1;
  return count;
};

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** How often some bytes occur in a whole database file, read in pieces that leave the event loop free between them. */
export const occurrencesIn = async (path: string, needle: Uint8Array): Promise<number> => {
  const file = descriptorOf(path);
  const buffer = Buffer.alloc(chunkBytes);
  let count = 0;
  for (let from = 0; ; from += chunkBytes - needle.length + 1) {
    const read = readSync(file, buffer, 0, chunkBytes, from);
    count += occurrences(buffer.subarray(0, read), needle);
    if (read < chunkBytes) return count;
    await nextTurn();
  }
};

/** Pages of a database file, numbered from 1 as SQLite numbers them. */
export type Pages = { readonly size: number; readonly numbers: ReadonlySet<number> };

const pagesAtOnce = 256;

/** How often any of some bytes occur in some pages of a database file: what is looked for lies within one page. */
export const occurrencesInPages = async (
  path: string,
  { size, numbers }: Pages,
  needles: readonly Uint8Array[],
): Promise<number> => {
  const file = descriptorOf(path);
  const buffer = Buffer.alloc(size);
  let [count, looked] = [0, 0];
  for (const number of numbers) {
    const read = readSync(file, buffer, 0, size, (number - 1) * size);
    count += sum(needles.map((needle) => occurrences(buffer.subarray(0, read), needle)));
    looked += 1;
    if (looked % pagesAtOnce === 0) await nextTurn();
  }
  return count;
};

const isMissing = (error: unknown): boolean => (error as { readonly code?: unknown } | null)?.code === 'ENOENT';

/**
 * How often any of some bytes occur in a write-ahead log or a journal, none where there is no such file. SQLite keeps no locks on these, so
 * that they may be closed again.
 */
export const occurrencesBeside = (path: string, needles: readonly Uint8Array[]): number => {
  try {
    const bytes = readFileSync(path);
    return sum(needles.map((needle) => occurrences(bytes, needle)));
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
};

const headerBytes = 32;
const frameHeaderBytes = 24;
const saltsAt = { header: 16, frame: 8 };
const saltBytes = 8;

const readAt = (file: number, length: number, from: number): Buffer => {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, from));
};

const saltsOf = (bytes: Buffer, from: number): Buffer => bytes.subarray(from, from + saltBytes);

const framePages = (file: number, size: number, salts: Buffer): ReadonlySet<number> => {
  const pages = new Set<number>();
  for (let from = headerBytes; ; from += frameHeaderBytes + size) {
    const frame = readAt(file, frameHeaderBytes, from);
    const isOfThisLog = frame.length === frameHeaderBytes && salts.equals(saltsOf(frame, saltsAt.frame));
    if (!isOfThisLog) return pages;
    pages.add(frame.readUInt32BE(0));
  }
};

/**
 * The pages that a write-ahead log holds now, by the headers of its frames: those of the last commit among them, when nobody else has written
 * since. Undefined when it cannot tell.
 */
export const pagesInLog = (path: string): Pages | undefined => {
  const file = openSync(path, 'r');
  try {
    const header = readAt(file, headerBytes, 0);
    if (header.length < headerBytes) return undefined;
    const salts = saltsOf(header, saltsAt.header);
    const size = header.readUInt32BE(8);
    const numbers = framePages(file, size, salts);
    const isSameLog = readAt(file, headerBytes, 0).equals(header);
    return isSameLog && numbers.size > 0 ? { size, numbers } : undefined;
  } finally {
    closeSync(file);
  }
};
