import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openFolja } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite.ts';
import type { Tally } from './fault.ts';
import { tallyOf } from './fault.ts';
import { acknowledgedIn } from './killedAtWrites.ts';
import { runToEnd } from './killing.ts';
import { found } from './looking.ts';
import { filesBelow, layOut } from './powerCut.ts';
import { aStore, clock, masterKey } from './region.ts';

/** What a process that was killed has left: its files, the write-ahead log among them, and what had been acknowledged. */
export type Left = {
  readonly place: Awaited<ReturnType<typeof aStore>>;
  /** The files as they were before it appended anything. */
  readonly before: ReadonlyMap<string, Buffer>;
  readonly files: ReadonlyMap<string, Buffer>;
  readonly acknowledged: readonly string[];
};

const endless = 100_000;

/** Kills a process when it has had so many appends acknowledged. */
export const leftAfter = async (appends: number): Promise<Left> => {
  const place = await aStore();
  const before = filesBelow(place.folder);
  let done = 0;
  const told = { path: place.path, count: endless };
  const { lines } = await runToEnd({ file: 'appendingProcess.ts', told }, (line, kill) => {
    done += acknowledgedIn([line]).length;
    if (done >= appends) kill();
  });
  return { place, before, files: filesBelow(place.folder), acknowledged: acknowledgedIn(lines) };
};

/** How many acknowledged appends SQLite alone does not find in the files of a store; all of them where it cannot read it. */
export const lostIn = (path: string, acknowledged: readonly string[]): number => {
  const files = filesBelow(dirname(path));
  try {
    const db = new Sqlite(path, { fileMustExist: true });
    try {
      const has = db.prepare<[string], number>('SELECT EXISTS (SELECT 1 FROM events WHERE instr(body, ?))').pluck();
      return acknowledged.filter((id) => has.get(id) !== 1).length;
    } finally {
      db.close();
    }
  } catch {
    return acknowledged.length;
  } finally {
    layOut(dirname(path), files);
  }
};

/** Takes away what vouches for a log. */
export const removeAnchors = (path: string): void =>
  rmSync(join(dirname(path), 'unit.anchors'), { recursive: true, force: true });

const isAccepted = async (path: string): Promise<boolean> => {
  try {
    await (await openFolja({ store: sqliteStore({ path, acceptOlder: true }), masterKey, clock })).close();
    return true;
  } catch {
    return false;
  }
};

const notOpened = 'it does not open: ';
const aLoss =
  /^The event store (holds \d+ events and its anchors vouch for \d+|is not the log that its anchors vouch for)/;

/**
 * What holds of a store that may have lost something: either nothing is lost, or it is not opened, says why, and is gone on with by whoever accepts
 * the loss.
 */
export const toldOfLoss = async (path: string, acknowledged: readonly string[]): Promise<Tally> => {
  const looked = await found(path, acknowledged);
  const [sentence = ''] = looked.failures;
  if (!sentence.startsWith(notOpened)) return tallyOf({ happened: true, ...looked });
  if (!aLoss.test(sentence.slice(notOpened.length))) return tallyOf({ happened: true, failures: [sentence] });
  if (!(await isAccepted(path))) return tallyOf({ happened: true, failures: ['the loss cannot be accepted'] });
  return tallyOf({ happened: true, ...(await found(path, [])) });
};
