import { describe, expect, test } from 'vitest';
import { approve, aStartedProgram, end, offer, theHandover, theProgram } from './given.ts';
import { at, childHealth, idAt, maternity, resident, tolvan } from './people.ts';
import { aDay, stores, type World } from './world.ts';

type MyProgram = {
  readonly modules: readonly { readonly id: string; readonly forms: readonly object[] }[];
  readonly absence?: object;
  readonly writable: boolean;
  readonly readableUntil?: string;
};

const ia = at(maternity, 'ia');
const parent = resident(tolvan);
const query = { view: 'my-program', programId: theProgram };

const mine = ({ sees }: World) => sees<MyProgram>(query, parent);
const announce = ({ does }: World, text: string, [from, to]: readonly [string, string]) =>
  does('announce-absence', { programId: theProgram, from, to, text }, ia);
const days = ['2026-03-09', '2026-03-13'] as const;
const notice = { from: '2026-03-09', to: '2026-03-13', text: 'Jag är borta en vecka.' };

describe.each(stores)('the absence of a clinician %s', (kind) => {
  test('R025 R095 R212 is told to the resident until its last day is over, and is no business of the lists', async () => {
    const world = await aStartedProgram(kind);
    expect(await mine(world)).not.toHaveProperty('absence');
    await announce(world, notice.text, days);
    expect((await mine(world)).absence).toEqual(notice);
    world.clock.at('2026-03-13T22:59:59.999Z');
    expect((await mine(world)).absence).toEqual(notice);
    world.clock.at('2026-03-13T23:00:00.000Z');
    expect(await mine(world)).not.toHaveProperty('absence');
  });

  test('R025 is the latest that was announced', async () => {
    const world = await aStartedProgram(kind);
    await announce(world, notice.text, days);
    await announce(world, 'Jag är tillbaka tidigare.', ['2026-03-09', '2026-03-10']);
    expect((await mine(world)).absence).toEqual({
      ...{ from: '2026-03-09', to: '2026-03-10' },
      text: 'Jag är tillbaka tidigare.',
    });
  });

  test('R209 R212 goes with the clinician', async () => {
    const world = await aStartedProgram(kind);
    await announce(world, notice.text, days);
    const change = { programId: theProgram, clinician: idAt(maternity, 'b2'), reason: 'semester' };
    await world.does('change-clinician', change, ia);
    expect(await mine(world)).not.toHaveProperty('absence');
    await announce(world, notice.text, days);
    await offer(world, theProgram, childHealth, theHandover);
    expect((await mine(world)).absence).toEqual(notice);
    await approve(world, theProgram, theHandover, childHealth);
    expect(await mine(world)).not.toHaveProperty('absence');
  });

  test('R171 I11 tells nothing of who is away or who announced it', async () => {
    const world = await aStartedProgram(kind);
    await announce(world, notice.text, days);
    const text = JSON.stringify(await mine(world));
    for (const member of ['b', 'ia']) expect(text).not.toContain(idAt(maternity, member));
  });
});

describe.each(stores)('the resident’s start page %s', (kind) => {
  test('R103 R132 R140 R166 I11 shows the forms of open modules as they stand, and nothing of the closed ones', async () => {
    const world = await aStartedProgram(kind);
    const form = { programId: theProgram, moduleId: 'steg-1', formId: 'fragor', answers: { 'fraga-1': 'Tre' } };
    await world.does('save-form', form, parent);
    const steps = async () => (await mine(world)).modules.filter(({ id }) => id.startsWith('steg-'));
    expect(await steps()).toMatchObject([
      { id: 'steg-1', progress: 'yellow', forms: [{ id: 'fragor', state: 'draft', visible: true }] },
    ]);
    await world.does('activate-module', { programId: theProgram, moduleId: 'steg-2' }, at(maternity, 'b'));
    expect(await steps()).toMatchObject([{ id: 'steg-1' }, { id: 'steg-2', forms: [{ state: 'none' }] }]);
  });

  test('D12 is read only after the end, and tells for how long', async () => {
    const world = await aStartedProgram(kind);
    expect(await mine(world)).toMatchObject({ writable: true });
    await end(world, theProgram, { maintenance: { until: '2026-03-03' } });
    expect(await mine(world)).toMatchObject({ writable: false, readableUntil: '2026-03-03' });
    world.clock.later(2 * aDay);
    expect(await world.misses(query, parent)).toEqual({ kind: 'refused', code: 'program-has-ended' });
  });
});

describe.each(stores)('a follow-up %s', (kind) => {
  test('R221 R222 waits on the start page from its day until it is answered, though its module is closed (D25)', async () => {
    const world = await aStartedProgram(kind);
    const followUps = async () => (await world.sees<{ followUps: readonly object[] }>(query, parent)).followUps;
    world.clock.at('2026-06-01T12:00:00.000Z');
    expect(await followUps()).toEqual([]);
    world.clock.at('2026-06-02T12:00:00.000Z');
    const place = { moduleId: 'steg-5', formId: 'fragor' };
    expect(await followUps()).toEqual([{ id: 'uppfoljning-3', ...place, title: 'Frågor', dueOn: '2026-06-02' }]);
    expect((await mine(world)).modules.map(({ id }) => id)).not.toContain('steg-5');
    const answers = { 'fraga-1': 'Jag är tobaksfri.' };
    await world.does('submit-form', { programId: theProgram, ...place, answers }, parent);
    expect(await followUps()).toEqual([]);
  });
});
