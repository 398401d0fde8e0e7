import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const encodings = ['utf8', 'utf16le'] as const;

/** A text found in a file, by its number among those looked for. */
type Found = { readonly file: string; readonly text: number; readonly encoding: (typeof encodings)[number] };

/** Bytes to search through, and where they lie. */
export type Contents = { readonly name: string; readonly bytes: Buffer };

/** What a search through the bytes of all files of a folder came to. */
export type Scan = {
  readonly when: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly texts: number;
  readonly found: readonly Found[];
  /** How many of the texts the same search finds where they are put on purpose: all of them, or it proves nothing. */
  readonly control: { readonly planted: number; readonly found: number };
};

const search = ({ name, bytes }: Contents, texts: readonly string[]): readonly Found[] =>
  texts.flatMap((text, index) =>
    encodings
      .filter((encoding) => bytes.includes(Buffer.from(text, encoding)))
      .map((encoding) => ({ file: name, text: index, encoding })),
  );

const contentsOf = async (folder: string): Promise<readonly Contents[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .toSorted();
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));
};

const searchAll = (contents: readonly Contents[], texts: readonly string[]) => ({
  files: contents.map(({ name, bytes }) => ({ name, bytes: bytes.length })),
  found: contents.flatMap((one) => search(one, texts)),
});

/** Puts every text, in both encodings, in the middle of random bytes in a file, and searches it in the same way. */
const tryControl = async (texts: readonly string[]): Promise<Scan['control']> => {
  const folder = await mkdtemp(join(tmpdir(), 'folja-demo-control-'));
  try {
    const planted = texts.flatMap((text) => encodings.map((encoding) => Buffer.from(text, encoding)));
    const bytes = Buffer.concat(planted.flatMap((text) => [randomBytes(1_001), text]));
    await writeFile(join(folder, 'control'), Buffer.concat([bytes, randomBytes(1_001)]));
    const { found } = searchAll(await contentsOf(folder), texts);
    return { planted: planted.length, found: found.length };
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Searches every file of a folder, and what lies beyond it, byte by byte, for texts that may not lie there in clear. */
export const scan = async (
  when: string,
  folder: string,
  personalTexts: Iterable<string>,
  beyond: readonly Contents[] = [],
): Promise<Scan> => {
  const texts = [...personalTexts];
  return {
    when,
    texts: texts.length,
    ...searchAll([...(await contentsOf(folder)), ...beyond], texts),
    control: await tryControl(texts),
  };
};

/** True when nothing was found, and the control found everything. */
export const isClean = ({ found, control }: Scan): boolean =>
  found.length === 0 && control.found === control.planted && control.planted > 0;
