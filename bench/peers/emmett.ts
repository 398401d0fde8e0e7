import { join } from 'node:path';
import { CommandHandler, type Event, inlineProjections } from '@event-driven-io/emmett';
import {
  getSQLiteEventStore,
  readMessagesBatch,
  sqliteConnection,
  sqliteRawSQLProjection,
} from '@event-driven-io/emmett-sqlite';
import { catchUpPage, fold, nothingFolded, payload, replayPage, streamLength, streams } from '../floor.ts';
import { sixWorks } from '../sixWorks.ts';
import type { Amounts } from '../works/task.ts';
import { type Peer, type Ready, repeatedly, requireAll, takingTurns } from './peer.ts';

type Noted = Event<'noted', typeof payload>;
const noted: Noted = { type: 'noted', data: payload };
const many = (count: number): Noted[] => Array.from({ length: count }, () => noted);

const rows = sqliteRawSQLProjection<Noted>({
  canHandle: ['noted'],
  initSQL: 'CREATE TABLE IF NOT EXISTS read_model (stream TEXT PRIMARY KEY, events INTEGER NOT NULL)',
  evolve: (event) => {
    const { streamName } = (event as unknown as { metadata: { streamName: string } }).metadata;
    return `INSERT INTO read_model (stream, events) VALUES ('${streamName}', 1) ON CONFLICT (stream) DO UPDATE SET events = events + 1`;
  },
});

/** One connection for everything: without it, the store opens the file anew for each call. It sets WAL itself. */
const open = async (directory: string, isProjecting = false) => {
  const fileName = join(directory, 'emmett.db');
  const connection = sqliteConnection({ fileName });
  await connection.command('PRAGMA synchronous = FULL');
  const store = getSQLiteEventStore({
    fileName,
    connectionOptions: { singleton: true, connection },
    schema: { autoMigration: 'CreateOrUpdate' },
    ...(isProjecting ? { projections: inlineProjections([rows]) } : {}),
  });
  await store.schema.migrate();
  return { fileName, connection, store };
};
type Opened = Awaited<ReturnType<typeof open>>;

const appendingTo = ({ store }: Opened) => {
  const next = takingTurns(streams);
  return (together: number) => {
    const [stream, length] = next(together);
    const expectedStreamVersion = length === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(length);
    return store.appendToStream(stream, many(together), { expectedStreamVersion });
  };
};

const fill = async (opened: Opened, events: number): Promise<void> => {
  const append = appendingTo(opened);
  await repeatedly(Math.ceil(events / streamLength), () => append(streamLength));
};

const appending =
  (together: number, isProjecting = false) =>
  async (directory: string, { commits }: Amounts): Promise<Ready> => {
    const opened = await open(directory, isProjecting);
    const append = appendingTo(opened);
    return {
      work: async () => (await repeatedly(commits, () => append(together))) * together,
      end: () => opened.connection.close(),
    };
  };

const commanding = async (directory: string, { commits }: Amounts): Promise<Ready> => {
  const opened = await open(directory);
  await fill(opened, streams * streamLength);
  const next = takingTurns(streams);
  const handle = CommandHandler<{ events: number; letters: number }, Noted>({
    evolve: (state, { data }) => fold(state, data),
    initialState: () => nothingFolded,
  });
  const command = () => handle(opened.store, next(1)[0], ({ events }) => (events > 0 ? noted : []));
  return { work: () => repeatedly(commits, command), end: () => opened.connection.close() };
};

const replaying = async (directory: string, { replayed }: Amounts): Promise<Ready> => {
  const opened = await open(directory);
  await fill(opened, replayed);
  const replay = async (): Promise<number> => {
    let folded = nothingFolded;
    for (let after = 0n; ; ) {
      const page = await readMessagesBatch<Noted>(opened.connection, { after, batchSize: replayPage });
      folded = page.messages.reduce((so, { data }) => fold(so, data), folded);
      if (page.messages.length === 0) return requireAll(folded.events, replayed);
      after = page.currentGlobalPosition;
    }
  };
  return { work: replay, end: () => opened.connection.close() };
};

const catchingUp = async (directory: string, { caughtUp }: Amounts): Promise<Ready> => {
  const opened = await open(directory);
  await fill(opened, caughtUp);
  let round = 0;
  const catchUp = async (): Promise<number> => {
    let folded = nothingFolded;
    round += 1;
    const consumer = opened.store.consumer<Noted>({ pulling: { batchSize: catchUpPage, pullingFrequencyInMs: 0 } });
    consumer.processor<Noted>({
      processorId: `bench-${round}`,
      startFrom: 'CURRENT',
      eachMessage: ({ data }) => {
        folded = fold(folded, data);
      },
      stopAfter: () => folded.events === caughtUp,
    });
    await consumer.start();
    return requireAll(folded.events, caughtUp);
  };
  return { work: catchUp, end: () => opened.connection.close() };
};

/** Emmett on SQLite, by node-sqlite3. */
export const emmett: Peer = {
  name: 'emmett-sqlite 0.42.4',
  works: {
    [sixWorks.one]: appending(1),
    [sixWorks.ten]: appending(10),
    [sixWorks.command]: commanding,
    [sixWorks.inline]: appending(1, true),
    [sixWorks.replay]: replaying,
    [sixWorks.catchUp]: catchingUp,
  },
};
