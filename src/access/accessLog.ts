import * as E from 'fp-ts/lib/Either.js';
import type { By } from '../domain/actors.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import type { AccessEvent } from '../eventStore/accessEvents.ts';
import type { AppendOptions, EventStore, NewEvent } from '../eventStore/eventStore.ts';
import { accessStream } from '../eventStore/streams.ts';
import type { KeyStore } from '../privacy/keys.ts';
import { auditYear, personOf, shortReference } from '../privacy/pseudonyms.ts';
import type { Failure } from './failure.ts';
import { derivedId, eventId, freshId } from './ids.ts';
import type { SubjectRows } from './subjects.ts';

/** One act to log that leaves no event in an aggregate. */
export type Entry = {
  readonly event: AccessEvent;
  readonly at: Instant;
  readonly by: By;
  /** The number of an acting resident: becomes the year's reference, never more. */
  readonly personalNumber?: string | undefined;
  /** The number of the person whom a refused start was about: likewise. */
  readonly aboutNumber?: string | undefined;
  readonly commandId: Uuid;
  readonly mark?: Uint8Array;
};

/** What else must hold in the transaction that writes an entry. */
export type Conditions = Pick<AppendOptions, 'heads' | 'holds'>;

/** Where views, sign-ins, refusals and repeats are written: no entry, no answer. */
export type AccessLog = {
  readonly append: (entry: Entry, conditions?: Conditions) => Promise<E.Either<Failure, void>>;
  /** Writes the refusals that are held back as a count. */
  readonly flush: () => Promise<E.Either<Failure, void>>;
};

type Vault = { readonly events: EventStore; readonly keys: KeyStore };

const programsOf = ({ event: { data } }: Entry): readonly Uuid[] => ('programs' in data ? data.programs : []);

/** Entries that are commands: found again by the command's id, as other commands are. */
const commandsLogged: ReadonlyMap<AccessEvent['type'], string> = new Map([
  ['signed-in', 'sign-in'],
  ['log-checked', 'record-log-check'],
  ['log-year-disposed', 'dispose-log-year'],
  ['erasure-certified', 'certify-erasure'],
]);

const nameOf = ({ type, data }: AccessEvent): string => commandsLogged.get(type) ?? ('what' in data ? data.what : type);

/** A resident is named by the programs shown; where none is, or where it was refused, by the year's reference. */
const needsName = ({ event, personalNumber }: Entry): boolean =>
  personalNumber !== undefined && (event.type !== 'viewed' || event.data.programs.length === 0);

/** The year's reference to a person; none where the year was disposed of, which only a clock that goes back can meet. */
const referenceTo = async (
  keys: KeyStore,
  at: Instant,
  number: string,
): Promise<E.Either<Failure, { readonly person?: string }>> => {
  const person = await personOf(keys, auditYear(at), number);
  if (E.isRight(person)) return E.right({ person: shortReference(person.right) });
  return person.left.kind === 'erased' ? E.right({}) : person;
};

/** The entry with persons as references: no number goes further than here. */
const withReferences = async (
  keys: KeyStore,
  entry: Entry,
): Promise<E.Either<Failure, Pick<Entry, 'event' | 'by'>>> => {
  const { event, by, at, personalNumber, aboutNumber } = entry;
  if (personalNumber !== undefined && needsName(entry)) {
    return E.map((named: object) => ({ event, by: { ...by, ...named } }))(await referenceTo(keys, at, personalNumber));
  }
  if (aboutNumber === undefined || event.type !== 'refused') return E.right({ event, by });
  return E.map((named: object) => ({ by, event: { ...event, data: { ...event.data, ...named } } }))(
    await referenceTo(keys, at, aboutNumber),
  );
};

const newEvent = (
  id: Uuid,
  { event, by }: Pick<Entry, 'event' | 'by'>,
  { at, commandId, mark }: Entry,
  policy: string,
): NewEvent => ({
  ...{ id, type: event.type, at, data: event.data, by },
  cause: {
    ...{ commandId, correlationId: commandId, causationId: commandId },
    command: nameOf(event as AccessEvent),
  },
  policy,
  ...(mark === undefined ? {} : { flesh: { mark } }),
});

/** Opens the access log of this library instance: each entry is an event in its own stream, of which it is the only writer. */
export const accessLog = (
  { events, keys }: Vault,
  subjects: SubjectRows,
  { openedAt, policy }: { readonly openedAt: Date; readonly policy: string },
): AccessLog['append'] => {
  const instance = freshId(openedAt);
  const stream = accessStream(instance);
  let tried = 0;
  const nextId = (): Uuid => {
    tried += 1;
    return derivedId(instance, `access-${tried}`);
  };
  return async (entry, conditions = {}) => {
    const programs = programsOf(entry);
    const year = auditYear(entry.at);
    const rows = await subjects.missing(year, programs);
    if (E.isLeft(rows)) return rows;
    const named = await withReferences(keys, entry);
    if (E.isLeft(named)) return named;
    const id = commandsLogged.has(entry.event.type) ? eventId(entry.commandId, 0) : nextId();
    const options = { ...conditions, subjects: rows.right };
    const written = await events.append(stream, 'any', [newEvent(id, named.right, entry, policy)], options)();
    if (E.isRight(written)) subjects.written(year, programs);
    return E.map(() => undefined)(written);
  };
};
