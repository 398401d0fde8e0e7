import type { Actor, QueryInput } from '../../src/index.ts';
import type { Rows, World } from './world.ts';

/** A view whose pages have no end would hold up a test for ever. */
const mostRows = 1_000;

/** The rows of a view, asked for in pages of a size, one after another. */
export const rowsInPages = async (
  { sees }: World,
  query: QueryInput,
  actor: Actor,
  limit: number,
): Promise<Rows['rows']> => {
  const rows: Rows['rows'][number][] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page: Rows = await sees({ ...query, limit, ...(cursor === undefined ? {} : { cursor }) }, actor);
    rows.push(...page.rows);
    if (rows.length > mostRows) throw new Error(`the pages of ${query.view} have no end`);
    cursor = page.next;
  }
  return rows;
};
