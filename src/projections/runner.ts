import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { StoredEvent } from '../eventStore/eventStore.ts';
import { type EventType, readEvent, readWritten } from '../eventStore/shapes.ts';
import type { Registered } from '../privacy/registered.ts';
import { checkpoint, checkpointIfBegun, type Group, setCheckpoint } from './checkpoints.ts';
import { groups } from './groups.ts';
import { makeIndexes } from './indexes.ts';
import { hearingDeferred } from './notifications/hearing.ts';
import { intents } from './notifications/intents.ts';
import { upgradeOutbox } from './notifications/outbox.ts';
import { one, type Projection, run } from './projection.ts';
import { dropAllPassing } from './rebuilding/passing.ts';

const groupNames = Object.keys(groups) as readonly Group[];

const tablesOf = (group: Group): Registered => Object.assign({}, ...groups[group].map(({ tables }) => tables));

/** The tables of the read models, each with how a purge cleans it. */
export const groupedTables: Registered = { ...tablesOf('inline'), ...tablesOf('audit') };

/** Every table that is kept beside the events, the outbox's among them. */
export const readModelTables: readonly string[] = [groupedTables, intents.tables].flatMap(Object.keys);

/** The tables in which it is noted how far read models have come. */
export const bookkeepingTables: Registered = {
  checkpoints: { keeps: 'positions' },
  projections: { keeps: 'versions of read models' },
};

const bookkeeping = `
CREATE TABLE IF NOT EXISTS checkpoints (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS projections (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;
`;

/** What a file of an earlier version may have of read models that are no more. */
const withoutFormer = `DROP TABLE IF EXISTS timeline; DELETE FROM projections WHERE name = 'timeline';`;

const versionOf = (db: Database, { name }: Projection): number | undefined =>
  one<{ readonly version: number }>(db, 'SELECT version FROM projections WHERE name = ?', name)?.version;

const dropTables = (db: Database, { tables }: Projection): void => {
  for (const table of Object.keys(tables)) db.prepare(dropStatement(table)).run();
};

/** Table names come from the projections in this folder, never from input. */
const dropStatement = (table: string): string => 'DROP TABLE IF EXISTS '.concat(table);

const isCurrent = (db: Database, group: Group): boolean =>
  groups[group].every((projection) => versionOf(db, projection) === projection.version);

const make = (db: Database, group: Group): void => {
  for (const projection of groups[group]) {
    dropTables(db, projection);
    db.exec(projection.schema);
    run(db, 'INSERT OR REPLACE INTO projections (name, version) VALUES (?, ?)', projection.name, projection.version);
  }
  setCheckpoint(db, group, 0);
};

/** Makes the tables of read models that are new or changed; they are then empty, and behind. Those of the outbox are never made anew. Indexes
 * that only views ask are not among them. */
export const install = (db: Database): void => {
  db.exec(bookkeeping);
  db.exec(withoutFormer);
  upgradeOutbox(db);
  db.exec(intents.schema);
  const behind = groupNames.filter((group) => !isCurrent(db, group));
  // What a rebuild by another version has on its way is of no use, and may have names that are needed.
  if (behind.length > 0) dropAllPassing(db);
  for (const group of behind) make(db, group);
};

type Handler = (db: Database, event: StoredEvent) => void;

const handlersOf = (projections: readonly Projection[]): ReadonlyMap<string, readonly Handler[]> => {
  const handlers = new Map<string, Handler[]>();
  for (const { on } of projections) {
    for (const type of Object.keys(on) as EventType[]) {
      handlers.set(type, [...(handlers.get(type) ?? []), on[type] as Handler]);
    }
  }
  return handlers;
};

const handlers = { inline: handlersOf(groups.inline), audit: handlersOf(groups.audit) };
const intentHandlers = handlersOf([intents]);
const noHandlers: readonly Handler[] = [];

/** Reads events for several groups of read models, each of them once. */
export const readingOnce = (): typeof readEvent => {
  const known = new Map<StoredEvent, ReturnType<typeof readEvent>>();
  return (event) => {
    const read = known.get(event) ?? readEvent(event);
    known.set(event, read);
    return read;
  };
};

/** A stored event that fails its shape stops the transaction it is applied in: caught where the transaction is. */
const readOrThrow = (event: StoredEvent, reading: typeof readEvent): StoredEvent => {
  const read = reading(event);
  if (E.isLeft(read)) throw new Error(`the event at position ${event.position} does not have the shape of its type`);
  return read.right;
};

/**
 * What handles an event of a group. The outbox moves with the inline read models, which it asks, and sees each event once: none up to its own
 * checkpoint, and none where it has not begun.
 */
const interestedIn = (db: Database, group: Group) => {
  const seen =
    group === 'inline' ? (checkpointIfBegun(db, 'outbox') ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  return ({ type, position }: StoredEvent): readonly Handler[] => {
    const own = handlers[group].get(type) ?? noHandlers;
    const further = position > seen ? intentHandlers.get(type) : undefined;
    return further === undefined ? own : [...own, ...further];
  };
};

const moveTo = (db: Database, group: Group, position: number): void => {
  setCheckpoint(db, group, position);
  const outbox = checkpointIfBegun(db, 'outbox');
  if (group === 'inline' && outbox !== undefined && outbox < position) setCheckpoint(db, 'outbox', position);
};

/** What is asked of the tables once, before some events are applied in one transaction. */
const beginning = (db: Database, group: Group) => ({
  at: checkpoint(db, group),
  interested: interestedIn(db, group),
  hearUpTo: group === 'inline' ? hearingDeferred(db) : () => undefined,
});
type Begun = ReturnType<typeof beginning>;

const applyEach = (
  db: Database,
  { interested, hearUpTo }: Begun,
  events: readonly StoredEvent[],
  reading = readEvent,
): void => {
  for (const event of events) {
    hearUpTo(event.position - 1);
    const found = interested(event);
    if (found.length > 0) {
      const read = readOrThrow(event, reading);
      for (const handler of found) handler(db, read);
    }
  }
};

const end = (db: Database, group: Group, { hearUpTo }: Begun, last: number): void => {
  moveTo(db, group, last);
  hearUpTo(last);
};

/** Applies events that follow what a group has seen, and moves its checkpoint; in a transaction of the caller's. */
export const apply = (
  db: Database,
  group: Group,
  events: readonly StoredEvent[],
  reading: typeof readEvent = readEvent,
): void => {
  const last = events.at(-1);
  if (last === undefined) return;
  const begun = beginning(db, group);
  applyEach(db, begun, events, reading);
  end(db, group, begun, last.position);
};

/** How the inline read models move with the appends of a transaction. */
type Moving = {
  /** Applies the events of one append, in its savepoint. */
  readonly move: (events: readonly StoredEvent[]) => void;
  /** Writes down, once for all appends of the transaction, how far the read models have come. */
  readonly settle: () => void;
  /** The transaction was undone as a whole. */
  readonly undone: () => void;
};

/** Installs the read models in a database, and gives what moves the inline ones in each append. */
export const prepareReadModels = (db: Database): Moving => {
  db.transaction(() => {
    install(db);
    makeIndexes(db, groupNames);
  }).immediate();
  let begun: Begun | undefined;
  let last: number | undefined;
  const forget = (): void => {
    begun = undefined;
    last = undefined;
  };
  return {
    move: (events) => {
      begun ??= beginning(db, 'inline');
      // Behind after a change of version: left so until it is caught up, for handlers must see every event once and in order.
      if (events[0]?.position !== (last ?? begun.at) + 1) return;
      try {
        applyEach(db, begun, events, readWritten);
      } catch (error) {
        // What was asked may be undone with the append that fails here.
        begun = undefined;
        throw error;
      }
      last = events.at(-1)?.position;
    },
    settle: () => {
      const [to, from] = [last, begun];
      // Before it is written down: where that fails it is not the next transaction's.
      forget();
      if (to !== undefined) end(db, 'inline', from ?? beginning(db, 'inline'), to);
    },
    undone: forget,
  };
};
