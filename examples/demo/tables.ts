import Table from 'cli-table3';

const padding = 2;
const narrowest = 7;

/** How wide a text stands in a terminal; the demo's texts have one column a character. */
const widthOf = (text: string): number => [...text].length;

const naturalWidths = (rows: readonly (readonly string[])[]): number[] =>
  (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));

/** True when every cell of a column is of a form, and not all are empty. */
const isAll = (form: RegExp, rows: readonly (readonly string[])[], column: number): boolean =>
  rows.some((row) => row[column] !== '') && rows.every((row) => form.test(row[column] ?? ''));

/** Half of a number or a time says nothing. */
const numbers = /^[\d :+-]*$/;

/** Flags with their numbers: what a list is looked at for. */
const counted = /^(\d+ [a-z-]+!?(, )?)*$/;

/** How late a column is made narrower: the last ones where nothing else is left. */
const rankOf = (rows: readonly (readonly string[])[], column: number): number =>
  isAll(numbers, rows, column) ? 1 : isAll(counted, rows, column) ? 2 : 0;

const widestOf = (widths: readonly number[], mayShrink: (column: number) => boolean): number | undefined =>
  widths
    .map((width, column) => ({ width, column }))
    .filter(({ width, column }) => width > narrowest && mayShrink(column))
    .toSorted((one, other) => other.width - one.width)[0]?.column;

/** Takes from the widest columns, one character at a time, until the table fits. */
const fitted = (natural: readonly number[], width: number, ranks: readonly number[]): number[] => {
  const widths = [...natural];
  const room = width - (padding + 1) * natural.length - 1;
  for (let excess = widths.reduce((sum, next) => sum + next, 0) - room; excess > 0; excess -= 1) {
    const column = [0, 1, 2]
      .map((last) => widestOf(widths, (one) => (ranks[one] ?? 0) <= last))
      .find((found) => found !== undefined);
    if (column === undefined) break;
    widths[column] = (widths[column] ?? 0) - 1;
  }
  return widths;
};

/** A table as text, fitted to a width: what is too long for its cell ends in an ellipsis. */
export const tableOf = (
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  { width, paint }: { readonly width: number; readonly paint: (cell: string) => string },
): string => {
  const ranks = columns.map((_, column) => rankOf(rows, column));
  const widths = fitted(naturalWidths([columns, ...rows]), width, ranks);
  const table = new Table({
    head: [...columns],
    colWidths: widths.map((natural) => natural + padding),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => row.map(paint)));
  return table.toString();
};
