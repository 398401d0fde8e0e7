import { idsIn } from './ids.ts';

/** A row of docs/requirements.md. */
export type Requirement = {
  readonly id: string;
  readonly kind: string;
  readonly rule: string;
  /** The place in the manuals; of an invariant, the rules that it comes from. */
  readonly where: string;
};

/** A row of docs/duties.md that the library cannot do: it needs no test when the page says why. */
export type Excuse = { readonly id: string; readonly why: string };

const outside = '## Outside the library';

/** The rows of a text's tables that begin with an id, as cells. */
const rowsIn = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => /^\| (R\d{3}|I\d{2}) \|/.test(line))
    .map((line) => line.slice(2, -2).split(' | '));

export const requirementsIn = (page: string): readonly Requirement[] =>
  rowsIn(page).map(([id = '', kind = '', rule = '', where = '']) => ({ id, kind, rule, where }));

/** The ids of docs/duties.md, and those under its heading for what is outside the library, with the reason in their last cell. */
export const dutiesIn = (page: string): { readonly ids: readonly string[]; readonly excuses: readonly Excuse[] } => {
  const [, after = ''] = page.split(`\n${outside}\n`);
  const excuses = rowsIn(after.split(/^## /m)[0] ?? '').map((cells) => ({
    id: cells[0] ?? '',
    why: cells.length > 1 ? (cells.at(-1) ?? '').trim() : '',
  }));
  return { ids: rowsIn(page).map(([id = '']) => id), excuses };
};

/** The rules that an invariant comes from. */
export const sourcesOf = ({ id, where }: Requirement): readonly string[] =>
  id.startsWith('I') ? idsIn(where).map((rule) => rule.id) : [];
