import { describe, expect, test } from 'vitest';
import {
  amning,
  approve,
  aReadyUnit,
  aRegion,
  end,
  offer,
  purge,
  start,
  theConversation,
  theHandover,
  tobak,
  write,
} from './given.ts';
import { rowsInPages } from './pages.ts';
import { at, auditor, childHealth, disa, maternity, region, resident, school, tolvan } from './people.ts';
import { stores, type World } from './world.ts';

const plain = at(maternity, 'plain');
const statistics = async ({ sees }: World, query: object = {}, actor = plain) =>
  (await sees({ view: 'statistics', ...query }, actor)).rows;

const line =
  (unit: { readonly unitId: string; readonly county: string }, templateId: string) =>
  (month: string, started: number, ended: number, ongoing: number, messages: number) => ({
    ...{ county: unit.county, unitId: unit.unitId, templateId, month, started, ended, ongoing, messages },
  });
const amningHere = line(maternity, amning);
const tobakHere = line(maternity, tobak);
const tobakThere = line(childHealth, tobak);

/** Spring of two programs: one ends on the unit, the other is handed over and ends there. */
const aSpring = async (world: World): Promise<readonly [string, string]> => {
  const handedOver = await start(world, tobak, tolvan);
  const ended = await start(world, amning, disa);
  await write(world, handedOver, theConversation);
  world.clock.at('2026-03-31T22:30:00.000Z'); // half past midnight of 1 April in Sweden
  const reply = { programId: handedOver, conversationId: theConversation, body: 'Jag svarar' };
  await world.does('reply', reply, at(maternity, 'b'));
  world.clock.at('2026-05-04T08:00:00.000Z');
  await end(world, ended);
  world.clock.at('2026-06-01T08:00:00.000Z');
  await offer(world, handedOver, childHealth, theHandover);
  await approve(world, handedOver, theHandover, childHealth);
  world.clock.at('2026-07-01T08:00:00.000Z');
  await end(world, handedOver, {}, childHealth);
  return [handedOver, ended];
};

const spring = [
  amningHere('2026-03', 1, 0, 1, 0),
  amningHere('2026-04', 0, 0, 1, 0),
  amningHere('2026-05', 0, 1, 0, 0),
  tobakHere('2026-03', 1, 0, 1, 1),
  tobakHere('2026-04', 0, 0, 1, 1),
  tobakHere('2026-05', 0, 0, 1, 0),
  tobakHere('2026-06', 0, 0, 0, 0),
  tobakThere('2026-06', 0, 0, 1, 0),
  tobakThere('2026-07', 0, 1, 0, 0),
];

describe.each(stores)('the statistics %s', (kind) => {
  test('R281 R282 count by county, unit, template and month in Sweden, also the months in which nothing happened', async () => {
    const world = await aRegion(kind);
    expect(await statistics(world)).toEqual([]);
    await aSpring(world);
    expect(await statistics(world)).toEqual(spring);
    expect(await statistics(world, {}, region)).toEqual(spring);
  });

  test('R283 I27 are the same after every purge, and built anew after it', async () => {
    const world = await aRegion(kind);
    const [handedOver, ended] = await aSpring(world);
    await purge(world, ended);
    expect(await statistics(world)).toEqual(spring);
    await purge(world, handedOver, childHealth);
    expect(await statistics(world)).toEqual(spring);
    await world.folja.rebuild();
    expect(await statistics(world)).toEqual(spring);
  });

  test('R282 are narrowed to a county, a template and the months that some days touch, with what was ongoing from before', async () => {
    const world = await aRegion(kind);
    const elsewhere = { ...childHealth, unitId: 'SE2321000131-BVC2', name: 'BVC Ronneby', county: 'Blekinge' };
    await aReadyUnit(world, elsewhere);
    await aSpring(world);
    await start(world, tobak, disa, { unit: elsewhere });
    const there = line(elsewhere, tobak)('2026-07', 1, 0, 1, 0);
    expect(await statistics(world)).toEqual([there, ...spring]);
    expect(await statistics(world, { county: 'Blekinge' })).toEqual([there]);
    expect(await statistics(world, { county: 'Skåne' })).toEqual(spring);
    expect(await statistics(world, { county: 'Gävleborg' })).toEqual([]);
    expect(await statistics(world, { templateId: amning })).toEqual(spring.slice(0, 3));
    const days = { templateId: tobak, county: 'Skåne', from: '2026-04-30', to: '2026-06-01' };
    expect(await statistics(world, days)).toEqual(spring.slice(4, 8));
    expect(await statistics(world, { from: '2026-07-31', county: 'Skåne' })).toEqual(spring.slice(8));
    expect(await statistics(world, { to: '2026-03-01', templateId: amning })).toEqual(spring.slice(0, 1));
    expect(await statistics(world, { from: '2026-08-01' })).toEqual([]);
  });

  test('R281 are paged in one order, within a line and between lines', async () => {
    const world = await aRegion(kind);
    await aSpring(world);
    for (const limit of [1, 2, 3, 5, 8, 9])
      expect(await rowsInPages(world, { view: 'statistics' }, plain, limit)).toEqual(spring);
  });

  test('R283 leave out a row with a count so small that it could point at somebody', async () => {
    const world = await aRegion(kind, { policy: { id: 'small-2', statistics: { smallestCount: 2 } } });
    const first = await start(world, amning, tolvan);
    await start(world, amning, disa);
    await start(world, tobak, disa);
    const both = [amningHere('2026-03', 2, 0, 2, 0)];
    expect(await statistics(world)).toEqual(both);
    world.clock.at('2026-04-01T08:00:00.000Z');
    await end(world, first);
    expect(await statistics(world)).toEqual(both);
  });

  test('D26 leave training units out', async () => {
    const residents = [tolvan.personalNumber];
    const world = await aRegion(kind, { policy: { id: 'training-1', testResidents: residents } });
    const other = { ...school, unitId: 'SE2321000131-UTB2', name: 'Andra utbildningsenheten' };
    for (const unit of [school, other]) await aReadyUnit(world, unit);
    const programId = await start(world, tobak, tolvan, { unit: school });
    await write(world, programId, theConversation);
    const offered = { programId, handoverId: theHandover, toUnit: other.unitId, residentInformed: true };
    await world.does('initiate-handover', offered, at(school, 'ia'));
    await approve(world, programId, theHandover, other);
    await end(world, programId, {}, other);
    expect(await statistics(world)).toEqual([]);
    await start(world, amning, disa);
    expect(await statistics(world, {}, at(school, 'b'))).toEqual([amningHere('2026-03', 1, 0, 1, 0)]);
  });

  test('R009 R281 are for staff and the regional team, and are about nobody in the log', async () => {
    const world = await aRegion(kind);
    await start(world, tobak, tolvan);
    const refused = { kind: 'refused', code: 'not-permitted' };
    for (const actor of [resident(tolvan), auditor])
      expect(await world.misses({ view: 'statistics' }, actor)).toEqual(refused);
    await statistics(world);
    expect((await world.log({ hsaId: (plain as { hsaId: string }).hsaId })).at(-1)).toMatchObject({
      ...{ action: 'statistics', subjects: [], outcome: 'allowed' },
    });
    expect(await world.misses({ view: 'statistics', from: 'mars' }, plain)).toMatchObject({ kind: 'invalid' });
  });
});
