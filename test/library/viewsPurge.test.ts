import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { approve, aStartedProgram, end, offer, purge, theHandover, theProgram, uuid } from './given.ts';
import { at, childHealth, maternity, resident, tolvan } from './people.ts';
import { aDay, openIn, stores, type World } from './world.ts';

const da = at(maternity, 'da');
const query = { view: 'purge', programId: theProgram };
const refused = (code: string) => ({ kind: 'refused', code });
const see = ({ sees }: World, actor = da) => sees<object>(query, actor);
const done = { purgedAt: '2026-03-03T08:00:00.000Z', disposalDecision: 'RA-2026/1', erasure: 'erased' };

/** A program that has ended, and was purged the day after. */
const aPurge = async (world: World): Promise<void> => {
  await end(world, theProgram);
  world.clock.later(aDay);
  await purge(world, theProgram);
};

describe.each(stores)('the purge of a program %s', (kind) => {
  test('R240 R246 tells when it was, under which decision, and that every trace is gone', async () => {
    const world = await aStartedProgram(kind);
    await aPurge(world);
    expect(await see(world)).toEqual(done);
    await world.folja.rebuild();
    expect(await see(world)).toEqual(done);
    expect((await world.log({ programId: theProgram })).at(-1)).toMatchObject({
      ...{ action: 'purge', subjects: [{ programId: theProgram, personalNumber: tolvan.personalNumber }] },
    });
  });

  test('R031 is not there before it has happened', async () => {
    const world = await aStartedProgram(kind);
    expect(await world.misses(query, da)).toEqual(refused('program-not-ended'));
    await end(world, theProgram);
    expect(await world.misses(query, da)).toEqual(refused('program-not-ended'));
  });

  test('R029 is for the data administrators of the unit that had it, and unknown to all others', async () => {
    const world = await aStartedProgram(kind);
    const there = at(childHealth, 'da');
    expect(await world.misses(query, there)).toEqual(refused('unknown-program'));
    await offer(world, theProgram, childHealth, theHandover);
    await approve(world, theProgram, theHandover, childHealth);
    await end(world, theProgram, {}, childHealth);
    await purge(world, theProgram, childHealth);
    expect(await see(world, there)).toMatchObject({ erasure: 'erased' });
    expect(await world.misses(query, da)).toEqual(refused('unknown-program'));
    expect(await world.misses({ ...query, programId: uuid(99) }, there)).toEqual(refused('unknown-program'));
    expect(await world.misses(query, at(childHealth, 'b'))).toEqual(refused('role-missing'));
    expect(await world.misses(query, resident(tolvan))).toEqual(refused('not-permitted'));
  });
});

describe('the purge of a program in SQLite', () => {
  test('R242 tells that it waits for another reader of the file, until that one is gone', async () => {
    const world = await aStartedProgram('in SQLite');
    const reader = new Sqlite(join(world.directory, 'unit.db'), { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM events').get();
    await aPurge(world);
    expect(await see(world)).toEqual({ ...done, erasure: 'erasure-pending', waitingFor: ['open-reader'] });
    reader.close();
    await world.close();
    expect(await see(await openIn(world.directory, { clock: world.clock }))).toEqual(done);
  });
});
