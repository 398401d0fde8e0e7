import type { KeyObject } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { openSqliteFile, setUpErrorOf, withRetry } from '../eventStore/sqliteFile.ts';
import { oncePerTurn } from '../eventStore/turns.ts';
import type { KeyError, KeyId, KeyStore, MasterKey } from './keys.ts';
import { type OpenedKeys, openedKeys } from './openedKeys.ts';
import { requireRegisteredIn } from './registered.ts';
import { cleaningOf, keyErasure } from './sqliteKeyErasure.ts';
import {
  attempt,
  bytesOf,
  checkMasterKey,
  damagedKey,
  foreignKeys,
  type KeyFile,
  keyFileApplicationId,
  keyFileMigrations,
  keyFileSchema,
  keyFileTables,
  keyFileUserVersion,
} from './sqliteKeyFile.ts';
import { namedKeys } from './sqliteKeyNames.ts';
import { epochsOf, rewrapping } from './sqliteRewrap.ts';
import { spareKeys } from './sqliteSpareKeys.ts';
import { isKeyId, mastersOf, unwrapKey } from './wrapping.ts';

/** Where the key file lies, and what its keys are wrapped with. */
export type SqliteKeysOptions = {
  readonly path: string;
  /** The store that the keys belong to; a new key file gets this id, or a random one. */
  readonly storeId?: string;
  readonly masterKey: MasterKey;
};

const name = 'key file';
const cacheSize = 10_000;

const withId = <A>(id: KeyId, work: () => Promise<A>): TE.TaskEither<KeyError, A> =>
  isKeyId(id) ? attempt(work) : TE.left({ kind: 'damaged', what: 'key id' });

type Found = { readonly gone: number; readonly epoch: string | null; readonly wrapped: Buffer | null };

/** A key of an epoch whose master key this process was not given is there, and cannot be read. */
const unwrapFound = ({ storeId, masters }: KeyFile, id: KeyId, found?: Found): E.Either<KeyError, KeyObject> => {
  if (found?.gone === 1) return E.left({ kind: 'erased' });
  if (!found?.epoch || found.wrapped === null) return E.left(damagedKey(id));
  const master = masters.byId.get(found.epoch);
  if (master === undefined) return E.left(foreignKeys);
  const place = { store: storeId, keyId: id, epoch: found.epoch };
  return E.mapLeft(() => damagedKey(id))(unwrapKey(found.wrapped, place, master));
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

/** A key that need not be opened; what keeps the file from being looked at is told where it is. */
const rememberedIn = (opened: OpenedKeys, id: KeyId): KeyObject | undefined => {
  try {
    return opened.find(id);
  } catch {
    return undefined;
  }
};

const keyStore = (file: KeyFile): KeyStore => {
  const spare = spareKeys(file);
  const dataVersion = file.db.prepare<[], number>('PRAGMA data_version').pluck();
  const opened = openedKeys(
    oncePerTurn(() => dataVersion.get()),
    cacheSize,
  );
  // Names are not remembered: of two that are read one after the other, the second is never older than the first.
  const { named, everNamed, renew } = namedKeys(file, spare);
  const open = keyOpener(file, opened);
  const { destroy, isDestroyed, remnants } = keyErasure(file, opened);
  const rewrap = rewrapping(file, spare, cleaningOf(file));
  const epochs = epochsOf(file);
  const opening = (id: KeyId) =>
    pipe(
      withId(id, () => withRetry(() => open(id))),
      TE.flatMap(TE.fromEither),
    );
  return {
    take: () => attempt(spare.take),
    named: (name) => attempt(() => named(name)),
    everNamed: (name) => attempt(() => everNamed(name)),
    renew: (name) => attempt(() => renew(name)),
    open: (id) => async () => {
      const cached = rememberedIn(opened, id);
      return cached === undefined ? opening(id)() : E.right(cached);
    },
    destroy: (id) => withId(id, () => destroy(id)),
    isDestroyed: (id) => withId(id, () => isDestroyed(id)),
    remnants: (id) => withId(id, () => remnants(id)),
    rewrap: (next, onProgress) =>
      pipe(
        attempt(() => rewrap(next, onProgress)),
        TE.flatMap(TE.fromEither),
      ),
    epochs: () => attempt(epochs),
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
    applicationId: keyFileApplicationId,
    userVersion: keyFileUserVersion,
    journalMode: 'persist',
    synchronous: 'extra',
    schema: keyFileSchema,
    migrations: keyFileMigrations,
    ...(id === undefined ? {} : { storeId: id }),
  });
  const file: KeyFile = { db, storeId, masters: mastersOf(options.masterKey) };
  try {
    await withRetry(() => requireRegisteredIn(db, name, keyFileTables));
    await withRetry(() => db.transaction(checkMasterKey).immediate(file));
    return { keys: keyStore(file), storeId };
  } catch (error) {
    db.close();
    throw setUpErrorOf(error, { name, path });
  }
};
