import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { floorIn } from '../floor.ts';
import { bytesIn, type Filled, openPath } from '../places.ts';
import { type RebuildCost, rebuildCost } from '../rebuild.ts';
import { inTurn, type Round } from '../rounds.ts';
import { amountRow, type Row, rateRow } from '../rows.ts';
import { openStore } from '../stores.ts';
import { inDirectory } from './directory.ts';
import { sized } from './sizeTasks.ts';
import type { Params, Task } from './task.ts';

/** What goes through a whole store takes long, so it is done less often. */
const mostRounds = 3;
const fewer = ({ rounds, isQuick }: Params) => ({ rounds: isQuick ? 1 : Math.min(rounds, mostRounds), isWarm: true });

const storeOf = ({ stores }: Params): Filled => {
  const [store] = stores;
  if (store === undefined) throw new Error('a store is needed');
  return store;
};

const hashPage = 1_000;

/** Reads all bodies of a store, page by page, and hashes each: what a verification cannot do without. */
const hashBodies = (path: string) => {
  const db = new Database(path, { readonly: true });
  const page = db.prepare<[number, number], { readonly position: number; readonly body: string }>(
    'SELECT position, body FROM events WHERE position > ? ORDER BY position LIMIT ?',
  );
  const pass = (): number => {
    let count = 0;
    for (let after = 0; ; ) {
      const rows = page.all(after, hashPage);
      const last = rows.at(-1);
      if (last === undefined) return count;
      after = last.position;
      for (const { body } of rows) createHash('sha256').update(body).digest();
      count += rows.length;
    }
  };
  return { pass, close: () => void db.close() };
};

/** The verification of a whole log, by the library itself. */
export const verifyTask: Task = async (params, tell) => {
  const store = storeOf(params);
  const { folja } = await openStore(store);
  const { pass, close } = hashBodies(openPath(store));
  const verify = async (): Promise<number> => {
    const { ok, entries } = await folja.audit.verify();
    if (!ok) throw new Error('the store of the bench did not verify');
    return entries;
  };
  const paired = await inTurn(pass, verify, fewer(params), tell);
  close();
  await folja.close();
  const floor = { name: 'SHA-256 of the bodies' };
  const { programs } = store;
  return [
    rateRow({ section: 'verify', work: `audit verify, ${sized(store)}`, unit: 'events/s', programs, floor }, paired),
  ];
};

const mostOfFloor = 200_000;

/** All read models built anew in a store, as an operator orders it. */
export const rebuildTask: Task = (params, tell) =>
  inDirectory(async (directory) => {
    const store = storeOf(params);
    const { folja } = await openStore(store);
    const floor = floorIn(directory);
    floor.fill(Math.min((await folja.audit.head()).length, mostOfFloor));
    const costs: RebuildCost[] = [];
    const rebuild = async (): Promise<Round> => {
      const cost = await rebuildCost(folja);
      costs.push(cost);
      const { events, milliseconds, cpuMicroseconds } = cost;
      return { units: events, milliseconds, cpuMicroseconds };
    };
    const paired = await inTurn(floor.catchUp, rebuild, fewer(params), tell);
    await folja.close();
    floor.close();
    const row = rateRow(
      {
        ...{ section: 'rebuild', work: `rebuild of all read models, ${sized(store)}`, unit: 'events/s' },
        ...{ programs: store.programs, floor: { name: 'bare catch-up' } },
      },
      paired,
    );
    const most = (name: 'longestHoldMilliseconds' | 'peakRssBytes'): number =>
      Math.max(...costs.map((one) => one[name]));
    return [{ ...row, longestHoldMilliseconds: most('longestHoldMilliseconds'), peakBytes: most('peakRssBytes') }];
  });

const floorEvents = 20_000;

/** What an event takes on the disk, with all that the library keeps beside it. */
export const bytesTask: Task = (params) =>
  inDirectory(async (directory): Promise<readonly Row[]> => {
    const floor = floorIn(directory);
    floor.fill(floorEvents);
    floor.close();
    const store = storeOf(params);
    const db = new Database(openPath(store), { readonly: true });
    const events = Number(db.prepare('SELECT max(position) FROM events').pluck().get());
    db.close();
    const { programs } = store;
    const named = { section: 'bytes', work: `bytes on disk of an event, ${sized(store)}`, unit: 'bytes' } as const;
    const bare = { name: 'an event by hand' };
    return [
      amountRow(
        { ...named, programs, floor: bare },
        bytesIn(store.directory) / events,
        bytesIn(directory) / floorEvents,
      ),
    ];
  });
