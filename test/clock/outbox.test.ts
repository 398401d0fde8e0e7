import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { end, purge, theProgram } from '../library/given.ts';
import { aHost, turnOn } from '../library/host.ts';
import { resident, tolvan } from '../library/people.ts';
import { aDay, aMinute, masterKey, openIn, stores } from '../library/world.ts';
import { aDifficultHost, aWaitingMessage, notedIn, outboxOf, plan, rejects, replies } from './fixtures.ts';

const programId = theProgram;
const parent = resident(tolvan);
const anHour = 60 * aMinute;

describe.each(stores)('the outbox %s', (kind) => {
  test('P10 R172 stays as it is when the read models are built anew', async () => {
    const host = aHost();
    const world = await aWaitingMessage(kind, { deliver: host.deliver });
    await world.folja.tick();
    await replies(world);
    const before = outboxOf(world);
    expect(before.map(({ state }) => state)).toEqual(['delivered', 'waiting']);
    await world.folja.rebuild();
    expect(outboxOf(world)).toEqual(before);
    await replies(world);
    expect((await world.folja.tick()).delivered).toBe(2);
    expect(new Set(host.taken.map(({ id }) => id)).size).toBe(3);
  });

  test('R242 holds nothing of a program that is purged, nor what was noted of it', async () => {
    const host = aDifficultHost(rejects);
    const world = await aWaitingMessage(kind, { deliver: host.deliver });
    await turnOn(world, programId, parent, 'inbox');
    await plan(world, { remind: false });
    world.clock.at('2026-03-20T08:00:00.000Z');
    await world.folja.tick();
    await end(world, programId);
    expect(outboxOf(world).length).toBeGreaterThan(2);
    expect(notedIn(world).length).toBeGreaterThan(2);
    await purge(world, programId);
    expect(outboxOf(world)).toEqual([]);
    expect(notedIn(world)).toEqual([]);
    const tried = host.tried.length;
    world.clock.later(anHour);
    expect(await world.folja.tick()).toEqual({ reminders: 0, expired: 0, delivered: 0 });
    expect(host.tried).toHaveLength(tried);
  });
});

describe('the outbox in a file', () => {
  test('R172 does not begin with what happened before it was there', async () => {
    const host = aHost();
    const world = await aWaitingMessage('in SQLite', {});
    await plan(world, { remind: false });
    const { engine, directory, clock } = world;
    // As an earlier version of the library left it.
    for (const table of ['outbox', 'noted_deadlines', 'deadline_days']) engine.readModels.exec(`DROP TABLE ${table}`);
    engine.readModels.exec(`DELETE FROM checkpoints WHERE name = 'outbox'; UPDATE projections SET version = 0`);
    await world.close();
    clock.at('2026-03-20T08:00:00.000Z');
    const again = await openIn(directory, { clock, deliver: host.deliver });
    expect(await again.folja.tick()).toEqual({ reminders: 0, expired: 0, delivered: 0 });
    await replies(again);
    expect(await again.folja.tick()).toEqual({ reminders: 0, expired: 0, delivered: 1 });
  });

  test('R172 goes on where an earlier version of the library left it, which knew no causes', async () => {
    const host = aDifficultHost((attempt) => (attempt > 1 ? Promise.resolve() : rejects()));
    const world = await aWaitingMessage('in SQLite', { deliver: host.deliver });
    await world.folja.tick();
    const { engine, directory, clock } = world;
    const before = outboxOf(world);
    const drop = ['DROP TABLE deferred_tidings'];
    for (const column of ['cause', 'held']) drop.push(`ALTER TABLE outbox DROP COLUMN ${column}`);
    for (const statement of drop) engine.readModels.exec(statement);
    expect(outboxOf(world)[0]).not.toHaveProperty('cause');
    await world.close();
    const again = await openIn(directory, { clock, deliver: host.deliver });
    expect(outboxOf(again)).toEqual(before.map((row) => ({ ...row, cause: null, held: 0 })));
    await replies(again);
    clock.later(anHour);
    expect((await again.folja.tick()).delivered).toBe(1);
    clock.later(anHour);
    expect((await again.folja.tick()).delivered).toBe(1);
    expect(host.tried).toHaveLength(4);
    expect(new Set(host.tried).size).toBe(2);
    expect(outboxOf(again).map(({ state }) => state)).toEqual(['delivered', 'delivered']);
    await again.close();
    const once = await openIn(directory, { clock });
    expect(outboxOf(once)).toHaveLength(2);
  });

  test('R172 makes nothing twice when the read models were made anew at the opening', async () => {
    const host = aHost();
    const world = await aWaitingMessage('in SQLite', { deliver: host.deliver });
    const { engine, directory, clock } = world;
    await world.folja.tick();
    // Long ago: nothing is left by which a second one would be recognized.
    clock.later(91 * aDay);
    await world.folja.tick();
    expect(outboxOf(world).filter(({ about }) => about === 'message')).toEqual([]);
    engine.readModels.exec('UPDATE projections SET version = 0');
    await world.close();
    const again = await openIn(directory, { clock, deliver: host.deliver });
    expect((await again.folja.tick()).delivered).toBe(0);
    await replies(again);
    expect((await again.folja.tick()).delivered).toBe(1);
  });

  test('P7 R172 hands each over once, by two processes over one file', async () => {
    const host = aDifficultHost(() => new Promise<void>((resolve) => setTimeout(resolve, 5)));
    const world = await aWaitingMessage('in SQLite', { deliver: host.deliver });
    for (let number = 1; number < 30; number += 1) await replies(world);
    const other = await openIn(world.directory, { deliver: host.deliver });
    const ticked = await Promise.all([world.folja.tick(), other.folja.tick()]);
    expect(ticked.map(({ delivered }) => delivered).reduce((sum, number) => sum + number)).toBe(30);
    expect(host.tried).toHaveLength(30);
    expect(new Set(host.tried).size).toBe(30);
  });

  test('P9 R172 hands over again, with the same id, what a killed process had begun with', async () => {
    const host = aHost();
    const world = await aWaitingMessage('in SQLite', { deliver: host.deliver });
    const { directory, clock } = world;
    const key = Buffer.from(masterKey).toString('hex');
    const now = clock.now().toISOString();
    const given = ['--path', join(directory, 'unit.db'), '--key', key, '--now', now];
    const child = spawn(
      process.execPath,
      ['--no-warnings', join(import.meta.dirname, 'deliveringProcess.ts'), ...given],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [id] = (await once(child.stdout, 'data')) as [Buffer];
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
    // Nobody else takes it while the one who had it might still be at it.
    expect((await world.folja.tick()).delivered).toBe(0);
    clock.later(anHour);
    expect((await world.folja.tick()).delivered).toBe(1);
    expect(host.taken.map((notification) => notification.id)).toEqual([id.toString()]);
  });
});
