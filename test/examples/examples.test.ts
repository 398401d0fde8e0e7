import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolja } from 'folja';
import { sqliteStore } from 'folja/sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditor } from '../../examples/demo/people.ts';
import type { Scan } from '../../examples/demo/scan.ts';
import type { Act, Shown } from '../../examples/demo/stage.ts';
import type { Sum } from '../../examples/demo/sum.ts';
import { build, type Ended, root, runNode } from './running.ts';

const folder = mkdtempSync(join(tmpdir(), 'folja-examples-'));

beforeAll(build);
afterAll(() => rmSync(folder, { recursive: true }));

const example = (name: string): string => join(root, 'examples', name);
const succeeded = { code: 0, stderr: '' };

/** What each example has to print. */
const printed: Readonly<Record<string, readonly string[]>> = {
  '01-embed-and-start.ts': [
    'start-program: {"kind":"refused","code":"role-missing"}',
    'start-program: started, and 12',
  ],
  '02-read-the-dashboards.ts': ['Mina: Tolvan Tolvansson, Lär dig om amning, 1 flag', ': green', 'unknown-program'],
  '03-follow-a-handover.ts': ['handover-pending', 'Approved: handover-approved, handed-over', ': handed-over by'],
  '04-read-the-audit-log.ts': ['Purged: erased', 'Sent again: erased', 'repeated 1', 'unknown-program 1'],
  '05-notify-by-mail.ts': [
    'The server is down: 0 delivered',
    'To: maja.moberg@region.example',
    'Subject: Ett nytt meddelande',
    'It is up again: 1 delivered',
  ],
  '06-choose-a-policy.ts': [
    'skane-1: a dietitian {"kind":"refused","code":"profession-not-eligible"}',
    'gavleborg-1: a dietitian may be a clinician',
    'names its policy, gavleborg-1',
  ],
  '07-replay-a-day.ts': [
    'Then: 1 conversation, ongoing',
    'Now: 2 conversations, ended',
    'The other unit: unknown-program',
    'replay-closed',
  ],
  '08-check-compliance.ts': [
    'I01 an active unit has an administrator, whose role was the first: holds',
    '# Compliance of Folja',
    'rules hold in 3 runs (seed 1177). The policy is gavleborg-1.',
  ],
};

describe('the examples', () => {
  const files = readdirSync(join(root, 'examples')).filter((name) => /^\d/.test(name));

  test('are those that are run here', () => {
    expect(files.toSorted()).toEqual(Object.keys(printed));
  });

  test.each(files)('%s has fewer than 60 lines', (name) => {
    expect(readFileSync(example(name), 'utf8').split('\n').length).toBeLessThan(60);
  });

  test.each(files)('%s runs, and prints what it is about', async (name) => {
    const { stdout, ...ended } = await runNode(example(name), [], { cwd: folder });
    expect(ended).toEqual(succeeded);
    for (const text of printed[name] ?? []) expect(stdout).toContain(text);
  });
});

describe("README's example", () => {
  const [, after = ''] = readFileSync(join(root, 'README.md'), 'utf8').split(/^## Embed it$/m);
  const [, code = ''] = /^```js\n(.*?)^```$/ms.exec(after) ?? [];

  test('has ten lines of code', () => {
    expect(code.split('\n').filter((line) => line.trim() !== '')).toHaveLength(10);
  });

  test('runs in a project that has the package, and again', async () => {
    await mkdir(join(folder, 'node_modules'));
    await symlink(root, join(folder, 'node_modules/folja'), 'dir');
    await writeFile(join(folder, 'embed.mjs'), code);
    const { stdout, ...first } = await runNode(join(folder, 'embed.mjs'), [], { cwd: folder });
    expect(first).toEqual(succeeded);
    expect(stdout).toContain("type: 'template-published'");
    expect(existsSync(join(folder, 'unit.keys.db'))).toBe(true);
    const second = await runNode(join(folder, 'embed.mjs'), [], { cwd: folder });
    expect(second).toEqual({ ...succeeded, stdout: '[]\n' });
  });
});

const demo = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  runNode(example('demo/demo.ts'), args, { cwd: folder, env });

type Document = {
  readonly acts: readonly (Act & { readonly no: number })[];
  readonly tables: readonly (Shown & { readonly no: number })[];
  readonly scans: readonly Scan[];
  readonly sum: Sum;
  readonly folder?: string;
};

describe('the demo as JSON', () => {
  let document: Document;
  const told = (what: 'acts' | 'tables'): readonly string[] => document[what].map(({ outcome }) => outcome);

  beforeAll(async () => {
    const { stdout, ...ended } = await demo(['--json']);
    expect(ended).toEqual(succeeded);
    document = JSON.parse(stdout);
  });

  test('has acts and tables that all came out as expected', () => {
    const all = [...document.acts, ...document.tables];
    expect(all.filter(({ outcome, expected }) => outcome !== expected)).toEqual([]);
    expect(all.map(({ no }) => no).length).toBe(new Set(all.map(({ no }) => no)).size);
    expect(document.sum.asExpected).toBe(true);
  });

  test.each([
    'refused: unknown-program',
    'refused: handover-pending',
    'refused: role-missing',
    'refused: program-not-ended',
    'refused: command-id-reused',
    'refused: maintenance-running',
    'refused: form-already-submitted',
    'refused: outside-occasion',
    'refused: flag-closes-with-cause',
    'repeated',
    'invalid: data.resident.personalNumber, personal-number',
    'ok: erased',
  ])('has an act that came out %s', (outcome) => {
    expect(told('acts')).toContain(outcome);
  });

  test('has nothing left in the dashboards after the purge, and the log about the resident', () => {
    const purge = document.acts.find(({ outcome }) => outcome === 'ok: erased')?.no ?? Number.MAX_VALUE;
    const after = document.tables.filter(({ no }) => no > purge).filter(({ title }) => !title.startsWith('Loggen'));
    const texts = JSON.stringify(after);
    expect(after.length).toBeGreaterThan(10);
    expect(texts).not.toMatch(/Tolvan Tolvansson"\s*,\s*"1912/);
    const log = document.tables.findLast(({ title }) => title.startsWith('Loggen'));
    expect(log?.no).toBeGreaterThan(purge);
    expect(log?.rows.filter((row) => row.some((cell) => cell.startsWith('191212121212'))).length).toBeGreaterThan(40);
  });

  const table = (title: string): Document['tables'] => document.tables.filter((one) => one.title.startsWith(title));
  const actNo = (what: string): number => document.acts.find((act) => act.what === what)?.no ?? Number.NaN;

  test('R160 shows what waits for the clinician, and none of it once it is attended to', () => {
    const [before, after] = table('Hantera')
      .filter(({ outcome }) => outcome === 'ok')
      .slice(-2);
    expect(before?.notes).toContain('Flags: 1 comment, 1 form, 1 activity-missed');
    expect(after?.notes).toContain('Flags: 1 time-expired');
    expect(table('Formulär')[0]?.rows).toEqual([['fraga-1', 'Jag vill sluta för att orka leka med barnbarnen.']]);
  });

  test('R220 has an activity at the same clock time in winter and in summer', () => {
    const [plan] = table('Aktiviteter');
    expect(plan?.rows.map(([due, utc, , state]) => [due, utc, state])).toEqual([
      ['2026-03-28 20:00', '19:00', 'registered'],
      ['2026-03-29 20:00', '18:00', 'missed'],
    ]);
  });

  test('R171 tells of notifications to whom, how and about what, and what could not be sent until it was', () => {
    const notifications = table('Aviseringar');
    expect(notifications.map(({ rows }) => rows.length)).toEqual([7]);
    expect(notifications[0]?.rows).toContainEqual(['patient Ture Testman', 'sms', 'reminder']);
    expect(notifications[0]?.rows).toContainEqual(['B+IA Tore Torkelson, TOB', 'email', 'time-expired']);
    expect(table('Ej levererade')[0]?.rows).toEqual([['resident', 'sms', 'reminder', '1', 'waiting']]);
    const written = JSON.stringify(notifications);
    for (const text of ['Sugen efter maten', 'Det här om vanor', 'orka leka', 'Hej Tolvan']) {
      expect(JSON.stringify([document.tables, document.acts])).toContain(text);
      expect(written).not.toContain(text);
    }
  });

  test('R025 R183 tells the parent of the absence, and shows the late answer to the administrator', () => {
    expect(table('Ärenden')[0]?.rows[0]?.slice(-4)).toEqual(['yes', '3', '1', 'no']);
    const away = 'Away 2026-06-01 – 2026-06-14: Britt är ledig. Ring oss på BVC i stället.';
    expect(table('Startsidan').filter(({ notes }) => notes.includes(away))).toHaveLength(1);
  });

  test('R255 R256 documents every contact before the purge, with the codes of the unit that had it', () => {
    const [duties] = table('Dokumentation');
    expect(duties?.rows.map(([, , code, attribute]) => [code, attribute])).toEqual([
      ['AMNSOB', ''],
      ...Array.from({ length: 4 }, () => ['AMNSOB', 'Amningshjälpen SOB']),
    ]);
    expect(document.acts.filter(({ what }) => what.startsWith('documents'))).toHaveLength(9);
  });

  test('R244 writes out the outline of an export, and none of its texts', () => {
    const [outline] = table('Export');
    expect(outline?.rows.map(([part]) => part)).toEqual([
      ...['program', 'resident', 'content', 'dialogue', 'plans', 'handovers', 'documentation', 'history'],
    ]);
    expect(JSON.stringify(outline)).not.toMatch(/Tolvan|1912/);
  });

  test('I27 finds the same counts after the purge, and gives the resident the access report past it', () => {
    expect(actNo('finds the same counts')).toBeGreaterThan(actNo('purges, by a disposal decision'));
    const [report] = table('Åtkomst');
    expect(report?.no).toBeGreaterThan(actNo('purges, by a disposal decision'));
    expect(report?.rows.map(([, , what]) => what)).toContain('Gallrade uppgifterna i ditt program');
    expect(report?.rows.length).toBeGreaterThan(20);
  });

  test('found no personal text in clear, and found those that it planted', () => {
    expect(document.scans).toHaveLength(2);
    for (const { found, control, texts, files } of document.scans) {
      expect(found).toEqual([]);
      expect(texts).toBeGreaterThan(45);
      expect(control).toEqual({ planted: 2 * texts, found: 2 * texts });
      expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['unit.db', 'unit.keys.db']));
    }
  });

  test('counts what it did', () => {
    const { commands, views, events, refusals, repeats } = document.sum;
    const calls = [
      ...document.acts.filter(({ who }) => who !== 'the host'), // whose own acts and tables are neither
      ...document.tables.filter(({ owner }) => owner !== 'the host'),
    ].map(({ outcome }) => outcome);
    expect(refusals).toBe(calls.filter((outcome) => /^(refused|invalid)/.test(outcome)).length);
    expect(repeats).toBe(calls.filter((outcome) => outcome === 'repeated').length);
    expect(commands + views).toBe(calls.length);
    expect(events).toBeGreaterThan(commands);
  });
});

const headings = [
  'Mina (my programs)',
  'Alla (all programs of the unit)',
  'Överlämningar (handovers to the unit)',
  'Avslutade (ended programs)',
  'Hantera (a program in detail)',
  "Mina program (the resident's programs)",
  "Startsidan (the resident's start page)",
  'Konversationer (conversations)',
  'Meddelanden (messages, newest first)',
  'Att gallra (the purge list)',
  'Loggen (the audit log about a resident)',
  'Formulär (a form)',
  'Kommentarer (comments)',
  'Aktiviteter (occasions of activity plans)',
  'Tidslinje (the timeline)',
  "Ärenden (the unit's caseload)",
  'Dokumentation (what the journal lacks)',
  'Aviseringar (notifications handed to the host)',
  'Ej levererade (what has not got through)',
  'Export (what it holds, in outline)',
  'Statistik (counts, of nobody)',
  "Åtkomst (the resident's access report)",
];

describe('the demo as text', () => {
  test.each(['80', '200'])('fits a width of %s, without color codes', async (COLUMNS) => {
    const { stdout, ...ended } = await demo([], { COLUMNS, FORCE_COLOR: '1' });
    expect(ended).toEqual(succeeded);
    expect(stdout).not.toContain('\u001b');
    const widest = Math.max(...stdout.split('\n').map((line) => [...line].length));
    expect(widest).toBeLessThanOrEqual(Math.min(Number(COLUMNS), 120));
    for (const heading of headings) expect(stdout).toContain(heading);
    expect(stdout).toContain('Everything came out as expected.');
  });

  test('leaves its files when asked, which open again', async () => {
    const { stdout, code } = await demo(['--json', '--keep']);
    expect(code).toBe(0);
    const { folder: kept = '' }: Document = JSON.parse(stdout);
    const masterKey = Buffer.from(readFileSync(join(kept, 'master-key.hex'), 'utf8'), 'hex');
    const folja = await openFolja({ store: sqliteStore({ path: join(kept, 'unit.db') }), masterKey });
    expect(await folja.view({ view: 'audit', perspective: 'owner' }, auditor.actor)).toHaveProperty('_tag', 'Right');
    await folja.close();
    rmSync(kept, { recursive: true });
  });

  test('says what it takes', async () => {
    const { stdout, ...ended } = await demo(['--help']);
    expect(ended).toEqual(succeeded);
    for (const option of ['--keep', '--json', '--help', '--eventstore']) expect(stdout).toContain(option);
  });

  test.each(['--jsonn', '--keep=yes', 'now', '-x'])('refuses %s in one sentence', async (option) => {
    expect(await demo([option])).toEqual({
      code: 2,
      stdout: '',
      stderr: `The demo does not know ${option}: it takes --keep, --json, --help, --eventstore.\n`,
    });
  });
});
