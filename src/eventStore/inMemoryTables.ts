import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Uuid } from '../domain/identifiers.ts';
import type { Append } from './appendRules.ts';
import { encode, toStored } from './codec.ts';
import type {
  AuditSubject,
  EventStore,
  Evidence,
  Flesh,
  PendingErasure,
  StaleTag,
  StoredEvent,
  StoreError,
} from './eventStore.ts';
import { eventsOf, evidenceOf, pageOf, type StoredRow, sealedPartOf, streamOf, uuidBytes } from './storedRow.ts';

/** What a store in memory holds. */
export type Memory = {
  /** The row at position 1 comes first. */
  readonly rows: StoredRow[];
  readonly byStream: Map<string, StoredRow[]>;
  readonly byId: Map<Uuid, StoredRow>;
  readonly flesh: Map<number, Flesh>;
  readonly subjects: Map<string, AuditSubject>;
  readonly erasures: Map<string, PendingErasure>;
};

/** A store that holds nothing yet. */
export const emptyMemory = (): Memory => ({
  rows: [],
  byStream: new Map(),
  byId: new Map(),
  flesh: new Map(),
  subjects: new Map(),
  erasures: new Map(),
});

const isEqual = (bytes: Uint8Array, others: Uint8Array | undefined): boolean =>
  others !== undefined && Buffer.compare(bytes, others) === 0;

const fleshOf = (flesh: Flesh): Flesh =>
  Object.fromEntries(Object.entries(flesh).map(([name, bytes]) => [name, Buffer.from(bytes)]));

/** The streams that hold a tag. */
export const streamsWithTag = ({ flesh, rows }: Memory, tag: Uint8Array): readonly string[] => {
  const tagged = [...flesh].filter(([, part]) => isEqual(tag, part.tag)).map(([position]) => position);
  return [...new Set(tagged.map((position) => rows[position - 1]?.stream ?? ''))];
};

/** The events that have some ids. */
export const find = ({ byId }: Memory, ids: readonly Uuid[]): E.Either<StoreError, readonly StoredEvent[]> => {
  const rows = [...new Set(ids)].map((id) => byId.get(id)).filter((row) => row !== undefined);
  return eventsOf(rows.sort((one, other) => one.position - other.position));
};

/** All events after a position. */
export const page = ({ rows }: Memory, after: number, limit: number): E.Either<StoreError, readonly StoredEvent[]> =>
  pageOf(rows.slice(after, after + limit), after);

/** The events of one stream. */
export const stream = (
  { byStream }: Memory,
  name: string,
  from: number,
): E.Either<StoreError, readonly StoredEvent[]> => streamOf((byStream.get(name) ?? []).slice(from), name, from);

/** The store as an append finds it. */
export const viewOf = (memory: Memory) => ({
  headOf: (stream: string): number => (memory.byStream.get(stream)?.length ?? 0) - 1,
  find: (ids: readonly Uuid[]) => find(memory, ids),
  streamsWithTag: (tag: Uint8Array) => streamsWithTag(memory, tag),
});

/** An event that is ready to be kept: from here on nothing can fail. */
type Entry = { readonly id: Uuid; readonly row: StoredRow; readonly flesh: Flesh };

/** The rows that an append would add. */
export const entriesFor = ({ rows }: Memory, { stream, events }: Append, first: number): readonly Entry[] =>
  events.map((event, index) => {
    const revision = first + index;
    const stored = encode(toStored(event, stream, revision));
    const row = { position: rows.length + 1 + index, stream, revision, id: uuidBytes(event.id), ...stored };
    return { id: event.id, row, flesh: fleshOf(event.flesh ?? {}) };
  });

/** Adds a row. */
export const keepEntry = ({ rows, byStream, byId, flesh }: Memory, entry: Entry): void => {
  const { stream, position } = entry.row;
  rows.push(entry.row);
  byId.set(entry.id, entry.row);
  flesh.set(position, entry.flesh);
  const found = byStream.get(stream);
  if (found === undefined) byStream.set(stream, [entry.row]);
  else found.push(entry.row);
};

/** Adds what an append writes besides. */
export const keepOptions = ({ subjects, erasures }: Memory, { stream, options }: Append): void => {
  for (const subject of options.subjects ?? []) {
    const key = `${subject.year} ${subject.programId}`;
    if (!subjects.has(key)) subjects.set(key, subject);
  }
  if (options.erasure !== undefined && !erasures.has(stream))
    erasures.set(stream, { stream, keyId: options.erasure.keyId, stage: 'fenced', parts: 0 });
};

/** Sealed parts by position. */
export const sealedParts = ({ rows, flesh }: Memory, positions: readonly number[]) =>
  pipe(
    [...new Set(positions)].flatMap((position) => {
      const [row, sealed] = [rows[position - 1], flesh.get(position)?.sealed];
      return row === undefined || sealed === undefined ? [] : [{ row, sealed }];
    }),
    E.traverseArray(({ row, sealed }) => sealedPartOf(row, sealed)),
    E.map((parts) => new Map(parts)),
  );

/** The fingerprint of an event's command. */
export const markOf = ({ byId, flesh }: Memory, id: Uuid): Uint8Array | undefined =>
  flesh.get(byId.get(id)?.position ?? 0)?.mark;

/** The audit subjects of a year. */
export const auditSubjects = ({ subjects }: Memory, ...[year, of]: Parameters<EventStore['auditSubjects']>) =>
  [...subjects.values()]
    .filter((subject) => subject.year === year)
    .filter((subject) => of === undefined || !('programId' in of) || subject.programId === of.programId)
    .filter((subject) => of === undefined || !('person' in of) || isEqual(of.person, subject.person))
    .sort((one, other) => (one.programId < other.programId ? -1 : 1));

/** Changes an erasure that is under way. */
export const moved = ({ erasures }: Memory, stream: string, change: Partial<PendingErasure>): void => {
  const erasure = erasures.get(stream);
  if (erasure !== undefined) erasures.set(stream, { ...erasure, ...change });
};

/** Deletes the flesh of a stream. */
export const eraseFlesh = (memory: Memory, stream: string): void => {
  const { byStream, flesh, erasures } = memory;
  const rows = byStream.get(stream) ?? [];
  const parts = rows.filter(({ position }) => flesh.get(position)?.sealed !== undefined).length;
  for (const { position } of rows) flesh.delete(position);
  moved(memory, stream, { parts: (erasures.get(stream)?.parts ?? 0) + parts });
};

const envelope = (keyId: string): Buffer => Buffer.from(`01${keyId}`, 'hex');

/** How many sealed values of a key are left. */
export const remnants = ({ flesh }: Memory, keyId: string): number =>
  [...flesh.values()].filter(({ sealed }) => Buffer.from(sealed ?? []).includes(envelope(keyId))).length;

/** Index rows of other keys. */
export const staleTags = ({ rows, flesh }: Memory, keyId: string, limit: number): readonly StaleTag[] =>
  [...flesh]
    .filter(([, { tag }]) => tag !== undefined && !Buffer.from(tag).toString('hex').startsWith(keyId))
    .map(([position]) => ({ position, stream: rows[position - 1]?.stream ?? '' }))
    .slice(0, limit);

/** Gives an index row its new tag. */
export const retag = ({ flesh }: Memory, position: number, tag: Uint8Array): void => {
  const part = flesh.get(position);
  if (part?.tag !== undefined) flesh.set(position, { ...part, tag: Buffer.from(tag) });
};

/** Deletes a year's audit subjects. */
export const eraseAuditYear = ({ subjects }: Memory, year: number): number =>
  [...subjects].filter(([key, subject]) => subject.year === year && subjects.delete(key)).length;

/** Rows as they lie. */
export const evidence = (
  { rows, flesh }: Memory,
  after: number,
  limit: number,
): E.Either<StoreError, readonly Evidence[]> =>
  E.traverseArray((row: StoredRow) => evidenceOf(row, flesh.get(row.position)?.sealed))(
    rows.slice(after, after + limit),
  );
