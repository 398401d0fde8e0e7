import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { setUpError } from '../eventStore/setUpError.ts';
import { sqliteErrorOf } from '../eventStore/sqliteFile.ts';
import type { Migrations } from '../eventStore/sqliteMigrations.ts';
import type { KeyError, KeyId } from './keys.ts';
import type { Registered } from './registered.ts';
import { type Masters, unwrapKey, withNext, wrapNewKey } from './wrapping.ts';

/** An opened key file, and the master keys that this process was given for it; a rotation changes them. */
export type KeyFile = { readonly db: Database; readonly storeId: string; masters: Masters };

/** Tells a key file from all other SQLite files: "FoKy". */
export const keyFileApplicationId = 0x466f4b79;

/** Version of the tables below. */
export const keyFileUserVersion = 3;

const retired = 'CREATE TABLE retired (epoch TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;';

/** `keys` is a rowid table, so that new rows are not put between old ones and leave the journal alone. */
export const keyFileSchema = `
  CREATE TABLE epochs (id TEXT PRIMARY KEY, proof BLOB NOT NULL) STRICT;
  CREATE TABLE keys (id BLOB PRIMARY KEY, epoch TEXT NOT NULL REFERENCES epochs (id), wrapped BLOB NOT NULL) STRICT;
  CREATE TABLE names (name TEXT NOT NULL, renewal INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY (name, renewal)) STRICT;
  CREATE TABLE destroyed (id BLOB PRIMARY KEY) STRICT;
  ${retired}
  CREATE TRIGGER destroyed_stays BEFORE INSERT ON keys WHEN EXISTS (SELECT 1 FROM destroyed WHERE id = NEW.id)
  BEGIN SELECT RAISE (ABORT, 'destroyed'); END;
`;

/** How a purge cleans each of these tables, or why it has nothing to clean there. */
export const keyFileTables: Registered = {
  meta: { keeps: 'the id of the store' },
  epochs: { keeps: 'proofs of master keys' },
  keys: { step: 'destroy deletes the key of a program' },
  names: { keeps: 'names of keys that are of no program' },
  destroyed: { keeps: 'random ids of destroyed keys, so that none is made or put back again' },
  retired: { keeps: 'ids of master keys that another has taken the place of' },
  destroyed_stays: { guards: 'keys' },
};

/** In version 1 fingerprints of commands were made with the key of the index; they must be known when the index gets a new one. */
export const keyFileMigrations: Migrations = {
  1: `
    ALTER TABLE names RENAME TO names_before;
    CREATE TABLE names (name TEXT NOT NULL, renewal INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY (name, renewal)) STRICT;
    INSERT INTO names (name, renewal, id) SELECT name, 0, id FROM names_before;
    INSERT INTO names (name, renewal, id) SELECT 'commands', 0, id FROM names_before WHERE name = 'index';
    DROP TABLE names_before;
  `,
  2: retired,
};

/** A key id as it lies in the file. */
export const bytesOf = (id: KeyId): Buffer => Buffer.from(id, 'hex');

/** A key that is missing, or whose wrapping fails, without having been destroyed. */
export const damagedKey = (id: KeyId): KeyError => ({ kind: 'damaged', what: `key ${id}` });

/** What is wrapped by a master key that this process was not given, or no longer has. */
export const foreignKeys: KeyError = { kind: 'unavailable', what: 'keys', retry: false };

const keyErrorOf = (error: unknown): KeyError => {
  const kind = sqliteErrorOf(error);
  if (kind === 'corrupt') return { kind: 'damaged', what: 'key file' };
  return { kind: 'unavailable', what: 'keys', retry: kind === 'busy' || kind === 'full' || kind === 'io' };
};

/** The one place where exceptions become values. */
export const attempt = <A>(work: () => Promise<A>): TE.TaskEither<KeyError, A> => TE.tryCatch(work, keyErrorOf);

const proofPlace = (store: string, epoch: string) => ({ store, keyId: 'proof', epoch });

type Proof = { readonly id: string; readonly proof: Buffer };

/** Adds the proof of a master key, by which it is known again; one that is there stays, and one that was retired is so no more. */
export const addEpoch = ({ db, storeId }: KeyFile, { id, key }: Masters['current']): void => {
  db.prepare('DELETE FROM retired WHERE epoch = ?').run(id);
  const insert = db.prepare('INSERT OR IGNORE INTO epochs (id, proof) VALUES (?, ?)');
  insert.run(id, wrapNewKey(proofPlace(storeId, id), key));
};

/** Whether a master key is the one that is known by its id; so is one whose id nobody knows. */
export const isSameEpoch = ({ db, storeId, masters }: KeyFile, { id, key }: Masters['current']): boolean => {
  const given = masters.byId.get(id);
  const proof = db.prepare<[string], Buffer>('SELECT proof FROM epochs WHERE id = ?').pluck().get(id);
  const isProved = proof === undefined || E.isRight(unwrapKey(proof, proofPlace(storeId, id), key));
  return isProved && (given === undefined || given.equals(key));
};

/**
 * The master key that wraps new keys. Where another process has rotated and the file has forgotten this one's, it is the one that the file knows,
 * if this process was given that as well; without it nothing new is wrapped.
 */
export const currentIn = (file: KeyFile): Masters['current'] => {
  const known = file.db.prepare<[], string>('SELECT id FROM epochs').pluck().all();
  if (known.includes(file.masters.current.id)) return file.masters.current;
  for (const id of known) {
    const key = file.masters.byId.get(id);
    if (key !== undefined && isSameEpoch(file, { id, key })) file.masters = withNext(file.masters, { id, key });
  }
  return file.masters.current;
};

/** Each given master key that the file knows must open its proof; unless the file is new, it must know one. */
const isRightMasterKey = ({ storeId, masters }: KeyFile, proofs: readonly Proof[]): boolean => {
  const opened = proofs.flatMap(({ id, proof }) => {
    const master = masters.byId.get(id);
    return master === undefined ? [] : [E.isRight(unwrapKey(proof, proofPlace(storeId, id), master))];
  });
  return opened.every((isRight) => isRight) && (opened.length > 0 || proofs.length === 0);
};

const isRetired = (db: Database, epoch: string): boolean =>
  db.prepare<[string], number>('SELECT EXISTS (SELECT 1 FROM retired WHERE epoch = ?)').pluck().get(epoch) === 1;

/**
 * Throws one sentence unless the master keys of this process open every key; makes the current one known. One that was retired stays so: a process that is
 * started as before a rotation wraps no keys with what is about to be destroyed.
 */
export const checkMasterKey = (file: KeyFile): void => {
  const { db, masters } = file;
  const proofs = db.prepare<[], Proof>('SELECT id, proof FROM epochs').all();
  if (!isRightMasterKey(file, proofs))
    throw setUpError(
      `The master key is not the one this key file was made with: give that one, or list it as previous (${db.name}).`,
    );
  const isUsed = db.prepare<[string], number>('SELECT EXISTS (SELECT 1 FROM keys WHERE epoch = ?)').pluck();
  if (proofs.some(({ id }) => !masters.byId.has(id) && isUsed.get(id) === 1))
    throw setUpError(`The key file holds keys of another master key: list that one as previous (${db.name}).`);
  if (proofs.some(({ id }) => id === masters.current.id)) return;
  if (isRetired(db, masters.current.id)) currentIn(file);
  else addEpoch(file, masters.current);
};
