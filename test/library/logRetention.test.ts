import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../src/index.ts';
import { aStartedProgram, end, purge, start, theProgram, tobak, uuid } from './given.ts';
import { at, auditor, maternity, region, resident, tolvan } from './people.ts';
import { openIn, type Rows, rightOf, stores, type World } from './world.ts';

const b = at(maternity, 'b');
const { personalNumber } = tolvan;
const disposal = { year: 2026, disposalDecision: 'RA-2032/1' };
const running = { kind: 'refused', code: 'retention-running', details: { year: 2026 } };
const newYear2032 = '2031-12-31T23:00:00.000Z'; // in Sweden
const aWeekLater = '2032-01-08T00:00:00.000Z';

const dispose = (world: World, id?: string) => world.does('dispose-log-year', disposal, auditor, id);
const refuses = (world: World) => world.fails('dispose-log-year', disposal, auditor);
const subjects = async ({ engine }: World, year = 2026) =>
  rightOf(await engine.events.auditSubjects(year)(), 'the persons of a year');
const keyOf = async ({ engine: { keys } }: World, year = 2026) => {
  const id = rightOf(await keys.named(`audit-${year}`)(), 'the key of a year');
  return (await keys.open(id)())._tag === 'Right' ? 'living' : 'erased';
};
const leaves = async ({ engine }: World) => rightOf(await engine.events.leaves(0, 1_000_000)(), 'the leaves');

/** Something was seen of the year 2026; then the log is used again in the first days of 2032, and a week has passed. */
const old = async (kind: (typeof stores)[number]): Promise<World> => {
  const world = await aStartedProgram(kind);
  await world.sees({ view: 'program', programId: theProgram }, b);
  await world.sees({ view: 'my-programs' }, resident({ personalNumber: '197010632391' }));
  await end(world, theProgram);
  await purge(world, theProgram);
  world.clock.at(newYear2032);
  await world.sees({ view: 'units' }, region);
  world.clock.at(aWeekLater);
  return world;
};
const aboutNumbers = (rows: Rows['rows'], year: string) =>
  JSON.stringify(rows.filter(({ at: time }) => String(time).startsWith(year)).map(({ subjects: of }) => of));

describe.each(stores)('a year of the log whose retention is over %s', (kind) => {
  test('R247 R251 HSLF-FS 2016:40 4:9 no longer tells whom its entries are about, and keeps every one of them', async () => {
    const world = await old(kind);
    const before = await world.log();
    expect(aboutNumbers(before, '2026')).toContain(personalNumber);
    expect((await world.sees({ view: 'access-report' }, resident(tolvan))).rows.length).toBeGreaterThan(3);
    const tree = await leaves(world);
    const count = (await subjects(world)).length;
    const receipt = await dispose(world);
    expect(receipt).toMatchObject({ events: [{ type: 'log-year-disposed' }], erasure: 'erased' });
    expect(await subjects(world)).toEqual([]);
    expect(await keyOf(world)).toBe('erased');
    const [event] = (await world.events()).filter(({ type }) => type === 'log-year-disposed');
    expect(event?.data).toMatchObject({ ...disposal, subjects: count, keyId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(count).toBeGreaterThan(0);
    const after = await world.log();
    expect(aboutNumbers(after, '2026')).not.toContain(personalNumber);
    expect(aboutNumbers(after, '2026')).toContain(theProgram);
    expect(after.slice(0, before.length).map(({ seq, action }) => [seq, action])).toEqual(
      before.map(({ seq, action }) => [seq, action]),
    );
    expect(after.find(({ action }) => action === 'dispose-log-year')).toMatchObject({
      ...{ activity: 'erase', outcome: 'allowed', actor: 'SE2321000131-logauditor' },
    });
    const { rows } = await world.sees({ view: 'access-report' }, resident(tolvan));
    expect(rows.filter(({ at: time }) => String(time).startsWith('2026'))).toEqual([]);
    expect((await leaves(world)).slice(0, tree.length)).toEqual(tree);
  });

  test('R251 is reached through no program that a later year knows', async () => {
    const world = await aStartedProgram(kind);
    world.clock.at(newYear2032);
    await world.sees({ view: 'program', programId: theProgram }, b);
    world.clock.at(aWeekLater);
    const years = async (perspective: object) =>
      new Set((await world.log({ personalNumber, ...perspective })).map(({ at: time }) => String(time).slice(0, 4)));
    const reported = async () =>
      (await world.sees({ view: 'access-report' }, resident(tolvan))).rows.map(({ at: time }) => time);
    expect(await years({})).toContain('2026');
    expect(await reported()).toContain('2026-03-02T08:00:00.000Z');
    await dispose(world);
    for (const query of [{}, { programId: theProgram }]) {
      expect(await years(query)).toContain('2031');
      expect(await years(query)).not.toContain('2026');
    }
    expect(await reported()).not.toContain('2026-03-02T08:00:00.000Z');
    expect(await reported()).toContain(newYear2032);
  });

  test('R251 is reached through no replay of a time before it was disposed of', async () => {
    const world = await aStartedProgram(kind);
    world.clock.at(newYear2032);
    await world.sees({ view: 'program', programId: theProgram }, b);
    world.clock.at(aWeekLater);
    const until = { at: aWeekLater };
    const times = async () => {
      const replay = await world.folja.replay({ until }, resident(tolvan));
      const page = rightOf(await replay.view({ view: 'access-report' }, resident(tolvan)), 'the report of then');
      return (page as Rows).rows.map(({ at: time }) => time);
    };
    expect(await times()).toContain('2026-03-02T08:00:00.000Z');
    await dispose(world);
    expect(await times()).not.toContain('2026-03-02T08:00:00.000Z');
    expect(await times()).toContain(newYear2032);
  });

  test('P4 goes once: asked again it is repeated, under the same id and under another, and at once', async () => {
    const world = await old(kind);
    const first = await dispose(world, uuid(92));
    expect(await dispose(world, uuid(92))).toEqual(first);
    const [one, other] = await Promise.all([dispose(world), dispose(world)]);
    for (const again of [one, other])
      expect(again).toMatchObject({ stream: first.stream, events: [], erasure: 'erased' });
    expect((await world.events()).filter(({ type }) => type === 'log-year-disposed')).toHaveLength(1);
    const entries = (await world.log()).filter(({ action }) => action === 'dispose-log-year');
    expect(entries.map(({ outcome }) => outcome)).toEqual(['allowed', 'repeated', 'repeated', 'repeated']);
  });

  test('R248 P14 is never named again, whatever a clock says that goes back into it', async () => {
    const world = await old(kind);
    await dispose(world);
    world.clock.at('2026-06-01T08:00:00.000Z');
    const programId = await start(world, tobak, tolvan);
    await world.sees({ view: 'program', programId }, b);
    await world.sees({ view: 'my-programs' }, resident(tolvan));
    await world.misses({ view: 'my-program', programId: uuid(93) }, resident(tolvan));
    await world.misses({ view: 'program', programId: theProgram }, b);
    await world.fails('start-program', { templateId: tobak, resident: tolvan, attested: {} }, b);
    const again = { templateId: tobak, resident: tolvan, attested: { ...attestedAll, informed: false } };
    await world.fails('start-program', again, b);
    await world.sees({ view: 'access-report' }, resident(tolvan));
    expect(await subjects(world)).toEqual([]);
    expect(await keyOf(world)).toBe('erased');
    const entries = (await world.log()).filter(({ at: time }) => String(time).startsWith('2026-06'));
    expect(entries.slice(0, 4)).toMatchObject([
      { action: 'start-program', outcome: 'allowed', subjects: [{ programId }] },
      { action: 'program', outcome: 'allowed', subjects: [{ programId }] },
      { action: 'my-programs', outcome: 'allowed', subjects: [{ programId }] },
      { action: 'my-program', code: 'unknown-program', subjects: [{ programId: uuid(93) }] },
    ]);
    expect(JSON.stringify(entries)).not.toContain(personalNumber);
  });
});

const attestedAll = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };

describe.each(stores)('a year of the log whose retention runs %s', (kind) => {
  test('HSLF-FS 2016:40 4:9 is kept until its last day is five years old in Sweden', async () => {
    const world = await old(kind);
    world.clock.at('2031-12-31T22:59:59.999Z');
    expect(await refuses(world)).toEqual(running);
    world.clock.at(aWeekLater);
    await dispose(world);
    expect(await world.fails('dispose-log-year', { ...disposal, year: 2027 }, auditor)).toMatchObject({
      code: 'retention-running',
    });
  });

  test('HSLF-FS 2016:40 4:9 is kept as long as the policy says, which is never less than five years', async () => {
    const world = await aStartedProgram(kind, { policy: { id: 'long-1', auditYears: 10 } });
    for (const [time, year] of [
      [newYear2032, 2032],
      ['2036-12-31T23:00:00.000Z', 2037],
    ] as const) {
      world.clock.at(time);
      await world.sees({ view: 'units' }, region);
      world.clock.at(`${year}-01-09T08:00:00.000Z`);
      if (year === 2032) expect(await refuses(world)).toEqual(running);
    }
    await dispose(world);
    expect(defaultPolicy.auditYears).toBe(5);
    await expect(aStartedProgram(kind, { policy: { id: 'short-1', auditYears: 4 } })).rejects.toThrow(/auditYears/);
  });

  test('R251 is not given up to a clock that has jumped ahead: the log itself must have gone on for a week', async () => {
    const world = await aStartedProgram(kind);
    world.clock.at('2040-01-01T08:00:00.000Z');
    expect(await refuses(world)).toEqual(running);
    await world.sees({ view: 'units' }, region);
    world.clock.later(6 * 86_400_000);
    expect(await refuses(world)).toEqual(running);
    expect(await world.fails('dispose-log-year', { ...disposal, year: 2030 }, auditor)).toMatchObject({
      code: 'retention-running',
    });
    expect(await keyOf(world)).toBe('living');
    world.clock.later(86_400_000);
    await dispose(world);
  });

  test('R009 goes by nobody’s word but the log auditor’s, and by a decision', async () => {
    const world = await old(kind);
    for (const actor of [region, b])
      expect(await world.fails('dispose-log-year', disposal, actor)).toMatchObject({ code: 'not-permitted' });
    expect(await world.fails('dispose-log-year', { year: 2026 }, auditor)).toMatchObject({ kind: 'invalid' });
    expect(await keyOf(world)).toBe('living');
  });

  test('R247 of a time before the log there is nothing, and nothing to wait for', async () => {
    const world = await aStartedProgram(kind);
    const receipt = await world.does('dispose-log-year', { ...disposal, year: 2019 }, auditor);
    expect(receipt.erasure).toBe('erased');
    expect(await keyOf(world, 2026)).toBe('living');
  });
});

describe('a disposal that a stop cuts short', () => {
  /** The process is gone right before one of the steps; what is written stays. */
  const cutBefore = async (step: 'destroy' | 'eraseAuditYear' | 'scrub'): Promise<World> => {
    const world = await old('in SQLite');
    const { keys, events } = world.engine;
    const reached = new Promise<void>((resolve) => {
      const gone = () => () => {
        resolve();
        return new Promise<never>(() => undefined);
      };
      Object.assign(step === 'destroy' ? keys : events, { [step]: gone });
    });
    void dispose(world);
    await reached;
    return world;
  };

  test.each([
    ['destroy', 'living', true],
    ['eraseAuditYear', 'erased', true],
    ['scrub', 'erased', false],
  ] as const)('P12 is finished at the next open: before %s', async (step, key, hasRows) => {
    const world = await cutBefore(step);
    const later = await openInBeside(world, { key, hasRows });
    expect(await keyOf(later)).toBe('erased');
    expect(await subjects(later)).toEqual([]);
    expect(await dispose(later)).toMatchObject({ events: [], erasure: 'erased' });
  });

  /** A second library on the same files: what the first one left is first looked at, then finished. */
  const openInBeside = async (world: World, left: { key: string; hasRows: boolean }): Promise<World> => {
    expect(await keyOf(world)).toBe(left.key);
    expect((await subjects(world)).length > 0).toBe(left.hasRows);
    return openIn(world.directory, { clock: world.clock });
  };
});
