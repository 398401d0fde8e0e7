import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import type { Trace } from './traces.ts';

/** Finds which of many traces lie in some bytes. */
export type Search = (bytes: Buffer) => readonly Trace[];

const startBytes = 4;
const bucketBits = 20;
/** Spreads the first bytes of a trace over the buckets (Fibonacci hashing). */
const bucketOf = (start: number): number => Math.imul(start, 0x9e3779b1) >>> (32 - bucketBits);

/** One pass over the bytes for all traces at once: only where four bytes are the beginning of one is it compared. */
export const searchFor = (traces: readonly Trace[]): Search => {
  const used = new Uint8Array(2 ** bucketBits);
  const byStart = new Map<number, Trace[]>();
  for (const trace of traces) {
    const start = trace.bytes.readInt32BE(0);
    used[bucketOf(start)] = 1;
    byStart.set(start, [...(byStart.get(start) ?? []), trace]);
  }
  return (bytes) => {
    const found = new Set<Trace>();
    let window = 0;
    for (let end = 0; end < bytes.length; end += 1) {
      window = (window << 8) | (bytes[end] as number);
      if (used[bucketOf(window)] === 0) continue;
      const at = end + 1 - startBytes;
      for (const trace of byStart.get(window) ?? [])
        if (at >= 0 && trace.bytes.equals(bytes.subarray(at, at + trace.bytes.length))) found.add(trace);
    }
    return [...found];
  };
};

/** Some bytes that were found, and where. */
export type Content = { readonly where: string; readonly bytes: Buffer };

const most = { maxOutputLength: 2 ** 26 };
const inflating = { ...most, finishFlush: constants.Z_SYNC_FLUSH };

const attempt = (unpack: () => Buffer): readonly Buffer[] => {
  try {
    const unpacked = unpack();
    return unpacked.length > 0 ? [unpacked] : [];
  } catch {
    return [];
  }
};

const isGzip = (bytes: Buffer, at: number): boolean =>
  bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8;
/** Deflate with a window of 32 KiB, as everybody writes it, without a dictionary, and the check bits right (RFC 1950). */
const isZlib = (bytes: Buffer, at: number): boolean =>
  bytes[at] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[at + 1] ?? 0);

/** What every stream of gzip or zlib in some bytes unpacks to, wherever it begins. */
const unpacked = ({ where, bytes }: Content): readonly Content[] => {
  const found: Content[] = [];
  for (let at = 0; at + 2 < bytes.length; at += 1) {
    const rest = bytes.subarray(at);
    if (isGzip(bytes, at))
      for (const one of attempt(() => gunzipSync(rest, inflating)))
        found.push({ where: `gzip in ${where}`, bytes: one });
    if (isZlib(bytes, at))
      for (const one of attempt(() => inflateSync(rest, inflating)))
        found.push({ where: `zlib in ${where}`, bytes: one });
  }
  return found;
};

const flushing = { ...most, finishFlush: constants.BROTLI_OPERATION_FLUSH };

/** Brotli has no header: it is tried where a file or a value begins. */
const unbrotlied = ({ where, bytes }: Content): readonly Content[] =>
  attempt(() => brotliDecompressSync(bytes, flushing)).map((one) => ({ where: `brotli in ${where}`, bytes: one }));

const isSqlite = (bytes: Buffer): boolean => bytes.subarray(0, 15).toString('latin1') === 'SQLite format 3';

/** A copy of a database in a directory of its own, so that reading it changes nothing where it lies. */
const copyOf = (path: string): { readonly path: string; readonly remove: () => void } => {
  const directory = mkdtempSync(join(tmpdir(), 'folja-scanned-'));
  for (const file of [path, `${path}-wal`].filter((one) => existsSync(one)))
    copyFileSync(file, join(directory, basename(file)));
  return { path: join(directory, basename(path)), remove: () => rmSync(directory, { recursive: true, force: true }) };
};

type Value = Content & { readonly isText: boolean };

/** Every value of every table, table by table: a long one lies in pieces on the pages of its file. */
const valuesIn = (path: string): readonly Value[] => {
  const copy = copyOf(path);
  const db = new Sqlite(copy.path);
  try {
    const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    return tables.flatMap((table) =>
      db
        .prepare<[], unknown[]>(`SELECT * FROM "${table}"`)
        .raw()
        .all()
        .flat()
        .filter((value) => typeof value === 'string' || Buffer.isBuffer(value))
        .map((value) => ({
          where: `${table} of ${path}`,
          bytes: Buffer.from(value as string),
          isText: typeof value === 'string',
        })),
    );
  } finally {
    db.close();
    copy.remove();
  }
};

/** Values one after the other, with a byte between that no text has. */
const joined = (values: readonly Content[]): readonly Content[] =>
  [...Map.groupBy(values, ({ where }) => where)].map(([where, group]) => ({
    where,
    bytes: Buffer.concat(group.flatMap(({ bytes }) => [bytes, Buffer.of(0xff)])),
  }));

/** Texts are no packed bytes, and what is shorter holds nothing that is looked for, however it is packed. */
const isWorthUnpacking = ({ bytes, isText }: Value): boolean => !isText && bytes.length >= 24;

/** Everything that some bytes hold: themselves, what is packed in them, and their values where they are a database. */
export const contentsOf = (content: Content, path?: string): readonly Content[] => {
  const values = path !== undefined && isSqlite(content.bytes) ? valuesIn(path) : [];
  return [
    ...[content, ...unpacked(content), ...unbrotlied(content)],
    ...joined(values),
    ...values.filter(isWorthUnpacking).flatMap((value) => [...unpacked(value), ...unbrotlied(value)]),
  ];
};

/** The files of a directory and of those below it. */
export const filesIn = (directory: string): readonly string[] =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** A trace that was found: where, of which text, and how it was written there. */
export type Find = { readonly where: string; readonly text: string; readonly way: string };
type Found = { readonly trace: Trace; readonly find: Find };

const inContents = (search: Search, contents: readonly Content[]): readonly Found[] =>
  contents.flatMap(({ where, bytes }) =>
    search(bytes).map((trace) => ({ trace, find: { where, text: trace.text, way: trace.way } })),
  );

/** What a search finds in files, and in contents that lie in none. */
export const foundIn = (
  search: Search,
  { files = [], contents = [] }: { readonly files?: readonly string[]; readonly contents?: readonly Content[] },
): readonly Found[] => [
  ...contents.flatMap((content) => inContents(search, contentsOf(content))),
  ...files.flatMap((path) => inContents(search, contentsOf({ where: path, bytes: readFileSync(path) }, path))),
];

/** Where traces lie in the files of a directory, a line each. */
export const found = (directory: string, traces: readonly Trace[]): readonly string[] =>
  foundIn(searchFor(traces), { files: filesIn(directory) }).map(
    ({ find: { where, text, way } }) => `${where}: ${text} as ${way}`,
  );

const chunkBytes = 2 ** 24;
const overlap = 2 ** 16;

/** A file that is too large to be held whole, in pieces that overlap. */
export function* piecesOf(path: string): Generator<Content> {
  const file = openSync(path, 'r');
  try {
    for (let from = 0; ; from += chunkBytes - overlap) {
      const bytes = Buffer.alloc(chunkBytes);
      const read = readSync(file, bytes, 0, chunkBytes, from);
      yield { where: `${path} at ${from}`, bytes: bytes.subarray(0, read) };
      if (read < chunkBytes) return;
    }
  } finally {
    closeSync(file);
  }
}
