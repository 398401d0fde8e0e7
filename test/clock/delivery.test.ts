import { afterEach, describe, expect, test, vi } from 'vitest';
import { type FoljaOptions, inMemoryStore, openFolja } from '../../src/index.ts';
import { theProgram } from '../library/given.ts';
import { aHost } from '../library/host.ts';
import { rowsInPages } from '../library/pages.ts';
import { at, childHealth, maternity, region, tolvan } from '../library/people.ts';
import { aDay, aMinute, masterKey, type Rows, stores, type World } from '../library/world.ts';
import { aDifficultHost, aWaitingMessage, outboxOf, rejects, replies } from './fixtures.ts';

const programId = theProgram;
const anHour = 60 * aMinute;

const undelivered = async ({ sees }: World, actor = at(maternity, 'ia')) =>
  (await sees<Rows>({ view: 'undelivered' }, actor)).rows;

afterEach(() => {
  vi.useRealTimers();
});

describe.each(stores)('a notification that the host does not take %s', (kind) => {
  test.each([
    ['rejects', rejects],
    ['rejects with something that is no error', () => Promise.reject(undefined)],
    [
      'throws',
      () => {
        throw new Error(tolvan.name);
      },
    ],
    [
      'throws something that is no error',
      () => {
        throw null;
      },
    ],
  ])('R172 is tried again after a pause, with the same id, when it %s', async (_, answer) => {
    const host = aDifficultHost((attempt) => (attempt > 2 ? Promise.resolve() : answer()));
    const world = await aWaitingMessage(kind, { deliver: host.deliver });
    expect((await world.folja.tick()).delivered).toBe(0);
    expect((await world.folja.tick()).delivered).toBe(0);
    expect(host.tried).toHaveLength(1);
    world.clock.later(anHour);
    expect((await world.folja.tick()).delivered).toBe(0);
    world.clock.later(anHour);
    expect((await world.folja.tick()).delivered).toBe(1);
    expect(host.tried).toHaveLength(3);
    expect(new Set(host.tried).size).toBe(1);
  });

  test('R172 waits longer each time, and is given up after ten attempts', async () => {
    const host = aDifficultHost(rejects);
    const world = await aWaitingMessage(kind, { deliver: host.deliver });
    const pauses: number[] = [];
    for (let attempt = 1; attempt < 10; attempt += 1) {
      await world.folja.tick();
      const [row] = outboxOf(world);
      pauses.push((Date.parse(row?.next_attempt_at ?? '') - world.clock.now().getTime()) / 1_000);
      world.clock.at(row?.next_attempt_at ?? '');
    }
    pauses.forEach((pause, index) => {
      const middle = Math.min(3_600, 30 * 2 ** index);
      expect(pause).toBeGreaterThanOrEqual(middle * 0.5);
      expect(pause).toBeLessThanOrEqual(middle * 1.5);
    });
    expect(outboxOf(world)).toMatchObject([{ state: 'waiting', attempts: 9 }]);
    await world.folja.tick();
    world.clock.later(30 * aDay);
    await world.folja.tick();
    expect(host.tried).toHaveLength(10);
    expect(outboxOf(world)).toMatchObject([{ state: 'dead', attempts: 10 }]);
  });

  test('R172 changes nothing in the program, and its error is not repeated to the logger', async () => {
    const warnings: string[] = [];
    const host = aDifficultHost(rejects);
    const logger = { warn: (message: string) => void warnings.push(message) };
    const world = await aWaitingMessage(kind, { deliver: host.deliver, logger });
    const events = await world.events();
    await world.folja.tick();
    const since = (await world.events()).slice(events.length);
    expect(since.map(({ type, stream }) => [type, stream.slice(0, 7)])).toEqual([['operated', 'access-']]);
    expect(warnings).toHaveLength(1);
    expect(warnings.join()).not.toContain(tolvan.name);
  });

  test('R172 is shown to the resident administrators of the unit, and to the regional team without its program', async () => {
    const world = await aWaitingMessage(kind, { deliver: aDifficultHost(rejects).deliver });
    expect(await undelivered(world)).toEqual([]);
    const since = world.clock.now().toISOString();
    await world.folja.tick();
    const row = {
      ...{ id: outboxOf(world)[0]?.id, to: 'staff', hsaId: `${maternity.unitId}b`, unitId: maternity.unitId },
      ...{ channel: 'email', about: 'message', since, attempts: 1, state: 'waiting' },
    };
    expect(await undelivered(world)).toEqual([{ ...row, programId }]);
    expect(await undelivered(world, region)).toEqual([row]);
    expect(await world.misses({ view: 'undelivered' }, at(maternity, 'b'))).toMatchObject({ code: 'role-missing' });
  });
});

describe.each(stores)('what is undelivered %s', (kind) => {
  test.each([
    ['a unit', at(maternity, 'ia')],
    ['all units', region],
  ])('R172 is shown of %s in pages, the oldest first', async (_, actor) => {
    const host = aDifficultHost(rejects);
    const world = await aWaitingMessage(kind, { deliver: host.deliver });
    for (let number = 1; number < 5; number += 1) await replies(world);
    await world.folja.tick();
    const rows = await rowsInPages(world, { view: 'undelivered' }, actor, 2);
    expect(rows.map(({ id }) => id)).toEqual(outboxOf(world).map(({ id }) => id));
    expect(await undelivered(world, at(childHealth, 'ia'))).toEqual([]);
  });
});

describe.each(stores)('a host that does not answer %s', (kind) => {
  test('R172 holds up the clock for half a minute, and is asked again', async () => {
    const host = aDifficultHost((attempt) => (attempt === 1 ? new Promise(() => undefined) : Promise.resolve()));
    const world = await aWaitingMessage(kind, { deliver: host.deliver });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const ticked = world.folja.tick();
    await vi.waitFor(() => expect(host.tried).toHaveLength(1));
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await ticked).delivered).toBe(0);
    world.clock.later(anHour);
    expect((await world.folja.tick()).delivered).toBe(1);
    expect(new Set(host.tried).size).toBe(1);
  });

  test('R172 is asked no more for this time, however much waits', async () => {
    const host = aDifficultHost(() => new Promise(() => undefined));
    const world = await aWaitingMessage(kind, { deliver: host.deliver });
    for (let number = 1; number < 10; number += 1) await replies(world);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const ticked = world.folja.tick();
    await vi.waitFor(() => expect(host.tried).toHaveLength(8));
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await ticked).delivered).toBe(0);
    expect(host.tried).toHaveLength(8);
  });

  test('R172 does not hold up the closing of the library', async () => {
    const host = aDifficultHost(() => new Promise(() => undefined));
    const world = await aWaitingMessage(kind, { deliver: host.deliver });
    const ticked = world.folja.tick();
    await vi.waitFor(() => expect(host.tried).toHaveLength(1));
    await world.close();
    expect((await ticked).delivered).toBe(0);
    expect(await world.folja.tick()).toEqual({ reminders: 0, expired: 0, delivered: 0 });
  });
});

describe.each(stores)('many notifications %s', (kind) => {
  test('R172 are handed over at most eight at a time, each once, by calls that share one run', async () => {
    let [under, most] = [0, 0];
    const host = aDifficultHost(async () => {
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => setTimeout(resolve, 2));
      under -= 1;
    });
    const world = await aWaitingMessage(kind, { deliver: host.deliver });
    for (let number = 1; number < 20; number += 1) await replies(world);
    const ticked = await Promise.all([world.folja.tick(), world.folja.tick(), world.folja.tick()]);
    expect(ticked.map(({ delivered }) => delivered)).toEqual([20, 20, 20]);
    expect(host.tried).toHaveLength(20);
    expect(new Set(host.tried).size).toBe(20);
    expect(most).toBe(8);
  });

  test('R172 wait for a week in a library that cannot deliver, and then lapse', async () => {
    const world = await aWaitingMessage(kind, {});
    world.clock.later(6 * aDay);
    await world.folja.tick();
    expect(outboxOf(world)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
    world.clock.later(aDay);
    await world.folja.tick();
    expect(outboxOf(world)).toMatchObject([{ state: 'lapsed', attempts: 0 }]);
  });

  test('R172 are forgotten ninety days after they were delivered', async () => {
    const world = await aWaitingMessage(kind, { deliver: aHost().deliver });
    await world.folja.tick();
    world.clock.later(90 * aDay);
    await world.folja.tick();
    expect(outboxOf(world).filter(({ about }) => about === 'message')).toHaveLength(1);
    world.clock.later(aDay);
    await world.folja.tick();
    expect(outboxOf(world).filter(({ about }) => about === 'message')).toEqual([]);
  });
});

test('P11 a library is not opened with a deliver that is no function', async () => {
  const options = { store: inMemoryStore(), masterKey, deliver: 'mail' } as unknown as FoljaOptions;
  await expect(openFolja(options)).rejects.toThrow('Deliver is not usable: give a function that takes a notification');
});
