import { describe, expect, test } from 'vitest';
import { aStartedProgram, end, theProgram } from '../library/given.ts';
import { aHost, toldBy } from '../library/host.ts';
import { resident, tolvan } from '../library/people.ts';
import { aMinute, openIn, type StoreKind, stores, type World } from '../library/world.ts';
import { aBusyUnit, clinician, notedIn, otherProgram, outboxOf, plan, remindersOf, thePlan } from './fixtures.ts';

const programId = theProgram;
const parent = resident(tolvan);
const followUpForm = { programId, moduleId: 'steg-5', formId: 'fragor' };

const aWatchedProgram = async (kind: StoreKind) => {
  const host = aHost();
  const world = await aStartedProgram(kind, { deliver: host.deliver });
  const tickAt = (instant: string) => {
    world.clock.at(instant);
    return world.folja.tick();
  };
  const dues = async () => (await remindersOf(world)).map(({ data }) => data);
  return { world, host, tickAt, dues };
};

/** The follow-up after three months is due at the beginning of this day in Sweden. */
const [before, due] = ['2026-06-01T21:59:00.000Z', '2026-06-01T22:00:00.000Z'];

describe.each(stores)('a follow-up %s', (kind) => {
  test('R221 R222 is reminded of once, from the beginning of its day', async () => {
    const { world, host, tickAt, dues } = await aWatchedProgram(kind);
    expect(await tickAt(before)).toEqual({ reminders: 0, expired: 0, delivered: 0 });
    expect(await tickAt(due)).toEqual({ reminders: 1, expired: 0, delivered: 1 });
    expect(await tickAt(due)).toEqual({ reminders: 0, expired: 0, delivered: 0 });
    expect(await dues()).toEqual([{ about: { followUpId: 'uppfoljning-3' }, due }]);
    expect(host.taken.map(({ about, channel }) => [about, channel])).toEqual([['reminder', 'platform']]);
    const [reminder] = (await world.events()).filter(({ type }) => type === 'reminder-sent');
    expect(reminder?.by).toMatchObject({ kind: 'system', process: 'clock' });
  });

  test('R221 is not reminded of when it is filled in, when the clinician has reminded, or after the end', async () => {
    const { world, tickAt, dues } = await aWatchedProgram(kind);
    world.clock.at(due);
    await world.does('submit-form', { ...followUpForm, answers: {} }, parent);
    expect((await tickAt('2026-06-10T08:00:00.000Z')).reminders).toBe(0);
    world.clock.at('2026-09-02T08:00:00.000Z');
    await world.does('send-reminder', { programId, about: { followUpId: 'uppfoljning-6' } }, clinician);
    expect((await tickAt('2026-09-03T08:00:00.000Z')).reminders).toBe(0);
    await end(world, programId);
    expect((await tickAt('2027-04-01T08:00:00.000Z')).reminders).toBe(0);
    expect(await dues()).toEqual([{ about: { followUpId: 'uppfoljning-6' } }]);
  });

  test('R221 is reminded of late when the clock stood still, and all that are due', async () => {
    const { tickAt, dues } = await aWatchedProgram(kind);
    expect((await tickAt('2026-09-20T08:00:00.000Z')).reminders).toBe(2);
    expect(await dues()).toHaveLength(2);
  });
});

describe.each(stores)('a plan that is to be reminded of %s', (kind) => {
  const evening = '2026-03-03T19:00:00.000Z';

  test('R170 R217 reminds of every occasion from its time on, and not of one that is filled in', async () => {
    const { world, host, tickAt, dues } = await aWatchedProgram(kind);
    await plan(world);
    await tickAt('2026-03-03T01:29:00.000Z');
    expect(await dues()).toEqual([]);
    await tickAt('2026-03-03T01:30:00.000Z');
    expect(await dues()).toEqual([{ about: { planId: thePlan }, due: '2026-03-03T01:30:00.000Z' }]);
    world.clock.at(evening);
    await world.does('register-activity', { programId, planId: thePlan, occasion: evening, answers: ['3'] }, parent);
    expect(await toldBy(world, host)).toEqual([]);
  });

  test('R170 tells nobody any more of an occasion that has closed, though it was reminded of', async () => {
    const { world, host, tickAt, dues } = await aWatchedProgram(kind);
    await plan(world, {
      schedule: { from: '2026-03-03', to: '2026-03-05', everyWeeks: 1, weekdays: [2, 3, 4], times: ['20:00'] },
    });
    // The one of Tuesday closed after Wednesday; those of Wednesday and Thursday are open.
    expect(await tickAt('2026-03-05T20:00:00.000Z')).toEqual({ reminders: 3, expired: 1, delivered: 2 });
    expect((await dues()).map((data) => (data as { due: string }).due).toSorted()).toEqual([
      ...['2026-03-03T19:00:00.000Z', '2026-03-04T19:00:00.000Z', '2026-03-05T19:00:00.000Z'],
    ]);
    expect(host.taken).toHaveLength(2);
    expect(outboxOf(world).map(({ state, relevant_until }) => [state, relevant_until])).toEqual([
      ['lapsed', '2026-03-04T23:00:00.000Z'],
      ['delivered', '2026-03-05T23:00:00.000Z'],
      ['delivered', '2026-03-06T23:00:00.000Z'],
    ]);
  });

  test('R213 is not reminded of when it is stopped, or says that it is not to be', async () => {
    const { world, tickAt } = await aWatchedProgram(kind);
    await plan(world);
    await world.does('stop-activity-plan', { programId, planId: thePlan }, clinician);
    await plan(world, { planId: otherProgram, remind: false });
    expect((await tickAt('2026-03-10T08:00:00.000Z')).reminders).toBe(0);
  });
});

describe('any number of calls of the clock', () => {
  const last = '2026-04-10T08:00:00.000Z';

  const runs = async (step: number, kind: StoreKind = 'in memory') => {
    const world = await aBusyUnit(kind, { deliver: aHost().deliver });
    while (world.clock.now().toISOString() < last) {
      world.clock.later(step);
      if (world.clock.now().toISOString() > last) world.clock.at(last);
      await world.folja.tick();
    }
    return { reminders: await remindersOf(world), noted: notedIn(world) };
  };

  test('R221 R170 come to the same, each hour or once after a month, across the change to summer time', async () => {
    const [hourly, monthly, weekly] = [
      await runs(60 * aMinute),
      await runs(60 * 24 * 60 * aMinute),
      await runs(7 * 24 * 60 * aMinute, 'in SQLite'),
    ];
    expect(monthly).toEqual(hourly);
    expect(weekly).toEqual(hourly);
    // 34 days twice, and every other week's Sunday and Monday from 8 March.
    expect(hourly.reminders).toHaveLength(68 + 5);
    const dues = hourly.reminders.map(({ data }) => (data as { due: string }).due);
    expect(dues).toContain('2026-03-29T01:30:00.000Z'); // 02:30 is 03:30 on that day
    expect(dues).toContain('2026-03-30T00:30:00.000Z');
    expect(hourly.noted).toHaveLength(68 + 5 + 2);
  });

  const both = async (one: World) => {
    const other = await openIn(one.directory, { clock: one.clock });
    return [one, other] as const;
  };

  test('P7 R221 on two nodes at once come to the same', async () => {
    const nodes = await both(await aBusyUnit('in SQLite'));
    nodes[0].clock.at(last);
    await Promise.all(nodes.flatMap(({ folja }) => [folja.tick(), folja.tick()]));
    const { reminders, noted } = await runs(365 * 24 * 60 * aMinute);
    expect(await remindersOf(nodes[0])).toEqual(reminders);
    expect(notedIn(nodes[1])).toEqual(noted);
  });
});
