import Sqlite from 'better-sqlite3';
import type { z } from 'zod';
import { eventShapes } from '../../src/eventStore/shapes.ts';
import { openParts } from '../../src/privacy/flesh.ts';
import { openSqliteKeys } from '../../src/privacy/sqliteKeys.ts';
import { readMasterKey } from '../../src/privacy/wrapping.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { right } from '../eventStore/builders.ts';
import { lifesProgram } from '../library/life.ts';
import { masterKey, type Places } from './livedApart.ts';

type Files = Pick<Places, 'path' | 'keysPath'>;

/** A key as its file keeps it, and as it is. */
export type Key = { readonly id: string; readonly wrapped: Buffer; readonly opened: Buffer };

const wrappedIn = (keysPath: string): readonly Omit<Key, 'opened'>[] => {
  const db = new Sqlite(keysPath);
  try {
    return db.prepare<[], Omit<Key, 'opened'>>('SELECT lower(hex(id)) AS id, wrapped FROM keys ORDER BY id').all();
  } finally {
    db.close();
  }
};

/** Every key of a key file, opened through the port. */
export const keysIn = async ({ keysPath }: Files): Promise<readonly Key[]> => {
  const { keys } = await openSqliteKeys({ path: keysPath, masterKey: readMasterKey(masterKey) });
  try {
    const all: Key[] = [];
    for (const row of wrappedIn(keysPath)) all.push({ ...row, opened: (await right(keys.open(row.id))).export() });
    return all;
  } finally {
    keys.close();
  }
};

/** Version (1), nonce (12), then the key itself where nothing encrypts it. */
const keyBytes = [13, 45] as const;

/** Every key of a key file whose process ran without encryption. */
export const bareKeysIn = ({ keysPath }: Files): readonly Key[] =>
  wrappedIn(keysPath).map((row) => ({ ...row, opened: row.wrapped.subarray(...keyBytes) }));

/** The id of the key under which the life's program lies. */
export const careKeyIn = ({ path }: Files): string => {
  const db = new Sqlite(path);
  try {
    const started = db
      .prepare<[string], string>('SELECT body FROM event_rows WHERE stream = ? AND revision = 0')
      .pluck()
      .get(`program-${lifesProgram}`);
    return JSON.parse(started ?? '{}').data.keyId;
  } finally {
    db.close();
  }
};

/** The id of a store, as its key file has it. */
export const storeIdIn = ({ keysPath }: Files): string => {
  const db = new Sqlite(keysPath);
  try {
    return db.prepare<[], string>("SELECT value FROM meta WHERE name = 'store-id'").pluck().get() ?? '';
  } finally {
    db.close();
  }
};

/** The fields that the shapes of events seal, such as `message-sent.body`. */
export const sealedFields: readonly string[] = Object.entries(eventShapes).flatMap(([type, shape]) => {
  const { sealed } = shape as { readonly sealed?: z.ZodObject };
  return Object.keys(sealed?.shape ?? {}).map((field) => `${type}.${field}`);
});

const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
};

/** The texts of every sealed field of the events of a store, by field, opened through the port. */
export const personalTextsIn = async (files: Files): Promise<ReadonlyMap<string, readonly string[]>> => {
  const engine = await sqliteStore(files).open(readMasterKey(masterKey), () => ({
    inline: () => undefined,
    committed: () => undefined,
  }));
  try {
    const events = await right(engine.events.readAll(0, 100_000));
    const opened = await openParts(
      engine,
      events.map(({ position }) => position),
    );
    if (opened._tag === 'Left') throw new Error(opened.left.kind);
    const texts = events.flatMap(({ type, position }) =>
      Object.entries(opened.right.get(position) ?? {}).map(
        ([field, value]) => [`${type}.${field}`, textsOf(value)] as const,
      ),
    );
    const byField = Map.groupBy(texts, ([field]) => field);
    return new Map([...byField].map(([field, found]) => [field, found.flatMap(([, values]) => values)]));
  } finally {
    await engine.events.close();
    engine.keys.close();
  }
};
