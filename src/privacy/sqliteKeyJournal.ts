import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';

/** Where the header of a rollback journal keeps what its records are read with (sqlite.org/fileformat2.html, section 3). */
const at = { nonce: 12, sectorBytes: 20, pageBytes: 24 } as const;
const headerBytes = 28;
const checksumStep = 200;

const checksumOf = (page: Buffer, nonce: number): number => {
  let sum = nonce;
  for (let index = page.length - checksumStep; index > 0; index -= checksumStep) sum += page.readUInt8(index);
  return sum >>> 0;
};

/**
 * The pages that the transaction under way has changed, as its rollback journal lists them; undefined when the journal cannot be read so.
 * Records of earlier transactions that lie behind are told by their checksums. The magic number is not looked for: SQLite writes it at the
 * commit.
 */
export const pagesIn = (journal: Buffer, pageBytes: number): readonly number[] | undefined => {
  if (journal.length < headerBytes || journal.readUInt32BE(at.pageBytes) !== pageBytes) return undefined;
  const [nonce, first] = [journal.readUInt32BE(at.nonce), journal.readUInt32BE(at.sectorBytes)];
  if (first < headerBytes) return undefined;
  const pages: number[] = [];
  for (let from = first; from + pageBytes + 8 <= journal.length; from += pageBytes + 8) {
    const end = from + 4 + pageBytes;
    if (journal.readUInt32BE(end) !== checksumOf(journal.subarray(from + 4, end), nonce)) break;
    pages.push(journal.readUInt32BE(from));
  }
  return pages;
};

/** A journal as it lies; empty where there is none. */
export const readJournal = (path: string): Buffer => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0));

/** Overwrites a journal in place; one that has grown is cut when nothing is left in it. */
export const overwriteJournal = (path: string, { cut }: { readonly cut: boolean }): void => {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r+');
  try {
    writeFileSync(file, Buffer.alloc(fstatSync(file).size));
    fsyncSync(file);
    if (cut) ftruncateSync(file);
  } finally {
    closeSync(file);
  }
};
