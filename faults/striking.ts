import type { Random } from '../simulation/random.ts';
import { type Tally, type Try, type Trying, tallyOf } from './fault.ts';
import type { Ended, Started } from './killing.ts';
import type { aFolder } from './region.ts';
import { drawnFrom, type Point, pointsOf, type Straced, type Strike, struck } from './straced.ts';
import { eachTry } from './trying.ts';

type Folder = ReturnType<typeof aFolder>;

/** What came of a strike, besides whether it happened. */
type After = Omit<Parameters<typeof tallyOf>[0], 'happened'>;

/** A script that is struck at its system calls, each time on a store of its own. */
export type Script = Straced & {
  readonly strikes: readonly Strike[];
  /** Files beside the store's path that calls are counted on, by how their names go on; all calls unless told. */
  readonly beside?: readonly string[];
  readonly aStore: () => Promise<Folder>;
  readonly started: (folder: Folder) => Started;
  /** What holds afterwards. */
  readonly look: (folder: Folder, ended: Ended, strike: Strike) => Promise<After>;
};

type Aimed = { readonly point: Point; readonly strike: Strike };

const strikeOnce = async (script: Script, { point, strike }: Aimed): Promise<Tally> => {
  const folder = await script.aStore();
  try {
    const paths = script.beside?.map((end) => folder.folder.concat('/', end));
    const straced = { ...script, ...(paths === undefined ? {} : { paths }) };
    const { happened, ...ended } = await struck(script.started(folder), point, strike, straced);
    return tallyOf({ happened, ...(happened ? await script.look(folder, ended, strike) : {}) });
  } finally {
    folder.remove();
  }
};

const drawn = (script: Script, random: Random): Aimed => ({
  point: drawnFrom(script, random),
  strike: random.pick(script.strikes),
});

/** A point that was drawn may lie behind the end of the script: then one before it is struck. */
const strikeDrawn = async (script: Script, aimed: Aimed): Promise<Tally> => {
  const tally = await strikeOnce(script, aimed);
  const { call, number } = aimed.point;
  if (tally.happened > 0 || number === 1) return tally;
  return strikeDrawn(script, { ...aimed, point: { call, number: Math.floor(number / 2) } });
};

const everyPoint = async (script: Script): Promise<readonly Aimed[]> => {
  const folder = await script.aStore();
  try {
    const paths = script.beside?.map((end) => folder.folder.concat('/', end));
    const points = await pointsOf(script.started(folder), { ...script, ...(paths === undefined ? {} : { paths }) });
    return script.strikes.flatMap((strike) => points.map((point) => ({ point, strike })));
  } finally {
    folder.remove();
  }
};

const together = 2;

/** Strikes at every point of a script where as many tries are asked for as there are at most, else at points by chance. */
export const atPoints =
  (script: Script, most: number): Try =>
  async (trying: Trying): Promise<Tally> => {
    if (trying.tries < most) return eachTry(trying, (random) => strikeDrawn(script, drawn(script, random)), together);
    const all = await everyPoint(script);
    const one = (_: Random, index: number): Promise<Tally> => strikeOnce(script, all[index] as Aimed);
    return eachTry({ ...trying, tries: all.length }, one, together);
  };
