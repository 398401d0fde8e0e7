import { hash } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import type { Anchor } from './anchors.ts';

/**
 * The newest anchor lies in a small file of slots, chosen by its length: a write that a stop cuts off spoils one slot, and of two processes that
 * write at once the one that is behind does not overwrite the other's. A slot is a line: length, root, and the beginning of a digest of both.
 */
const slots = 16;
const slotBytes = 16 + 1 + 64 + 1 + 16 + 1;

const check = (text: string): string => hash('sha256', text).slice(0, 16);

const lineOf = ({ length, root }: Anchor): string => {
  const text = `${String(length).padStart(16, '0')} ${root}`;
  return `${text} ${check(text)}\n`;
};

const shape = /^(\d{16} ([0-9a-f]{64})) ([0-9a-f]{16})\n$/;

const anchorIn = (line: string): Anchor | undefined => {
  const [, text = '', root = '', digest] = shape.exec(line) ?? [];
  return digest === check(text) ? { length: Number(text.slice(0, 16)), root } : undefined;
};

const readSlot = (file: number, slot: number): Anchor | undefined => {
  const bytes = Buffer.alloc(slotBytes);
  readSync(file, bytes, 0, slotBytes, slot * slotBytes);
  return anchorIn(bytes.toString('latin1'));
};

/** The longest anchor in a file of slots; undefined where there is none. */
export const readLatest = (path: string): Anchor | undefined => {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, 'r');
  try {
    return Array.from({ length: slots }, (_, slot) => readSlot(file, slot))
      .filter((anchor) => anchor !== undefined)
      .sort((one, other) => one.length - other.length)
      .at(-1);
  } finally {
    closeSync(file);
  }
};

const write = (file: number, anchor: Anchor): void => {
  const slot = anchor.length % slots;
  const known = readSlot(file, slot);
  if (known !== undefined && known.length >= anchor.length) return;
  const line = Buffer.from(lineOf(anchor), 'latin1');
  if (writeSync(file, line, 0, slotBytes, slot * slotBytes) !== slotBytes) throw new Error('an anchor was cut short');
};

/** The file of slots, opened once: anchors are noted after every commit. */
export type LatestFile = {
  /** Notes an anchor in its slot, in place and unsynced; nothing where a longer one lies. */
  readonly write: (anchor: Anchor) => void;
  readonly close: () => void;
};

/** Keeps the file at a path open for as long as it is the one that lies there: another process may set it aside. */
export const latestFile = (path: string): LatestFile => {
  let open: { readonly file: number; readonly inode: number } | undefined;
  const close = (): void => {
    if (open !== undefined) closeSync(open.file);
    open = undefined;
  };
  const fileNow = (): number => {
    if (open !== undefined && statSync(path, { throwIfNoEntry: false })?.ino === open.inode) return open.file;
    close();
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    open = { file, inode: fstatSync(file).ino };
    return file;
  };
  return { write: (anchor) => write(fileNow(), anchor), close };
};
