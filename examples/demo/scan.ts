import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const encodings = ['utf8', 'utf16le'] as const;

/** A text found in a file, by its number among those looked for. */
type Found = { readonly file: string; readonly text: number; readonly encoding: (typeof encodings)[number] };

/** What a search through the bytes of all files of a folder came to. */
export type Scan = {
  readonly when: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly texts: number;
  readonly found: readonly Found[];
  /** How many of the texts the same search finds where they are put on purpose: all of them, or it proves nothing. */
  readonly control: { readonly planted: number; readonly found: number };
};

const search = (file: string, bytes: Buffer, texts: readonly string[]): readonly Found[] =>
  texts.flatMap((text, index) =>
    encodings
      .filter((encoding) => bytes.includes(Buffer.from(text, encoding)))
      .map((encoding) => ({ file, text: index, encoding })),
  );

const searchFolder = async (folder: string, texts: readonly string[]) => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .toSorted();
  const contents = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return {
    files: names.map((name, index) => ({ name, bytes: contents[index]?.length ?? 0 })),
    found: contents.flatMap((bytes, index) => search(names[index] ?? '', bytes, texts)),
  };
};

/** Puts every text, in both encodings, in the middle of random bytes in a file, and searches it in the same way. */
const tryControl = async (texts: readonly string[]): Promise<Scan['control']> => {
  const folder = await mkdtemp(join(tmpdir(), 'folja-demo-control-'));
  try {
    const planted = texts.flatMap((text) => encodings.map((encoding) => Buffer.from(text, encoding)));
    const bytes = Buffer.concat(planted.flatMap((text) => [randomBytes(1_001), text]));
    await writeFile(join(folder, 'control'), Buffer.concat([bytes, randomBytes(1_001)]));
    const { found } = await searchFolder(folder, texts);
    return { planted: planted.length, found: found.length };
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Searches every file of a folder, byte by byte, for texts that may not lie there in clear. */
export const scan = async (when: string, folder: string, personalTexts: Iterable<string>): Promise<Scan> => {
  const texts = [...personalTexts];
  return {
    when,
    texts: texts.length,
    ...(await searchFolder(folder, texts)),
    control: await tryControl(texts),
  };
};

/** True when nothing was found, and the control found everything. */
export const isClean = ({ found, control }: Scan): boolean =>
  found.length === 0 && control.found === control.planted && control.planted > 0;
