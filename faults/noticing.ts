import { createHash } from 'node:crypto';
import Sqlite, { type Database } from 'better-sqlite3';
import { runFolja } from '../src/cli/main.ts';
import type { Engine } from '../src/eventStore/engine.ts';
import type { StoredEvent } from '../src/eventStore/eventStore.ts';
import { openFolja } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { withLibrary } from './looking.ts';
import { clock, masterKey } from './region.ts';

/** What a store serves of each event while nothing is wrong with it: the event, and what is sealed beside it. */
export type Truth = readonly { readonly event: string; readonly sealed: string }[];

const eventText = (event: StoredEvent): string => JSON.stringify(event);
const sealedText = (sealed: Uint8Array | undefined): string => Buffer.from(sealed ?? []).toString('hex');

type Served = { readonly event: string | undefined; readonly sealed: string | undefined };

/** What is served of an event; undefined where it is refused. */
const servedAt = async ({ events }: Engine, position: number): Promise<Served> => {
  const rows = await events.readAll(position - 1, 1)();
  const parts = await events.sealedParts([position])();
  const row = rows._tag === 'Right' ? rows.right.find((one) => one.position === position) : undefined;
  return {
    event: row === undefined ? undefined : eventText(row),
    sealed: parts._tag === 'Right' ? sealedText(parts.right.get(position)?.sealed) : undefined,
  };
};

/** What a healthy store serves; it is closed again. */
export const truthOf = async (path: string): Promise<Truth> => {
  const truth = await withLibrary(path, async ({ engine }) => {
    const last = await engine.events.lastPosition()();
    const length = last._tag === 'Right' ? last.right : 0;
    const served: { event: string; sealed: string }[] = [];
    for (let position = 1; position <= length; position += 1) {
      const { event = '', sealed = '' } = await servedAt(engine, position);
      served.push({ event, sealed });
    }
    return served;
  });
  if (typeof truth === 'string') throw new Error('a healthy store was not read');
  return truth;
};

/** What is served of events is what was written, or nothing is. */
const servedFailures = async (engine: Engine, truth: Truth): Promise<readonly string[]> => {
  for (const [index, { event, sealed }] of truth.entries()) {
    const served = await servedAt(engine, index + 1);
    if (served.event !== undefined && served.event !== event) return ['an event was served that was never written'];
    if (served.sealed !== undefined && served.sealed !== '' && served.sealed !== sealed)
      return ['sealed bytes were served that were never written'];
  }
  return [];
};

/** What came of a damaged store: whether somebody is told of the damage, and what does not hold. */
type Noticed = { readonly isNoticed: boolean; readonly failures: readonly string[] };

const isSentence = (error: unknown): boolean => error instanceof Error && error.name === 'SetUpError';

/** Whether a damaged store is opened, and what it serves then. */
const opening = async (path: string, truth: Truth): Promise<Noticed> => {
  let engine: Engine | undefined;
  const store = sqliteStore({ path });
  try {
    const folja = await openFolja({
      store: { open: async (...given) => (engine = await store.open(...given)) },
      ...{ masterKey, clock },
    });
    const failures = await servedFailures(engine as Engine, truth);
    await folja.close();
    return { isNoticed: false, failures };
  } catch (error) {
    return { isNoticed: true, failures: isSentence(error) ? [] : ['what opening throws is no sentence of ours'] };
  }
};

/** What `folja verify` says. */
const isVerified = async (path: string): Promise<boolean> => {
  const quiet = { out: () => undefined, err: () => undefined, isWatched: false, env: {} };
  const asked = ['verify', '--quiet', '--store', path];
  return (await runFolja(asked, { ...quiet, input: async () => '', now: clock }, '0')) === 0;
};

/** Opens a damaged store with the library and reads all of it, and then verifies it. */
export const noticing = async (path: string, truth: Truth): Promise<Noticed> => {
  const opened = await opening(path, truth);
  return opened.isNoticed ? opened : { ...opened, isNoticed: !(await isVerified(path)) };
};

/**
 * What nothing vouches for. Keyed hashes are erased without a trace: marks of commands, tags of residents, and the subjects of the audit log; what is
 * damaged there is not found any more, and nothing else is found instead. What waits to be delivered is no read model, for each of it is handed over once.
 */
const unguarded: Readonly<Record<string, string>> = {
  flesh: 'SELECT position, sealed FROM flesh',
  audit_subjects: 'SELECT count(*) FROM audit_subjects',
  outbox: 'SELECT count(*) FROM outbox',
};

const rowsOf = (db: Database): string => {
  const hash = createHash('sha256');
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  for (const table of tables)
    for (const row of db
      .prepare(unguarded[table] ?? 'SELECT * FROM "'.concat(table, '"'))
      .raw()
      .iterate())
      hash.update(JSON.stringify(row));
  return hash.digest('hex');
};

/**
 * All that a file says, as SQLite alone reads it: its rows, and whether its pages and indexes are whole; undefined where it cannot be read. Damage
 * that leaves this as it was lies where nothing does.
 */
export const contentOf = (path: string): string | undefined => {
  try {
    const db = new Sqlite(path, { fileMustExist: true });
    try {
      return `${db.pragma('integrity_check(1)', { simple: true })} ${rowsOf(db)}`;
    } finally {
      db.close();
    }
  } catch {
    return undefined;
  }
};

/** What a look at the pages alone says: no digest is held against anything. */
export const isQuicklyChecked = (path: string): boolean => {
  try {
    const db = new Sqlite(path, { fileMustExist: true });
    try {
      return db.pragma('quick_check', { simple: true }) === 'ok';
    } finally {
      db.close();
    }
  } catch {
    return false;
  }
};
