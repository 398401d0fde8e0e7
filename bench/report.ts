import Table from 'cli-table3';
import type { Times } from './lives.ts';
import { quantile } from './rounds.ts';

/** What is more in a store because of something: events, bytes of its file, bytes and records of the cluster's log. */
type Growth = {
  readonly events: number;
  readonly file: number;
  readonly log?: number;
  readonly records?: number;
};

/** What was measured on one ground. */
export type Measured = {
  readonly name: string;
  /** What else kept the machine busy when it began. */
  readonly load: number;
  /** Of the lives that were lived one at a time. */
  readonly times: Times;
  /** Commands per second of all, by how many programs were lived at once. */
  readonly perSecond: readonly (readonly [atOnce: number, commands: number])[];
  /** Likewise of views that have little to show. */
  readonly viewsPerSecond: readonly (readonly [atOnce: number, views: number])[];
  /** Calls to the servers of a command or view; NaN where nobody can tell. */
  readonly roundTrips: number;
  readonly perLife: Growth;
  readonly perView: Growth;
  /** Milliseconds of a stream that is read fresh, and between a receipt and another node that shows it. */
  readonly reads: readonly number[];
  readonly lags: readonly number[];
  readonly opened: {
    readonly milliseconds: number;
    readonly events: number;
    readonly rss: number;
    readonly more: number;
  };
};

/** The median, and between which nine of ten lie. */
const spread = (numbers: readonly number[]): string =>
  numbers.length === 0
    ? ''
    : `${quantile(numbers, 0.5).toFixed(1)} (${quantile(numbers, 0.05).toFixed(1)}–${quantile(numbers, 0.95).toFixed(1)})`;

const ratio = (numbers: readonly number[], others: readonly number[]): string =>
  `${(quantile(numbers, 0.5) / quantile(others, 0.5)).toFixed(1)} ×`;

const rounded = (number = Number.NaN): string => (Number.isNaN(number) ? '' : number.toFixed(1));
const kibibytes = (bytes = Number.NaN): string => rounded(bytes / 1_024);

type Row = readonly [name: string, of: (one: Measured, first: Measured) => string];

const rows = (measured: readonly Measured[]): readonly Row[] => [
  ['load of the machine', ({ load }) => load.toFixed(1)],
  ['a command, ms', ({ times }) => spread(times.commands)],
  ['  to the first', ({ times }, first) => ratio(times.commands, first.times.commands)],
  ['a view, ms', ({ times }) => spread(times.views)],
  ['  to the first', ({ times }, first) => ratio(times.views, first.times.views)],
  ['round trips of a command or view', ({ roundTrips }) => rounded(roundTrips)],
  ...(measured[0]?.perSecond ?? []).map(
    ([atOnce], index): Row => [
      `commands/s, ${atOnce} at once`,
      ({ perSecond }) => (perSecond[index]?.[1] ?? Number.NaN).toFixed(0),
    ],
  ),
  ...(measured[0]?.viewsPerSecond ?? []).map(
    ([atOnce], index): Row => [
      `short views/s, ${atOnce} at once`,
      ({ viewsPerSecond }) => (viewsPerSecond[index]?.[1] ?? Number.NaN).toFixed(0),
    ],
  ),
  ['a stream read fresh, ms', ({ reads }) => spread(reads)],
  ['receipt to another node, ms', ({ lags }) => spread(lags)],
  ['a program: events', ({ perLife }) => rounded(perLife.events)],
  ['  records in the cluster', ({ perLife }) => rounded(perLife.records)],
  ['  KiB in its log', ({ perLife }) => kibibytes(perLife.log)],
  ['  KiB in the file', ({ perLife }) => kibibytes(perLife.file)],
  ['a view: KiB in the log', ({ perView }) => kibibytes(perView.log)],
  ['  KiB in the file', ({ perView }) => kibibytes(perView.file)],
  ['opened anew, ms', ({ opened }) => opened.milliseconds.toFixed(0)],
  ['  events', ({ opened }) => String(opened.events)],
  ['  events/s', ({ opened }) => ((opened.events * 1_000) / opened.milliseconds).toFixed(0)],
  [
    'MiB of memory, all / for the node',
    ({ opened }) => `${(opened.rss / 2 ** 20).toFixed(0)} / ${(opened.more / 2 ** 20).toFixed(0)}`,
  ],
];

/** Everything as one table, a column for each ground. */
export const report = (measured: readonly Measured[], cores: number): string => {
  const [first] = measured;
  if (first === undefined) return 'There is nothing to report.';
  const table = new Table({ head: ['', ...measured.map(({ name }) => name)], style: { head: [], border: [] } });
  for (const [name, of] of rows(measured)) table.push([name, ...measured.map((one) => of(one, first))]);
  return [
    `Medians, and where nine of ten lie; on ${cores} shared cores, servers included. One file is opened as it is, a node builds itself anew.`,
    table.toString(),
    'Figures of one run compare with each other only, and with a load above the number of cores hardly that.',
  ].join('\n');
};
