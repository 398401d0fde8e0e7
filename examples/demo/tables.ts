import Table from 'cli-table3';

const padding = 2;
const narrowest = 8;

/** How wide a text stands in a terminal; the demo's texts have one column a character. */
const widthOf = (text: string): number => [...text].length;

const naturalWidths = (rows: readonly (readonly string[])[]): number[] =>
  (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));

/** Numbers and times: half of one says nothing, so their columns are the last to be made narrower. */
const isRigid = (rows: readonly (readonly string[])[], column: number): boolean =>
  rows.every((row) => /^[\d :+-]*$/.test(row[column] ?? ''));

const widestOf = (widths: readonly number[], mayShrink: (column: number) => boolean): number | undefined =>
  widths
    .map((width, column) => ({ width, column }))
    .filter(({ width, column }) => width > narrowest && mayShrink(column))
    .toSorted((one, other) => other.width - one.width)[0]?.column;

/** Takes from the widest columns, one character at a time, until the table fits. */
const fitted = (natural: readonly number[], width: number, rigid: readonly boolean[]): number[] => {
  const widths = [...natural];
  const room = width - (padding + 1) * natural.length - 1;
  for (let excess = widths.reduce((sum, next) => sum + next, 0) - room; excess > 0; excess -= 1) {
    const column = widestOf(widths, (one) => rigid[one] !== true) ?? widestOf(widths, () => true);
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
  const rigid = columns.map((_, column) => isRigid(rows, column));
  const widths = fitted(naturalWidths([columns, ...rows]), width, rigid);
  const table = new Table({
    head: [...columns],
    colWidths: widths.map((natural) => natural + padding),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => row.map(paint)));
  return table.toString();
};
