import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/index.ts';
import { viewNames } from '../../src/projections/viewing.ts';
import { accessWords } from '../../src/projections/views/accessWords.ts';
import {
  amning,
  approve,
  aStartedProgram,
  end,
  offer,
  purge,
  start,
  theConversation,
  theHandover,
  theProgram,
  tobak,
} from './given.ts';
import { commandTypes } from './life.ts';
import { rowsInPages } from './pages.ts';
import {
  at,
  auditor,
  childHealth,
  disa,
  idAt,
  majken,
  maternity,
  privateChildHealth,
  region,
  resident,
  system,
  type TestUnit,
  tolvan,
} from './people.ts';
import { monday, stores, type World } from './world.ts';

const b = at(maternity, 'b');
const report = async ({ sees }: World, query: object = {}, person = tolvan) =>
  (await sees({ view: 'access-report', ...query }, resident(person))).rows;

const access = ({ name, careProviderId }: TestUnit, action: string, time = monday) => ({
  ...{ at: time, unit: name, careProvider: careProviderId, action },
});
const started = access(maternity, 'Startade ditt program');

describe.each(stores)('the access report of a resident %s', (kind) => {
  test('R248 R251 tells who has used the own information: when, where, and in plain words for what, the newest first', async () => {
    const world = await aStartedProgram(kind);
    expect(await report(world)).toEqual([started]);
    await start(world, amning, disa);
    world.clock.at('2026-03-03T08:00:00.000Z');
    await world.sees({ view: 'overview', tab: 'all' }, at(maternity, 'ia'));
    await world.sees({ view: 'conversation', programId: theProgram, conversationId: theConversation }, b);
    await world.does('read-conversation', { programId: theProgram, conversationId: theConversation }, b);
    const second = '2026-03-03T08:00:00.000Z';
    expect(await report(world)).toEqual([
      access(maternity, 'Läste meddelanden', second),
      access(maternity, 'Läste en konversation med dig', second),
      access(maternity, 'Såg ditt program i en lista', second),
      started,
    ]);
    expect(await report(world, {}, disa)).toEqual([
      access(maternity, 'Såg ditt program i en lista', second),
      access(maternity, 'Startade ditt program'),
    ]);
    const names = JSON.stringify(await report(world));
    for (const name of [idAt(maternity, 'b'), idAt(maternity, 'ia'), disa.name, theProgram])
      expect(names).not.toContain(name);
  });

  test('R248 leaves out the own acts and what was refused, for then nothing was seen', async () => {
    const world = await aStartedProgram(kind);
    await world.sees({ view: 'my-program', programId: theProgram }, resident(tolvan));
    await world.misses({ view: 'program', programId: theProgram }, at(childHealth, 'b'));
    await world.misses({ view: 'timeline', programId: theProgram }, at(maternity, 'ia'));
    await world.fails('purge-program', { programId: theProgram, disposalDecision: 'RA-1' }, at(maternity, 'da'));
    await report(world);
    expect(await report(world)).toEqual([started]);
  });

  test('R248 R251 HSLF-FS 2016:40 4:10 names the care provider of each, the receiver of a handover too', async () => {
    const world = await aStartedProgram(kind);
    await offer(world, theProgram, privateChildHealth, theHandover, { disclosureBasis: 'samtycke' });
    await world.sees({ view: 'overview', tab: 'handovers' }, at(privateChildHealth, 'ia'));
    await approve(world, theProgram, theHandover, privateChildHealth);
    expect(await report(world)).toEqual([
      access(privateChildHealth, 'Tog över ditt program'),
      access(privateChildHealth, 'Såg ditt program i en lista'),
      access(maternity, 'Erbjöd en annan vårdenhet att ta över ditt program'),
      started,
    ]);
  });

  test('R248 names those of no unit by what they are, and the provider whose information it was', async () => {
    const world = await aStartedProgram(kind);
    await world.log({ personalNumber: tolvan.personalNumber });
    await world.does('send-reminder', { programId: theProgram, about: { moduleId: 'steg-1' } }, system('clock'));
    const careProvider = maternity.careProviderId;
    const action = 'Granskade loggen över åtkomst till dina uppgifter';
    expect(await report(world)).toEqual([
      ...[
        {
          at: monday,
          unit: 'Plattformens automatiska funktioner',
          careProvider,
          action: 'Skickade en påminnelse till dig',
        },
      ],
      ...[{ at: monday, unit: 'Plattformens förvaltning', careProvider, action }],
      started,
    ]);
  });

  test('R247 R248 reaches past the purge, and over the years', async () => {
    const world = await aStartedProgram(kind);
    world.clock.at('2026-12-31T22:30:00.000Z');
    await end(world, theProgram);
    world.clock.at('2026-12-31T23:30:00.000Z'); // the new year in Sweden
    await purge(world, theProgram);
    await world.sees({ view: 'purge', programId: theProgram }, at(maternity, 'da'));
    const again = await start(world, tobak, tolvan);
    const after = [
      access(maternity, 'Startade ditt program', '2026-12-31T23:30:00.000Z'),
      access(maternity, 'Såg att ditt program är gallrat', '2026-12-31T23:30:00.000Z'),
      access(maternity, 'Gallrade uppgifterna i ditt program', '2026-12-31T23:30:00.000Z'),
    ];
    const before = [access(maternity, 'Avslutade ditt program', '2026-12-31T22:30:00.000Z'), started];
    expect(again).not.toBe(theProgram);
    expect(await report(world)).toEqual([...after, ...before]);
    expect(await report(world, { from: '2027-01-01' })).toEqual(after);
    expect(await report(world, { to: '2026-12-31' })).toEqual(before);
    expect(await report(world, { from: '2026-03-03', to: '2026-12-31' })).toEqual(before.slice(0, 1));
    await world.folja.rebuild();
    expect(await report(world)).toEqual([...after, ...before]);
  });

  test('R247 R248 knows each year the programs that only that year knows', async () => {
    const world = await aStartedProgram(kind);
    await end(world, theProgram);
    await purge(world, theProgram);
    const later = '2027-06-01T08:00:00.000Z';
    world.clock.at(later);
    await start(world, tobak, tolvan);
    expect(await report(world)).toEqual([
      access(maternity, 'Startade ditt program', later),
      access(maternity, 'Gallrade uppgifterna i ditt program'),
      access(maternity, 'Avslutade ditt program'),
      started,
    ]);
  });

  test('R248 is paged in one order', async () => {
    const world = await aStartedProgram(kind);
    for (const view of ['program', 'timeline', 'conversations', 'comments'])
      await world.sees({ view, programId: theProgram }, b);
    const whole = await report(world);
    expect(whole).toHaveLength(5);
    for (const limit of [1, 2, 5])
      expect(await rowsInPages(world, { view: 'access-report' }, resident(tolvan), limit)).toEqual(whole);
  });

  test('R248 I23 is for residents, and logged as about the one who asks', async () => {
    const world = await aStartedProgram(kind);
    for (const actor of [b, auditor, region] satisfies readonly Actor[])
      expect(await world.misses({ view: 'access-report' }, actor)).toEqual({ kind: 'refused', code: 'not-permitted' });
    const other = await start(world, amning, majken);
    await world.sees({ view: 'overview', tab: 'all' }, b);
    await report(world);
    expect((await world.log({ programId: other })).map(({ action }) => action)).toEqual(['start-program', 'overview']);
    await report(world, {}, disa);
    expect((await world.log({ personalNumber: tolvan.personalNumber })).at(-1)).toMatchObject({
      ...{ action: 'access-report', actor: 'resident', subjects: [{ programId: theProgram }] },
    });
    expect((await world.log({ personalNumber: disa.personalNumber })).at(-1)).toMatchObject({
      ...{ action: 'access-report', actor: 'resident', subjects: [{ personalNumber: disa.personalNumber }] },
    });
  });
});

describe('the words of an access report', () => {
  test('R248 are its own for every command and every view', () => {
    const fallback = accessWords('finns-inte');
    expect([...commandTypes, ...viewNames].filter((name) => accessWords(name) === fallback)).toEqual([]);
    expect(fallback).not.toBe('');
  });
});
