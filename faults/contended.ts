import type { Random } from '../simulation/random.ts';
import { aChild, type Child } from './child.ts';
import { type Fault, type Tally, type Trying, tallyOf } from './fault.ts';
import { found } from './looking.ts';
import { aStore } from './region.ts';
import { eachTry } from './trying.ts';

/** How many appends a try has where there are many tries. */
const long = 2_000;

type Written = { readonly id: string; readonly stream: string; readonly revision: number; readonly position: number };
type Said = Written | { readonly lost: string } | { readonly wrong: string };
type Round = { readonly path: string; readonly random: Random; readonly looksAway: boolean };
type Told = { readonly written: Written[]; killed: number; readonly wrong: string[] };

const take = (told: Told, line: string): void => {
  const said = JSON.parse(line) as Said;
  if ('position' in said) told.written.push(said);
  else if ('wrong' in said) told.wrong.push(`an append came to ${said.wrong}`);
};

const aWriter = ({ path, looksAway }: Round, count: number): Child =>
  aChild('contendingProcess.ts', { args: [JSON.stringify({ path, count, looksAway })] });

/** Lets a writer write, and kills it after so many appends if it is told to. */
const letWrite = async (writer: Child, told: Told, fatal: number | undefined): Promise<void> => {
  await writer.says('ready');
  writer.onLine((line) => {
    take(told, line);
    if (told.written.length === fatal) writer.signal('SIGKILL');
  });
  writer.say('go');
  const end = await writer.ended;
  if (end === 'SIGKILL') told.killed += 1;
  else if (end !== 0) told.wrong.push('a writer failed');
};

/** How often the writers of one place are killed before one may go on to its end. */
const mostKills = 3;

/** One place of a writer: whoever has it is killed now and then, and another goes on until all that was asked for is written. */
const writeInTurns = async (round: Round, first: Child, count: number, isSure: boolean): Promise<Told> => {
  const told: Told = { written: [], killed: 0, wrong: [] };
  for (let writer = first; ; writer = aWriter(round, count - told.written.length)) {
    const left = count - told.written.length;
    const dies = left > 1 && told.killed < mostKills && (round.random.happens(0.6) || (isSure && told.killed === 0));
    await letWrite(writer, told, dies ? told.written.length + round.random.between(1, left - 1) : undefined);
    if (told.written.length >= count || told.wrong.length > 0) return told;
  }
};

const distinctOf = (written: readonly Written[], place: (one: Written) => unknown): number =>
  new Set(written.map(place)).size;

const failuresOf = (written: readonly Written[]): readonly string[] => [
  ...(distinctOf(written, ({ stream, revision }) => `${stream} ${revision}`) < written.length
    ? ['two writers were told that they had written the same revision']
    : []),
  ...(distinctOf(written, ({ position }) => position) < written.length
    ? ['two writers were told the same position']
    : []),
];

/** Two or four processes write to the same streams, and one of them at least is killed. */
const aTry = async (random: Random, appends: number, looksAway: boolean): Promise<Tally> => {
  const { path, remove } = await aStore();
  const places = appends < long ? 2 : random.pick([2, 4]);
  const share = Math.ceil(appends / places);
  const round = { path, random, looksAway };
  const writers = Array.from({ length: places }, () => aWriter(round, share));
  await Promise.all(writers.map((writer) => writer.says('ready')));
  const told = await Promise.all(writers.map((writer, place) => writeInTurns(round, writer, share, place === 0)));
  const written = told.flatMap((one) => one.written);
  const ids = written.map(({ id }) => id);
  const { lost, torn, failures } = await found(path, ids);
  remove();
  const wrong = [...told.flatMap((one) => one.wrong), ...failuresOf(written), ...failures];
  return tallyOf({ happened: told.some(({ killed }) => killed > 0), lost, torn, failures: wrong });
};

const appendsIn = ({ tries }: Trying): number => (tries >= 10 ? long : 40 * tries);

/** Several processes write to the same streams, and some are killed while they do. */
export const contended: Fault = {
  id: 'F8',
  name: 'two or four processes append to the same streams, and are killed while they do',
  promises: ['P2', 'P3', 'P6', 'P7'],
  tries: { short: 1, full: 20 },
  missing: () => undefined,
  run: (trying) => eachTry(trying, (random) => aTry(random, appendsIn(trying), false)),
  control: {
    without: 'a look at the expected revision in the writers',
    tries: { short: 1, full: 3 },
    run: (trying) => eachTry(trying, (random) => aTry(random, appendsIn(trying), true)),
  },
};
