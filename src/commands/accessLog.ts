import * as E from 'fp-ts/lib/Either.js';
import type { By } from '../domain/decider.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import type { AppendOptions, EventStore, NewEvent } from '../eventStore/eventStore.ts';
import type { KeyStore } from '../privacy/keys.ts';
import { auditYear, personOf, shortReference } from '../privacy/pseudonyms.ts';
import type { AccessEvent } from './accessEvents.ts';
import type { Failure } from './core.ts';
import { derivedId, eventId, freshId } from './ids.ts';
import type { SubjectRows } from './subjects.ts';

/** One act to log that leaves no event in an aggregate. */
export type Entry = {
  readonly event: AccessEvent;
  readonly at: Instant;
  readonly by: By;
  /** The number of an acting resident: becomes the year's reference, never more. */
  readonly personalNumber?: string | undefined;
  readonly commandId: Uuid;
  readonly mark?: Uint8Array;
};

/** What else must hold in the transaction that writes an entry. */
export type Conditions = Pick<AppendOptions, 'heads' | 'holds'>;

/** Who floods: refusals beyond the limit are counted together, by actor (architecture, section 5). */
const refusalsAMinute = 20;
const minute = 60_000;

type Flood = { readonly since: number; readonly first: Entry; count: number; held: number; code: string };

/** Where views, sign-ins, refusals and repeats are written: no entry, no answer. */
export type AccessLog = {
  readonly append: (entry: Entry, conditions?: Conditions) => Promise<E.Either<Failure, void>>;
  /** Writes the refusals that are held back as a count. */
  readonly flush: () => Promise<E.Either<Failure, void>>;
};

const floodKey = ({ by, personalNumber }: Entry): string =>
  by.kind === 'resident' ? `resident ${personalNumber}` : `${by.kind} ${by.hsaId ?? by.process ?? ''}`;

const isAboutPrograms = ({ event }: Entry): boolean => event.type === 'viewed' && event.data.programs.length > 0;

const programsOf = ({ event }: Entry): readonly Uuid[] => (event.type === 'signed-in' ? [] : event.data.programs);

/** Opens the access log of this library instance: the only writer of its stream. */
export const accessLog = (
  { events, keys }: { readonly events: EventStore; readonly keys: KeyStore },
  subjects: SubjectRows,
  openedAt: Date,
): AccessLog => {
  const instance = freshId(openedAt);
  const stream = `access-${instance}`;
  const floods = new Map<string, Flood>();
  let written = 0;

  const named = async (entry: Entry): Promise<E.Either<Failure, By>> => {
    if (entry.personalNumber === undefined || isAboutPrograms(entry)) return E.right(entry.by);
    const person = await personOf(keys, auditYear(entry.at), entry.personalNumber);
    return E.map((reference: Buffer) => ({ ...entry.by, person: shortReference(reference) }))(person);
  };

  const eventOf = ({ event, at, commandId, mark }: Entry, by: By): NewEvent => {
    const command = event.type === 'signed-in' ? 'sign-in' : event.data.what;
    written += 1;
    return {
      id: event.type === 'signed-in' ? eventId(commandId, 0) : derivedId(instance, `access-${written}`),
      ...{ type: event.type, at, data: event.data, by },
      cause: { commandId, correlationId: commandId, causationId: commandId, command },
      policy: 'access',
      ...(mark === undefined ? {} : { flesh: { mark } }),
    };
  };

  const write = async (entry: Entry, conditions: Conditions = {}): Promise<E.Either<Failure, void>> => {
    const programs = programsOf(entry);
    const year = auditYear(entry.at);
    const rows = await subjects.missing(year, programs);
    if (E.isLeft(rows)) return rows;
    const by = await named(entry);
    if (E.isLeft(by)) return by;
    const result = await events.append(stream, 'any', [eventOf(entry, by.right)], { ...conditions, subjects: rows.right })();
    if (E.isRight(result)) subjects.written(year, programs);
    return E.map(() => undefined)(result);
  };

  const writeHeld = async (flood: Flood): Promise<E.Either<Failure, void>> => {
    const { event } = flood.first;
    if (flood.held === 0 || event.type !== 'refused') return E.right(undefined);
    const counted = { ...event, data: { ...event.data, code: flood.code, programs: [], count: flood.held } };
    const result = await write({ ...flood.first, event: counted });
    if (E.isRight(result)) flood.held = 0;
    return result;
  };

  const flushWhere = async (isDue: (flood: Flood) => boolean): Promise<E.Either<Failure, void>> => {
    for (const [key, flood] of floods) {
      if (!isDue(flood)) continue;
      const result = await writeHeld(flood);
      if (E.isLeft(result)) return result;
      floods.delete(key);
    }
    return E.right(undefined);
  };

  const appendRefusal = async (entry: Entry, code: string, conditions?: Conditions): Promise<E.Either<Failure, void>> => {
    const key = floodKey(entry);
    const flood = floods.get(key) ?? { since: Date.parse(entry.at), first: entry, count: 0, held: 0, code };
    floods.set(key, flood);
    flood.count += 1;
    if (flood.count <= refusalsAMinute) return write(entry, conditions);
    flood.code = flood.held === 0 || flood.code === code ? code : 'several';
    flood.held += 1;
    return E.right(undefined);
  };

  return {
    append: async (entry, conditions) => {
      const now = Date.parse(entry.at);
      const flushed = await flushWhere(({ since }) => Math.abs(now - since) >= minute);
      if (E.isLeft(flushed)) return flushed;
      return entry.event.type === 'refused'
        ? appendRefusal(entry, entry.event.data.code, conditions)
        : write(entry, conditions);
    },
    flush: () => flushWhere(() => true),
  };
};
