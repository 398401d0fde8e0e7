import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { programOf } from '../../bench/copying.ts';
import { clinician, purge } from '../../bench/model.ts';
import type { Problem } from '../../src/index.ts';
import type { Replay } from '../../src/operations/replaying.ts';
import { auditor } from './people.ts';
import { aFilledDirectory, differencesIn } from './rebuilds.ts';
import { lastPosition } from './replays.ts';
import { codeOf, openIn, type Rows, rightOf, type World } from './world.ts';

const ended = { view: 'overview', tab: 'ended', limit: 200 } as const;

const asideIn = ({ directory }: World): readonly string[] =>
  readdirSync(directory).filter((name) => name.includes('.replay-'));

/** A replay of a log that is long enough for a thread, and the problem where there is none; what is done at the first word of the thread is done once. */
const replayed = async (world: World, meanwhile: () => unknown = () => undefined) => {
  const told: (readonly [number, number])[] = [];
  let turns = 0;
  const counting = setInterval(() => {
    turns += 1;
  }, 1);
  const onProgress = (done: number, total: number): void => {
    told.push([done, total]);
    if (told.length === 1) meanwhile();
  };
  const until = { position: await lastPosition(world) };
  const replay: Replay | Problem = await world.folja
    .replay({ until, onProgress }, auditor)
    .catch(({ problem }: { readonly problem: Problem }) => problem);
  clearInterval(counting);
  return { replay, told, turns, end: Number(until.position) };
};

const viewOf = (replay: Replay | Problem): Replay['view'] => {
  if ('view' in replay) return replay.view;
  throw new Error(`there is no replay: ${replay.kind}`);
};

const rowsOf = async (replay: Replay | Problem): Promise<Rows['rows']> =>
  (rightOf(await viewOf(replay)(ended, clinician), 'what had ended') as Rows).rows;

describe('the replay of a long log', () => {
  test('P10 is built beside the host, tells how far it is, and shows what the living views show', async () => {
    const world = await openIn(await aFilledDirectory());
    const { replay, told, turns, end } = await replayed(world);
    expect(turns).toBeGreaterThan(10);
    expect(told[0]).toEqual([0, end]);
    expect(told.at(-1)).toEqual([end, end]);
    const { rows } = await world.sees<Rows>(ended, clinician);
    expect(rows.length).toBeGreaterThan(100);
    expect(await rowsOf(replay)).toEqual(rows);
    expect(asideIn(world)).toHaveLength(1);
    if ('close' in replay) await replay.close();
    expect(asideIn(world)).toEqual([]);
    expect(await differencesIn(world)).toMatchObject({ differences: [] });
    await world.close();
  });

  test('P12 is closed by a purge while a thread builds it, and leaves no file', async () => {
    const world = await openIn(await aFilledDirectory());
    let purging: Promise<unknown> | undefined;
    const { replay } = await replayed(world, () => {
      purging = purge(world.folja, programOf(1));
    });
    expect(await purging).toBe(true);
    const code = 'view' in replay ? codeOf(await replay.view(ended, clinician)) : 'code' in replay && replay.code;
    expect(code).toBe('replay-closed');
    expect(asideIn(world)).toEqual([]);
    await world.close();
  });

  test('is built here where another process took the file of the thread for a leftover', async () => {
    const world = await openIn(await aFilledDirectory());
    let removed: readonly string[] = [];
    const { replay } = await replayed(world, () => {
      removed = asideIn(world);
      for (const name of removed) rmSync(join(world.directory, name));
    });
    expect(removed).toHaveLength(1);
    expect(asideIn(world)).not.toEqual(removed);
    expect(await rowsOf(replay)).toEqual((await world.sees<Rows>(ended, clinician)).rows);
    await world.close();
    expect(asideIn(world)).toEqual([]);
  });

  test('ends with the library, and leaves no thread and no file behind', async () => {
    const world = await openIn(await aFilledDirectory());
    let closing: Promise<void> | undefined;
    const { replay } = await replayed(world, () => {
      closing = world.close();
    });
    await closing;
    expect('view' in replay).toBe(false);
    expect(asideIn(world)).toEqual([]);
  });
});
