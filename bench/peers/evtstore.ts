import { join } from 'node:path';
import evtstore from 'evtstore';
import { createProvider, migrate } from 'evtstore/provider/knex.js';
import knexOf from 'knex';
import { catchUpPage, fold, nothingFolded, payload, replayPage, streamLength, streams } from '../floor.ts';
import { sixWorks } from '../sixWorks.ts';
import type { Amounts } from '../works/task.ts';
import { type Peer, type Ready, repeatedly, requireAll, takingTurns } from './peer.ts';

const { createAggregate, createCommands, createDomain } = evtstore;

type Noted = { type: 'noted' } & typeof payload;
type Note = { type: 'note' } & typeof payload;
type State = { events: number; letters: number };
const noted: Noted = { type: 'noted', ...payload };

type Connection = { pragma: (text: string) => unknown };
type Made = (error: Error | null, connection: Connection) => void;

/** WAL and full synchronization are set on each connection as it is made: the provider leaves both to its host. */
const afterCreate = (connection: Connection, done: Made): void => {
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  done(null, connection);
};

const open = async (directory: string, limit = replayPage) => {
  const client = knexOf.default({
    client: 'better-sqlite3',
    connection: { filename: join(directory, 'evtstore.db') },
    useNullAsDefault: true,
    pool: { min: 1, max: 1, afterCreate },
  });
  await migrate({ client, events: 'events', bookmarks: 'bookmarks' });
  const provider = createProvider<Noted>({
    limit,
    events: () => client.table('events'),
    bookmarks: () => client.table('bookmarks'),
  });
  const note = createAggregate<Noted, State, 'notes'>({
    stream: 'notes',
    create: () => ({ ...nothingFolded }),
    fold: ({ text }, state) => fold(state, { text }),
  });
  return { client, provider, ...createDomain({ provider }, { note }) };
};
type Opened = Awaited<ReturnType<typeof open>>;

/** Versions begin at 1. */
const appendingTo = ({ provider }: Opened) => {
  const next = takingTurns(streams);
  return (together: number) => {
    const [stream, length] = next(together);
    const events = Array.from({ length: together }, () => noted);
    return provider.append('notes', stream, length + 1, provider.createEvents('notes', stream, length + 1, events));
  };
};

const fill = async (opened: Opened, events: number): Promise<void> => {
  const append = appendingTo(opened);
  await repeatedly(Math.ceil(events / streamLength), () => append(streamLength));
};

const appending =
  (together: number) =>
  async (directory: string, { commits }: Amounts): Promise<Ready> => {
    const opened = await open(directory);
    const append = appendingTo(opened);
    return {
      work: async () => (await repeatedly(commits, () => append(together))) * together,
      end: () => opened.client.destroy(),
    };
  };

const commanding = async (directory: string, { commits }: Amounts): Promise<Ready> => {
  const opened = await open(directory);
  await fill(opened, streams * streamLength);
  const next = takingTurns(streams);
  const commands = createCommands<Noted, State, Note>(opened.domain.note, {
    note: async (_, { events }) => (events > 0 ? noted : undefined),
  });
  return {
    work: () => repeatedly(commits, () => commands.note(next(1)[0], payload)),
    end: () => opened.client.destroy(),
  };
};

const replaying = async (directory: string, { replayed }: Amounts): Promise<Ready> => {
  const opened = await open(directory);
  await fill(opened, replayed);
  const replay = async (): Promise<number> => {
    let folded = nothingFolded;
    for (let position = 0; ; ) {
      const events = await opened.provider.getEventsFrom('notes', position, replayPage);
      folded = events.reduce((so, { event }) => fold(so, event), folded);
      if (events.length === 0) return requireAll(folded.events, replayed);
      position = events.at(-1)?.position;
    }
  };
  return { work: replay, end: () => opened.client.destroy() };
};

const catchingUp = async (directory: string, { caughtUp }: Amounts): Promise<Ready> => {
  const opened = await open(directory, catchUpPage);
  await fill(opened, caughtUp);
  let round = 0;
  const catchUp = async (): Promise<number> => {
    let folded = nothingFolded;
    round += 1;
    const handler = opened.createHandler(`bench-${round}`, ['notes']);
    handler.handle('notes', 'noted', (_, event) => {
      folded = fold(folded, event);
    });
    await handler.runOnce();
    return requireAll(folded.events, caughtUp);
  };
  return { work: catchUp, end: () => opened.client.destroy() };
};

/** EvtStore on SQLite, by Knex and better-sqlite3; it has no read models that move with an append. */
export const evtstorePeer: Peer = {
  name: 'evtstore 12.0.1 (Knex)',
  works: {
    [sixWorks.one]: appending(1),
    [sixWorks.ten]: appending(10),
    [sixWorks.command]: commanding,
    [sixWorks.replay]: replaying,
    [sixWorks.catchUp]: catchingUp,
  },
};
