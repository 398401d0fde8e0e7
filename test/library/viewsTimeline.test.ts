import { describe, expect, test } from 'vitest';
import { all } from '../../src/projections/projection.ts';
import {
  approve,
  aStartedProgram,
  contentOf,
  end,
  offer,
  purge,
  start,
  theConversation,
  theHandover,
  theProgram,
  tobak,
} from './given.ts';
import { everyTextWith, lifeBeforePurge, lifesProgram, live } from './life.ts';
import { rowsInPages } from './pages.ts';
import { at, childHealth, disa, idAt, maternity, office, resident, system, tolvan } from './people.ts';
import { aWorld, openIn, type Rows, stores, type World } from './world.ts';

const b = at(maternity, 'b');
const form = { programId: theProgram, moduleId: 'steg-1', formId: 'fragor' };
const answered = { ...form, answers: { 'fraga-1': 'Tre om dagen' } };
const refused = (code: string) => ({ kind: 'refused', code });

const timeline = async ({ sees }: World, query: object = {}, actor = b) =>
  (await sees({ view: 'timeline', programId: theProgram, ...query }, actor)).rows;
const typesIn = (rows: Rows['rows']) => rows.map(({ type }) => type);
const streamOf = (programId: string): string => `program-${programId}`;

/** Nothing is kept of it beside the events: a store of an earlier version had a table of it. */
const tablesOf = ({ engine }: World) =>
  all<{ readonly name: string }>(engine.readModels, "SELECT name FROM sqlite_schema WHERE name LIKE '%timeline%'");

describe.each(stores)('the timeline %s', (kind) => {
  test('R148 shows every event of a program, the newest first, when, by whom and about what', async () => {
    const world = await aStartedProgram(kind);
    const [started] = await world.events(streamOf(theProgram));
    const { unitId, careProviderId, county } = maternity;
    const rows = await timeline(world);
    expect(typesIn(rows)).toEqual([
      'message-sent',
      'conversation-started',
      ...['steg-1', 'bra-att-veta', 'inledning'].map(() => 'module-activated'),
      'started',
    ]);
    expect(rows.at(-1)).toEqual({
      position: String(started?.position),
      at: '2026-03-02T08:00:00.000Z',
      type: 'started',
      by: idAt(maternity, 'b'),
      summary: {
        ...{ templateId: tobak, major: '1', minor: '0', unitId, careProviderId, county },
        ...{ environment: 'production', clinician: idAt(maternity, 'b') },
      },
    });
    expect(rows[0]).toMatchObject({ by: 'resident', summary: { conversationId: theConversation, from: 'resident' } });
  });

  test('R148 calls modules, sections and forms by their titles in the version that the program follows', async () => {
    const world = await aStartedProgram(kind);
    const place = { programId: theProgram, moduleId: 'steg-1', sectionId: 'avsnitt-1' };
    await world.does('open-section', place, resident(tolvan));
    await world.does('submit-form', answered, resident(tolvan));
    await world.does('open-form', form, b);
    await world.does('send-reminder', { programId: theProgram, about: { moduleId: 'steg-1' } }, system('clock'));
    const content = contentOf(tobak);
    const renamed = content.modules.map((module) => ({ ...module, title: `Nytt namn på ${module.id}` }));
    const minor = { templateId: tobak, change: 'minor', content: { ...content, modules: renamed } };
    await world.does('publish-template', minor, office);
    const [reminder, opened, submitted, section] = await timeline(world);
    const module = { moduleId: 'steg-1', moduleTitle: 'Nytt namn på steg-1' };
    expect(reminder).toMatchObject({ type: 'reminder-sent', by: 'clock', summary: module });
    const titled = { ...module, formId: 'fragor', formTitle: 'Frågor' };
    expect([opened?.summary, submitted?.summary]).toEqual([titled, titled]);
    const sectionTitle = content.modules.find(({ id }) => id === 'steg-1')?.sections[0]?.title;
    expect(section?.summary).toEqual({ ...module, sectionId: 'avsnitt-1', sectionTitle });
  });

  test('R142 R143 R145 R150 I10 takes in a form when it is first opened, at the time it was submitted, and never a draft', async () => {
    const world = await aStartedProgram(kind);
    const before = await timeline(world);
    await world.does('save-form', answered, resident(tolvan));
    await world.does('submit-form', answered, resident(tolvan));
    expect(await timeline(world)).toEqual(before);
    await world.does('start-conversation', { programId: theProgram, subject: 'Hej', body: 'Hur går det?' }, b);
    await world.does('open-form', form, b);
    const after = await timeline(world);
    const shown = ['form-opened', 'message-sent', 'conversation-started', 'form-submitted'];
    expect(typesIn(after)).toEqual([...shown, ...typesIn(before)]);
    await world.does('open-form', form, b);
    expect(await timeline(world)).toEqual(after);
    await world.folja.rebuild();
    expect(await timeline(world)).toEqual(after);
  });

  test('R145 I10 opens no other form than that one: neither of another module nor of another program', async () => {
    const world = await aStartedProgram(kind);
    const other = await start(world, tobak, disa);
    await world.does('activate-module', { programId: theProgram, moduleId: 'steg-2' }, b);
    await world.does('submit-form', answered, resident(tolvan));
    await world.does('submit-form', { ...answered, moduleId: 'steg-2' }, resident(tolvan));
    await world.does('submit-form', { ...answered, programId: other }, resident(disa));
    await world.does('open-form', form, b);
    const submitted = { types: ['form-submitted'] };
    expect(await timeline(world, submitted)).toMatchObject([{ summary: { moduleId: 'steg-1' } }]);
    expect(await timeline(world, { ...submitted, programId: other })).toEqual([]);
  });

  test('R148 R249 has a row for every event of a whole life but drafts, and nothing of what was written', async () => {
    const world = await aWorld(kind);
    await live(world, lifeBeforePurge(everyTextWith('hemligheten')));
    const stream = await world.events(streamOf(lifesProgram));
    const expected = stream.filter(({ type }) => type !== 'form-saved').toReversed();
    const rows = await timeline(world, { programId: lifesProgram, limit: 200 }, at(childHealth, 'b'));
    expect(rows.map(({ position, type }) => [position, type])).toEqual(
      expected.map(({ position, type }) => [String(position), type]),
    );
    const text = JSON.stringify(rows);
    for (const secret of ['hemligheten', tolvan.name, tolvan.personalNumber, 'keyId'])
      expect(text).not.toContain(secret);
    expect(new Set(rows.flatMap(({ summary }) => Object.values(summary as object).map((one) => typeof one)))).toEqual(
      new Set(['string']),
    );
  });

  test('R149 is narrowed by type and by days in Sweden', async () => {
    const world = await aStartedProgram(kind);
    const reply = { programId: theProgram, conversationId: theConversation, body: 'Svar' };
    world.clock.at('2026-03-04T22:59:59.000Z');
    await world.does('reply', reply, b);
    world.clock.at('2026-03-04T23:00:00.000Z'); // midnight in Sweden
    await world.does('reply', reply, resident(tolvan));
    const messages = { types: ['message-sent'] };
    const days = async (query: object) =>
      (await timeline(world, { ...messages, ...query })).map(({ at: time }) => time);
    const [first, second, third] = ['2026-03-02T08:00:00.000Z', '2026-03-04T22:59:59.000Z', '2026-03-04T23:00:00.000Z'];
    expect(await days({})).toEqual([third, second, first]);
    expect(await days({ from: '2026-03-05' })).toEqual([third]);
    expect(await days({ to: '2026-03-04' })).toEqual([second, first]);
    expect(await days({ from: '2026-03-03', to: '2026-03-04' })).toEqual([second]);
    expect(await days({ from: '2026-03-06' })).toEqual([]);
    const two = await timeline(world, { types: ['started', 'conversation-started', 'finns-inte'] });
    expect(typesIn(two)).toEqual(['conversation-started', 'started']);
    for (const types of [[], Array.from({ length: 51 }, (_, index) => `typ-${index}`), ['Inte en slug']])
      expect(await world.misses({ view: 'timeline', programId: theProgram, types }, b)).toMatchObject({
        kind: 'invalid',
      });
  });

  test('R148 is paged, narrowed or not', async () => {
    const world = await aStartedProgram(kind);
    for (const query of [{}, { types: ['module-activated', 'started'] }]) {
      const asked = { view: 'timeline', programId: theProgram, ...query };
      expect(await rowsInPages(world, asked, b, 1)).toEqual(await timeline(world, query));
    }
  });
});

describe('a timeline that is longer than its pages', () => {
  const long = 150;

  test.each([false, true])(
    'R148 is read from its end, wherever it was written: by another process %s',
    async (again) => {
      const world = await aStartedProgram('in SQLite');
      const reply = { programId: theProgram, conversationId: theConversation };
      for (let nth = 0; nth < long; nth += 1) await world.does('reply', { ...reply, body: `${nth}` }, b);
      const reader = again ? await openIn(world.directory) : world;
      const whole = await timeline(reader, { limit: 200 });
      const stream = await world.events(streamOf(theProgram));
      expect(whole.map(({ position }) => position)).toEqual(
        stream.toReversed().map(({ position }) => String(position)),
      );
      const asked = { view: 'timeline', programId: theProgram };
      for (const limit of [7, 50]) expect(await rowsInPages(reader, asked, b, limit)).toEqual(whole);
      const few = { types: ['started', 'conversation-started'] };
      expect(typesIn(await timeline(reader, { ...few, limit: 1 }))).toEqual(['conversation-started']);
      expect(await rowsInPages(reader, { ...asked, ...few }, b, 1)).toEqual(await timeline(reader, few));
    },
  );
});

describe.each(stores)('the timeline of a program %s', (kind) => {
  const query = { view: 'timeline', programId: theProgram };

  test('R151 I11 is never seen by its resident, nor by staff who do not treat', async () => {
    const world = await aStartedProgram(kind);
    expect(await world.misses(query, resident(tolvan))).toEqual(refused('not-permitted'));
    for (const member of ['ia', 'da', 'ba', 'plain'])
      expect(await world.misses(query, at(maternity, member))).toEqual(refused('role-missing'));
    expect(await world.misses(query, at(childHealth, 'b'))).toEqual(refused('unknown-program'));
    expect(await timeline(world, {}, at(maternity, 'b2'))).toHaveLength(6);
  });

  test('R208 goes along whole to the unit that takes over', async () => {
    const world = await aStartedProgram(kind);
    const before = typesIn(await timeline(world));
    await offer(world, theProgram, childHealth, theHandover);
    await approve(world, theProgram, theHandover, childHealth);
    expect(typesIn(await timeline(world, {}, at(childHealth, 'b')))).toEqual([
      ...['handed-over', 'handover-approved', 'handover-initiated'],
      ...before,
    ]);
    expect(await world.misses(query, b)).toEqual(refused('unknown-program'));
  });

  test('R242 I21 is read after the end, and gone with the purge', async () => {
    const world = await aStartedProgram(kind);
    await end(world, theProgram);
    expect(typesIn(await timeline(world))[0]).toBe('ended');
    await purge(world, theProgram);
    expect(await world.misses(query, b)).toEqual(refused('program-purged'));
    expect(await world.misses(query, at(childHealth, 'b'))).toEqual(refused('unknown-program'));
    expect(tablesOf(world)).toEqual([]);
    await world.folja.rebuild();
    expect(await world.misses(query, b)).toEqual(refused('program-purged'));
    expect(tablesOf(world)).toEqual([]);
  });
});
