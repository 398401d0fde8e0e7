import * as E from 'fp-ts/lib/Either.js';
import { purge } from '../model.ts';
import type { Filled } from '../places.ts';
import { inTurn, type Paired, roundOf, type Side } from '../rounds.ts';
import { type Row, type Section, timeRow } from '../rows.ts';
import { type OpenedStore, openStore, purgeable } from '../stores.ts';
import { right } from './bareStore.ts';
import { crowdOf } from './crowd.ts';
import type { Params, Task } from './task.ts';

/** How a size is told. */
export const sized = ({ programs }: Filled): string => `${programs} programs`;

/** The smallest store and the one to compare with it. */
export const pairOf = ({ stores }: Params): readonly [small: Filled, large: Filled] => {
  const [small, large] = stores;
  if (small === undefined || large === undefined) throw new Error('two stores are needed to compare them');
  return [small, large];
};

/** The rows of a work in two stores: of the smallest beside itself, where that was not told before, and of the other beside it. */
const comparedRows = (params: Params, of: { section: Section; work: string }, paired: Paired): readonly Row[] => {
  const [small, large] = pairOf(params);
  const floor = { name: `at ${small.programs}`, programs: small.programs };
  const row = ({ programs }: Filled, rounds: Paired): Row =>
    timeRow({ section: of.section, work: `${of.work}, ${programs} programs`, programs, floor }, rounds);
  const alone = row(small, { floor: paired.floor, work: paired.floor });
  return [...(params.isFirst === true ? [alone] : []), row(large, paired)];
};

/** Opens both stores, and closes them afterwards. */
export const withBoth = async <Result>(
  params: Params,
  work: (small: OpenedStore, large: OpenedStore) => Promise<Result>,
): Promise<Result> => {
  const [small, large] = pairOf(params);
  const [one, other] = [await openStore(small), await openStore(large)];
  const result = await work(one, other);
  for (const { folja } of [one, other]) await folja.close();
  return result;
};

/** Whole lives in stores of two sizes, a command at a time. */
export const sizeTask: Task = (params, tell) =>
  withBoth(params, async (small, large) => {
    const seedOf = async ({ engine }: OpenedStore): Promise<number> =>
      params.seed + (await right(engine.events.lastPosition()));
    const sideIn = async (opened: OpenedStore): Promise<Side> => {
      const crowd = crowdOf(opened.folja, 1, await seedOf(opened));
      return () => crowd.send(30);
    };
    const [one, other] = [await sideIn(small), await sideIn(large)];
    const paired = await inTurn(one, other, params, tell);
    return comparedRows(params, { section: 'sizes', work: 'a command' }, paired);
  });

/** Opening a store that is there; its closing does not count. */
export const openTask: Task = async (params, tell) => {
  const [small, large] = pairOf(params);
  const opening =
    (store: Filled): Side =>
    async () => {
      let opened: OpenedStore | undefined;
      const round = await roundOf(async () => {
        opened = await openStore(store);
        return 1;
      });
      await opened?.folja.close();
      return round;
    };
  const paired = await inTurn(opening(small), opening(large), params, tell);
  return comparedRows(params, { section: 'open', work: 'open' }, paired);
};

/** Programs that nobody has purged yet, as many as are needed. */
const stillThere = async ({ engine }: OpenedStore, store: Filled, count: number): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const program of purgeable(store)) {
    const events = await right(engine.events.read(`program-${program}`));
    if (events.at(-1)?.type !== 'purged') found.push(program);
    if (found.length === count) return found;
  }
  throw new Error(`too few programs are left to purge in the store of ${sized(store)}: fill it anew`);
};

/** Purges of programs of the usual length. */
export const purgeTask: Task = (params, tell) =>
  withBoth(params, async (small, large) => {
    const purging = async (opened: OpenedStore, store: Filled): Promise<Side> => {
      const programs = [...(await stillThere(opened, store, params.rounds + 1))];
      return async () => {
        if (!(await purge(opened.folja, programs.shift() ?? ''))) throw new Error('a purge is pending');
        return 1;
      };
    };
    const [one, other] = pairOf(params);
    const paired = await inTurn(await purging(small, one), await purging(large, other), params, tell);
    return comparedRows(params, { section: 'purge', work: 'purge' }, paired);
  });

/** Throws for what is Left, and gives what is Right. */
export const rightOrThrow = <A>(result: E.Either<unknown, A>): A => {
  if (E.isLeft(result)) throw new Error(`the library said ${JSON.stringify(result.left)}`);
  return result.right;
};
