import type { Actor } from '../access/actor.ts';
import type { Folja, QueryInput } from '../folja.ts';
import type { Page } from '../projections/view.ts';
import { columnsOf, csvHead, csvOf, jsonOf, type Row, tableOf } from './formats.ts';
import { given } from './opening.ts';
import type { RowOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

/** Something that answers queries: the library as it is, or as it was. */
type Asked = Pick<Folja, 'view'>;

const pageSize = 200;

type Pages = { readonly pages: AsyncGenerator<Page<Row>>; readonly isMore: () => boolean };

/** The pages of a view, each asked for when the one before is printed, and each an entry of the log. */
const pagesOf = (asked: Asked, query: QueryInput, actor: Actor, { limit, all }: RowOptions): Pages => {
  let left = all === true ? Number.POSITIVE_INFINITY : limit;
  let cursor: string | undefined;
  const pages = async function* () {
    do {
      const wanted = { ...query, limit: Math.min(left, pageSize), ...(cursor === undefined ? {} : { cursor }) };
      const page = given(await asked.view(wanted, actor)) as Page<Row>;
      left -= page.rows.length;
      cursor = page.next;
      yield page;
    } while (cursor !== undefined && left > 0);
  };
  return { pages: pages(), isMore: () => cursor !== undefined };
};

const printCsv = async ({ out }: Terminal, pages: Pages['pages'], columns: readonly string[] | undefined) => {
  let head: readonly string[] | undefined;
  for await (const { rows } of pages) {
    if (head === undefined) {
      head = columns ?? columnsOf(rows);
      out(csvHead(head));
    }
    out(csvOf(rows, head));
  }
};

/** All pages as one: what the first one holds beside its rows, and where the last one ends. */
const gather = async (pages: Pages['pages']): Promise<Page<Row>> => {
  const rows: Row[] = [];
  let first: Page<Row> = { rows, asOf: '' };
  let next: string | undefined;
  for await (const page of pages) {
    if (first.asOf === '') first = page;
    rows.push(...page.rows);
    next = page.next;
  }
  const { next: _, ...page } = first;
  return { ...page, rows, ...(next === undefined ? {} : { next }) };
};

/** Asks a view of rows and prints them. Columns that are not told are those that the first page has. */
export const printRows = async (
  terminal: Terminal,
  asked: Asked,
  query: QueryInput,
  actor: Actor,
  options: RowOptions & { readonly columns?: readonly string[]; readonly quiet?: boolean },
): Promise<void> => {
  const { pages, isMore } = pagesOf(asked, query, actor, options);
  const { format, columns, quiet } = options;
  if (format === 'csv') await printCsv(terminal, pages, columns);
  else {
    const page = await gather(pages);
    terminal.out(format === 'json' ? jsonOf(page) : tableOf(page.rows, columns ?? columnsOf(page.rows)));
  }
  if (isMore() && quiet !== true) terminal.err('There are more rows: give a higher --limit, or --all.\n');
};
