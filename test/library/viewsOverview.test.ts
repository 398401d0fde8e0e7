import { describe, expect, test } from 'vitest';
import {
  amning,
  approve,
  aRegion,
  aStartedProgram,
  attested,
  end,
  offer,
  purge,
  start,
  theConversation,
  theHandover,
  theProgram,
  tobak,
  uuid,
  write,
} from './given.ts';
import {
  at,
  childHealth,
  disa,
  idAt,
  majken,
  maternity,
  nameAt,
  resident,
  system,
  type TestUnit,
  tolvan,
} from './people.ts';
import { aDay, monday, stores, type World } from './world.ts';

type Tab = 'mine' | 'all' | 'ended' | 'handovers';

const rowsOf = async ({ sees }: World, tab: Tab, member = 'b', unit: TestUnit = maternity) =>
  (await sees({ view: 'overview', tab }, at(unit, member))).rows;

const programsIn = async (world: World, tab: Tab, member = 'b', unit: TestUnit = maternity) =>
  (await rowsOf(world, tab, member, unit)).map(({ programId }) => programId);

/** The row of the prepared program. */
const row = {
  programId: theProgram,
  templateId: tobak,
  title: 'Tobakshjälpen',
  name: tolvan.name,
  personalNumber: tolvan.personalNumber,
  startedOn: '2026-03-02',
  lastActiveAt: monday,
  clinician: { hsaId: idAt(maternity, 'b'), name: nameAt(maternity, 'b') },
  flags: [{ type: 'message', severity: 'action', count: 1 }],
  status: 'ongoing',
};

describe.each(stores)('the overview %s', (kind) => {
  test('R138 R154 R274 R275 shows a program as a row of its resident, dates, clinician and flags', async () => {
    const world = await aStartedProgram(kind);
    expect(await rowsOf(world, 'mine')).toEqual([row]);
    expect(await rowsOf(world, 'all')).toEqual([row]);
    expect(await rowsOf(world, 'ended')).toEqual([]);
  });

  test('R022 R023 R276 shows a clinician the own programs, and both sides all of the unit, the newest first', async () => {
    const world = await aRegion(kind);
    const mine = await start(world, tobak, tolvan);
    const { ids } = await world.does(
      'start-program',
      { templateId: amning, resident: disa, attested },
      at(maternity, 'b2'),
    );
    await start(world, tobak, majken, { unit: childHealth });
    expect(await programsIn(world, 'mine')).toEqual([mine]);
    expect(await programsIn(world, 'mine', 'b2')).toEqual([ids.programId]);
    expect(await programsIn(world, 'mine', 'ia')).toEqual([]);
    for (const member of ['b', 'b2', 'ia'])
      expect(await programsIn(world, 'all', member)).toEqual([ids.programId, mine]);
  });

  test('R137 R138 tells when the resident was last active, and nobody else', async () => {
    const world = await aRegion(kind);
    const programId = await start(world, tobak);
    const planId = uuid(71);
    const schedule = { from: '2026-03-02', everyWeeks: 1, weekdays: [1], times: ['10:00'] };
    const elements = [{ title: 'Längtan', kind: 'scale' }];
    const plan = { programId, planId, elements, schedule, graceDays: 30, remind: false };
    await world.does('create-activity-plan', plan, at(maternity, 'b'));
    const read = { programId, conversationId: uuid(72) };
    await world.does('start-conversation', { ...read, subject: 'Hej', body: 'Hej' }, at(maternity, 'b'));
    expect((await rowsOf(world, 'mine'))[0]).not.toHaveProperty('lastActiveAt');
    const active = async () => (await rowsOf(world, 'mine'))[0]?.lastActiveAt;
    const form = { programId, moduleId: 'steg-1', formId: 'fragor', answers: {} };
    const channels = { programId, inbox: true, sms: false, email: true };
    const acts: readonly (readonly [type: string, data: object])[] = [
      ['open-program', { programId }],
      ['open-section', { programId, moduleId: 'steg-1', sectionId: 'avsnitt-1' }],
      ['complete-section', { programId, moduleId: 'steg-1', sectionId: 'avsnitt-1' }],
      ['finish-module', { programId, moduleId: 'steg-1' }],
      ['start-conversation', { programId, conversationId: theConversation, subject: 'Hej', body: 'Hej' }],
      ['read-conversation', read],
      ['save-form', form],
      ['submit-form', form],
      ['comment', { programId, moduleId: 'steg-1', sectionId: 'avsnitt-1', text: 'Svårt.' }],
      ['register-activity', { programId, planId, occasion: '2026-03-02T09:00:00.000Z', answers: ['7'] }],
      ['set-resident-notifications', channels],
    ];
    for (const [type, data] of acts) {
      world.clock.later(aDay);
      const { at: instant } = await world.does(type, data, resident(tolvan));
      expect([type, await active()]).toEqual([type, instant]);
    }
    const last = await active();
    world.clock.later(aDay);
    await world.does('read-conversation', { programId, conversationId: theConversation }, at(maternity, 'b'));
    await world.does('activate-module', { programId, moduleId: 'steg-2' }, at(maternity, 'b'));
    await world.does('open-form', { programId, moduleId: 'steg-1', formId: 'fragor' }, at(maternity, 'b'));
    await world.does('set-resident-notifications', { ...channels, sms: true }, system('delivery'));
    expect(await active()).toBe(last);
  });

  test('R152 R155 R160 R178 counts unread messages in a flag until they are read, by the severity of the region', async () => {
    const world = await aStartedProgram(kind, { policy: { id: 'calm-1', severities: { message: 'info' } } });
    const flags = async () => (await rowsOf(world, 'all', 'ia'))[0]?.flags;
    const reply = { programId: theProgram, conversationId: theConversation, body: 'Hallå?' };
    await world.does('reply', reply, resident(tolvan));
    expect(await flags()).toEqual([{ type: 'message', severity: 'info', count: 2 }]);
    await world.does('reply', reply, at(maternity, 'b'));
    expect(await flags()).toEqual([{ type: 'message', severity: 'info', count: 2 }]);
    const conversation = { programId: theProgram, conversationId: theConversation };
    await world.does('read-conversation', conversation, at(maternity, 'b'));
    expect(await flags()).toEqual([]);
  });

  test('R237 D21 moves an ended program to its own tab, without flags, until it is purged', async () => {
    const world = await aStartedProgram(kind);
    world.clock.later(aDay);
    await end(world, theProgram);
    expect(await rowsOf(world, 'mine')).toEqual([]);
    expect(await rowsOf(world, 'all')).toEqual([]);
    const ended = { ...row, flags: [], status: 'ended', endedOn: '2026-03-03' };
    for (const member of ['b', 'b2', 'ia', 'da']) expect(await rowsOf(world, 'ended', member)).toEqual([ended]);
    await purge(world, theProgram);
    for (const member of ['b', 'ia', 'da']) expect(await rowsOf(world, 'ended', member)).toEqual([]);
  });
});

describe.each(stores)('the tab Överlämningar %s', (kind) => {
  const ia = 'ia';
  const pending = { handoverId: theHandover, fromUnit: maternity.unitId, toUnit: childHealth.unitId, since: monday };
  const { lastActiveAt: _, ...bare } = row;

  test('R185 R195 R196 R197 D15 D21 I17 shows the receiver whom it is about, and no more', async () => {
    const world = await aStartedProgram(kind);
    expect(await rowsOf(world, 'handovers', ia, childHealth)).toEqual([]);
    await offer(world, theProgram, childHealth, theHandover);
    expect(await rowsOf(world, 'handovers', ia, childHealth)).toEqual([{ ...bare, flags: [], handover: pending }]);
    expect(await rowsOf(world, 'handovers', ia, maternity)).toEqual([]);
    expect(await rowsOf(world, 'all', ia, childHealth)).toEqual([]);
    const flags = [...row.flags, { type: 'handover', severity: 'info', count: 1 }];
    expect(await rowsOf(world, 'mine')).toEqual([{ ...row, flags, handover: pending }]);
  });

  test('R202 R203 I17 loses what is approved, which comes to Mina and Alla of the receiver', async () => {
    const world = await aStartedProgram(kind);
    await offer(world, theProgram, childHealth, theHandover);
    await approve(world, theProgram, theHandover, childHealth);
    expect(await rowsOf(world, 'handovers', ia, childHealth)).toEqual([]);
    const clinician = { hsaId: idAt(childHealth, 'b'), name: nameAt(childHealth, 'b') };
    expect(await rowsOf(world, 'mine', 'b', childHealth)).toEqual([{ ...row, clinician }]);
    expect(await rowsOf(world, 'all', ia, childHealth)).toEqual([{ ...row, clinician }]);
    expect(await rowsOf(world, 'mine')).toEqual([]);
    expect(await rowsOf(world, 'all', ia)).toEqual([]);
  });

  test.each([
    ['deny-handover', childHealth],
    ['withdraw-handover', maternity],
  ] as const)('R204 D2 loses what is answered by %s, and has a new offer again', async (type, unit) => {
    const world = await aStartedProgram(kind);
    await offer(world, theProgram, childHealth, theHandover);
    await world.does(type, { handoverId: theHandover }, at(unit, ia));
    expect(await rowsOf(world, 'handovers', ia, childHealth)).toEqual([]);
    expect(await rowsOf(world, 'mine')).toEqual([row]);
    world.clock.later(aDay);
    const handoverId = uuid(91);
    await offer(world, theProgram, childHealth, handoverId);
    expect(await rowsOf(world, 'handovers', ia, childHealth)).toMatchObject([
      { handover: { ...pending, handoverId, since: '2026-03-03T08:00:00.000Z' } },
    ]);
  });
});

describe.each(stores)('the programs of a resident %s', (kind) => {
  test('R074 R075 R166 R273 are listed for that resident, on whatever unit, the oldest first', async () => {
    const world = await aRegion(kind);
    const mine = async () => (await world.sees({ view: 'my-programs' }, resident(tolvan))).rows;
    expect(await mine()).toEqual([]);
    const first = await start(world, tobak);
    const second = await start(world, amning, tolvan, { unit: childHealth });
    await start(world, amning, disa);
    await write(world, first, theConversation);
    const reply = { programId: first, conversationId: theConversation, body: 'Svar' };
    await world.does('reply', reply, at(maternity, 'b'));
    const open = { readable: true, writable: true };
    expect(await mine()).toEqual([
      { programId: first, title: 'Tobakshjälpen', ...open, unread: 1 },
      { programId: second, title: 'Lär dig om amning', ...open, unread: 0 },
    ]);
    await end(world, first, { maintenance: {} });
    await end(world, second, {}, childHealth);
    expect(await mine()).toEqual([
      { programId: first, title: 'Tobakshjälpen', readable: true, writable: false, unread: 1 },
      { programId: second, title: 'Lär dig om amning', readable: false, writable: false, unread: 0 },
    ]);
    await purge(world, second, childHealth);
    expect((await mine()).map(({ programId }) => programId)).toEqual([first]);
  });
});
