import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { callingWith } from '../../simulation/calling.ts';
import { type Random, seeded } from '../../simulation/random.ts';
import { openRegion, type Unit } from '../../simulation/region.ts';
import { openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { lostOf, verified } from './checking.ts';
import type { Options } from './options.ts';
import { planned } from './plan.ts';
import { noSums, sizesIn } from './sums.ts';
import type { Soaked } from './table.ts';
import { begin, carryOut, places, stopAll, type Workers } from './workers.ts';

type Show = (done: number, total: number, note?: string) => void;

const numberOfUnits = 4;
const numberOfKeys = 200;

const someKeys = (): Workers['keys'] =>
  Array.from({ length: numberOfKeys }, (_, index) => ({ id: `key-${index}`, key: randomBytes(32).toString('hex') }));

const masterKeyOf = (keys: Workers['keys'], current: number) => {
  const made = keys.map(({ id, key }) => ({ id, key: Buffer.from(key, 'hex') }));
  return { current: made[current] as (typeof made)[number], previous: made.filter((_, index) => index !== current) };
};

/** A region of some units, whom the processes then live in. */
const openUnits = async (path: string, keys: Workers['keys'], random: Random): Promise<readonly Unit[]> => {
  const folja = await openFolja({ store: sqliteStore({ path }), masterKey: masterKeyOf(keys, 0) });
  const units = await openRegion(callingWith(folja, random), random, numberOfUnits);
  await folja.close();
  return units;
};

/** How much each file grew for a thousand events. */
const growthBetween = (
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  events: number,
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...after].map(([name, size]) => [name, ((size - (before.get(name) ?? 0)) / Math.max(1, events)) * 1_000]),
  );

const told = ({ sums }: Workers): string => {
  const { acknowledged, kills, unclean } = sums;
  return `${acknowledged.length} acknowledged, ${kills} kills${unclean.size === 0 ? '' : ', unclean answers'}`;
};

const use = async (workers: Workers, milliseconds: number, show: Show): Promise<void> => {
  await Promise.all(workers.places.map((place) => begin(workers, place)));
  const began = performance.now();
  const showing = setInterval(() => show(performance.now() - began, milliseconds * 1.001, told(workers)), 500);
  await carryOut(workers, planned(milliseconds, workers.random), milliseconds);
  await stopAll(workers);
  clearInterval(showing);
  show(1, 1, told(workers));
};

/** Uses a store in a folder as long as is asked for, looks at it afterwards, and says what it came to. */
export const soaked = async ({ minutes, seed }: Options, folder: string, show: Show): Promise<Soaked> => {
  const [path, random, keys] = [join(folder, 'unit.db'), seeded(seed), someKeys()];
  const units = await openUnits(path, keys, random);
  const sums = noSums();
  const workers: Workers = {
    ...{ path, random, sums, keys, units, places: places(), programs: new Map() },
    ...{ memory: undefined, currentKey: 0, isOver: false },
  };
  const masterKey = (): ReturnType<typeof masterKeyOf> => masterKeyOf(keys, workers.currentKey);
  const [before, atFirst] = [sizesIn(folder), await lostOf(path, masterKey(), [])];
  const began = performance.now();
  await use(workers, minutes * 60_000, show);
  const lived = (performance.now() - began) / 60_000;
  const after = await lostOf(path, masterKey(), sums.acknowledged);
  const commands = [...sums.outcomes.values()].reduce((sum, count) => sum + count, 0);
  const { outcomes, unclean, acknowledged, ...counts } = sums;
  return {
    ...{ seed, minutes: lived, commands, ...counts, events: after.events },
    outcomes: Object.fromEntries(outcomes),
    ...{ acknowledged: acknowledged.length, lost: after.lost },
    memory: workers.memory ?? { first: 0, last: 0, most: 0 },
    growth: growthBetween(before, sizesIn(folder), after.events - atFirst.events),
    unclean: Object.fromEntries(unclean),
    verified: await verified(path),
  };
};
