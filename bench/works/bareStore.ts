import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Engine } from '../../src/eventStore/engine.ts';
import type { NewEvent, Prepared } from '../../src/eventStore/eventStore.ts';
import { readMasterKey } from '../../src/privacy/wrapping.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { payload } from '../floor.ts';
import { benchKey } from '../lives.ts';

const nothingBeside = (): Prepared => ({ inline: () => undefined, committed: () => undefined });

/** The event store alone, with the files and settings of the library, and nothing that moves with its appends unless given. */
export const openBare = (path: string, prepare: (db: Database) => Prepared = nothingBeside): Promise<Engine> =>
  sqliteStore({ path }).open(readMasterKey(benchKey), prepare);

/** Closes both files of a store that was opened alone. */
export const closeBare = async ({ events, keys }: Engine): Promise<void> => {
  await events.close();
  keys.close();
};

/** What the store gives; the bench ends where it does not. */
export const right = async <A>(task: TaskEither<unknown, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(`the store said ${JSON.stringify(result.left)}`);
  return result.right;
};

/** An event like those of the floor, with all that the library keeps of one. */
export const anEvent = (): NewEvent => {
  const commandId = randomUUID();
  return {
    ...{ id: randomUUID(), type: 'noted', at: new Date().toISOString(), data: payload, policy: 'bench' },
    by: { kind: 'system' },
    cause: { commandId, correlationId: commandId, causationId: commandId, command: 'note' },
  };
};
