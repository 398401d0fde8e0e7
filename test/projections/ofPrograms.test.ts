import { describe, expect, test } from 'vitest';
import { dump } from '../../src/compliance/living/remnants.ts';
import { missedFlagId } from '../../src/projections/flags.ts';
import { programRow } from '../../src/projections/programs.ts';
import { all } from '../../src/projections/projection.ts';
import { aRegion, aStartedProgram, attested, end, purge, theProgram, tobak } from '../library/given.ts';
import { at, maternity, resident, system, tolvan } from '../library/people.ts';
import { aDay, stores, type World } from '../library/world.ts';

const b = at(maternity, 'b');
const parent = resident(tolvan);
const about = { programId: theProgram };
const form = { ...about, moduleId: 'steg-1', formId: 'fragor' };
const planTitle = 'Nikotinlängtan';
const texts = [
  planTitle,
  'Tre om dagen',
  'Utkast',
  'Det här var svårt.',
  'Ring på fredag.',
  'Ring i dag.',
  'Jag är borta.',
] as const;

/** A flag of a missed occasion is up, and cleared. */
const missAndClear = async ({ does, clock }: World): Promise<void> => {
  const schedule = { from: '2026-03-02', to: '2026-03-02', everyWeeks: 1, weekdays: [1], times: ['10:00'] };
  const plan = { schedule, elements: [{ title: planTitle, kind: 'scale' }], graceDays: 0, remind: false };
  const { ids } = await does('create-activity-plan', { ...about, ...plan }, b);
  clock.later(aDay);
  const flagId = missedFlagId(ids.planId as string, '2026-03-02T09:00:00.000Z');
  await does('clear-flag', { ...about, flagId }, b);
};

/** Something in every table of what the resident fills in and writes, and of what is flagged and announced. */
const everything = async (world: World): Promise<void> => {
  const { does } = world;
  const [, submitted, draft, comment, kept, cleared, absence] = texts;
  await does('submit-form', { ...form, answers: { 'fraga-1': submitted } }, parent);
  await does('open-form', form, b);
  await does('activate-module', { ...about, moduleId: 'steg-2' }, b);
  await does('save-form', { ...form, moduleId: 'steg-2', answers: { 'fraga-1': draft } }, parent);
  const beside = { ...about, moduleId: 'steg-1', sectionId: 'avsnitt-1' };
  const made = await does('comment', { ...beside, text: comment }, parent);
  await does('read-comment', { ...about, commentId: made.ids.commentId }, b);
  await does('raise-flag', { ...about, severity: 'info', text: kept }, b);
  const { ids } = await does('raise-flag', { ...about, severity: 'action', text: cleared }, b);
  await does('clear-flag', { ...about, flagId: ids.flagId }, b);
  await missAndClear(world);
  const days = { from: '2026-03-09', to: '2026-03-13' };
  await does('announce-absence', { ...about, ...days, text: absence }, at(maternity, 'ia'));
};

const tables = ['forms', 'comments', 'raised_flags', 'cleared_occasions', 'absences', 'programs'];
const rowsOf = ({ engine }: World): Readonly<Record<string, number>> =>
  Object.fromEntries(
    tables.map((table) => [
      table,
      all(engine.readModels, `SELECT * FROM ${table} WHERE program_id = ?`, theProgram).length,
    ]),
  );

describe.each(stores)('the read models of a program %s', (kind) => {
  test('R242 hold what the resident fills in and writes until the purge, and then no row of it', async () => {
    const world = await aStartedProgram(kind);
    await everything(world);
    expect(rowsOf(world)).toEqual({
      ...{ forms: 2, comments: 1, raised_flags: 1, cleared_occasions: 1, absences: 1, programs: 1 },
    });
    await end(world, theProgram);
    await purge(world, theProgram);
    expect(Object.values(rowsOf(world))).toEqual(tables.map(() => 0));
  });

  test('R242 point to what is personal, and hold none of it', async () => {
    const world = await aStartedProgram(kind);
    await everything(world);
    const rows = JSON.stringify([...dump(world.engine.readModels)]);
    for (const text of [...texts, tolvan.name, tolvan.personalNumber]) expect(rows).not.toContain(text);
  });

  test('are the same when they are built anew', async () => {
    const world = await aStartedProgram(kind);
    await everything(world);
    const incremental = dump(world.engine.readModels);
    await world.folja.rebuild();
    const rebuilt = dump(world.engine.readModels);
    for (const table of tables) expect([table, rebuilt.get(table)]).toEqual([table, incremental.get(table)]);
  });

  test('R078 R168 know the channels through which the resident wants to be told', async () => {
    const world = await aRegion(kind);
    const channels = () => {
      const { inbox, sms, email } = programRow(world.engine.readModels, theProgram) ?? {};
      return [inbox, sms, email];
    };
    const start = { ...about, templateId: tobak, resident: tolvan, attested };
    await world.does('start-program', { ...start, notifications: { inbox: true, sms: false, email: false } }, b);
    expect(channels()).toEqual([1, 0, 0]);
    await world.does('set-resident-notifications', { ...about, inbox: false, sms: true, email: true }, parent);
    expect(channels()).toEqual([0, 1, 1]);
    await world.does(
      'set-resident-notifications',
      { ...about, inbox: false, sms: false, email: true },
      system('delivery'),
    );
    expect(channels()).toEqual([0, 0, 1]);
  });

  test('R168 know no channel when none was told at the start', async () => {
    const world = await aStartedProgram(kind);
    expect(programRow(world.engine.readModels, theProgram)).toMatchObject({ inbox: 0, sms: 0, email: 0 });
  });
});
