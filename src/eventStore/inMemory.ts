import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { anchorsInMemory } from '../audit/anchors.ts';
import { inMemoryKeys } from '../privacy/inMemoryKeys.ts';
import { type Append, requireAppend, ruleOn } from './appendRules.ts';
import type { SideDatabase, Store } from './engine.ts';
import type { EventStore, Prepared, StoredEvent, StoreError } from './eventStore.ts';
import * as tables from './inMemoryTables.ts';
import { memoryDatabase } from './memoryDatabase.ts';
import { requireNode } from './sqliteFile.ts';
import { eventsOf } from './storedRow.ts';
import { type Subscriptions, subscriptionsTo } from './subscriptions.ts';

type Log = {
  readonly memory: tables.Memory;
  readonly readModels: Database;
  readonly prepared: Prepared;
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

/** Every append is a transaction of its own. */
const moved = (readModels: Database, prepared: Prepared, ...written: Parameters<Prepared['inline']>): void => {
  const move = readModels.transaction(() => {
    prepared.inline(...written);
    prepared.settle?.();
  });
  try {
    move.immediate();
  } catch (error) {
    prepared.undone?.();
    throw error;
  }
};

const appendTo = (
  { memory, readModels, prepared }: Log,
  append: Append,
): E.Either<StoreError, readonly StoredEvent[]> =>
  pipe(
    ruleOn(append, tables.viewOf(memory)),
    E.flatMap((ruling) => {
      if (ruling.kind === 'repeat') return E.right(ruling.events);
      const entries = tables.entriesFor(memory, append, ruling.revision);
      return E.map((events: readonly StoredEvent[]) => {
        const leaves = entries.map(({ row }) => row.digest);
        moved(readModels, prepared, events, leaves);
        for (const entry of entries) tables.keepEntry(memory, entry);
        tables.keepOptions(memory, append);
        prepared.committed();
        return events;
      })(eventsOf(entries.map(({ row }) => row)));
    }),
  );

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
    knownHead: (name) => tables.viewOf(memory).headOf(name),
    read: (name, from = 0) => operation(() => tables.stream(memory, name, Math.max(0, from))),
    readAll: (after, limit) => operation(() => tables.page(memory, Math.max(0, after), limit)),
    find: (ids) => operation(() => tables.find(memory, ids)),
    lastPosition: () => operation(() => E.right(memory.rows.length)),
    sealedParts: (positions) => operation(() => tables.sealedParts(memory, positions)),
    markOf: (eventId) => operation(() => E.right(tables.markOf(memory, eventId))),
    streamsWithTag: (tag) => operation(() => E.right(tables.streamsWithTag(memory, tag))),
    auditSubjects: (year, of) => operation(() => E.right(tables.auditSubjects(memory, year, of))),
    pendingErasures: () => operation(() => E.right([...memory.erasures.values()])),
    moveErasure: (stream, stage) => operation(() => E.right(tables.moved(memory, stream, { stage }))),
    eraseFlesh: (stream) => operation(() => E.right(tables.eraseFlesh(memory, stream))),
    remnants: ({ keyId }) => operation(() => E.right(tables.remnants(memory, keyId))),
    staleTags: (keyId, limit) => operation(() => E.right(tables.staleTags(memory, keyId, limit))),
    retag: (position, tag) => operation(() => E.right(tables.retag(memory, position, tag))),
    eraseAuditYear: (year) => operation(() => E.right(tables.eraseAuditYear(memory, year))),
    leaves: (from, limit) =>
      operation(() => E.right(memory.rows.slice(from, from + limit).map(({ digest }) => digest))),
    evidence: (after, limit) => operation(() => tables.evidence(memory, after, limit)),
    scrub: () => operation(() => E.right(true)),
    finishErasure: (stream) => operation(() => E.right(void memory.erasures.delete(stream))),
    subscribe: subscriptions.subscribe,
    close: async () => close(log),
  };
};

const logOver = (readModels: Database, prepared: Prepared): Log => {
  const memory = tables.emptyMemory();
  const subscriptions = subscriptionsTo({
    lastPosition: () => E.right(memory.rows.length),
    readAll: (after, limit) => attempt(() => tables.page(memory, after, limit)),
  });
  return { memory, readModels, prepared, subscriptions, isClosed: false };
};

const asideInMemory = async (): Promise<SideDatabase> => {
  const db = await memoryDatabase();
  return { db, discard: () => void db.close() };
};

/** A store that lives as long as the process, for tests; nothing is written to disk. */
export const inMemoryStore = (): Store => ({
  open: async (masterKey, prepare) => {
    requireNode(process.versions.node);
    const readModels = await memoryDatabase();
    const prepared = readModels.transaction(() => prepare(readModels)).immediate();
    return {
      events: eventsIn(logOver(readModels, prepared)),
      keys: inMemoryKeys(masterKey),
      readModels,
      anchors: anchorsInMemory(),
      aside: asideInMemory,
      discardAside: () => undefined,
    };
  },
});
