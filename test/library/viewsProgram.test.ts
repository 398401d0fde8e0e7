import { describe, expect, test } from 'vitest';
import {
  amning,
  aRegion,
  aStartedProgram,
  contentOf,
  end,
  start,
  theConversation,
  theProgram,
  tobak,
  uuid,
} from './given.ts';
import { at, idAt, maternity, nameAt, office, region, resident, tolvan } from './people.ts';
import { aDay, monday, stores, type World } from './world.ts';

type Module = {
  readonly id: string;
  readonly state: string;
  readonly progress: string;
  readonly current: boolean;
  readonly daysLeft?: number;
  readonly title: string;
};
type Program = {
  readonly modules: readonly Module[];
  readonly version: string;
  readonly welcomeText: string;
  readonly mandatoryDone: boolean;
  readonly flags: readonly object[];
  readonly followUps: readonly object[];
  readonly plans: readonly object[];
};

const b = at(maternity, 'b');
const parent = resident(tolvan);
const { unitId } = maternity;

const hantera = ({ sees }: World, programId: string = theProgram) => sees<Program>({ view: 'program', programId }, b);
const mine = ({ sees }: World, programId: string = theProgram) =>
  sees<Program & { unread: number }>({ view: 'my-program', programId }, parent);

/** A module of Tobakshjälpen as it is before anything has happened in it. */
const untouched = (id: string, state: 'open' | 'closed') => {
  const module = contentOf(tobak).modules.find((one) => one.id === id);
  return {
    ...{ id, title: module?.title, obligation: module?.obligation, state, current: false, progress: 'none' },
    sections: module?.sections.map((section) => ({ ...section, progress: 'none' })),
    forms: module?.forms.map(({ id: formId, title, visible }) => ({ id: formId, title, visible, state: 'none' })),
  };
};
const idsOf = (templateId: string) => contentOf(templateId).modules.map(({ id }) => id);
const openAtStart = ['inledning', 'bra-att-veta', 'steg-1'];

describe.each(stores)('the program as staff sees it %s', (kind) => {
  test('R008 R020 R124 R135 R136 R137 R153 R277 shows everything at once', async () => {
    const world = await aStartedProgram(kind);
    const { rows } = await world.sees(
      { view: 'conversation', programId: theProgram, conversationId: theConversation },
      b,
    );
    const flagId = rows[0]?.messageId;
    expect(await hantera(world)).toEqual({
      ...{ programId: theProgram, templateId: tobak, version: '1.0', unitId, clinician: idAt(maternity, 'b') },
      ...{ status: 'ongoing', name: tolvan.name, personalNumber: tolvan.personalNumber, lastActiveAt: monday },
      ...{ welcomeText: contentOf(tobak).welcomeText, mandatoryDone: false, plans: [] },
      modules: idsOf(tobak).map((id) => untouched(id, openAtStart.includes(id) ? 'open' : 'closed')),
      followUps: [
        { id: 'uppfoljning-3', moduleId: 'steg-5', formId: 'fragor', dueOn: '2026-06-02', state: 'coming' },
        { id: 'uppfoljning-6', moduleId: 'steg-6', formId: 'fragor', dueOn: '2026-09-02', state: 'coming' },
        { id: 'uppfoljning-12', moduleId: 'steg-7', formId: 'fragor', dueOn: '2027-03-02', state: 'coming' },
      ],
      flags: [
        {
          ...{ flagId, type: 'message', severity: 'action' },
          ...{ since: monday, link: { view: 'conversation', id: theConversation } },
        },
      ],
    });
  });

  test('R132 R133 R136 I09 colors what is begun and finished', async () => {
    const world = await aRegion(kind);
    const programId = await start(world, amning);
    const section = { programId, moduleId: 'kapitel-1', sectionId: 'avsnitt-1' };
    const first = async () => (await hantera(world, programId)).modules[0];
    expect(await first()).toMatchObject({ progress: 'none', recommendedDuring: 'pregnancy' });
    await world.does('open-section', section, parent);
    expect(await first()).toMatchObject({ progress: 'yellow', sections: [{ progress: 'yellow' }] });
    await world.does('complete-section', section, parent);
    expect(await first()).toMatchObject({ progress: 'green', sections: [{ progress: 'green' }] });
    await world.does('open-section', section, parent);
    expect(await first()).toMatchObject({ progress: 'green' });
    await world.does('finish-module', { programId, moduleId: 'kapitel-1' }, parent);
    expect(await first()).toMatchObject({ finishedAt: monday });
  });

  test('R119 R120 R122 R126 D5 follows the modules from closed to open, current and completed', async () => {
    const world = await aStartedProgram(kind);
    const states = async () =>
      Object.fromEntries(
        (await hantera(world)).modules.map((one) => [one.id, `${one.state}${one.current ? '!' : ''}`]),
      );
    const module = (moduleId: string) => ({ programId: theProgram, moduleId });
    await world.does('set-current-module', module('steg-1'), b);
    await world.does('set-current-module', module('steg-2'), b);
    expect(await states()).toMatchObject({ 'steg-1': 'open', 'steg-2': 'open!', 'steg-3': 'closed' });
    await world.does('finish-module', module('steg-1'), parent);
    expect(await states()).toMatchObject({ 'steg-1': 'open' });
    await world.does('complete-module', module('steg-1'), b);
    await world.does('deactivate-module', module('steg-2'), b);
    expect(await states()).toMatchObject({ 'steg-1': 'completed', 'steg-2': 'closed' });
  });

  test('R127 R128 R130 I12 D19 counts the days that are left, in calendar days of Stockholm', async () => {
    const world = await aStartedProgram(kind);
    const left = async () => (await hantera(world)).modules.find(({ id }) => id === 'steg-2')?.daysLeft;
    expect(await left()).toBeUndefined();
    await world.does('activate-module', { programId: theProgram, moduleId: 'steg-2', days: 7 }, b);
    expect(await left()).toBe(7);
    world.clock.at('2026-03-09T22:59:59.999Z');
    expect(await left()).toBe(0);
    world.clock.at('2026-03-09T23:00:00.000Z');
    expect(await left()).toBe(-1);
    await world.does('change-module-days', { programId: theProgram, moduleId: 'steg-2', days: 10 }, b);
    expect(await left()).toBe(2);
  });

  test('R111 I07 is done when the mandatory modules are, whatever the individual ones', async () => {
    const world = await aStartedProgram(kind);
    for (const step of [1, 2, 3, 4, 5, 6, 7]) {
      expect((await hantera(world)).mandatoryDone).toBe(false);
      const module = { programId: theProgram, moduleId: `steg-${step}` };
      await world.does('activate-module', module, b);
      await world.does('complete-module', module, b);
    }
    expect((await hantera(world)).mandatoryDone).toBe(true);
  });

  test('R222 tells which follow-ups are due, on the day', async () => {
    const world = await aStartedProgram(kind);
    world.clock.at('2026-06-01T21:59:59.999Z');
    expect((await hantera(world)).followUps[0]).toMatchObject({ state: 'coming' });
    world.clock.at('2026-06-01T22:00:00.000Z');
    expect((await hantera(world)).followUps[0]).toMatchObject({ state: 'due' });
  });

  test('R213 R215 R216 R217 R218 shows the activity plans with the schedules in force, stopped ones too', async () => {
    const world = await aStartedProgram(kind);
    const schedule = { from: '2026-03-02', everyWeeks: 1, weekdays: [1, 3], times: ['08:00', '20:00'] };
    const elements = [
      { title: 'Nikotinlängtan', kind: 'scale' },
      { title: 'Vad hjälpte?', kind: 'text' },
    ];
    const plan = (planId: string) => ({ programId: theProgram, planId });
    const [first, second] = [uuid(71), uuid(72)];
    await world.does('create-activity-plan', { ...plan(first), elements, schedule, graceDays: 1, remind: true }, b);
    const short = { ...schedule, to: '2026-03-09' };
    const one = { elements: elements.slice(0, 1), schedule: short, graceDays: 0, remind: false };
    await world.does('create-activity-plan', { ...plan(second), ...one }, b);
    const changed = { ...schedule, everyWeeks: 2 };
    await world.does('change-activity-plan', { ...plan(first), schedule: changed, graceDays: 2 }, b);
    await world.does('stop-activity-plan', plan(second), b);
    const titles = elements.map(({ title }) => title);
    expect((await hantera(world)).plans).toEqual([
      { planId: first, titles, schedule: changed, graceDays: 2, remind: true, stopped: false },
      { planId: second, titles: titles.slice(0, 1), schedule: short, graceDays: 0, remind: false, stopped: true },
    ]);
  });

  test('D12 tells how long an ended program is readable, and raises no flag any more', async () => {
    const world = await aStartedProgram(kind);
    await end(world, theProgram, { maintenance: { until: '2026-04-01' } });
    expect(await hantera(world)).toMatchObject({ status: 'ended', readableUntil: '2026-04-01', flags: [] });
  });
});

describe.each(stores)('the program as the resident sees it %s', (kind) => {
  test('R095 R103 R118 R151 R166 R280 I11 is the start page: nothing of closed modules, flags or staff but a name', async () => {
    const world = await aStartedProgram(kind);
    const reply = { programId: theProgram, conversationId: theConversation, body: 'Så här' };
    await world.does('reply', reply, at(maternity, 'b'));
    const shown = await mine(world);
    expect(shown).toEqual({
      ...{
        welcomeText: contentOf(tobak).welcomeText,
        unread: 1,
        writable: true,
        clinicianName: nameAt(maternity, 'b'),
      },
      followUps: [],
      modules: openAtStart.map((id) => untouched(id, 'open')),
    });
    const text = JSON.stringify(shown);
    expect(text).not.toContain(idAt(maternity, 'b'));
    expect(text).not.toContain(maternity.unitId);
    const conversation = { programId: theProgram, conversationId: theConversation };
    await world.does('read-conversation', conversation, parent);
    expect((await mine(world)).unread).toBe(0);
  });

  test('R093 R096 R097 R180 is greeted by the program’s, the unit’s or an own text, in this order', async () => {
    const world = await aRegion(kind);
    const programId = await start(world, tobak);
    const texts = async () => [
      (await mine(world, programId)).welcomeText,
      (await hantera(world, programId)).welcomeText,
    ];
    expect(await texts()).toEqual([contentOf(tobak).welcomeText, contentOf(tobak).welcomeText]);
    const unitText = { templateId: tobak, text: 'Välkommen till oss på BMM Norr.' };
    await world.does('change-unit', { unitId, welcomeText: unitText }, at(maternity, 'ba'));
    expect(await texts()).toEqual([unitText.text, unitText.text]);
    for (const text of ['Välkommen, Tolvan!', 'Välkommen åter, Tolvan!']) {
      await world.does('change-welcome-text', { programId, text }, b);
      expect(await texts()).toEqual([text, text]);
    }
  });

  test('R118 I05 I06 gains the modules that a clinician opens', async () => {
    const world = await aStartedProgram(kind);
    const ids = async () => (await mine(world)).modules.map(({ id }) => id);
    await world.does('finish-module', { programId: theProgram, moduleId: 'steg-1' }, parent);
    expect(await ids()).toEqual(openAtStart);
    await world.does('activate-module', { programId: theProgram, moduleId: 'graviditet' }, b);
    expect(await ids()).toEqual([...openAtStart, 'graviditet']);
    await world.does('deactivate-module', { programId: theProgram, moduleId: 'inledning' }, b);
    expect(await ids()).toEqual(['bra-att-veta', 'steg-1', 'graviditet']);
  });

  test('R095 R209 names the clinician who is responsible now', async () => {
    const world = await aStartedProgram(kind);
    const change = { programId: theProgram, clinician: idAt(maternity, 'b2'), reason: 'semester' };
    await world.does('change-clinician', change, at(maternity, 'ia'));
    expect(await mine(world)).toMatchObject({ clinicianName: nameAt(maternity, 'b2') });
  });
});

describe.each(stores)('a new version of a template %s', (kind) => {
  const renamed = (title: string) => {
    const content = contentOf(tobak);
    const [first, ...others] = content.modules;
    return { ...content, modules: [{ ...first, title }, ...others] };
  };
  const publish = ({ does }: World, change: 'major' | 'minor', title: string, more: object = {}) =>
    does('publish-template', { templateId: tobak, change, content: renamed(title), ...more }, office);

  test('R263 R264 R265 R269 R270 I24 reaches a running program when it is minor, and none when it is major', async () => {
    const world = await aStartedProgram(kind);
    const section = { programId: theProgram, moduleId: 'inledning', sectionId: 'avsnitt-1' };
    await world.does('complete-section', section, parent);
    const shown = async (programId: string = theProgram) => {
      const { version, modules } = await hantera(world, programId);
      return [version, modules[0]?.title, modules[0]?.progress];
    };
    await publish(world, 'minor', 'Inledning, rättad');
    expect(await shown()).toEqual(['1.1', 'Inledning, rättad', 'green']);
    expect((await mine(world)).modules[0]?.title).toBe('Inledning, rättad');
    await publish(world, 'major', 'Inledning, ny');
    expect(await shown()).toEqual(['1.1', 'Inledning, rättad', 'green']);
    await publish(world, 'minor', 'Inledning, rättad igen', { major: 1 });
    expect(await shown()).toEqual(['1.2', 'Inledning, rättad igen', 'green']);
    await end(world, theProgram);
    const later = await start(world, tobak);
    expect(await shown(later)).toEqual(['2.0', 'Inledning, ny', 'none']);
    await publish(world, 'minor', 'Inledning, rättad för sent', { major: 1 });
    expect(await shown()).toEqual(['1.2', 'Inledning, rättad igen', 'green']);
    expect(await shown(later)).toEqual(['2.0', 'Inledning, ny', 'none']);
  });

  test('R263 appends nothing to the programs that it reaches', async () => {
    const world = await aStartedProgram(kind);
    const before = await world.events(`program-${theProgram}`);
    await publish(world, 'minor', 'Inledning, rättad');
    await world.does('disable-template', { unitId, templateId: tobak }, region);
    expect(await world.events(`program-${theProgram}`)).toEqual(before);
    world.clock.later(aDay);
    expect((await hantera(world)).version).toBe('1.1');
  });
});
