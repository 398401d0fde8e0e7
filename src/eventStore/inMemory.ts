import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Uuid } from '../domain/identifiers.ts';
import { inMemoryKeys } from '../privacy/inMemoryKeys.ts';
import { type Append, requireAppend, ruleOn } from './appendRules.ts';
import { encode, toStored } from './codec.ts';
import type { Store } from './engine.ts';
import type { AuditSubject, EventStore, Flesh, Inline, PendingErasure, StoredEvent, StoreError } from './eventStore.ts';
import { memoryDatabase } from './memoryDatabase.ts';
import { requireNode } from './sqliteFile.ts';
import { eventsOf, pageOf, type StoredRow, sealedPartOf, streamOf, uuidBytes } from './storedRow.ts';
import { type Subscriptions, subscriptionsTo } from './subscriptions.ts';

type Memory = {
  /** The row at position 1 comes first. */
  readonly rows: StoredRow[];
  readonly byStream: Map<string, StoredRow[]>;
  readonly byId: Map<Uuid, StoredRow>;
  readonly flesh: Map<number, Flesh>;
  readonly subjects: Map<string, AuditSubject>;
  readonly erasures: Map<string, PendingErasure>;
};

type Log = {
  readonly memory: Memory;
  readonly readModels: Database;
  readonly inline: Inline;
  readonly subscriptions: Subscriptions;
  isClosed: boolean;
};

const unavailable: StoreError = { kind: 'unavailable', retry: false };

const attempt = <A>(work: () => E.Either<StoreError, A>): E.Either<StoreError, A> => {
  try {
    return work();
  } catch {
    return E.left(unavailable);
  }
};

const emptyMemory = (): Memory => ({
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

const streamsWithTag = ({ flesh, rows }: Memory, tag: Uint8Array): readonly string[] => {
  const tagged = [...flesh].filter(([, part]) => isEqual(tag, part.tag)).map(([position]) => position);
  return [...new Set(tagged.map((position) => rows[position - 1]?.stream ?? ''))];
};

const find = ({ byId }: Memory, ids: readonly Uuid[]): E.Either<StoreError, readonly StoredEvent[]> => {
  const rows = [...new Set(ids)].map((id) => byId.get(id)).filter((row) => row !== undefined);
  return eventsOf(rows.sort((one, other) => one.position - other.position));
};

const page = ({ rows }: Memory, after: number, limit: number): E.Either<StoreError, readonly StoredEvent[]> =>
  pageOf(rows.slice(after, after + limit), after);

const stream = ({ byStream }: Memory, name: string, from: number): E.Either<StoreError, readonly StoredEvent[]> =>
  streamOf((byStream.get(name) ?? []).slice(from), name, from);

const viewOf = (memory: Memory) => ({
  headOf: (stream: string): number => (memory.byStream.get(stream)?.length ?? 0) - 1,
  find: (ids: readonly Uuid[]) => find(memory, ids),
  streamsWithTag: (tag: Uint8Array) => streamsWithTag(memory, tag),
});

/** An event that is ready to be kept: from here on nothing can fail. */
type Entry = { readonly id: Uuid; readonly row: StoredRow; readonly flesh: Flesh };

const entriesFor = ({ rows }: Memory, { stream, events }: Append, first: number): readonly Entry[] =>
  events.map((event, index) => {
    const revision = first + index;
    const stored = encode(toStored(event, stream, revision));
    const row = { position: rows.length + 1 + index, stream, revision, id: uuidBytes(event.id), ...stored };
    return { id: event.id, row, flesh: fleshOf(event.flesh ?? {}) };
  });

const keepEntry = ({ rows, byStream, byId, flesh }: Memory, entry: Entry): void => {
  const { stream, position } = entry.row;
  rows.push(entry.row);
  byId.set(entry.id, entry.row);
  flesh.set(position, entry.flesh);
  const found = byStream.get(stream);
  if (found === undefined) byStream.set(stream, [entry.row]);
  else found.push(entry.row);
};

const keepOptions = ({ subjects, erasures }: Memory, { stream, options }: Append): void => {
  for (const subject of options.subjects ?? []) {
    const key = `${subject.year} ${subject.programId}`;
    if (!subjects.has(key)) subjects.set(key, subject);
  }
  if (options.erasure !== undefined && !erasures.has(stream))
    erasures.set(stream, { stream, keyId: options.erasure.keyId });
};

const appendTo = ({ memory, readModels, inline }: Log, append: Append): E.Either<StoreError, readonly StoredEvent[]> =>
  pipe(
    ruleOn(append, viewOf(memory)),
    E.flatMap((ruling) => {
      if (ruling.kind === 'repeat') return E.right(ruling.events);
      const entries = entriesFor(memory, append, ruling.revision);
      return E.map((events: readonly StoredEvent[]) => {
        readModels.transaction(() => inline(events)).immediate();
        for (const entry of entries) keepEntry(memory, entry);
        keepOptions(memory, append);
        return events;
      })(eventsOf(entries.map(({ row }) => row)));
    }),
  );

const sealedParts = ({ rows, flesh }: Memory, positions: readonly number[]) =>
  pipe(
    [...new Set(positions)].flatMap((position) => {
      const [row, sealed] = [rows[position - 1], flesh.get(position)?.sealed];
      return row === undefined || sealed === undefined ? [] : [{ row, sealed }];
    }),
    E.traverseArray(({ row, sealed }) => sealedPartOf(row, sealed)),
    E.map((parts) => new Map(parts)),
  );

const markOf = ({ byId, flesh }: Memory, id: Uuid): Uint8Array | undefined =>
  flesh.get(byId.get(id)?.position ?? 0)?.mark;

const auditSubjects = ({ subjects }: Memory, ...[year, of]: Parameters<EventStore['auditSubjects']>) =>
  [...subjects.values()]
    .filter((subject) => subject.year === year)
    .filter((subject) => of === undefined || !('programId' in of) || subject.programId === of.programId)
    .filter((subject) => of === undefined || !('person' in of) || isEqual(of.person, subject.person))
    .sort((one, other) => (one.programId < other.programId ? -1 : 1));

const eraseFlesh = ({ byStream, flesh }: Memory, stream: string): void => {
  for (const { position } of byStream.get(stream) ?? []) flesh.delete(position);
};

const close = (log: Log): void => {
  log.subscriptions.stop();
  if (!log.isClosed) log.readModels.close();
  log.isClosed = true;
};

const operating =
  (log: Log) =>
  <A>(work: () => E.Either<StoreError, A>): TaskEither<StoreError, A> =>
  async () =>
    log.isClosed ? E.left(unavailable) : attempt(work);

const eventsIn = (log: Log): EventStore => {
  const [{ memory, subscriptions }, operation] = [log, operating(log)];
  return {
    id: randomUUID(),
    append: (stream, expected, events, options = {}) => {
      requireAppend(events);
      return operation(() => {
        const result = appendTo(log, { stream, expected, events, options });
        subscriptions.wake();
        return result;
      });
    },
    read: (name, from = 0) => operation(() => stream(memory, name, Math.max(0, from))),
    readAll: (after, limit) => operation(() => page(memory, Math.max(0, after), limit)),
    find: (ids) => operation(() => find(memory, ids)),
    lastPosition: () => operation(() => E.right(memory.rows.length)),
    sealedParts: (positions) => operation(() => sealedParts(memory, positions)),
    markOf: (eventId) => operation(() => E.right(markOf(memory, eventId))),
    streamsWithTag: (tag) => operation(() => E.right(streamsWithTag(memory, tag))),
    auditSubjects: (year, of) => operation(() => E.right(auditSubjects(memory, year, of))),
    pendingErasures: () => operation(() => E.right([...memory.erasures.values()])),
    eraseFlesh: (stream) => operation(() => E.right(eraseFlesh(memory, stream))),
    scrub: () => operation(() => E.right(true)),
    finishErasure: (stream) => operation(() => E.right(void memory.erasures.delete(stream))),
    subscribe: subscriptions.subscribe,
    close: async () => close(log),
  };
};

const logOver = (readModels: Database, inline: Inline): Log => {
  const memory = emptyMemory();
  const subscriptions = subscriptionsTo({
    lastPosition: () => E.right(memory.rows.length),
    readAll: (after, limit) => attempt(() => page(memory, after, limit)),
  });
  return { memory, readModels, inline, subscriptions, isClosed: false };
};

/** A store that lives as long as the process, for tests; nothing is written to disk. */
export const inMemoryStore = (): Store => ({
  open: async (masterKey, prepare) => {
    requireNode(process.versions.node);
    const readModels = await memoryDatabase();
    const inline = readModels.transaction(() => prepare(readModels)).immediate();
    return { events: eventsIn(logOver(readModels, inline)), keys: inMemoryKeys(masterKey), readModels };
  },
});
