import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/index.ts';
import { aStartedProgram, end, purge, theProgram } from './given.ts';
import { at, childHealth, disa, maternity, resident, tolvan } from './people.ts';
import { aDay, monday, stores, type World } from './world.ts';

const b = at(maternity, 'b');
const parent = resident(tolvan);
const query = { view: 'comments', programId: theProgram };

const rowsFor = async ({ sees }: World, actor: Actor) => (await sees(query, actor)).rows;
const write = async ({ does }: World, text: string, moduleId = 'steg-1') => {
  const { ids } = await does('comment', { programId: theProgram, moduleId, sectionId: 'avsnitt-1', text }, parent);
  return ids.commentId as string;
};
const read = ({ does }: World, commentId: string) => does('read-comment', { programId: theProgram, commentId }, b);

describe.each(stores)('the comments of a program %s', (kind) => {
  test('R182 are shown to both sides beside their sections, the newest first', async () => {
    const world = await aStartedProgram(kind);
    expect(await rowsFor(world, b)).toEqual([]);
    const first = await write(world, 'Det här var svårt.');
    world.clock.later(aDay);
    const second = await write(world, 'Det här var lätt.', 'inledning');
    const place = { moduleId: 'steg-1', sectionId: 'avsnitt-1' };
    const rows = [
      {
        ...{ commentId: second, ...place, moduleId: 'inledning' },
        ...{ text: 'Det här var lätt.', at: '2026-03-03T08:00:00.000Z' },
      },
      { commentId: first, ...place, text: 'Det här var svårt.', at: monday },
    ];
    expect(await rowsFor(world, b)).toEqual(rows);
    expect(await rowsFor(world, parent)).toEqual(rows);
  });

  test('R160 tell when each was read, the first time', async () => {
    const world = await aStartedProgram(kind);
    const [first, second] = [await write(world, 'Ett'), await write(world, 'Två')];
    world.clock.later(aDay);
    await read(world, first);
    world.clock.later(aDay);
    await read(world, first);
    const [newest, oldest] = await rowsFor(world, b);
    expect(newest).toMatchObject({ commentId: second });
    expect(newest).not.toHaveProperty('readAt');
    expect(oldest).toMatchObject({ commentId: first, readAt: '2026-03-03T08:00:00.000Z' });
  });

  test('D13 may be made in a completed module as well', async () => {
    const world = await aStartedProgram(kind);
    await world.does('complete-module', { programId: theProgram, moduleId: 'steg-1' }, b);
    const commentId = await write(world, 'Tack');
    expect(await rowsFor(world, b)).toMatchObject([{ commentId, text: 'Tack' }]);
  });

  test('D12 D24 outlive the end: for staff until the purge, for the resident while maintenance lasts', async () => {
    const world = await aStartedProgram(kind);
    const commentId = await write(world, 'Tack');
    await end(world, theProgram, { maintenance: { until: '2026-03-02' } });
    expect(await rowsFor(world, parent)).toMatchObject([{ commentId }]);
    world.clock.later(aDay);
    expect(await world.misses(query, parent)).toEqual({ kind: 'refused', code: 'program-has-ended' });
    await read(world, commentId);
    expect(await rowsFor(world, b)).toMatchObject([{ commentId, readAt: '2026-03-03T08:00:00.000Z' }]);
    await purge(world, theProgram);
    expect(await world.misses(query, b)).toEqual({ kind: 'refused', code: 'program-purged' });
  });

  test('R273 I26 are disclosed to nobody without any relation to the program', async () => {
    const world = await aStartedProgram(kind);
    await write(world, 'Tack');
    for (const actor of [resident(disa), at(childHealth, 'b')])
      expect(await world.misses(query, actor)).toEqual({ kind: 'refused', code: 'unknown-program' });
  });
});
