import { describe, expect, test } from 'vitest';
import { approve, aStartedProgram, end, offer, theHandover, theProgram } from '../library/given.ts';
import { aHost, choose, linesTo, toldBy } from '../library/host.ts';
import { childHealth, maternity, resident, tolvan } from '../library/people.ts';
import { type StoreKind, stores } from '../library/world.ts';
import { clinician, notedIn, plan, thePlan } from './fixtures.ts';

const programId = theProgram;
const module = { programId, moduleId: 'steg-2' };
/** The last of ten days is 12 March, and it is over at midnight in Sweden. */
const [lastDay, over] = ['2026-03-12T22:59:00.000Z', '2026-03-12T23:00:00.000Z'];
const expired = { programId, moduleId: 'steg-2', days: 10 };

const aWatchedProgram = async (kind: StoreKind) => {
  const host = aHost();
  const world = await aStartedProgram(kind, { deliver: host.deliver });
  await choose(world, 'b', ['time-expired', 'activity-missed']);
  const toldAt = (instant: string) => {
    world.clock.at(instant);
    return toldBy(world, host);
  };
  return { world, toldAt };
};

describe.each(stores)('a module whose days run out %s', (kind) => {
  test('R131 R158 D19 is told of once, after the end of its last day, and is no event', async () => {
    const { world, toldAt } = await aWatchedProgram(kind);
    await world.does('activate-module', expired, clinician);
    const events = (await world.events(`program-${programId}`)).length;
    expect(await toldAt(lastDay)).toEqual([]);
    expect(await toldAt(over)).toEqual(linesTo(maternity, ['b'], 'email time-expired'));
    expect(await toldAt('2026-04-20T08:00:00.000Z')).toEqual([]);
    expect(await world.events(`program-${programId}`)).toHaveLength(events);
  });

  test('R129 is told of again when it was given more days and they ran out too', async () => {
    const { world, toldAt } = await aWatchedProgram(kind);
    await world.does('activate-module', expired, clinician);
    await toldAt(over);
    await world.does('change-module-days', { ...module, days: 14 }, clinician);
    expect(await toldAt('2026-03-16T22:59:00.000Z')).toEqual([]);
    expect(await toldAt('2026-03-16T23:00:00.000Z')).toEqual(linesTo(maternity, ['b'], 'email time-expired'));
  });

  test.each([
    ['completed', 'complete-module'],
    ['closed', 'deactivate-module'],
  ])('R131 is not told of when it is %s in time', async (_, command) => {
    const { world, toldAt } = await aWatchedProgram(kind);
    await world.does('activate-module', expired, clinician);
    await world.does(command, module, clinician);
    expect(await toldAt(over)).toEqual([]);
    expect(notedIn(world)).toEqual([]);
  });

  test('R131 is not told of after the end of the program', async () => {
    const { world, toldAt } = await aWatchedProgram(kind);
    await world.does('activate-module', expired, clinician);
    await end(world, programId, { notifyResident: false });
    expect(await toldAt(over)).toEqual([]);
  });

  test('R201 is told to the clinician who is responsible now', async () => {
    const { world, toldAt } = await aWatchedProgram(kind);
    await choose(world, 'b', ['time-expired'], { unit: childHealth });
    await world.does('activate-module', expired, clinician);
    await offer(world, programId, childHealth, theHandover);
    await approve(world, programId, theHandover, childHealth);
    expect(await toldAt(over)).toEqual(linesTo(childHealth, ['b'], 'email time-expired'));
  });

  test('R158 is noted when nobody chose to be told, and not told later', async () => {
    const { world, toldAt } = await aWatchedProgram(kind);
    await choose(world, 'b', ['message']);
    await world.does('activate-module', expired, clinician);
    world.clock.at(over);
    expect(await world.folja.tick()).toEqual({ reminders: 0, expired: 1, delivered: 0 });
    await choose(world, 'b', ['time-expired']);
    expect(await toldAt('2026-03-14T08:00:00.000Z')).toEqual([]);
  });
});

describe.each(stores)('an occasion that is missed %s', (kind) => {
  const evenings = { from: '2026-03-03', to: '2026-03-05', everyWeeks: 1, weekdays: [2, 3, 4], times: ['20:00'] };
  const missed = linesTo(maternity, ['b'], 'email activity-missed');

  test('R220 is told of once, when its days of grace are over', async () => {
    const { world, toldAt } = await aWatchedProgram(kind);
    await plan(world, { schedule: evenings, remind: false });
    expect(await toldAt('2026-03-04T22:59:00.000Z')).toEqual([]);
    expect(await toldAt('2026-03-04T23:00:00.000Z')).toEqual(missed);
    expect(await toldAt('2026-03-05T22:59:00.000Z')).toEqual([]);
    expect(await toldAt('2026-03-08T08:00:00.000Z')).toEqual([...missed, ...missed]);
    expect(notedIn(world)).toHaveLength(3);
  });

  test('R219 R220 is none that was filled in, and none that came after the plan was stopped', async () => {
    const { world, toldAt } = await aWatchedProgram(kind);
    await plan(world, { schedule: evenings, remind: false });
    const occasion = '2026-03-03T19:00:00.000Z';
    world.clock.at(occasion);
    await world.does('register-activity', { programId, planId: thePlan, occasion, answers: ['3'] }, resident(tolvan));
    world.clock.at('2026-03-05T23:30:00.000Z');
    await world.does('stop-activity-plan', { programId, planId: thePlan }, clinician);
    expect(await toldAt('2026-03-20T08:00:00.000Z')).toEqual(missed);
    expect(notedIn(world)).toEqual([{ program_id: programId, what: `occasion ${thePlan} 2026-03-04T19:00:00.000Z` }]);
  });

  test('R220 D21 is none whose flag the clinician has cleared before the clock came to it', async () => {
    const { world, toldAt } = await aWatchedProgram(kind);
    await plan(world, { schedule: evenings, remind: false });
    world.clock.at('2026-03-06T08:00:00.000Z');
    const { flags } = await world.sees<{ flags: { flagId: string; type: string }[] }>(
      { view: 'program', programId },
      clinician,
    );
    const [first, second] = flags.filter(({ type }) => type === 'activity-missed');
    expect(second).toBeDefined();
    await world.does('clear-flag', { programId, flagId: first?.flagId }, clinician);
    expect(await toldAt('2026-03-06T08:00:00.000Z')).toEqual(missed);
    expect(notedIn(world)).toEqual([{ program_id: programId, what: `occasion ${thePlan} 2026-03-04T19:00:00.000Z` }]);
  });

  test('D28 is told of by the rules before a change of the plan, and by the new ones after it', async () => {
    const { world, toldAt } = await aWatchedProgram(kind);
    await plan(world, { schedule: evenings, remind: false });
    world.clock.at('2026-03-04T08:00:00.000Z');
    await world.does('change-activity-plan', { programId, planId: thePlan, graceDays: 3 }, clinician);
    expect(await toldAt('2026-03-04T23:00:00.000Z')).toEqual(missed);
    expect(await toldAt('2026-03-07T22:59:00.000Z')).toEqual([]);
    expect(await toldAt('2026-03-07T23:00:00.000Z')).toEqual(missed);
  });
});
