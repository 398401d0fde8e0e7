import type { Filled } from '../places.ts';
import { median, quantile, type Tell } from '../rounds.ts';
import type { Row } from '../rows.ts';
import { lookedAt, type OpenedStore } from '../stores.ts';
import { type ViewCost, viewCosts } from '../views.ts';
import { pairOf, withBoth } from './sizeTasks.ts';
import type { Params, Task } from './task.ts';

/** How often each view is asked in a round, before that without being counted, and of how many programs, at most. */
const amounts = {
  usual: { asked: 60, before: 60, programs: 20, rounds: 5 },
  quick: { asked: 6, before: 6, programs: 3, rounds: 1 },
};

type Costs = ReadonlyMap<string, ViewCost>;

const byView = (costs: readonly ViewCost[]): Costs => new Map(costs.map((cost) => [cost.view, cost]));

/** Each view's rounds in one store, and in the smallest. */
type Measured = { readonly store: Filled; readonly costs: readonly Costs[]; readonly smallest: readonly Costs[] };

const rowOf = (view: string, { store, costs, smallest }: Measured, small: Filled): Row => {
  const numbers = (of: readonly Costs[], name: 'p50' | 'p99' | 'cpu'): readonly number[] =>
    of.map((round) => round.get(view)?.[name] ?? Number.NaN);
  const [p99, floors] = [numbers(costs, 'p99'), numbers(smallest, 'p99')];
  const cpu = numbers(costs, 'cpu');
  return {
    ...{ section: 'views', work: `${view}, ${store.programs} programs`, unit: 'ms', programs: store.programs },
    ...{ median: median(numbers(costs, 'p50')), p99: median(p99), rounds: costs.length },
    ...{ slowest: quantile(numbers(costs, 'p50'), 1), fastest: quantile(numbers(costs, 'p50'), 0) },
    floor: { name: `p99 at ${small.programs}`, median: median(floors), programs: small.programs },
    ratio: median(p99.map((value, index) => value / (floors[index] ?? Number.NaN))),
    cpuMicroseconds: cpu.reduce((sum, one) => sum + one, 0) / cpu.length,
  };
};

const measure = async (params: Params, small: OpenedStore, large: OpenedStore, tell: Tell) => {
  const { asked, before, programs, rounds: most } = amounts[params.isQuick ? 'quick' : 'usual'];
  const rounds = Math.min(params.rounds, most);
  const [one, other] = pairOf(params);
  const done: { smallest: Costs[]; costs: Costs[] } = { smallest: [], costs: [] };
  // Whoever comes first would pay for what is compiled once, and that is always the smallest.
  await viewCosts(small.folja, lookedAt(one, programs), before);
  await viewCosts(large.folja, lookedAt(other, programs), before);
  for (let round = 0; round < rounds; round += 1) {
    done.smallest.push(byView(await viewCosts(small.folja, lookedAt(one, programs), asked)));
    done.costs.push(byView(await viewCosts(large.folja, lookedAt(other, programs), asked)));
    tell(round + 1, rounds);
  }
  return done;
};

/** Every view in two stores in turn, each call with its entry in the log. */
export const viewTask: Task = (params, tell) =>
  withBoth(params, async (small, large) => {
    const { smallest, costs } = await measure(params, small, large, tell);
    const [one, other] = pairOf(params);
    const names = [...(costs[0]?.keys() ?? [])];
    const alone = params.isFirst === true ? [{ store: one, costs: smallest, smallest }] : [];
    return [...alone, { store: other, costs, smallest }].flatMap((measured) =>
      names.map((view) => rowOf(view, measured, one)),
    );
  });
