import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Told } from '../../src/eventStore/tidings.ts';
import { checkpoint } from '../../src/projections/checkpoints.ts';
import { note } from '../../src/projections/notifications/deadlines.ts';
import { hear } from '../../src/projections/notifications/hearing.ts';
import { all } from '../../src/projections/projection.ts';
import { end, purge, theProgram, uuid } from '../library/given.ts';
import { choose } from '../library/host.ts';
import { aDay, aWorld, type World } from '../library/world.ts';
import { clinician, notedIn, plan } from './fixtures.ts';
import { begins, messageBy, rowsOf, settled, tickUntil, twoNodes } from './nodes.ts';

const programId = theProgram;
const kinds = ['message', 'time-expired', 'activity-missed'];

const tellOn = async ({ engine }: World, told: Told): Promise<string> => {
  const said = (await engine.sharing?.tell(told)()) ?? E.left('there are no others');
  return E.isRight(said) ? said.right : JSON.stringify(said.left);
};

const aDeadline = { programId, what: 'module steg-9 2026-03-02 1', flag: uuid(900), about: 'time-expired' } as const;
const noted: Told = { type: 'deadline-noted', data: { ...aDeadline, at: '2026-03-04T08:00:00.000Z' } };

const daysOf = ({ engine }: World) => all(engine.readModels, 'SELECT name, day FROM deadline_days ORDER BY name');

const toldIn = (nodes: Awaited<ReturnType<typeof twoNodes>>['nodes']): number =>
  nodes.server.log.records().filter(({ stream }) => stream.startsWith('folja-deadline-')).length;

describe('deadlines that pass on two nodes of a cluster', () => {
  test('P7 R131 R158 R220 are told of once, when both find them at once', async () => {
    const { nodes, host, one, other, both } = await twoNodes();
    await choose(one, 'b', kinds);
    await one.does('activate-module', { programId, moduleId: 'steg-2', days: 2 }, clinician);
    await plan(one, { remind: false });
    const module = await one.does('activate-module', { programId, moduleId: 'steg-3', days: 4 }, clinician);
    await other.folja.caughtUp(module.position);
    nodes.clock.at('2026-03-09T08:00:00.000Z');
    const ticked = await Promise.all(both.map(({ folja }) => folja.tick()));
    const expired = ticked.reduce((sum, each) => sum + each.expired, 0);
    expect(notedIn(one).length).toBeGreaterThan(4);
    expect(notedIn(other)).toEqual(notedIn(one));
    expect(expired).toBe(notedIn(one).length);
    expect(toldIn(nodes)).toBe(expired);
    await settled(both);
    expect(host.given).toHaveLength(expired);
    expect(new Set(host.ids()).size).toBe(expired);
    const again = await Promise.all(both.map(({ folja }) => folja.tick()));
    expect(again.map((each) => each.expired)).toEqual([0, 0]);
    const third = await nodes.open('third', { deliver: host.deliverAt('third') });
    nodes.clock.later(aDay);
    const before = toldIn(nodes);
    await third.folja.tick();
    expect(notedIn(third)).toEqual(expect.arrayContaining([...notedIn(one)]));
    // The new node looks through all days since the beginning, and tells only of those that are new.
    expect(toldIn(nodes) - before).toBe(notedIn(third).length - expired);
  });

  test('R131 are told of by the second when it is told by nobody else', async () => {
    const { one, other } = await twoNodes();
    expect(await tellOn(one, noted)).toBe('told');
    expect(await tellOn(other, noted)).toBe('other');
    expect(notedIn(other)).toEqual(notedIn(one));
    expect(notedIn(other)).toHaveLength(1);
  });

  test('R131 are told of since a day that the first node tells, and that stays', async () => {
    const { nodes, one, other } = await twoNodes();
    const day = [
      { name: 'begun', day: '2026-03-02' },
      { name: 'plans', day: '2026-03-02' },
    ];
    expect(daysOf(one)).toEqual(day);
    expect(daysOf(other)).toEqual(day);
    expect(await tellOn(other, { type: 'notifications-begun', data: { day: '2026-01-01' } })).toBe('other');
    nodes.clock.later(7 * aDay);
    const third = await nodes.open('third');
    expect(daysOf(third)).toEqual(day);
  });

  test('R242 P12 bring back nothing of a program that was purged when they are heard', async () => {
    const { one, other } = await twoNodes();
    await choose(one, 'b', kinds);
    await end(one, programId);
    const { position } = await purge(one, programId);
    await other.folja.caughtUp(position);
    expect(await tellOn(one, noted)).toBe('told');
    expect(await tellOn(other, noted)).toBe('other');
    for (const world of [one, other]) expect([notedIn(world), rowsOf(world)]).toEqual([[], []]);
    // The control: it is the hearing that looks whether the program is there.
    note(one.engine.readModels, aDeadline, '2026-03-04T08:00:00.000Z');
    expect(notedIn(one)).toHaveLength(1);
  });
});

describe('a node whose read models are made anew at its opening', () => {
  test('P10 R172 hears what was told meanwhile after the events that it was told after', async () => {
    const { nodes, host, one, other } = await twoNodes();
    await messageBy(one);
    await settled([one, other]);
    other.engine.readModels.exec('UPDATE projections SET version = 0');
    await other.close();
    await choose(one, 'b', kinds);
    await one.does('activate-module', { programId, moduleId: 'steg-2', days: 2 }, clinician);
    await messageBy(one);
    nodes.clock.later(4 * aDay);
    await settled([one]);
    await messageBy(one);
    await settled([one]);
    const again = await nodes.open('other', { deliver: host.deliverAt('other') });
    expect(rowsOf(again)).toEqual(rowsOf(one));
    expect(notedIn(again)).toEqual(notedIn(one));
    expect(notedIn(again)).toHaveLength(1);
    expect(all(again.engine.readModels, 'SELECT * FROM deferred_tidings')).toEqual([]);
    await tickUntil([one, again], () => undefined);
    expect(host.given).toHaveLength(4);
    expect(new Set(host.ids()).size).toBe(4);
  });

  test('P10 R172 lets what was told wait until the read models have come so far, and no longer', async () => {
    const world = await aWorld('in memory');
    await begins(world);
    const { readModels } = world.engine;
    await messageBy(world);
    await messageBy(world);
    const [first, second] = all<{ readonly id: string; readonly cause: string }>(
      readModels,
      'SELECT id, cause FROM outbox ORDER BY seq',
    );
    const settling = (row: typeof first, dead: readonly string[]): Told => {
      const data = { cause: row?.cause ?? '', at: '2026-03-04T08:00:00.000Z', dead: [...dead] };
      return { type: 'notifications-settled', data };
    };
    const states = () => rowsOf(world).map(({ id, state }) => [id, state]);
    const position = checkpoint(readModels, 'inline');
    hear(readModels, settling(first, []), position);
    hear(readModels, settling(second, [second?.id ?? '']), position + 1);
    expect(states()).toEqual(
      expect.arrayContaining([
        [first?.id, 'delivered'],
        [second?.id, 'waiting'],
      ]),
    );
    expect(all(readModels, 'SELECT after FROM deferred_tidings')).toEqual([{ after: position + 1 }]);
    await messageBy(world);
    expect(states()).toEqual(expect.arrayContaining([[second?.id, 'dead']]));
    expect(all(readModels, 'SELECT after FROM deferred_tidings')).toEqual([]);
  });
});
