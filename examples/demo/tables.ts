import Table from 'cli-table3';

const padding = 2;
const narrowest = 5;

/** How wide a text stands in a terminal; the demo's texts have one column a character. */
const widthOf = (text: string): number => [...text].length;

const naturalWidths = (rows: readonly (readonly string[])[]): number[] =>
  (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));

/** Takes from the widest columns, one character at a time, until the table fits. */
const fit = (natural: readonly number[], width: number): number[] => {
  const widths = [...natural];
  const room = width - (padding + 1) * natural.length - 1;
  for (let excess = widths.reduce((sum, next) => sum + next, 0) - room; excess > 0; excess -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= narrowest) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
};

/** A table as text, fitted to a width: what is too long for its cell ends in an ellipsis. */
export const tableOf = (
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  { width, paint }: { readonly width: number; readonly paint: (cell: string) => string },
): string => {
  const widths = fit(naturalWidths([columns, ...rows]), width);
  const table = new Table({
    head: [...columns],
    colWidths: widths.map((natural) => natural + padding),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => row.map(paint)));
  return table.toString();
};
