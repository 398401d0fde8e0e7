import * as E from 'fp-ts/lib/Either.js';
import { actorName } from '../domain/actors.ts';
import { handoverEvents } from '../domain/handover/events.ts';
import type { Slug, Uuid } from '../domain/identifiers.ts';
import { programEvents } from '../domain/program/events.ts';
import { type Day, dayOf, type Instant } from '../domain/time.ts';
import type { EventStore, StoredEvent, StoreError } from '../eventStore/eventStore.ts';
import { readEvent } from '../eventStore/shapes.ts';
import { programStream } from '../eventStore/streams.ts';
import type { FormRow } from './forms.ts';
import type { Slice } from './programs.ts';

/** A draft is nobody's but the resident's, and after a purge there is no timeline: every other event of a program is in it. */
const types: ReadonlySet<string> = new Set(
  Object.keys({ ...programEvents, ...handoverEvents }).filter((type) => type !== 'form-saved' && type !== 'purged'),
);

/** One event in the timeline, and what it says of itself in clear. */
export type TimelineRow = {
  readonly revision: number;
  readonly position: number;
  readonly at: Instant;
  readonly type: Slug;
  readonly by: string;
  readonly summary: Readonly<Record<string, string>>;
};

/** What a timeline may be narrowed to (R149). */
type Filter = {
  readonly types?: readonly Slug[] | undefined;
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
};

/** What the timeline of a program is taken from: as far as the read models have come, with its forms as they then stand. */
type Standing = {
  readonly programId: Uuid;
  readonly forms: readonly FormRow[];
  readonly asOf: number;
};

type Values = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** What an event says of itself in clear: ids, codes, days and numbers, and what a reminder is about; never a key's id. */
const summaryOf = ({ about, keyId: _, ...data }: Values): TimelineRow['summary'] =>
  Object.fromEntries(
    Object.entries({ ...data, ...(about as Values | undefined) })
      .filter(([, value]) => isPlain(value))
      .map(([name, value]) => [name, String(value)]),
  );

const rowOf = ({ revision, position, at, type, by, data }: StoredEvent): TimelineRow => ({
  ...{ revision, position, at, type, by: actorName(by) },
  summary: summaryOf(data as Values),
});

const placeOf = ({ moduleId, formId }: Pick<FormRow, 'moduleId' | 'formId'>): string => `${moduleId}/${formId}`;

const isWithin = (at: Instant, { from, to }: Filter): boolean => {
  if (from === undefined && to === undefined) return true;
  const day = dayOf(at);
  return (from === undefined || day >= from) && (to === undefined || day <= to);
};

/** A submitted form waits for its first opening: then it is in the timeline, as it is no longer flagged (R145, R150, I10). */
const showing = ({ forms, asOf }: Standing, filter: Filter) => {
  const unopened = new Set(forms.filter(({ state }) => state === 'unread').map(placeOf));
  const wanted = filter.types === undefined ? types : new Set(filter.types.filter((type) => types.has(type)));
  return ({ type, position, at, data }: StoredEvent): boolean =>
    position <= asOf &&
    wanted.has(type) &&
    !(type === 'form-submitted' && unopened.has(placeOf(data as FormRow))) &&
    isWithin(at, filter);
};

/** From where the end of a stream is read first; from its beginning where nobody knows how long it is: few are longer than a page or two. */
const beginning = (before: number, head: number | undefined, limit: number): number => {
  if (before === Number.MAX_SAFE_INTEGER && head === undefined) return 0;
  return Math.max(0, Math.min(before, (head ?? before) + 1) - limit);
};

/**
 * The course of a program, newest first: what happened, when and by whom (R148–R151), from the events of its stream and nothing of what was
 * written. Read from the end in slices, each twice as long as the one before, until there are enough.
 */
export const timelineRows = async (
  events: EventStore,
  standing: Standing,
  filter: Filter,
  { before, limit }: Slice,
): Promise<E.Either<StoreError, readonly TimelineRow[]>> => {
  const stream = programStream(standing.programId);
  const isShown = showing(standing, filter);
  const found: StoredEvent[] = [];
  let [to, size] = [before, limit];
  let from = beginning(before, events.knownHead?.(stream), limit);
  while (to > 0 && found.length < limit) {
    const read = await events.read(stream, from)();
    if (E.isLeft(read)) return read;
    const end = to;
    found.push(...read.right.filter((event) => event.revision < end && isShown(event)).toReversed());
    [to, size] = [from, size * 2];
    from = Math.max(0, to - size);
  }
  return E.map((rows: readonly StoredEvent[]) => rows.map(rowOf))(E.traverseArray(readEvent)(found.slice(0, limit)));
};
