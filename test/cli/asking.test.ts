import { describe, expect, test } from 'vitest';
import { theProgram } from '../library/given.ts';
import { maternity, tolvan } from '../library/people.ts';
import { aStore, asAuditor, asRegion, asResident, asStaff, folja } from './running.ts';

const provider = maternity.careProviderId;

describe('folja audit', () => {
  test('R248 R251 shows the log of a provider and of an owner, in three formats', async () => {
    const { open } = await aStore();
    const wanted = ['audit', ...open, ...asAuditor, '--care-provider', provider, '--program', theProgram];
    const json = await folja([...wanted, '--perspective', 'owner', '--json']);
    expect(json).toMatchObject({ code: 0, err: '' });
    const { rows } = JSON.parse(json.out) as { rows: { action: string; subjects: object[] }[] };
    expect(rows.map(({ action }) => action)).toEqual(['start-conversation', 'start-program']);
    expect(rows[1]?.subjects).toEqual([{ programId: theProgram, personalNumber: tolvan.personalNumber }]);

    const csv = await folja([...wanted, '--perspective', 'provider', '--format', 'csv']);
    expect(csv.out.split('\r\n')[0]).toMatch(/^seq,at,actor,name,role,.*,subjects,outcome,code,count$/);
    expect(csv.out).toContain(`${theProgram} ${tolvan.personalNumber}`);
    const table = await folja([...wanted, '--perspective', 'owner']);
    expect(table.out).toMatch(/│ start-program +│/);
  });

  test('R248 is itself an entry of the log, and prints nothing where it is refused', async () => {
    const { open } = await aStore();
    const refused = await folja(['audit', ...open, ...asRegion, '--perspective', 'owner']);
    expect(refused).toEqual({ code: 1, out: '', err: 'folja: Refused: not-permitted (see docs/refusals.md).\n' });
    const { out } = await folja(['audit', ...open, ...asAuditor, '--perspective', 'owner', '--json', '--limit', '1']);
    expect(JSON.parse(out)).toMatchObject({ rows: [{ action: 'audit', outcome: 'refused', code: 'not-permitted' }] });
  });

  test('finds a resident by a number that comes on standard input, and follows pages to their end', async () => {
    const { open } = await aStore();
    const wanted = ['audit', ...open, ...asAuditor, '--perspective', 'owner', '--json'];
    const found = await folja([...wanted, '--resident', '-'], { input: '19121212-1212\n' });
    expect(JSON.parse(found.out)).toMatchObject({
      rows: [{ action: 'start-conversation' }, { action: 'start-program' }],
    });
    const two = await folja([...wanted, '--limit', '2']);
    expect([JSON.parse(two.out).rows.length, two.err]).toEqual([
      2,
      'There are more rows: give a higher --limit, or --all.\n',
    ]);
    const all = await folja([...wanted, '--all']);
    expect([JSON.parse(all.out).rows.at(-1).seq, all.err]).toEqual([1, '']);
  });

  test('R251 gives a patient the own perspective, which folja access-report gives too', async () => {
    const { open } = await aStore();
    const input = tolvan.personalNumber;
    const audit = await folja(['audit', ...open, ...asResident, '--perspective', 'patient', '--json'], { input });
    const report = await folja(['access-report', ...open, ...asResident, '--from', '2026-03-01', '--json'], { input });
    const started = { unit: maternity.name, careProvider: provider, action: 'Startade ditt program' };
    expect(JSON.parse(audit.out).rows).toMatchObject([started]);
    expect(JSON.parse(report.out).rows).toMatchObject([started]);
    expect((await folja(['access-report', ...open, ...asAuditor])).code).toBe(1);
  });
});

describe('folja replay', () => {
  const asked = ['--view', 'overview', '--query', '{"tab":"all"}'];

  test('shows a view as it stood after a position and at an instant', async () => {
    const { open } = await aStore();
    const replay = ['replay', ...open, ...asStaff('b'), ...asked];
    const now = await folja([...replay, '--until', '2026-03-02T08:00:00Z'], { now: '2026-03-03T08:00:00.000Z' });
    expect(now.code).toBe(0);
    expect(JSON.parse(now.out).rows).toMatchObject([{ programId: theProgram, name: tolvan.name }]);
    const before = await folja([...replay, '--until', '20', '--quiet']);
    expect(before).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(before.out)).toEqual({ rows: [], asOf: '20' });
  });

  test('takes a query out of a file, shows one thing as it is, and refuses what is no moment', async () => {
    const { open, file } = await aStore();
    const query = file('query.json', JSON.stringify({ programId: theProgram }));
    const replay = ['replay', ...open, ...asStaff('b'), '--view', 'program', '--query-file', query, '--until'];
    expect(JSON.parse((await folja([...replay, '2026-03-02T08:00:00Z'])).out)).toMatchObject({ programId: theProgram });
    expect((await folja([...replay, 'yesterday'])).code).toBe(2);
    expect((await folja([...replay, '999999'])).code).toBe(2);
  });
});

describe('folja export', () => {
  test('R244 hands a program to a data administrator, and to nobody else', async () => {
    const { open } = await aStore();
    const asked = ['export', ...open, '--program', theProgram, '--format'];
    const json = await folja([...asked, 'json', ...asStaff('da')]);
    expect(JSON.parse(json.out)).toMatchObject({ program: { programId: theProgram } });
    const fhir = await folja([...asked, 'fhir', ...asStaff('da')]);
    expect(JSON.parse(fhir.out)).toMatchObject({ resourceType: 'Bundle' });
    expect(await folja([...asked, 'json', ...asStaff('b')])).toMatchObject({ code: 1, out: '' });
  });

  test('R248 hands out the log, a batch a line, and goes on where an earlier export ended', async () => {
    const { open } = await aStore();
    const asked = ['export', '--log', ...open, ...asAuditor, '--care-provider', provider, '--format', 'fhir'];
    const first = await folja(asked);
    const page = JSON.parse(first.out) as { rows: object[]; resume: string };
    expect(page.rows[0]).toMatchObject({ resourceType: 'AuditEvent' });
    expect(page.rows.length).toBeLessThanOrEqual(500);
    const second = JSON.parse((await folja([...asked, '--cursor', page.resume])).out) as { rows: object[] };
    expect(second.rows.length).toBeLessThan(page.rows.length);
  });

  test('takes either a program or the log, in a format that it has', async () => {
    const { open } = await aStore();
    const codes = [
      ['export', ...open, ...asAuditor, '--format', 'fhir'],
      ['export', ...open, ...asAuditor, '--format', 'json', '--log', '--care-provider', provider],
      ['export', ...open, ...asAuditor, '--format', 'inera', '--program', theProgram],
      ['export', ...open, ...asAuditor, '--format', 'fhir', '--log'],
    ].map(async (args) => (await folja(args)).code);
    expect(await Promise.all(codes)).toEqual([2, 2, 2, 2]);
  });
});

describe('folja stats', () => {
  test('R281 R283 counts programs for whoever may ask, and events for whoever can read the file', async () => {
    const { open, store } = await aStore();
    const programs = await folja(['stats', ...open, ...asRegion, '--county', 'Skåne', '--json']);
    expect(JSON.parse(programs.out).rows).toMatchObject([{ county: 'Skåne', started: 1, ongoing: 1, messages: 1 }]);
    const events = await folja(['stats', ...store, '--format', 'csv']);
    expect(events.out).toContain('\r\nstarted,1,2026-03-02T08:00:00.000Z\r\n');
    expect((await folja(['stats', ...store, '--county', 'Skåne'])).code).toBe(2);
  });
});
