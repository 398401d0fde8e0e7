import Table from 'cli-table3';

/** A row as a view gives it. */
export type Row = Readonly<Record<string, unknown>>;
type Cell = string | number | boolean | undefined;

/** The forms in which rows are printed. */
export const formats = ['table', 'json', 'csv'] as const;
export type Format = (typeof formats)[number];

const isRecord = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What lies in a list, in one cell: its parts by themselves, or those of its objects. */
const listed = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(listed).join('; ');
  return isRecord(value) ? Object.values(value).map(listed).join(' ') : String(value);
};

const cellsOf = (value: unknown, name: string): readonly (readonly [string, Cell])[] => {
  if (isRecord(value))
    return Object.entries(value).flatMap(([inner, part]) => cellsOf(part, name === '' ? inner : `${name}.${inner}`));
  if (Array.isArray(value)) return [[name, listed(value)]];
  return [[name, value === null || value === undefined ? undefined : (value as Cell)]];
};

/** A row without depth: `authentication.method` is a column of its own, and a list is one cell. */
const flat = (row: Row): ReadonlyMap<string, Cell> => new Map(cellsOf(row, ''));

/** The columns that rows have between them, in the order in which they come. */
export const columnsOf = (rows: readonly Row[]): readonly string[] => [
  ...new Set(rows.flatMap((row) => [...flat(row).keys()])),
];

/** Control characters can move a terminal's cursor or change what it has shown: shown as what they are. */
const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (control) =>
    control === '\n' ? ' ' : `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Rows as a person reads them. */
export const tableOf = (rows: readonly Row[], columns: readonly string[] = columnsOf(rows)): string => {
  if (rows.length === 0) return 'No rows.\n';
  const table = new Table({ head: [...columns], style: { head: [], border: [], compact: true } });
  for (const row of rows) {
    const cells = flat(row);
    table.push(columns.map((column) => printable(String(cells.get(column) ?? '').normalize('NFC'))));
  }
  return `${table.toString()}\n`;
};

/** A spreadsheet takes a text that begins so for a formula, which could send away what stands beside it. */
const looksLikeFormula = /^[=+\-@\t\r]/;

const field = (cell: Cell): string => {
  const text = typeof cell === 'string' && looksLikeFormula.test(cell) ? `'${cell}` : String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const csvLine = (cells: readonly Cell[]): string => `${cells.map(field).join(',')}\r\n`;

/** The first line of comma-separated rows. */
export const csvHead = (columns: readonly string[]): string => csvLine(columns);

/** Rows as comma-separated values (RFC 4180). */
export const csvOf = (rows: readonly Row[], columns: readonly string[]): string =>
  rows
    .map(flat)
    .map((cells) => csvLine(columns.map((column) => cells.get(column))))
    .join('');

/** A number of things, such as `1 event` and `2 events`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Anything as JSON; control characters that JSON itself leaves as they are become escapes, for a terminal acts on them. */
export const jsonOf = (value: unknown, indent = 2): string =>
  `${JSON.stringify(value, undefined, indent).replace(/[\u007f-\u009f]/g, (control) => `\\u00${control.charCodeAt(0).toString(16)}`)}\n`;

/** Names and values, one a line. */
export const linesOf = (pairs: readonly (readonly [name: string, value: string])[]): string => {
  const widest = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(widest)}  ${printable(value)}\n`).join('');
};
