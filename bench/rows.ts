import { cpuEach, median, millisecondsEach, type Paired, perSecond, quantile, type Round } from './rounds.ts';

/** The parts of the bench, in the order in which they are run and printed. */
export const sections = [
  'events',
  'commands',
  'views',
  'sizes',
  'open',
  'purge',
  'verify',
  'rebuild',
  'memory',
  'bytes',
] as const;
export type Section = (typeof sections)[number];

/** What was measured of one work, with its floor in the same run. */
export type Row = {
  readonly section: Section;
  readonly work: string;
  /** What the numbers count, such as `events/s`; of a rate more is better, of everything else less. */
  readonly unit: string;
  readonly median: number;
  readonly slowest: number;
  readonly fastest: number;
  /** Of single calls, where they were measured one by one. */
  readonly p99?: number;
  /** `programs`: how many the store holds that this one is compared with. */
  readonly floor: {
    readonly name: string;
    readonly median: number;
    readonly programs?: number;
    readonly cpuMicroseconds?: number;
  };
  /** The median of the ratios of adjacent rounds: the work to its floor. */
  readonly ratio: number;
  readonly cpuMicroseconds?: number;
  /** The most memory that the process of this work ever had, everything in it. */
  readonly peakBytes?: number;
  /** For how long nothing else of the process could go on, at most. */
  readonly longestHoldMilliseconds?: number;
  readonly rounds: number;
  /** How many programs the store holds, where that is what a row is about. */
  readonly programs?: number;
};

type Named = Pick<Row, 'section' | 'work' | 'unit' | 'programs'> & {
  readonly floor: Pick<Row['floor'], 'name' | 'programs'>;
};

const rowOf = ({ floor, ...named }: Named, { floor: below, work }: Paired, numberOf: (round: Round) => number): Row => {
  const [values, floors] = [work.map(numberOf), below.map(numberOf)];
  const ratios = values.map((value, index) => value / (floors[index] ?? Number.NaN));
  return {
    ...named,
    ...{
      median: median(values),
      floor: { ...floor, median: median(floors), cpuMicroseconds: cpuEach(below) },
      ratio: median(ratios),
    },
    ...{ slowest: quantile(values, 0), fastest: quantile(values, 1) },
    ...{ cpuMicroseconds: cpuEach(work), rounds: work.length },
  };
};

/** A row of units in a second. */
export const rateRow = (named: Named, paired: Paired): Row => rowOf(named, paired, perSecond);

/** A row of milliseconds of one unit: the slowest round is the one that took longest. */
export const timeRow = (named: Omit<Named, 'unit'>, paired: Paired): Row => {
  const row = rowOf({ ...named, unit: 'ms' }, paired, millisecondsEach);
  return { ...row, slowest: row.fastest, fastest: row.slowest };
};

/** A row of single numbers, such as bytes, that are not measured in rounds. */
export const amountRow = (named: Named, amount: number, floor: number): Row => {
  return {
    ...named,
    ...{ median: amount, slowest: amount, fastest: amount, ratio: amount / floor, rounds: 1 },
    floor: { ...named.floor, median: floor },
  };
};
