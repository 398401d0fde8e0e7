/**
 * Follows two programs from start to purge on a fresh SQLite store, or on a node of a cluster, and shows the dashboards on the way: `npm run demo`.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ground, groundIn } from './ground.ts';
import { help, type Options, readOptions } from './options.ts';
import { paintFor } from './paint.ts';
import { play } from './play.ts';
import { isApart, legend, told } from './print.ts';
import type { Told } from './stage.ts';
import { sumLines } from './sum.ts';

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const widest = 120;
const narrowest = 60;

/** As wide as the terminal, within reason; a terminal that does not know says 0. */
const widthOf = ({ columns }: { readonly columns?: number }): number =>
  Math.max(Math.min(columns || Number(process.env.COLUMNS) || widest, widest), narrowest);

/** Where it is played, and with what. */
type Scene = { readonly folder: string; readonly ground: Ground; readonly masterKey: Uint8Array };

/** Leaves the files with what opens them again. */
const keep = async ({ folder, ground, masterKey }: Scene): Promise<string> => {
  await writeFile(join(folder, 'master-key.hex'), Buffer.from(masterKey).toString('hex'));
  return `The files are left in ${folder}, ${ground.afterwards}: never keep it there but for test data.`;
};

const tellAsText = async (scene: Scene, options: Options): Promise<boolean> => {
  const look = { width: widthOf(process.stdout), paint: paintFor(process.stdout) };
  let before: Told | undefined;
  const tell = (piece: Told): void => {
    print(`${isApart(piece, before) ? '\n' : ''}${told(piece, look)}`);
    before = piece;
  };
  print(legend);
  const { sum, scans } = await play(scene.folder, scene.ground, scene.masterKey, tell);
  print(`\n${look.paint('bold', 'In short')}\n`);
  for (const line of sumLines(sum, scans)) print(line);
  if (options.keep) print(await keep(scene));
  return sum.asExpected;
};

const listed = (pieces: readonly Told[], kind: Told['kind']): readonly object[] => {
  let chapter = '';
  return pieces.flatMap((piece, index) => {
    if (piece.kind === 'chapter') chapter = piece.title;
    const { kind: _, ...rest } = piece;
    return piece.kind === kind ? [{ no: index + 1, chapter, ...rest }] : [];
  });
};

const tellAsJson = async (scene: Scene, options: Options): Promise<boolean> => {
  const pieces: Told[] = [];
  const { sum, scans } = await play(scene.folder, scene.ground, scene.masterKey, (piece) => pieces.push(piece));
  if (options.keep) await keep(scene);
  const kept = options.keep ? { folder: scene.folder } : {};
  const document = { acts: listed(pieces, 'act'), tables: listed(pieces, 'table'), scans, sum, ...kept };
  print(JSON.stringify(document, undefined, 2));
  return sum.asExpected;
};

const run = async (options: Options): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'folja-demo-'));
  let ground: Ground | undefined;
  try {
    ground = await groundIn(folder, options.eventstore);
    const tell = options.json ? tellAsJson : tellAsText;
    process.exitCode = (await tell({ folder, ground, masterKey: randomBytes(32) }, options)) ? 0 : 1;
  } finally {
    await ground?.leave();
    if (!options.keep) await rm(folder, { recursive: true });
  }
};

const options = readOptions(process.argv.slice(2));
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exitCode = 2;
} else if (options.help) {
  print(help);
} else {
  await run(options);
}
