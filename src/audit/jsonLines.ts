import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

const chunkBytes = 64 * 1024;
const newline = 0x0a;

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const withFile = <A>(path: string, flags: string, work: (file: number) => A): A => {
  const file = openSync(path, flags, 0o600);
  try {
    return work(file);
  } finally {
    closeSync(file);
  }
};

const readAt = (file: number, from: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, from));
};

/** A stop in the middle of a line leaves a piece of it, which the next line must not be glued to. */
const isTorn = (file: number): boolean => {
  const { size } = fstatSync(file);
  return size > 0 && readAt(file, size - 1, 1)[0] !== newline;
};

/** Adds a line to a file, in one write, and syncs it. A torn line before it is ended, and so counts as none. */
export const appendLine = (path: string, value: object): void =>
  withFile(path, 'a+', (file) => {
    const line = Buffer.from(`${isTorn(file) ? '\n' : ''}${JSON.stringify(value)}\n`, 'utf8');
    if (writeSync(file, line) !== line.length) throw new Error('a line was not written whole');
    fsyncSync(file);
  });

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** The end of a file that has at least so many line ends, read from behind. */
const tailOf = (file: number, lines: number): Buffer => {
  const { size } = fstatSync(file);
  const pieces: Buffer[] = [];
  let [from, ends] = [size, 0];
  while (from > 0 && ends <= lines) {
    const length = Math.min(chunkBytes, from);
    from -= length;
    const piece = readAt(file, from, length);
    ends += piece.reduce((count, byte) => (byte === newline ? count + 1 : count), 0);
    pieces.unshift(piece);
  }
  return Buffer.concat(pieces);
};

/**
 * The values in the last lines of a file, oldest first; all unless told. Lines that are torn, or hold something else, are left out. The cost is
 * that of what is read, not of what lies before it.
 */
export const readLines = <A>(
  path: string,
  isOne: (value: unknown) => value is A,
  last = Number.POSITIVE_INFINITY,
): readonly A[] => {
  if (last === 0) return [];
  try {
    const tail = withFile(path, 'r', (file) => tailOf(file, last));
    const values = tail.toString('utf8').split('\n').map(parsed).filter(isOne);
    return last < values.length ? values.slice(-last) : values;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
};
