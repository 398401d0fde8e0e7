import { type KeyObject, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, realpathSync, writeFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { setUpError } from '../eventStore/setUpError.ts';
import { openSqliteFile, setUpErrorOf, sqliteErrorOf, withRetry } from '../eventStore/sqliteFile.ts';
import type { KeyError, KeyId, KeyStore, MasterKey } from './keys.ts';
import { type OpenedKeys, openedKeys } from './openedKeys.ts';
import { isKeyId, type Masters, mastersOf, unwrapKey, wrapNewKey } from './wrapping.ts';

/** Where the key file lies, and what its keys are wrapped with. */
export type SqliteKeysOptions = {
  readonly path: string;
  /** The store that the keys belong to; a new key file gets this id, or a random one. */
  readonly storeId?: string;
  readonly masterKey: MasterKey;
};

type KeyFile = { readonly db: Database; readonly storeId: string; readonly masters: Masters };

const applicationId = 0x466f4b79;
const name = 'key file';
const batchSize = 64;
const cacheSize = 1_000;

/** `keys` is a rowid table, so that new rows are not put between old ones and leave the journal alone. */
const schema = `
  CREATE TABLE epochs (id TEXT PRIMARY KEY, proof BLOB NOT NULL) STRICT;
  CREATE TABLE keys (id BLOB PRIMARY KEY, epoch TEXT NOT NULL REFERENCES epochs (id), wrapped BLOB NOT NULL) STRICT;
  CREATE TABLE names (name TEXT PRIMARY KEY, id BLOB NOT NULL) STRICT;
  CREATE TABLE destroyed (id BLOB PRIMARY KEY) STRICT;
  CREATE TRIGGER destroyed_stays BEFORE INSERT ON keys WHEN EXISTS (SELECT 1 FROM destroyed WHERE id = NEW.id)
  BEGIN SELECT RAISE (ABORT, 'destroyed'); END;
`;

const proofPlace = (store: string, epoch: string) => ({ store, keyId: 'proof', epoch });

type Proof = { readonly id: string; readonly proof: Buffer };

/** Each given master key that the file knows must open its proof; unless the file is new, it must know one. */
const isRightMasterKey = ({ storeId, masters }: KeyFile, proofs: readonly Proof[]): boolean => {
  const opened = proofs.flatMap(({ id, proof }) => {
    const master = masters.byId.get(id);
    return master === undefined ? [] : [E.isRight(unwrapKey(proof, proofPlace(storeId, id), master))];
  });
  return opened.every((isRight) => isRight) && (opened.length > 0 || proofs.length === 0);
};

const checkMasterKey = ({ db, storeId, masters }: KeyFile): void => {
  const proofs = db.prepare<[], Proof>('SELECT id, proof FROM epochs').all();
  if (!isRightMasterKey({ db, storeId, masters }, proofs))
    throw setUpError(
      `The master key is not the one this key file was made with: give that one, or list it as previous (${db.name}).`,
    );
  const isUsed = db.prepare<[string], number>('SELECT EXISTS (SELECT 1 FROM keys WHERE epoch = ?)').pluck();
  if (proofs.some(({ id }) => !masters.byId.has(id) && isUsed.get(id) === 1))
    throw setUpError(`The key file holds keys of an earlier master key: list that one as previous (${db.name}).`);
  const { id, key } = masters.current;
  if (proofs.some((proof) => proof.id === id)) return;
  db.prepare('INSERT INTO epochs (id, proof) VALUES (?, ?)').run(id, wrapNewKey(proofPlace(storeId, id), key));
};

const keyErrorOf = (error: unknown): KeyError => {
  const kind = sqliteErrorOf(error);
  if (kind === 'corrupt') return { kind: 'damaged', what: 'key file' };
  return { kind: 'unavailable', what: 'keys', retry: kind === 'busy' || kind === 'full' || kind === 'io' };
};

/** The one place where exceptions become values. */
const attempt = <A>(work: () => Promise<A>): TE.TaskEither<KeyError, A> => TE.tryCatch(work, keyErrorOf);

const withId = <A>(id: KeyId, work: () => Promise<A>): TE.TaskEither<KeyError, A> =>
  isKeyId(id) ? attempt(work) : TE.left({ kind: 'damaged', what: 'key id' });

const bytesOf = (id: KeyId): Buffer => Buffer.from(id, 'hex');

/** Hands out keys that only this process knows of; when none is left, 64 are made in one synced transaction. */
const spareKeys = ({ db, storeId, masters: { current } }: KeyFile) => {
  const insert = db.prepare('INSERT INTO keys (id, epoch, wrapped) VALUES (?, ?, ?)');
  const insertAll = db.transaction((ids: readonly KeyId[]) => {
    for (const keyId of ids)
      insert.run(bytesOf(keyId), current.id, wrapNewKey({ store: storeId, keyId, epoch: current.id }, current.key));
  });
  const spare: KeyId[] = [];
  let making: Promise<void> | undefined;
  const make = async (): Promise<void> => {
    const ids = Array.from({ length: batchSize }, () => randomBytes(16).toString('hex'));
    await withRetry(() => insertAll.immediate(ids));
    spare.push(...ids);
  };
  const take = async (): Promise<KeyId> => {
    for (;;) {
      const id = db.open ? spare.pop() : undefined;
      if (id !== undefined) return id;
      making ??= make().finally(() => {
        making = undefined;
      });
      await making;
    }
  };
  return { take, giveBack: (id: KeyId) => void spare.push(id) };
};

/** Finds the one key of a name, or gives it a spare one; of two processes that do so at once, the first one counts. */
const namedKeys = (db: Database, spare: ReturnType<typeof spareKeys>) => {
  const select = db.prepare<[string], string>('SELECT lower(hex(id)) FROM names WHERE name = ?').pluck();
  const insert = db.prepare('INSERT OR IGNORE INTO names (name, id) VALUES (?, ?)');
  return async (name: string): Promise<KeyId> => {
    const found = await withRetry(() => select.get(name));
    if (found !== undefined) return found;
    const mine = await spare.take();
    const { changes } = await withRetry(() => insert.run(name, bytesOf(mine)));
    if (changes === 1) return mine;
    spare.giveBack(mine);
    return (await withRetry(() => select.get(name))) ?? mine;
  };
};

type Found = { readonly gone: number; readonly epoch: string | null; readonly wrapped: Buffer | null };

const damaged = (id: KeyId): KeyError => ({ kind: 'damaged', what: `key ${id}` });

/** A key of an epoch whose master key this process was not given is there, and cannot be read. */
const unwrapFound = ({ storeId, masters }: KeyFile, id: KeyId, found?: Found): E.Either<KeyError, KeyObject> => {
  if (found?.gone === 1) return E.left({ kind: 'erased' });
  if (!found?.epoch || found.wrapped === null) return E.left(damaged(id));
  const master = masters.byId.get(found.epoch);
  if (master === undefined) return E.left({ kind: 'unavailable', what: 'keys', retry: false });
  const place = { store: storeId, keyId: id, epoch: found.epoch };
  return E.mapLeft(() => damaged(id))(unwrapKey(found.wrapped, place, master));
};

const keyOpener = (file: KeyFile, opened: OpenedKeys) => {
  const select = file.db.prepare<{ id: Buffer }, Found>(`
    SELECT EXISTS (SELECT 1 FROM destroyed WHERE id = @id) AS gone,
      (SELECT epoch FROM keys WHERE id = @id) AS epoch, (SELECT wrapped FROM keys WHERE id = @id) AS wrapped`);
  return (id: KeyId): E.Either<KeyError, KeyObject> => {
    const cached = opened.find(id);
    if (cached !== undefined) return E.right(cached);
    const key = unwrapFound(file, id, select.get({ id: bytesOf(id) }));
    if (E.isRight(key)) opened.keep(id, key.right);
    return key;
  };
};

const overwrite = (path: string): void => {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r+');
  try {
    writeFileSync(file, Buffer.alloc(fstatSync(file).size));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/**
 * Destroys a key, then what earlier transactions left in the rollback journal, where SQLite clears only the header. It is
 * overwritten in place, because the blocks that a shortened file gives up keep their content, and inside a transaction,
 * because nobody else writes to it then.
 */
const keyDestroyer = ({ db }: KeyFile, opened: OpenedKeys) => {
  const remove = db.prepare('DELETE FROM keys WHERE id = ?');
  const mark = db.prepare('INSERT OR IGNORE INTO destroyed (id) VALUES (?)');
  const removeAndMark = db.transaction((id: Buffer) => {
    remove.run(id);
    mark.run(id);
  });
  const cleanJournal = db.transaction(() => overwrite(`${realpathSync(db.name)}-journal`));
  const destroy = (id: KeyId): void => {
    try {
      removeAndMark.immediate(bytesOf(id));
    } finally {
      opened.clear();
    }
  };
  return async (id: KeyId): Promise<void> => {
    await withRetry(() => destroy(id));
    await withRetry(() => cleanJournal.immediate());
  };
};

const keyStore = (file: KeyFile): KeyStore => {
  const spare = spareKeys(file);
  const named = namedKeys(file.db, spare);
  const dataVersion = file.db.prepare<[], number>('PRAGMA data_version').pluck();
  const opened = openedKeys(() => dataVersion.get(), cacheSize);
  const open = keyOpener(file, opened);
  const destroy = keyDestroyer(file, opened);
  const opening = (id: KeyId) => withId(id, () => withRetry(() => open(id)));
  return {
    take: () => attempt(spare.take),
    named: (name) => attempt(() => named(name)),
    open: (id) => pipe(opening(id), TE.flatMap(TE.fromEither)),
    destroy: (id) => withId(id, () => destroy(id)),
    close: () => {
      opened.clear();
      file.db.close();
    },
  };
};

/** Opens the key file, or makes it; throws one sentence for a wrong set-up, such as a wrong master key. */
export const openSqliteKeys = async (
  options: SqliteKeysOptions,
): Promise<{ readonly keys: KeyStore; readonly storeId: string }> => {
  const { path, storeId: id } = options;
  const { db, storeId } = await openSqliteFile({
    path,
    name,
    applicationId,
    userVersion: 1,
    journalMode: 'persist',
    synchronous: 'extra',
    schema,
    ...(id === undefined ? {} : { storeId: id }),
  });
  const file = { db, storeId, masters: mastersOf(options.masterKey) };
  try {
    await withRetry(() => db.transaction(checkMasterKey).immediate(file));
    return { keys: keyStore(file), storeId };
  } catch (error) {
    db.close();
    throw setUpErrorOf(error, { name, path });
  }
};
