/**
 * Says of every rule where it is served in the code and which tests show it, and fails when one is not.
 * `--missing` prints only the rows that are not traced, `--json` everything as JSON; a folder may be given to look into another project.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { Place } from './tracing/ids.ts';
import { isUntraced, type Trace, type Traced, traceOf } from './tracing/trace.ts';

const mostPlaces = 3;

const codeCell = (places: readonly Place[]): string => {
  const shown = places.slice(0, mostPlaces).map(({ file, line }) => `${file}:${line}`);
  const more = places.length - shown.length;
  return [...shown, ...(more > 0 ? [`+${more}`] : [])].join('\n');
};

const testsCell = ([first, ...others]: readonly Place[]): string =>
  first === undefined ? '' : `${others.length + 1} ${first.file}`;

const tableOf = (rows: readonly Traced[]): string => {
  const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '' };
  const plain = { 'bottom-left': '', 'bottom-right': '', left: '', right: '', middle: ' ', mid: '', 'left-mid': '' };
  const table = new Table({
    head: ['Id', 'Kind', 'Code', 'Tests', 'Status'],
    chars: { ...none, ...plain, 'mid-mid': '', 'right-mid': '' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
  });
  for (const { id, kind, code, tests, status } of rows)
    table.push([id, kind, codeCell(code), testsCell(tests), status]);
  return table.toString();
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const summaryOf = ({ rows, problems }: Trace): string => {
  const traced = rows.filter(({ status }) => status === 'traced').length;
  const untraced = rows.filter(isUntraced).length;
  const others = rows.length - traced - untraced;
  const shares = `${traced} traced, ${others} of a person or a host, ${untraced} untraced`;
  return `${counted(rows.length, 'row')}: ${shares}; ${counted(problems.length, 'other problem')}`;
};

const textOf = (trace: Trace, rows: readonly Traced[]): string =>
  [...(rows.length === 0 ? [] : [tableOf(rows)]), ...trace.problems, summaryOf(trace)].join('\n');

const { values, positionals } = parseArgs({
  options: { missing: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const trace = traceOf(positionals[0] ?? fileURLToPath(new URL('..', import.meta.url)));
const rows = values.missing ? trace.rows.filter(isUntraced) : trace.rows;
const text = values.json ? JSON.stringify({ ...trace, rows }, undefined, 2) : textOf(trace, rows);
console.log(text);
if (trace.problems.length > 0 || trace.rows.some(isUntraced)) process.exitCode = 1;
