import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/index.ts';
import { aRegion, aStartedProgram, contentOf, end, purge, start, theProgram, tobak } from './given.ts';
import { at, childHealth, disa, maternity, office, resident, tolvan } from './people.ts';
import { aDay, monday, stores, type World } from './world.ts';

type Form = { readonly state: string; readonly answers: object; readonly submittedAt?: string };
type Module = {
  readonly id: string;
  readonly state: string;
  readonly progress: string;
  readonly daysLeft?: number;
  readonly forms: readonly { readonly id: string; readonly state: string; readonly submittedAt?: string }[];
};
type Program = { readonly modules: readonly Module[] };

const b = at(maternity, 'b');
const parent = resident(tolvan);
const formOf = (moduleId = 'steg-1', formId = 'fragor') => ({ programId: theProgram, moduleId, formId });
const answersOf = (text: string) => ({ answers: { 'fraga-1': text } });

const look = ({ sees }: World, actor: Actor, place = formOf()) => sees<Form>({ view: 'form', ...place }, actor);
const bothSee = async (world: World, place = formOf()) => [
  await look(world, parent, place),
  await look(world, b, place),
];
const moduleFor = async ({ sees }: World, actor: Actor, moduleId = 'steg-1') => {
  const view = actor === parent ? 'my-program' : 'program';
  const { modules } = await sees<Program>({ view, programId: theProgram }, actor);
  return modules.find(({ id }) => id === moduleId);
};

const save = ({ does }: World, text: string, place = formOf()) =>
  does('save-form', { ...place, ...answersOf(text) }, parent);
const submit = ({ does }: World, text: string, place = formOf()) =>
  does('submit-form', { ...place, ...answersOf(text) }, parent);
const open = ({ does }: World, place = formOf()) => does('open-form', place, b);

describe.each(stores)('a form %s', (kind) => {
  test('R140 is nobody’s before it is begun, and a draft for the resident alone', async () => {
    const world = await aStartedProgram(kind);
    expect(await bothSee(world)).toEqual([
      { state: 'none', answers: {} },
      { state: 'none', answers: {} },
    ]);
    await save(world, 'Tre om dagen');
    await save(world, 'Fyra om dagen');
    expect(await bothSee(world)).toEqual([
      { state: 'draft', ...answersOf('Fyra om dagen') },
      { state: 'draft', answers: {} },
    ]);
    const shown = await world.sees<object>({ view: 'program', programId: theProgram }, b);
    expect(JSON.stringify(shown)).not.toContain('om dagen');
  });

  test('R141 R142 R144 R145 I10 is submitted, and shown to staff when it is opened', async () => {
    const world = await aStartedProgram(kind);
    await save(world, 'Utkast');
    world.clock.later(aDay);
    await submit(world, 'Tre om dagen');
    const submittedAt = '2026-03-03T08:00:00.000Z';
    expect(await bothSee(world)).toEqual([
      { state: 'unread', ...answersOf('Tre om dagen'), submittedAt },
      { state: 'unread', answers: {}, submittedAt },
    ]);
    world.clock.later(aDay);
    await open(world);
    const opened = { state: 'opened', ...answersOf('Tre om dagen'), submittedAt };
    expect(await bothSee(world)).toEqual([opened, opened]);
    await open(world);
    expect(await look(world, at(maternity, 'b2'))).toEqual(opened);
  });

  test('R140 is submitted with what is answered, be it nothing', async () => {
    const world = await aStartedProgram(kind);
    await world.does('submit-form', { ...formOf(), answers: {} }, parent);
    await open(world);
    expect(await look(world, b)).toEqual({ state: 'opened', answers: {}, submittedAt: monday });
  });

  test('R132 R133 R135 R136 R139 R144 R277 I09 colors its module, with the sections', async () => {
    const world = await aStartedProgram(kind);
    const seen = async () => {
      const [staff, own] = [await moduleFor(world, b), await moduleFor(world, parent)];
      expect(own).toEqual(staff);
      return [staff?.progress, staff?.forms[0]?.state];
    };
    expect(await seen()).toEqual(['none', 'none']);
    await save(world, 'Utkast');
    expect(await seen()).toEqual(['yellow', 'draft']);
    await submit(world, 'Tre om dagen');
    expect(await seen()).toEqual(['yellow', 'unread']);
    expect((await moduleFor(world, b))?.forms[0]?.submittedAt).toBe(monday);
    await world.does('complete-section', { programId: theProgram, moduleId: 'steg-1', sectionId: 'avsnitt-1' }, parent);
    expect(await seen()).toEqual(['green', 'unread']);
    await open(world);
    expect(await seen()).toEqual(['green', 'opened']);
  });

  test('R134 I09 does not count when it is hidden', async () => {
    const world = await aRegion(kind);
    const content = contentOf(tobak);
    const hide = (module: (typeof content.modules)[number]) => ({
      ...module,
      forms: module.forms.map((form) => ({ ...form, visible: false })),
    });
    const modules = content.modules.map(hide);
    await world.does(
      'publish-template',
      { templateId: tobak, change: 'major', content: { ...content, modules } },
      office,
    );
    await start(world, tobak, tolvan, { programId: theProgram });
    await save(world, 'Utkast');
    expect(await moduleFor(world, b)).toMatchObject({ progress: 'none', forms: [{ state: 'draft' }] });
    await submit(world, 'Tre om dagen');
    expect(await moduleFor(world, b)).toMatchObject({ progress: 'none', forms: [{ state: 'unread' }] });
    await world.does('complete-section', { programId: theProgram, moduleId: 'steg-1', sectionId: 'avsnitt-1' }, parent);
    expect(await moduleFor(world, b)).toMatchObject({ progress: 'green' });
  });

  test('R146 R147 R223 of closing questions is like any other, beside it in its module', async () => {
    const world = await aStartedProgram(kind);
    await world.does('activate-module', { programId: theProgram, moduleId: 'steg-7' }, b);
    const closing = formOf('steg-7', 'avslutningsfragor');
    await submit(world, 'Mer om jul', closing);
    await open(world, closing);
    expect(await look(world, b, closing)).toMatchObject({ state: 'opened', ...answersOf('Mer om jul') });
    expect(await look(world, b, formOf('steg-7'))).toEqual({ state: 'none', answers: {} });
    const forms = [
      { id: 'fragor', state: 'none' },
      { id: 'avslutningsfragor', state: 'opened' },
    ];
    expect(await moduleFor(world, b, 'steg-7')).toMatchObject({ forms });
  });

  test('R131 I12 D6 D13 stays to be read when the days are out, and when the module is completed', async () => {
    const world = await aStartedProgram(kind);
    const place = formOf('steg-2');
    await world.does('activate-module', { programId: theProgram, moduleId: 'steg-2', days: 7 }, b);
    await save(world, 'Utkast', place);
    world.clock.later(8 * aDay);
    expect(await moduleFor(world, parent, 'steg-2')).toMatchObject({ state: 'open', daysLeft: -1, progress: 'yellow' });
    expect(await look(world, parent, place)).toEqual({ state: 'draft', ...answersOf('Utkast') });
    await world.does('change-module-days', { programId: theProgram, moduleId: 'steg-2', days: 10 }, b);
    await submit(world, 'Klart', place);
    await world.does('complete-module', { programId: theProgram, moduleId: 'steg-2' }, b);
    expect(await moduleFor(world, parent, 'steg-2')).toMatchObject({ state: 'completed' });
    expect(await look(world, parent, place)).toMatchObject({ state: 'unread', ...answersOf('Klart') });
  });

  test('D12 D24 outlives the end: for staff until the purge, for the resident while maintenance lasts', async () => {
    const world = await aStartedProgram(kind);
    await submit(world, 'Tre om dagen');
    await end(world, theProgram, { maintenance: { until: '2026-03-02' } });
    expect(await look(world, parent)).toMatchObject({ state: 'unread', ...answersOf('Tre om dagen') });
    world.clock.later(aDay);
    const missed = { kind: 'refused', code: 'program-has-ended' };
    expect(await world.misses({ view: 'form', ...formOf() }, parent)).toEqual(missed);
    await open(world);
    expect(await look(world, b)).toMatchObject({ state: 'opened', ...answersOf('Tre om dagen') });
    await purge(world, theProgram);
    const purged = { kind: 'refused', code: 'program-purged' };
    expect(await world.misses({ view: 'form', ...formOf() }, b)).toEqual(purged);
  });

  test('is one of the content: any other is unknown', async () => {
    const world = await aStartedProgram(kind);
    for (const actor of [b, parent]) {
      const elsewhere = { view: 'form', ...formOf('steg-99') };
      expect(await world.misses(elsewhere, actor)).toEqual({ kind: 'refused', code: 'unknown-module' });
      const other = { view: 'form', ...formOf('steg-1', 'annat') };
      expect(await world.misses(other, actor)).toEqual({ kind: 'refused', code: 'unknown-form' });
    }
  });

  test('R273 I26 is disclosed to nobody without any relation to the program', async () => {
    const world = await aStartedProgram(kind);
    await submit(world, 'Tre om dagen');
    for (const actor of [resident(disa), at(childHealth, 'b')])
      expect(await world.misses({ view: 'form', ...formOf() }, actor)).toEqual({
        kind: 'refused',
        code: 'unknown-program',
      });
  });
});

describe.each(stores)('a follow-up %s', (kind) => {
  const followUp = async ({ sees }: World) =>
    (await sees<{ followUps: readonly { state: string }[] }>({ view: 'program', programId: theProgram }, b))
      .followUps[0];

  test('R221 R222 R224 D25 is coming, due on its day, and done when its form is submitted, completed module or not', async () => {
    const world = await aStartedProgram(kind);
    const coming = { id: 'uppfoljning-3', moduleId: 'steg-5', formId: 'fragor', dueOn: '2026-06-02' };
    expect(await followUp(world)).toEqual({ ...coming, state: 'coming' });
    await world.does('activate-module', { programId: theProgram, moduleId: 'steg-5' }, b);
    await world.does('complete-module', { programId: theProgram, moduleId: 'steg-5' }, b);
    world.clock.at('2026-06-01T22:00:00.000Z');
    expect(await followUp(world)).toEqual({ ...coming, state: 'due' });
    await save(world, 'Utkast', formOf('steg-5'));
    expect(await followUp(world)).toEqual({ ...coming, state: 'due' });
    await submit(world, 'Rökfri', formOf('steg-5'));
    expect(await followUp(world)).toEqual({ ...coming, state: 'done' });
    expect(await moduleFor(world, parent, 'steg-5')).toMatchObject({
      state: 'completed',
      forms: [{ state: 'unread', submittedAt: '2026-06-01T22:00:00.000Z' }],
    });
  });
});
