import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { type Append, type LogView, ruleOn } from './appendRules.ts';
import { encode, toStored } from './codec.ts';
import type { Flesh, NewEvent, Prepared, StoredEvent } from './eventStore.ts';
import { type KnownStream, knownStreams } from './knownStreams.ts';
import type { Tables } from './sqliteTables.ts';
import type { Hooks, Work } from './sqliteWriter.ts';
import { uuidBytes } from './storedRow.ts';
import { oncePerTurn } from './turns.ts';

/** How events are added to the tables of a log that nobody else leads. */
export type Appending = {
  /** The work of an append, to be done by the writer that has the hooks. */
  readonly workOf: (append: Append) => Work<readonly StoredEvent[]>;
  /** The revision of a stream's last event, looked up once while nobody else writes; undefined for a stream that does not exist. */
  readonly knownHead: (stream: string) => number | undefined;
  readonly hooks: Hooks;
};

const statementsOf = (db: Database) => ({
  dataVersion: db.prepare<[], number>('PRAGMA data_version').pluck(),
  streamOf: db.prepare<[string], { readonly id: number; readonly head: number | null }>(
    'SELECT id, (SELECT revision FROM events WHERE stream = streams.id ORDER BY revision DESC LIMIT 1) AS head ' +
      'FROM streams WHERE name = ?',
  ),
  addStream: db.prepare<[string]>('INSERT INTO streams (name) VALUES (?)'),
  addEvent: db.prepare<[number, number, Buffer, string, Buffer]>(
    'INSERT INTO events (stream, revision, id, body, digest) VALUES (?, ?, ?, ?, ?)',
  ),
});
type Statements = ReturnType<typeof statementsOf>;

const isEmpty = ({ sealed, mark, tag }: Flesh): boolean =>
  sealed === undefined && mark === undefined && tag === undefined;

const writeEvent = (
  { addEvent }: Statements,
  { addFlesh }: Tables,
  event: NewEvent,
  { stream, ...place }: KnownStream & { readonly stream: string },
) => {
  const stored = toStored(event, stream, place.head);
  const { body, digest } = encode(stored);
  const position = Number(addEvent.run(place.id, place.head, uuidBytes(event.id), body, digest).lastInsertRowid);
  const { flesh = {} } = event;
  if (!isEmpty(flesh)) addFlesh(position, flesh);
  return { event: { ...(JSON.parse(body) as Omit<StoredEvent, 'position'>), position }, leaf: digest };
};

/** What happens to whole transactions, with the read models' own part in it. */
const hooksOf = (
  streams: ReturnType<typeof knownStreams>,
  { settle, undone, committed }: Omit<Prepared, 'inline'>,
): Hooks => ({
  begun: streams.look,
  settle: () => settle?.(),
  undone: () => {
    streams.clear();
    undone?.();
  },
  committed,
});

/**
 * How events are added to an opened file: each append on its own terms, in the transaction of whoever calls the work. Where streams end is
 * remembered for as long as no other process writes, so that nothing is read for an append to a stream that is known.
 */
export const appendingIn = (db: Database, tables: Tables, prepared: Prepared): Appending => {
  const statements = statementsOf(db);
  const streams = knownStreams(() => statements.dataVersion.get());
  const lookUp = (name: string): KnownStream | undefined => {
    const known = streams.find(name);
    if (known !== undefined) return known;
    const row = statements.streamOf.get(name);
    if (row === undefined) return undefined;
    const found = { id: row.id, head: row.head ?? -1 };
    streams.keep(name, found);
    return found;
  };
  const view: LogView = {
    headOf: (name) => lookUp(name)?.head ?? -1,
    find: tables.find,
    streamsWithTag: tables.streamsWithTag,
  };
  const write = ({ stream, events, options }: Append, revision: number): readonly StoredEvent[] => {
    const id = lookUp(stream)?.id ?? Number(statements.addStream.run(stream).lastInsertRowid);
    const written = events.map((event, index) =>
      writeEvent(statements, tables, event, { stream, id, head: revision + index }),
    );
    for (const subject of options.subjects ?? []) tables.addSubject(subject);
    if (options.erasure !== undefined) tables.addErasure(stream, options.erasure.keyId, tables.lastPosition());
    const stored = written.map(({ event }) => event);
    prepared.inline(
      stored,
      written.map(({ leaf }) => leaf),
    );
    // Nothing of this work can fail from here on, so what is remembered is so unless the whole transaction is undone.
    streams.keep(stream, { id, head: revision + events.length - 1 });
    return stored;
  };
  const looking = oncePerTurn(streams.look);
  return {
    workOf: (append) => () =>
      E.map((ruling: Extract<ReturnType<typeof ruleOn>, { _tag: 'Right' }>['right']) =>
        ruling.kind === 'repeat' ? ruling.events : write(append, ruling.revision),
      )(ruleOn(append, view)),
    knownHead: (stream) => {
      looking();
      return lookUp(stream)?.head;
    },
    hooks: hooksOf(streams, prepared),
  };
};
