import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { end, purge, start, theProgram, tobak, uuid } from '../library/given.ts';
import { disa, region } from '../library/people.ts';
import { aMinute, type World } from '../library/world.ts';
import { aStore, asRegion, folja } from './running.ts';

type Verified = { readonly ok: boolean; readonly entries: number; readonly problems: readonly { kind: string }[] };
type Finding = { readonly about: string; readonly name: string; readonly value: unknown; readonly problem?: string };

const verified = async (args: readonly string[]): Promise<Verified & { readonly code: number }> => {
  const { out, code } = await folja(['verify', '--json', ...args]);
  return { ...(JSON.parse(out) as Verified), code };
};

const examined = async (args: readonly string[], now?: string) => {
  const { out, code } = await folja(['doctor', '--json', ...args], now === undefined ? {} : { now });
  const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] };
  return { code, findings, problems: findings.flatMap(({ problem }) => problem ?? []) };
};

/** Changes the file behind the library's back. */
const alter = (path: string, ...statements: readonly string[]): void => {
  const db = new Sqlite(path);
  for (const statement of statements) db.exec(statement);
  db.close();
};

const kindsOf = ({ problems }: Verified): readonly string[] => [...new Set(problems.map(({ kind }) => kind))].sort();

const purged = async (world: World): Promise<void> => {
  await start(world, tobak, disa, { programId: uuid(9) });
  await end(world, uuid(9));
  world.clock.later(aMinute);
  await purge(world, uuid(9));
};

describe('folja verify, without a master key', () => {
  test('P11 P15 finds nothing wrong with a store that is whole, after a purge too', async () => {
    const { store } = await aStore(purged);
    const { out, err, code } = await folja(['verify', ...store]);
    expect([code, out.split('\n').at(-2)]).toEqual([0, 'Nothing is wrong.']);
    expect(out).toMatch(/^\d+ events checked, root [0-9a-f]{64}\n\d+ signed heads? held against the log\n/);
    const told = err.split('\n').filter((line) => !/ [1-9]?\d %$/.test(line));
    expect(told).toEqual(['Checking the log: 100 %', 'Building views: 100 %', '']);
  });

  test('changes no byte of the store', async () => {
    const { store, directory } = await aStore();
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .map((name) => join(directory, name))
      .filter((path) => statSync(path).isFile());
    const before = files.map((path) => readFileSync(path));
    for (const command of ['verify', 'doctor', 'stats']) await folja([command, ...store]);
    expect(files.map((path) => readFileSync(path))).toEqual(before);
  });

  test.each([
    [
      'an event',
      ['DROP TRIGGER events_stay_as_they_are', "UPDATE events SET body = replace(body, 'Skåne', 'Skane')"],
      'digest',
    ],
    [
      'an event that is gone',
      ['DROP TRIGGER events_stay', 'PRAGMA foreign_keys = OFF', 'DELETE FROM events WHERE position = 7'],
      'gap',
    ],
    ['sealed bytes', ["UPDATE flesh SET sealed = x'00' WHERE sealed IS NOT NULL"], 'flesh'],
    ['the tree', ['UPDATE audit_frontier SET peaks = zeroblob(length(peaks))'], 'frontier'],
    ['a row of a view', ["UPDATE programs SET clinician = 'SE2321000131-stranger'"], 'view'],
    ['an entry of the audit log', ["UPDATE audit_entries SET actor = 'SE2321000131-stranger' WHERE seq = 3"], 'view'],
  ])('P10 P11 P15 finds %s that was altered', async (_, statements, kind) => {
    const { store, path } = await aStore((world) => world.log());
    expect((await verified(store)).problems).toEqual([]);
    alter(path, ...statements);
    const found = await verified(store);
    expect([found.code, found.ok]).toEqual([1, false]);
    expect(kindsOf(found)).toContain(kind);
  });

  test('P11 finds an older copy, and a log that nothing vouches for', async () => {
    const older = await aStore();
    const { directory, open, store } = await aStore();
    await folja(['rebuild', ...open]);
    rmSync(join(directory, 'unit.db'));
    cpSync(older.path, join(directory, 'unit.db'));
    expect(kindsOf(await verified(store))).toEqual(expect.arrayContaining(['anchor', 'head']));
    rmSync(join(directory, 'unit.anchors'), { recursive: true });
    expect(kindsOf(await verified(store))).toEqual(['anchors-missing']);
    expect((await folja(['verify', ...store])).out).toContain('! anchors-missing: there are no anchors');
  });

  test('P15 holds the log against a head that was kept elsewhere, with the key that was kept with it', async () => {
    const { open, store, path, directory, file } = await aStore();
    const { out } = await folja(['head', ...open, '--json']);
    const head = file('head.json', out);
    const key = file('key.pem', (JSON.parse(out) as { publicKey: string }).publicKey);
    expect((await verified([...store, '--head', head, '--public-key', key])).problems).toEqual([]);
    // Whoever can write both the log and the anchors makes them agree; not with what somebody else has.
    alter(path, 'DROP TRIGGER events_stay_as_they_are', "UPDATE events SET body = replace(body, 'Skåne', 'Skane')");
    rmSync(join(directory, 'unit.anchors'), { recursive: true });
    expect(kindsOf(await verified(store))).not.toContain('head');
    expect(kindsOf(await verified([...store, '--head', head, '--public-key', key]))).toContain('head');
  });

  test('P11 P15 finds nothing wrong beside a host that goes on writing', async () => {
    let found: Verified | undefined;
    await aStore(async (world) => {
      const writing = Array.from({ length: 40 }, () => world.sees({ view: 'units' }, region));
      const store = join(world.directory, 'unit.db');
      [found] = await Promise.all([verified(['--store', store]), ...writing]);
    });
    expect(found?.problems).toEqual([]);
  });

  test.each([0.9, 0.6, 0.3])('P11 finds the damage in a file that was cut to %d of its length', async (part) => {
    const { store, path } = await aStore();
    truncateSync(path, Math.floor(statSync(path).size * part));
    const { code, err } = await folja(['verify', '--quiet', ...store]);
    expect(code === 1 || (code === 3 && /^folja: The event store is damaged/.test(err))).toBe(true);
  });

  test('says in one sentence what it cannot read', async () => {
    const { directory, keyFile } = await aStore();
    const missing = await folja(['verify', '--store', join(directory, 'none.db')]);
    expect(missing).toMatchObject({ code: 3, out: '' });
    expect(missing.err).toMatch(/^folja: There is no store at .*none\.db: give the path of one\.\n$/);
    const foreign = await folja(['verify', '--store', keyFile]);
    expect([foreign.code, foreign.err]).toEqual([
      3,
      expect.stringMatching(/^folja: The event store is not an SQLite file/),
    ]);
    const keys = await folja(['verify', '--store', join(directory, 'unit.keys.db')]);
    expect([keys.code, keys.err]).toEqual([3, expect.stringMatching(/^folja: The event store is not there but/)]);
  });
});

describe('folja doctor, without a master key', () => {
  const told = (findings: readonly Finding[], name: string): unknown =>
    findings.find((finding) => finding.name === name)?.value;

  test('finds nothing wrong with a store in good health', async () => {
    const { store } = await aStore();
    const { code, findings, problems } = await examined(store);
    expect([code, problems]).toEqual([0, []]);
    expect(told(findings, 'settings')).toBe('as they are to be');
    expect(told(findings, 'master key')).toMatch(/^master wraps \d+ keys$/);
    expect(told(findings, 'newest signed head')).toMatch(/signed just now$/);
    const { out } = await folja(['doctor', ...store]);
    expect(out).toMatch(/^versions\n {2}folja +\S+\n/);
    expect(out).toMatch(/\nNothing is wrong\.\n$/);
  });

  test('P13 warns when something purged still opens in copies that are older than 30 days', async () => {
    const { store, open, file } = await aStore(purged);
    expect((await examined(store, '2026-03-31T08:00:00.000Z')).problems).toEqual([]);
    const late = await examined(store, '2026-04-02T08:00:00.000Z');
    expect([late.code, late.problems]).toEqual([1, [expect.stringMatching(/run folja rotate-key$/)]]);
    const next = file('next.key', new Uint8Array(32).fill(8));
    await folja(['rotate-key', ...open, ...asRegion, '--next-key-file', `2026-04=${next}`]);
    expect(told((await examined(store)).findings, 'purges since then')).toBe('0');
    expect((await examined(store, '2026-04-02T08:00:00.000Z')).problems).not.toContainEqual(
      expect.stringMatching(/rotate-key/),
    );
  });

  test('P11 P12 E4 tells of a guard that was taken away, and of a table that is not the library’s', async () => {
    for (const [change, words] of [
      ['DROP TRIGGER events_stay', /^The event store has lost its guard events_stay: /],
      ['CREATE TABLE notes (text TEXT)', /^The event store holds notes, which Folja does not know/],
    ] as const) {
      const { store, path } = await aStore();
      alter(path, change);
      const { code, problems } = await examined(store);
      expect([code, problems]).toEqual([1, [expect.stringMatching(words)]]);
    }
  });

  test('P12 tells of a purge that is not finished, and what it waits for', async () => {
    const { store, path } = await aStore();
    const stream = `program-${theProgram}`;
    alter(path, `INSERT INTO erasures (stream, key_id, position, stage) VALUES ('${stream}', 'x', 1, 'flesh-deleted')`);
    const { code, findings } = await examined(store);
    expect(code).toBe(1);
    expect(told(findings, 'not finished')).toBe(
      `${stream} waits for an open reader to end, so that freed pages are overwritten`,
    );
  });

  test('tells which years of the log may be disposed of, by the policy', async () => {
    const { store, file } = await aStore();
    const may = async (now: string, more: readonly string[] = []) =>
      told((await examined([...store, ...more], now)).findings, 'years that may be disposed');
    expect(await may('2031-12-31T12:00:00.000Z')).toBe('none');
    expect(await may('2032-01-01T12:00:00.000Z')).toBe('2026');
    const policy = file('policy.json', '{"id":"longer-1","auditYears":10}');
    expect(await may('2032-01-01T12:00:00.000Z', ['--policy', policy])).toBe('none');
  });

  test('goes on where one thing cannot be looked at', async () => {
    const { store, directory } = await aStore();
    rmSync(join(directory, 'unit.keys.db'));
    const { code, findings, problems } = await examined(store);
    expect([code, problems]).toEqual([1, [expect.stringMatching(/^The key file is not there/)]]);
    expect(told(findings, 'newest anchor')).toBeDefined();
  });
});
