import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { catchUp, undisturbed } from '../../src/projections/catchingUp.ts';
import { checkpoint } from '../../src/projections/checkpoints.ts';
import { install } from '../../src/projections/runner.ts';
import { environment, folja } from '../cli/running.ts';
import { aFilledDirectory, differencesIn } from './rebuilds.ts';
import { masterKey, openIn, rightOf } from './world.ts';

const program = join(import.meta.dirname, 'openingProcess.ts');

const inFile = <A>(directory: string, look: (db: Sqlite.Database) => A): A => {
  const db = new Sqlite(join(directory, 'unit.db'));
  try {
    return look(db);
  } finally {
    db.close();
  }
};

/** A filled store whose read models an earlier version made. */
const anEarlierStore = async (): Promise<string> => {
  const directory = await aFilledDirectory();
  inFile(directory, (db) => db.exec('UPDATE projections SET version = 0'));
  return directory;
};

const inlineOf = (directory: string): number => inFile(directory, (db) => checkpoint(db, 'inline'));

type Progress = readonly [done: number, total: number];

/** Opens a store, and counts the turns of the event loop that others have meanwhile. */
const opened = async (directory: string) => {
  const progress: Progress[] = [];
  let turns = 0;
  const counting = setInterval(() => {
    turns += 1;
  }, 1);
  const world = await openIn(directory, { onProgress: (done: number, total: number) => progress.push([done, total]) });
  clearInterval(counting);
  return { world, progress, turns };
};

/** An opening that was killed when some of the events were in the read models. */
const killedOpening = async (): Promise<string> => {
  for (;;) {
    const directory = await anEarlierStore();
    const args = ['--no-warnings', program, '--path', join(directory, 'unit.db')];
    const child = spawn(process.execPath, [...args, '--key', Buffer.from(masterKey).toString('hex')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.on('data', (lines: Buffer) => {
      if (/^\[[1-9]/m.test(lines.toString())) child.kill('SIGKILL');
    });
    const [, signal] = (await once(child, 'close')) as [number | null, string | null];
    const { last } = inFile(
      directory,
      (db) => db.prepare('SELECT max(position) AS last FROM events').get() as { readonly last: number },
    );
    // One that was over sooner is no kill.
    if (signal === 'SIGKILL' && inlineOf(directory) < last) return directory;
  }
};

describe('the opening of a store whose read models an earlier version made', () => {
  test('P10 fills them beside the host, tells how far it is, and leaves them as following event by event does', async () => {
    const directory = await anEarlierStore();
    const { world, progress, turns } = await opened(directory);
    const total = await rightOf(await world.engine.events.lastPosition()(), 'the last position');
    expect(progress[0]).toEqual([0, expect.any(Number)]);
    expect(progress.at(-1)).toEqual([total, total]);
    expect(progress.map(([done]) => done)).toEqual(progress.map(([done]) => done).toSorted((a, b) => a - b));
    expect(turns).toBeGreaterThan(10);
    expect(checkpoint(world.engine.readModels, 'audit')).toBeGreaterThan(1_000);
    expect(await differencesIn(world)).toMatchObject({ kind: 'compared', differences: [] });
    await world.close();
  });

  test('control: others would wait where it was done on their event loop', async () => {
    const world = await openIn(await aFilledDirectory());
    const { readModels, events } = world.engine;
    let turns = 0;
    readModels.exec('UPDATE projections SET version = 0');
    readModels.transaction(() => install(readModels)).immediate();
    const counting = setInterval(() => {
      turns += 1;
    }, 1);
    rightOf(await catchUp(events, readModels, 'inline', undefined, undisturbed), 'the catching up');
    clearInterval(counting);
    expect(turns).toBeLessThan(10);
    await world.close();
  });

  test('P9 P10 that is killed is gone on with by the next one', async () => {
    const directory = await killedOpening();
    const before = inlineOf(directory);
    expect(before).toBeGreaterThan(0);
    const { world, progress } = await opened(directory);
    expect(progress[0]?.[0]).toBe(before);
    expect(await differencesIn(world)).toMatchObject({ kind: 'compared', differences: [] });
    await world.close();
  });

  test('P10 by two processes at once is done once', async () => {
    const directory = await anEarlierStore();
    const [one, other] = await Promise.all([opened(directory), opened(directory)]);
    for (const { world } of [one, other])
      expect(await differencesIn(world)).toMatchObject({ kind: 'compared', differences: [] });
    await Promise.all([one.world.close(), other.world.close()]);
  });

  test('goes on where the host fails on what it is told', async () => {
    const directory = await anEarlierStore();
    const world = await openIn(directory, {
      onProgress: () => {
        throw new Error('the bar is broken');
      },
    });
    expect(await differencesIn(world)).toMatchObject({ kind: 'compared', differences: [] });
    await world.close();
  });
});

describe('a command on a store whose read models an earlier version made', () => {
  test('P10 shows how far it is before it does its work, unless it is to be quiet', async () => {
    const asked = async (...more: readonly string[]) => {
      const path = join(await anEarlierStore(), 'unit.db');
      return folja(['head', '--store', path, ...more], { env: environment });
    };
    expect(await asked()).toMatchObject({ code: 0, err: expect.stringMatching(/^(Filling the views: \d+ %.*\n)+$/) });
    expect(await asked('--quiet')).toMatchObject({ code: 0, err: '' });
  });
});

describe('the opening of a store that is up to date', () => {
  test('tells nothing, for nothing is done again', async () => {
    const { world, progress } = await opened(await aFilledDirectory());
    expect(progress).toEqual([]);
    await world.close();
  });
});
