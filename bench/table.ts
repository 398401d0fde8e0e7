import Table from 'cli-table3';
import type { Machine } from './machine.ts';
import type { Row } from './rows.ts';
import { verdictsOn } from './targets.ts';

/** Everything that a run of the bench came to: what `--json` writes. */
export type Report = {
  readonly machine: Machine;
  /** The load of the machine when the run ended. */
  readonly loadAfter: number;
  readonly seed: number;
  readonly rounds: number;
  readonly rows: readonly (Row & { readonly targets: ReturnType<typeof verdictsOn> })[];
  /** Parts that could not be measured, each with why. */
  readonly failed: readonly { readonly part: string; readonly why: string }[];
};

/** Rows with what their targets come to. */
export const judged = (rows: readonly Row[]): Report['rows'] =>
  rows.map((row) => ({ ...row, targets: verdictsOn(row) }));

const mebibyte = 2 ** 20;
const many = 100;

/** Three places where a number is small, none where it is large. */
const short = (number: number): string => {
  if (Number.isNaN(number)) return '-';
  if (Math.abs(number) >= many) return Math.round(number).toLocaleString('en').replaceAll(',', ' ');
  return number.toPrecision(3);
};

const optional = (number: number | undefined, text: (number: number) => string = short): string =>
  number === undefined ? '' : text(number);

const leastWorked = 0.3;

/**
 * True where the floor mostly waited: for a slow disk, or for others on the machine. Ratios of appends then draw near to 1 by themselves, and
 * works that share a commit go far beyond it, so that nothing is met by them.
 */
const hasWaited = ({ floor, unit }: Row): boolean =>
  unit.endsWith('/s') && ((floor.cpuMicroseconds ?? Number.NaN) * floor.median) / 1e6 < leastWorked;

/** A ratio that is met while the floor waited is told as one that nobody knows. */
const verdictCell = (row: Report['rows'][number]): string =>
  row.targets
    .map(({ says, isMet }) => {
      if (says.startsWith('×') && isMet && hasWaited(row)) return `${says}: ? (floor waited)`;
      return `${says}: ${isMet ? 'met' : 'NOT MET'}`;
    })
    .join('\n');

const head = [
  'work',
  '',
  'median',
  'slowest',
  'fastest',
  'p99',
  'floor',
  '',
  '× floor',
  'CPU µs',
  'floor µs',
  'peak MiB',
];

const cellsOf = (row: Report['rows'][number]): readonly string[] => [
  ...[row.work, row.unit, short(row.median), short(row.slowest), short(row.fastest), optional(row.p99)],
  ...[short(row.floor.median), row.floor.name, row.ratio.toFixed(2), optional(row.cpuMicroseconds)],
  optional(row.floor.cpuMicroseconds),
  ...[
    optional(row.peakBytes, (bytes) => (bytes / mebibyte).toFixed(0)),
    optional(row.longestHoldMilliseconds),
    verdictCell(row),
  ],
];

const machineLine = ({ machine, loadAfter, seed, rounds }: Report): string =>
  [
    `${machine.platform}, ${machine.cores} cores, load ${machine.load.toFixed(1)} before and ${loadAfter.toFixed(1)} after`,
    `Node ${machine.node}, SQLite ${machine.sqlite}, seed ${seed}, ${rounds} rounds`,
  ].join('; ');

const failedLines = ({ failed }: Report): readonly string[] =>
  failed.map(({ part, why }) => `Not measured: ${part}: ${why}`);

const waitingLines = ({ rows }: Report): readonly string[] => {
  const waited = rows.filter(hasWaited).map(({ work }) => work);
  return waited.length === 0
    ? []
    : [`The floor mostly waited, and ratios say little, of: ${waited.join('; ')}. Take their CPU, or an idle machine.`];
};

const verdictLine = ({ rows }: Report): string => {
  const all = rows.flatMap((row) =>
    row.targets.map(({ says, isMet }) => ({ isMet: isMet && !(says.startsWith('×') && hasWaited(row)) })),
  );
  return `${all.filter(({ isMet }) => isMet).length} of ${all.length} targets are met.`;
};

/** No lines between rows: there are many. */
const plain = {
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  style: { head: [], border: [] },
};

/** The whole run as one table. */
export const printed = (report: Report): string => {
  const table = new Table({ head: [...head, 'held ms', 'target'], ...plain });
  for (const row of report.rows) table.push([...cellsOf(row)]);
  return [
    machineLine(report),
    table.toString(),
    ...failedLines(report),
    ...waitingLines(report),
    verdictLine(report),
  ].join('\n');
};
