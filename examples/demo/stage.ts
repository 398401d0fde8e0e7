import type { CommandInput, Folja, Page, Problem, Receipt } from 'folja';
import type { Dashboard } from './dashboards.ts';
import type { Person } from './people.ts';
import { personalTextsIn } from './personalTexts.ts';

/** One command or look of somebody's, told in one line. */
export type Act = {
  readonly at: string;
  readonly who: string;
  readonly what: string;
  readonly outcome: string;
  readonly expected: string;
};

/** One dashboard as its owner saw it. `most` is how many rows a person is shown of a long one. */
export type Shown = {
  readonly at: string;
  readonly title: string;
  readonly owner: string;
  readonly notes: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly most: number;
  readonly outcome: string;
  readonly expected: string;
};

/** A table that the host makes of what the library has given it, other than by a view. */
export type Listed = Pick<Shown, 'title' | 'notes' | 'columns' | 'rows'>;

/** What the demo tells, piece by piece. */
export type Told =
  | { readonly kind: 'chapter'; readonly title: string }
  | ({ readonly kind: 'act' } & Act)
  | ({ readonly kind: 'table' } & Shown);

/** What was counted on the way. */
export type Counts = { commands: number; refusals: number; repeats: number; views: number };

/** Where the acts are played: every act states what it expects, and the first that comes out otherwise stops the demo. */
export type Stage = {
  readonly folja: Folja;
  readonly counts: Readonly<Counts>;
  /** Everything personal that was ever sent. */
  readonly personalTexts: ReadonlySet<string>;
  readonly chapter: (title: string) => void;
  /** Sets the demo's clock; from there every act takes two minutes. */
  readonly goTo: (instant: string) => void;
  readonly act: (who: Person, what: string, command: CommandInput, expected?: string) => Promise<Receipt['ids']>;
  /** An act that gives a document. */
  readonly export: (who: Person, what: string, command: CommandInput) => Promise<object>;
  /** Asks for a dashboard and shows it. */
  readonly show: (who: Person, dashboard: Dashboard, expected?: string) => Promise<unknown>;
  /** Asks for a dashboard and tells in one line how that went. */
  readonly look: (who: Person, what: string, dashboard: Dashboard, expected: string) => Promise<unknown>;
  /** Tells something that is neither a command nor a view. */
  readonly note: (who: string, what: string, outcome: string, expected: string) => void;
  /** Shows what the host has been given. */
  readonly list: (listed: Listed) => void;
};

/** Thrown when something came out otherwise than expected. */
export class Surprise extends Error {}

/** The demo's own clock: it stands still until the demo moves it. */
export type Clock = { readonly now: () => Date; readonly goTo: (instant: string) => void; readonly pass: () => void };

const step = 2 * 60_000;

export const demoClock = (start: string): Clock => {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    goTo: (instant) => {
      now = Date.parse(instant);
    },
    pass: () => {
      now += step;
    },
  };
};

const problemIn = (problem: Problem): string => {
  if (problem.kind === 'refused') return `refused: ${problem.code}`;
  if (problem.kind !== 'invalid') return problem.kind;
  const [issue] = problem.issues;
  return `invalid: ${issue?.path}, ${issue?.code}`;
};

const receiptIn = (receipt: Receipt, before: string | undefined): string => {
  if (before === JSON.stringify(receipt)) return 'repeated';
  if (receipt.events.length === 0) return 'ok: nothing to change';
  const more = [...(receipt.warnings ?? []).map(({ code }) => code), receipt.erasure ?? ''].filter(Boolean);
  return more.length === 0 ? 'ok' : `ok: ${more.join(', ')}`;
};

const isEmpty = (answer: unknown): boolean => (answer as Partial<Page<unknown>>).rows?.length === 0;

/** Makes a stage on an opened library. `tell` hears everything at once, in order. */
export const stageOn = (folja: Folja, clock: Clock, tell: (told: Told) => void): Stage => {
  const counts: Counts = { commands: 0, refusals: 0, repeats: 0, views: 0 };
  const receipts = new Map<string, string>();
  const personalTexts = new Set<string>();

  const now = (): string => clock.now().toISOString();

  const judge = (told: Told & { readonly outcome: string; readonly expected: string }): void => {
    tell(told);
    clock.pass();
    if (told.outcome !== told.expected) throw new Surprise(`expected ${told.expected}, came out ${told.outcome}`);
  };

  const count = (outcome: string): void => {
    if (outcome === 'repeated') counts.repeats += 1;
    if (outcome.startsWith('refused') || outcome.startsWith('invalid')) counts.refusals += 1;
  };

  const send = async (who: Person, command: CommandInput) => {
    counts.commands += 1;
    for (const text of personalTextsIn(command)) personalTexts.add(text);
    const result = await folja.execute(command, who.actor);
    if (result._tag === 'Left') return { outcome: problemIn(result.left), ids: {}, document: {} };
    const receipt = result.right;
    const outcome = receiptIn(receipt, receipts.get(receipt.commandId));
    receipts.set(receipt.commandId, JSON.stringify(receipt));
    return { outcome, ids: receipt.ids, document: receipt.document ?? {} };
  };

  const perform = async (who: Person, what: string, command: CommandInput, expected = 'ok') => {
    const at = now();
    const { outcome, ...given } = await send(who, command);
    count(outcome);
    judge({ kind: 'act', at, who: who.label, what, outcome, expected });
    return given;
  };

  const ask = async (who: Person, { query }: Dashboard) => {
    counts.views += 1;
    const result = await folja.view(query, who.actor);
    const outcome = result._tag === 'Left' ? problemIn(result.left) : isEmpty(result.right) ? 'ok: empty' : 'ok';
    count(outcome);
    return { outcome, answer: result._tag === 'Left' ? undefined : result.right };
  };

  return {
    folja,
    counts,
    personalTexts,
    chapter: (title) => tell({ kind: 'chapter', title }),
    goTo: clock.goTo,
    act: async (...given) => (await perform(...given)).ids,
    export: async (...given) => (await perform(...given)).document,
    show: async (who, dashboard, expected = 'ok') => {
      const at = now();
      const { outcome, answer } = await ask(who, dashboard);
      const { title, columns, most = 200 } = dashboard;
      const { notes, rows } = answer === undefined ? { notes: [], rows: [] } : dashboard.present(answer);
      judge({ kind: 'table', at, title, owner: who.label, notes, columns, rows, most, outcome, expected });
      return answer;
    },
    look: async (who, what, dashboard, expected) => {
      const at = now();
      const { outcome, answer } = await ask(who, dashboard);
      judge({ kind: 'act', at, who: who.label, what, outcome, expected });
      return answer;
    },
    note: (who, what, outcome, expected) => judge({ kind: 'act', at: now(), who, what, outcome, expected }),
    list: (listed) =>
      judge({ kind: 'table', at: now(), owner: 'the host', ...listed, most: 8, outcome: 'ok', expected: 'ok' }),
  };
};
