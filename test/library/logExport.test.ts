import { describe, expect, test } from 'vitest';
import { dayOf } from '../../src/domain/time.ts';
import {
  amning,
  approve,
  aRegion,
  aStartedProgram,
  grant,
  offer,
  start,
  theHandover,
  theProgram,
  tobak,
} from './given.ts';
import { lifeOf, lifesProgram, live } from './life.ts';
import { exportPage, exportPages, logsOf, policy } from './logContract.ts';
import { at, auditor, childHealth, idAt, maternity, nameAt, privateChildHealth, resident, tolvan } from './people.ts';
import { aWorld, monday, rightOf, stores } from './world.ts';

const { careProviderId } = maternity;
const theirs = privateChildHealth.careProviderId;
const b = at(maternity, 'b');
const coordinated = { personalNumber: '197010632391', name: 'Sam Ordning' };
const levelsOf = (logs: ReturnType<typeof logsOf>) => logs.map(({ activity }) => activity.activityLevel);
const total = (counts: object): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** What the log says of the start of the program of the tests. */
const started = {
  system: { systemId: policy.system.id, systemName: policy.system.name },
  activity: {
    activityType: 'Skriva',
    activityLevel: 'start-program',
    activityArgs: `program=${theProgram}`,
    startDate: '2026-03-02T09:00:00.000',
    purpose: 'Vård och behandling',
  },
  user: {
    userId: idAt(maternity, 'b'),
    name: nameAt(maternity, 'b'),
    assignment: 'VoB SJF',
    title: 'midwife',
    careProvider: { careProviderId },
    careUnit: { careUnitId: maternity.unitId, careUnitName: maternity.name },
  },
  resources: {
    resource: [
      {
        resourceType: 'voo',
        patient: { patientId: { root: '1.2.752.129.2.1.3.1', extension: tolvan.personalNumber } },
        careProvider: { careProviderId },
        careUnit: { careUnitId: maternity.unitId, careUnitName: maternity.name },
      },
    ],
  },
};

describe.each(stores)('the log as the national log service takes it, %s', (kind) => {
  test('R248 I23 keeps to the contract in every entry of a whole life, and counts those that it has no room for', async () => {
    const world = await aWorld(kind, { policy });
    await live(world, lifeOf());
    await world.fails('open-form', { programId: lifesProgram, moduleId: 'steg-1', formId: 'fragor' }, b);
    for (const provider of [careProviderId, theirs]) {
      const pages = await exportPages(world, { careProviderId: provider });
      const logs = logsOf(pages);
      const entries = await world.log({ careProviderId: provider });
      expect(logs.length + total(pages[0]?.leftOut ?? {})).toBe(entries.length);
      const fitting = entries.filter(({ outcome, subjects }) => outcome !== 'refused' && (subjects as []).length > 0);
      expect(levelsOf(logs)).toEqual(fitting.map(({ action }) => action));
      expect(logs.map(({ user }) => user.userId)).toEqual(fitting.map(({ actor }) => actor));
      expect(new Set(logs.map(({ logId }) => logId)).size).toBe(logs.length);
    }
    const words = logsOf(await exportPages(world, { careProviderId })).map(({ activity }) => activity.activityType);
    expect(new Set(words)).toEqual(new Set(['Skriva', 'Utskrift', 'Radera']));
  });

  test('R248 says who did what with whose information, when and why', async () => {
    const world = await aStartedProgram(kind, { policy });
    await world.sees({ view: 'program', programId: theProgram }, { ...b, purpose: 'quality' } as typeof b);
    const { rows, leftOut } = await exportPage(world, { careProviderId });
    const [start, shown, ...others] = logsOf([{ rows } as never]);
    expect(start).toEqual({ logId: start?.logId, ...started });
    expect(shown?.activity).toMatchObject({
      activityType: 'Läsa',
      activityLevel: 'program',
      purpose: 'Kvalitetssäkring',
    });
    expect(others).toEqual([]);
    expect(leftOut).toMatchObject({ refused: 0, withoutUnit: 0 });
    expect(leftOut.withoutProgram).toBeGreaterThan(10);
  });

  test('R248 names a coordination number as one, and the sort of information that the region says', async () => {
    const world = await aRegion(kind, { policy: { ...policy, system: { ...policy.system, informationType: 'vpo' } } });
    await start(world, tobak, coordinated);
    const [log] = logsOf([await exportPage(world, { careProviderId })]);
    expect(log?.resources.resource).toEqual([
      expect.objectContaining({
        resourceType: 'vpo',
        patient: { patientId: { root: '1.2.752.129.2.1.3.3', extension: coordinated.personalNumber } },
      }),
    ]);
  });

  test('R248 has a resource for each program of a list, and their number', async () => {
    const world = await aStartedProgram(kind, { policy });
    await start(world, amning, coordinated);
    await world.sees({ view: 'overview', tab: 'all' }, b);
    const log = logsOf([await exportPage(world, { careProviderId })]).at(-1);
    expect(log?.activity).toMatchObject({ activityLevel: 'overview', activityArgs: 'programs=2' });
    expect(log?.resources.resource.map(({ patient }) => patient?.patientId.extension).toSorted()).toEqual(
      [tolvan.personalNumber, coordinated.personalNumber].toSorted(),
    );
  });

  test('R251 leaves out and counts what was refused, and marks what was sent again', async () => {
    const world = await aStartedProgram(kind, { policy });
    await world.misses({ view: 'program', programId: theProgram }, at(childHealth, 'b'));
    const to = { programId: theProgram, moduleId: 'steg-2', days: 14 };
    for (let time = 0; time < 2; time += 1) await world.does('activate-module', to, b);
    const page = await exportPage(world, { careProviderId });
    const args = logsOf([page]).map(({ activity }) => activity.activityArgs);
    expect(args).toEqual([`program=${theProgram}`, `program=${theProgram}`, `program=${theProgram};repeated`]);
    expect(page.leftOut).toMatchObject({ refused: 1, withoutUnit: 0 });
  });

  test('R248 shows an owner who used the own information, of other providers too, and counts residents and processes', async () => {
    const world = await aStartedProgram(kind, { policy });
    await offer(world, theProgram, privateChildHealth, theHandover, { disclosureBasis: 'samtycke' });
    await world.sees({ view: 'overview', tab: 'handovers' }, at(privateChildHealth, 'ia'));
    const page = await exportPage(world, { perspective: 'owner', careProviderId });
    const logs = logsOf([page]);
    expect(logs.map(({ user, activity }) => [user.careProvider.careProviderId, activity.activityLevel])).toEqual([
      [careProviderId, 'start-program'],
      [careProviderId, 'initiate-handover'],
      [theirs, 'overview'],
    ]);
    expect(page.leftOut).toEqual({ refused: 0, withoutUnit: 1, withoutProgram: 0 });
    await approve(world, theProgram, theHandover, privateChildHealth);
    const after = { perspective: 'owner', careProviderId: theirs };
    expect(logsOf([await exportPage(world, after)])).toEqual([]);
    await world.sees({ view: 'program', programId: theProgram }, at(privateChildHealth, 'b'));
    const [theirsNow] = logsOf([await exportPage(world, after)]);
    expect(theirsNow?.resources.resource).toMatchObject([
      { careProvider: { careProviderId: theirs }, careUnit: { careUnitId: privateChildHealth.unitId } },
    ]);
  });

  test('R248 tells an owner of no program of another in an entry about both', async () => {
    const world = await aStartedProgram(kind, { policy });
    const other = await start(world, tobak, tolvan, { unit: privateChildHealth });
    await world.log({ personalNumber: tolvan.personalNumber });
    const page = await exportPage(world, { format: 'fhir', perspective: 'owner', careProviderId });
    const text = JSON.stringify(page.rows.at(-1));
    expect(text).toContain('"code":"audit"');
    expect(text).toContain(theProgram);
    expect(text).not.toContain(other);
  });

  test('R247 P15 no longer names the resident once the key of the year is gone, and loses no entry', async () => {
    const world = await aStartedProgram(kind, { policy });
    const before = logsOf([await exportPage(world, { careProviderId })]);
    const keyId = rightOf(await world.engine.keys.named('audit-2026')(), 'the key of the year');
    rightOf(await world.engine.keys.destroy(keyId)(), 'destroying it');
    world.clock.at('2027-03-02T08:00:00.000Z');
    const after = logsOf([await exportPage(world, { careProviderId })]);
    const unnamed = before.map((log) => ({
      ...log,
      resources: { resource: log.resources.resource.map(({ patient: _, ...rest }) => rest) },
    }));
    expect(before.length).toBeGreaterThan(0);
    expect(after).toEqual(unnamed);
  });
});

describe.each(['in SQLite'] as const)('an export of the log %s', (kind) => {
  test('R248 I23 gives each entry once in pages of any size, and goes on where the last one ended', async () => {
    const world = await aStartedProgram(kind, { policy });
    for (const view of ['program', 'timeline', 'comments', 'conversations'])
      await world.sees({ view, programId: theProgram }, b);
    const whole = await exportPage(world, { careProviderId });
    expect(whole.next).toBeUndefined();
    for (const limit of [1, 2, 5]) {
      const pages = await exportPages(world, { careProviderId, limit });
      expect(pages.flatMap(({ rows }) => rows)).toEqual(whole.rows);
      expect(pages).toHaveLength(Math.ceil(5 / limit));
      const sum = pages.reduce((all, { leftOut }) => all + leftOut.withoutProgram, 0);
      expect(sum).toBe(whole.leftOut.withoutProgram);
    }
    await world.folja.rebuild();
    expect((await exportPage(world, { careProviderId, cursor: whole.resume })).rows).toEqual([]);
    await world.sees({ view: 'activities', programId: theProgram, from: dayOf(monday), to: dayOf(monday) }, b);
    const next = await exportPage(world, { careProviderId, cursor: whole.resume });
    expect(levelsOf(logsOf([next]))).toEqual(['activities']);
    expect(next.leftOut).toEqual({ refused: 0, withoutUnit: 0, withoutProgram: 0 });
    expect((await exportPage(world, { careProviderId })).rows).toEqual([...whole.rows, ...next.rows]);
  });

  test('R248 I23 ends, though each of its pages is an entry of the log itself', async () => {
    const world = await aStartedProgram(kind, { policy });
    const query = { format: 'fhir', perspective: 'owner', careProviderId, limit: 1 };
    const first = await exportPages(world, query);
    expect(first.map(({ rows }) => rows.length)).toEqual([1, 1]);
    const second = await exportPages(world, { ...query, cursor: first.at(-1)?.resume });
    expect(second.flatMap(({ rows }) => rows).map(({ subtype }) => (subtype as [{ code: string }])[0].code)).toEqual([
      'log-export',
      'log-export',
    ]);
  });

  test('R248 narrowed to an instant leaves what came later for the next', async () => {
    const world = await aStartedProgram(kind, { policy });
    world.clock.later(1_000);
    await world.sees({ view: 'program', programId: theProgram }, b);
    const until = await exportPage(world, { careProviderId, to: monday });
    expect(levelsOf(logsOf([until]))).toEqual(['start-program']);
    const rest = await exportPage(world, { careProviderId, cursor: until.resume });
    expect(levelsOf(logsOf([rest]))).toEqual(['program']);
    const from = await exportPage(world, { careProviderId, from: '2026-03-02T08:00:01.000Z' });
    expect(from.rows).toEqual(rest.rows);
  });

  test('R248 R251 I23 is a print in the log, about the programs that it shows', async () => {
    const world = await aStartedProgram(kind, { policy });
    await exportPage(world, { careProviderId });
    const [entry] = (await world.log({ programId: theProgram })).slice(-1);
    const subjects = [{ programId: theProgram, personalNumber: tolvan.personalNumber }];
    expect(entry).toMatchObject({ action: 'log-export', activity: 'print', outcome: 'allowed', subjects });
  });

  test('R009 is of at most 500 rows, from a cursor of its own, and of a system that has a name', async () => {
    const world = await aStartedProgram(kind);
    const query = { view: 'log-export', format: 'fhir', perspective: 'provider', careProviderId };
    const invalid = (path: string, code: string) => ({ kind: 'invalid', issues: [{ path, code }] });
    await world.sees({ ...query, limit: 500 }, auditor);
    expect(await world.misses({ ...query, limit: 501 }, auditor)).toEqual(invalid('query.limit', 'too-big'));
    for (const key of ['audit', 'log-export'])
      for (const cursor of [7, 'x', '-1', '1-', '1.5', '1-2-3'].map((value) => btoa(JSON.stringify([key, value]))))
        expect(await world.misses({ ...query, cursor }, auditor)).toEqual(invalid('query.cursor', 'invalid-value'));
    expect(await world.misses({ ...query, format: 'inera' }, auditor)).toEqual(invalid('policy.system', 'missing'));
    expect(await world.misses(query, resident(tolvan))).toEqual({ kind: 'refused', code: 'not-permitted' });
    await grant(world, maternity, 'plain', 'data-administrator');
    expect(await world.misses(query, at(maternity, 'plain'))).toEqual({ kind: 'refused', code: 'not-permitted' });
  });
});
