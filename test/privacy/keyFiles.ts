import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { onTestFinished } from 'vitest';
import type { KeyId, KeyStore, MasterKey } from '../../src/privacy/keys.ts';
import { openSqliteKeys } from '../../src/privacy/sqliteKeys.ts';
import { readMasterKey } from '../../src/privacy/wrapping.ts';
import { temporaryDirectory } from './realFiles.ts';

/** Three master keys, by age. */
export const first = { id: 'first', key: new Uint8Array(32).fill(1) };
export const second = { id: 'second', key: new Uint8Array(32).fill(2) };
export const third = { id: 'the-third-with-a-longer-id', key: new Uint8Array(32).fill(3) };
export const masterKey = readMasterKey({ current: first });

/** What a key store operation gives; fails the test when it is an error. */
export const rightOf = async <A>(task: TaskEither<{ readonly kind: string }, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(result.left.kind);
  return result.right;
};

export const bytesOf = async (keys: KeyStore, id: KeyId): Promise<Buffer> => (await rightOf(keys.open(id))).export();

export const takeMany = (keys: KeyStore, count: number): Promise<readonly KeyId[]> =>
  Promise.all(Array.from({ length: count }, () => rightOf(keys.take())));

/** A path for a key file in a directory of the test's own. */
export const somewhere = (): string => join(temporaryDirectory(), 'keys.db');

/** Opens a key file, or makes it; it is closed when the test is over. */
export const openAt = async (path: string, given: MasterKey = masterKey): Promise<KeyStore> => {
  const { keys } = await openSqliteKeys({ path, masterKey: readMasterKey(given) });
  onTestFinished(() => keys.close());
  return keys;
};

/** Looks at the file, or changes it, behind the back of the key store. */
export const inFile = <A>(path: string, work: (db: Sqlite.Database) => A): A => {
  const db = new Sqlite(path);
  try {
    return work(db);
  } finally {
    db.close();
  }
};

/** The wrapping of a key as it lies in the file. */
export const wrappedOf = (path: string, id: KeyId): Buffer =>
  inFile(path, (db) =>
    db.prepare<[Buffer], Buffer>('SELECT wrapped FROM keys WHERE id = ?').pluck().get(Buffer.from(id, 'hex')),
  ) ?? Buffer.alloc(0);

/** How many keys lie in the file. */
export const countKeys = (path: string): number =>
  inFile(path, (db) => db.prepare<[], number>('SELECT count(*) FROM keys').pluck().get()) ?? 0;
