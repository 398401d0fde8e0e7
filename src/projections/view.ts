import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { Acting } from '../access/actor.ts';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import type { By } from '../domain/actors.ts';
import type { Refusal, RefusalCode } from '../domain/decider.ts';
import { refused } from '../domain/decider.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { ViewName } from '../domain/permissions.ts';
import type { Day, Instant } from '../domain/time.ts';
import { asEntries, asList, asText, type Opened, openParts } from '../privacy/flesh.ts';

/** A page of rows, with where the next begins, and the position that it shows. */
export type Page<Row> = { readonly rows: readonly Row[]; readonly next?: string; readonly asOf: string };

/** Who asks, judged; when; and what the library works with. */
export type Asking = {
  readonly core: Core;
  readonly acting: Acting;
  readonly by: By;
  /** When it is asked; in a replay, the instant that it shows. */
  readonly at: Instant;
  readonly today: Day;
  /**
   * Whose a program is and who may still read it, which is judged by what is so today: the same rows and day as the answer's own, but in a
   * replay.
   */
  readonly rights: { readonly db: Database; readonly today: Day };
};

/** What a view answers, and which programs it showed. */
export type Answered = { readonly answer: object; readonly programs: readonly Uuid[]; readonly asOf: number };
type Answer = Promise<E.Either<Failure | Refusal, Answered>>;

/** A question that hosts may ask: its shape, and how it is answered; who may ask is in domain/permissions.ts. */
export type View<Query> = {
  readonly query: z.ZodType<Query>;
  /** The row of the table of permissions, where it is not that of the view's name. */
  readonly permission?: (query: Query) => ViewName;
  /** True when staff may ask before a unit is chosen: only the identity is then judged. */
  readonly beforeUnitIsChosen?: (query: Query) => boolean;
  readonly answer: (asking: Asking, query: Query) => Answer;
};

/** A view as the pipeline takes it: what it hands to the view has passed the view's own schema. */
export type AnyView = View<unknown>;
export const anyView = <Query>(view: View<Query>): AnyView => view as unknown as AnyView;

/** Fields that every view of rows takes. */
export const paging = {
  limit: z.int().min(1).max(200).optional(),
  cursor: z.string().max(512).optional(),
};
type Paging = { readonly limit?: number | undefined; readonly cursor?: string | undefined };

/** Rows in a page when the host does not say. */
const usual = 50;
export const limitOf = ({ limit = usual }: Paging): number => limit;

/** Where a page ends, for the next to begin: the view and the key of its last row, never anything personal. */
export const cursorAt = (view: string, key: string | number): string =>
  Buffer.from(JSON.stringify([view, key]), 'utf8').toString('base64url');

const isPair = (value: unknown): value is readonly [unknown, unknown] => Array.isArray(value) && value.length === 2;

const notACursor: E.Either<Refusal, never> = E.left({
  kind: 'invalid',
  issues: [{ path: 'query.cursor', code: 'invalid-value' }],
});

/** Reads where a page begins; `start` without a cursor. A cursor of another view, or a changed one, is invalid. */
export const readCursor = <Key extends string | number>(
  view: string,
  { cursor }: Paging,
  start: Key,
): E.Either<Refusal, Key> => {
  if (cursor === undefined) return E.right(start);
  const read = E.tryCatch(
    () => JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown,
    () => undefined,
  );
  if (E.isLeft(read) || !isPair(read.right) || read.right[0] !== view) return notACursor;
  const key = read.right[1];
  const isKey = typeof key === typeof start && (typeof key === 'string' || Number.isSafeInteger(key));
  return isKey ? E.right(key as Key) : notACursor;
};

/** The rows of a page, and the cursor of the next. */
export type PageOf<Row> = { readonly rows: readonly Row[]; readonly next: string | undefined };

/** A page from rows of which one more than asked was read: that one tells whether there is a next page. */
export const cut = <Row>(
  view: string,
  rows: readonly Row[],
  query: Paging,
  keyOf: (row: Row) => string | number,
): PageOf<Row> => {
  const shown = rows.slice(0, limitOf(query));
  const last = shown.at(-1);
  const more = rows.length > shown.length && last !== undefined;
  return { rows: shown, next: more ? cursorAt(view, keyOf(last)) : undefined };
};

/** A page as hosts get it. */
export const pageOf = <Row>(rows: readonly Row[], next: string | undefined, asOf: number): Page<Row> => ({
  rows,
  ...(next === undefined ? {} : { next }),
  asOf: String(asOf),
});

/** Reads everything that a view needs at one instant: no commit of anyone's comes between. */
export const snapshot = <A>({ core }: Asking, read: (db: Database) => A): A =>
  core.readModels.transaction(() => read(core.readModels))();

/** Where a personal part lies, and the name of a value in it; no place where there is none. */
type Place = readonly [position: number | null | undefined, name: string];

/** Opened personal parts, read by place; undefined where they are erased. */
export type Opening = {
  readonly text: (...place: Place) => string | undefined;
  readonly list: (...place: Place) => readonly string[] | undefined;
  readonly entries: (...place: Place) => Readonly<Record<string, string>> | undefined;
};

/** Opens personal parts that hold lists or answers beside texts. */
export const openFlesh = async (
  { core }: Asking,
  positions: readonly (number | null | undefined)[],
): Promise<E.Either<Failure, Opening>> => {
  const wanted = positions.filter((position): position is number => typeof position === 'number');
  return E.map((parts: ReadonlyMap<number, Opened>): Opening => {
    const value = (...[position, name]: Place) =>
      typeof position === 'number' ? parts.get(position)?.[name] : undefined;
    return {
      text: (...place) => asText(value(...place)),
      list: (...place) => asList(value(...place)),
      entries: (...place) => asEntries(value(...place)),
    };
  })(await openParts(core, wanted));
};

/** Opens personal parts that hold texts only. */
export const openTexts = async (
  asking: Asking,
  positions: readonly (number | null | undefined)[],
): Promise<E.Either<Failure, Opening['text']>> =>
  E.map(({ text }: Opening) => text)(await openFlesh(asking, positions));

/** A refusal as an answer. */
export const refuseView = (code: RefusalCode): E.Either<Refusal, never> => E.left(refused(code));
