import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/index.ts';
import { aRegion, aStartedProgram, end, start, theConversation, theProgram } from './given.ts';
import { at, auditor, idAt, maternity, resident, siths, system, tolvan } from './people.ts';
import { during, lastPosition } from './replays.ts';
import { aDay, aMinute, aWorld, codeOf, monday, type Rows, rightOf, type World } from './world.ts';

type Options = Parameters<World['folja']['replay']>[0];

/** Why a replay was not opened. */
const problemOf = async ({ folja }: World, options: unknown, by: unknown): Promise<Problem | undefined> => {
  const opened = folja.replay(options as Options, by as typeof auditor);
  return opened.then(
    async ({ close }) => void (await close()),
    (error: { readonly problem: Problem }) => error.problem,
  );
};

const all = { view: 'overview', tab: 'all' };
const b = at(maternity, 'b');
const shownAt = (world: World, until: Options['until']): Promise<readonly unknown[]> =>
  during(world, until, async ({ view }) =>
    (rightOf(await view(all, b), 'all') as Rows).rows.map(({ programId }) => programId),
  );

const noMoments: readonly (readonly [until: unknown, path: string, code: string])[] = [
  [{ position: '99999' }, 'until.position', 'too-big'],
  [{ position: '9999999999999999' }, 'until.position', 'too-big'],
  [{ at: '2026-03-02T08:00:00.001Z' }, 'until.at', 'too-big'],
  [{ at: '2026-03-02' }, 'until.at', 'invalid-format'],
  [{ position: -1 }, 'until', 'invalid-value'],
  [{ at: monday, position: '1' }, 'until', 'invalid-value'],
  ['191212121212', 'until', 'invalid-value'],
  [undefined, 'until', 'not-json'],
];

describe('the opening of a replay', () => {
  test('P14 is refused for what is no moment of the past, and leaves an entry without it', async () => {
    const world = await aRegion('in SQLite');
    for (const [until, path, code] of noMoments) {
      const problem = { kind: 'invalid', issues: [{ path, code }] };
      expect(await problemOf(world, { until }, auditor)).toEqual(problem);
      const [last] = (await world.log()).slice(-1);
      expect(last).toMatchObject({ action: 'replay', outcome: 'refused', code: 'invalid', activity: 'read' });
    }
  });

  test('R061 is for whoever may act at all, and is logged where it is refused', async () => {
    const world = await aStartedProgram('in SQLite');
    const until = { position: await lastPosition(world) };
    const weak = { ...b, authentication: { ...siths, assurance: 2 } };
    expect(await problemOf(world, { until }, weak)).toEqual({ kind: 'refused', code: 'assurance-too-low' });
    expect(await problemOf(world, { until }, at(maternity, 'nobody'))).toEqual({
      kind: 'refused',
      code: 'unknown-staff',
    });
    expect(await problemOf(world, { until }, undefined)).toMatchObject({ kind: 'invalid' });
    expect(await problemOf(world, { until }, { kind: 'system', process: 'operations' })).toMatchObject({
      kind: 'invalid',
    });
    for (const by of [b, resident(tolvan), auditor, system('clock')])
      expect(await problemOf(world, { until }, by)).toBe(undefined);
    const log = (await world.log()).filter(({ action }) => action === 'replay');
    expect(log.map(({ outcome, code }) => code ?? outcome)).toEqual([
      ...['assurance-too-low', 'unknown-staff', 'invalid', 'invalid', 'allowed', 'allowed', 'allowed', 'allowed'],
    ]);
  });

  test('P10 shows everything up to the last event that is not later than the instant, whatever came in what order', async () => {
    const world = await aRegion('in SQLite');
    world.clock.at('2026-03-02T09:00:00.000Z');
    const ahead = await start(world, undefined, undefined, {});
    world.clock.at('2026-03-02T08:30:00.000Z');
    await world.does('change-welcome-text', { programId: ahead, text: 'Hej!' }, b);
    world.clock.at('2026-03-03T09:00:00.000Z');
    expect(await shownAt(world, { at: '2026-03-02T08:29:59.999Z' })).toEqual([]);
    // The welcome text is of then, and stands after the start: what it followed upon is shown too.
    expect(await shownAt(world, { at: '2026-03-02T08:30:00.000Z' })).toEqual([ahead]);
    expect(await shownAt(world, { at: '1999-01-01T00:00:00.000Z' })).toEqual([]);
    expect(await shownAt(world, { position: '0' })).toEqual([]);
  });

  test('R130 counts days from the instant, and shows answers and messages of then only', async () => {
    const world = await aStartedProgram('in SQLite');
    world.clock.later(3 * aDay);
    const until = { at: world.clock.now().toISOString() };
    world.clock.later(aDay);
    await world.does('reply', { programId: theProgram, conversationId: theConversation, body: 'Så här.' }, b);
    world.clock.later(30 * aDay);
    const query = { view: 'program', programId: theProgram };
    const daysLeft = (answer: unknown): unknown =>
      (answer as { readonly modules: readonly { readonly id: string; readonly daysLeft?: number }[] }).modules.find(
        ({ id }) => id === 'steg-1',
      )?.daysLeft;
    const now = daysLeft(await world.sees(query, b));
    await during(world, until, async ({ view }) => {
      expect(Number(daysLeft(rightOf(await view(query, b), 'then')))).toBe(Number(now) + 31);
      const conversation = { view: 'conversation', programId: theProgram, conversationId: theConversation };
      expect((rightOf(await view(conversation, b), 'then') as Rows).rows.map(({ body }) => body)).toEqual([
        'Hur gör jag?',
      ]);
    });
  });

  test('tells how far it is', async () => {
    const world = await aStartedProgram('in SQLite');
    const end = Number(await lastPosition(world));
    const told: (readonly [number, number])[] = [];
    const onProgress = (done: number, total: number): void => void told.push([done, total]);
    await (await world.folja.replay({ until: { position: String(end) }, onProgress }, auditor)).close();
    expect(told.at(-1)).toEqual([end, end]);
  });

  test('stays where it is while others go on, and answers nothing once it is closed', async () => {
    const world = await aStartedProgram('in SQLite');
    const position = await lastPosition(world);
    const replay = await world.folja.replay({ until: { position } }, auditor);
    await end(world, theProgram);
    expect((rightOf(await replay.view(all, b), 'all') as Rows).rows).toMatchObject([{ status: 'ongoing' }]);
    expect((rightOf(await replay.view({ ...all, tab: 'ended' }, b), 'ended') as Rows).rows).toEqual([]);
    await replay.close();
    await replay.close();
    expect(codeOf(await replay.view(all, b))).toBe('replay-closed');
    expect((await world.log()).slice(-1)).toMatchObject([
      { action: 'overview', outcome: 'refused', code: 'replay-closed', actor: idAt(maternity, 'b') },
    ]);
    const open = await world.folja.replay({ until: { position } }, auditor);
    await world.close();
    expect(await open.view(all, b)).toMatchObject({ left: { kind: 'unavailable' } });
    await open.close();
  });
});

test('the past of a library without events is empty', async () => {
  const world = await aWorld('in memory');
  world.clock.later(aMinute);
  const audit = { view: 'audit', perspective: 'provider' };
  const seen = await during(world, { position: '0' }, ({ view }) => view(audit, auditor));
  expect(rightOf(seen, 'audit')).toEqual({ rows: [], asOf: '0' });
});
