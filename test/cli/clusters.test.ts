import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aNodeOf, anEndedProgram, aServer } from '../library/clusters.ts';
import { purge, theProgram } from '../library/given.ts';
import { tolvan } from '../library/people.ts';
import { masterKey } from '../library/world.ts';
import { asAuditor, asRegion, asStaff, folja, secrets } from './running.ts';

type Finding = { readonly about: string; readonly name: string; readonly value: unknown };

const fileIn = (directory: string, name: string, content: string | Uint8Array): string => {
  const path = join(directory, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
};

/** A cluster with a program that has ended, whose node is closed: its file is the operator's. */
const aCluster = async ({ isPurged = false } = {}) => {
  const server = await aServer();
  const world = await aNodeOf(server);
  await anEndedProgram(world);
  if (isPurged) await purge(world, theProgram);
  await world.close();
  const path = join(world.directory, 'node.db');
  const keyFile = fileIn(world.directory, 'master.key', Buffer.from(masterKey).toString('hex'));
  const store = ['--store', path];
  const open = [...store, '--master-key-file', keyFile, '--eventstore', server.connection];
  return { server, world, directory: world.directory, path, keyFile, store, open };
};

const wide = /^[┌├└│]/;

describe('folja on a node of a cluster', () => {
  test.each([
    ['head', []],
    ['rebuild', asRegion],
    ['stats', asRegion],
    ['audit', [...asAuditor, '--perspective', 'owner']],
    ['replay', [...asStaff('b'), '--until', '20', '--view', 'overview', '--query', '{"tab":"all"}']],
    ['export', [...asStaff('da'), '--program', theProgram, '--format', 'json']],
    ['accept-restored', []],
  ])('opens it instead of an embedded store: %s', async (command, more) => {
    const { open, server } = await aCluster();
    const before = server.calls.Append;
    const { code, out } = await folja([command, ...open, ...more, '--quiet']);
    expect([code, out === '']).toEqual([0, false]);
    expect(server.calls.Append).toBeGreaterThan(before);
  });

  test('P13 rotates the master key of all nodes', async () => {
    const { open, store, directory, server } = await aCluster();
    const next = `next=${fileIn(directory, 'next.key', new Uint8Array(32).fill(8))}`;
    const rotated = await folja(['rotate-key', ...open, ...asRegion, '--next-key-file', next]);
    expect(rotated).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+ keys wrapped anew\. Give next /) });
    expect((await folja(['head', ...open])).code).toBe(3);
    const opened = await folja(['head', ...store, '--eventstore', server.connection, '--master-key-file', next]);
    expect(opened.code).toBe(0);
  });

  test('takes the cluster from the environment, where a password may stand', async () => {
    const { store, keyFile, server } = await aCluster();
    const args = ['nodes', ...store, '--master-key-file', keyFile];
    expect(await folja(args, { env: { FOLJA_EVENTSTORE: server.connection } })).toMatchObject({ code: 0, err: '' });
    expect((await folja(args, { env: { FOLJA_EVENTSTORE: '' } })).code).toBe(2);
  });

  test('opens the store of a prefix, where several share the cluster', async () => {
    const { open, directory, server } = await aCluster();
    const other = open.map((arg) => (arg.endsWith('node.db') ? join(directory, 'apart.db') : arg));
    const made = await folja(['nodes', ...other, '--prefix', 'apart-', '--new-node', '--json', '--quiet']);
    expect([made.code, JSON.parse(made.out).nodes.length]).toEqual([0, 1]);
    expect(server.log.records().some(({ stream }) => stream === 'apart-folja-store')).toBe(true);
    expect((await folja(['nodes', ...other, '--quiet'])).code).toBe(3);
  });

  test('never makes a machine of a mistyped path, but where that is asked for', async () => {
    const { open, directory, server } = await aCluster();
    const other = open.map((arg) => (arg.endsWith('node.db') ? join(directory, 'other.db') : arg));
    const mistyped = await folja(['nodes', ...other]);
    expect([mistyped.code, mistyped.err]).toEqual([3, expect.stringMatching(/^folja: This node has no file at /)]);
    const opened = () => server.log.records().filter(({ type }) => type === 'node-opened').length;
    const before = opened();
    const made = await folja(['nodes', ...other, '--new-node', '--json']);
    expect([made.code, made.err]).toEqual([0, expect.stringMatching(/^Following the cluster: /)]);
    expect(JSON.parse(made.out).nodes).toHaveLength(2);
    expect(opened()).toBe(before + 1);
  });

  test('is told in a sentence what does not go with a cluster', async () => {
    const { open } = await aCluster();
    expect((await folja(['head', ...open, '--keys', 'unit.keys.db'])).err).toMatch(/^folja: The keys of a cluster lie/);
    const embedded = await folja(['scavenge', ...open.filter((arg) => !/^(--eventstore|esdb:)/.test(arg))]);
    expect([embedded.code, embedded.err]).toEqual([2, expect.stringMatching(/^folja: There is no cluster/)]);
  });
});

describe('the connection of a cluster', () => {
  const password = 'Hemligt-77';

  test('is no option with a password in it, which is not repeated', async () => {
    const { store, keyFile } = await aCluster();
    const given = await folja([
      ...['nodes', ...store, '--master-key-file', keyFile],
      ...['--eventstore', `esdb://admin:${password}@127.0.0.1:2113?tls=false`],
    ]);
    expect([given.code, given.out, given.err]).toEqual([
      2,
      '',
      expect.stringMatching(/^folja: A password is never given/),
    ]);
    expect(given.err).not.toContain(password);
  });

  test.each([
    `esdb://admin:${password}@127.0.0.1:1?tls=false`,
    `esdb://admin:${password}@127.0.0.1:1?tls=maybe`,
    `nonsense ${password}`,
  ])(
    'is never printed, whatever is wrong with it (%#)',
    async (connection) => {
      const { store, keyFile } = await aCluster();
      const env = { FOLJA_EVENTSTORE: connection };
      const { code, out, err } = await folja(['nodes', ...store, '--master-key-file', keyFile], { env });
      expect([code, out, err]).toEqual([3, '', expect.stringMatching(/^folja: [A-Z][^\n]*\.\n$/)]);
      expect(err).not.toContain(password);
    },
    60_000,
  );
});

describe('folja nodes', () => {
  test('shows a table of the machines, and that one is gone when that is said', async () => {
    const { open, server } = await aCluster();
    const other = await aNodeOf(server);
    const id = other.engine.sharing?.nodes().find(({ isThis }) => isThis)?.nodeId ?? '';
    await other.close();
    const shown = await folja(['nodes', ...open]);
    expect(shown.code).toBe(0);
    expect(shown.out.split('\n').filter((line) => wide.test(line)).length).toBeGreaterThanOrEqual(5);
    expect(shown.out).toMatch(/│ id +│ opened +│ state +│/);
    expect(shown.out).toMatch(new RegExp(`│ ${id} │ \\S+ +│ in use `));
    expect(shown.out).toContain('this one');
    const retired = await folja(['nodes', ...open, ...asRegion, '--retire', id]);
    expect([retired.code, retired.out]).toEqual([0, expect.stringMatching(new RegExp(`${id} │ \\S+ +│ retired 20`))]);
  });

  test('ends with 1 where there is no other node of that id, and with 1 where somebody may not', async () => {
    const { open } = await aCluster();
    const none = await folja(['nodes', ...open, '--retire', '0195d3a0-0000-7000-8000-000000000099']);
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('There is no other node of that id.')]);
    expect(await folja(['nodes', ...open, ...asStaff('b')])).toMatchObject({ code: 1, out: '' });
    expect((await folja(['nodes', ...open, '--retire', 'x'])).code).toBe(3);
  });
});

describe('folja scavenge', () => {
  test('R242 removes what was deleted from every server, with progress, and finishes the purge that waited', async () => {
    const { open, server, path } = await aCluster({ isPurged: true });
    await aServer({ cluster: server.cluster });
    const flesh = () =>
      server.log.records().filter(({ stream, type }) => stream === `flesh-${theProgram}` && type === 'flesh');
    expect(flesh().length).toBeGreaterThan(0);
    const waiting = JSON.parse((await folja(['doctor', '--store', path, '--json'])).out) as { findings: Finding[] };
    expect(waiting.findings).toContainEqual(expect.objectContaining({ about: 'node', name: 'clean here' }));
    const { code, out, err } = await folja(['scavenge', ...open, ...asRegion]);
    expect([code, out]).toEqual([0, 'What was deleted is gone from 2 servers.\n']);
    expect(err).toMatch(/Scavenging: 50 %\nScavenging: 100 %\n/);
    expect(flesh()).toEqual([]);
    const done = JSON.parse((await folja(['doctor', '--store', path, '--json'])).out) as { findings: Finding[] };
    expect(done.findings.filter(({ name }) => name === 'clean here')).toEqual([]);
  });
});

describe('the file of a node that is only looked at', () => {
  test('P11 P15 is found whole by folja verify, and counted by folja stats', async () => {
    const { store } = await aCluster({ isPurged: true });
    const verified = await folja(['verify', ...store, '--quiet']);
    expect(verified.out).toMatch(/Nothing is wrong\.\n$/);
    expect(verified.code).toBe(0);
    const counted = await folja(['stats', ...store, '--json']);
    expect(counted.code).toBe(0);
    expect(JSON.parse(counted.out).rows).toContainEqual(expect.objectContaining({ type: 'purged', events: 1 }));
  });

  test('is told of by folja doctor: the node, the others, and which master keys wrap the keys of the cluster', async () => {
    const { store, world } = await aCluster();
    const { out, code } = await folja(['doctor', ...store, '--json'], { now: world.clock.now().toISOString() });
    const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] };
    const of = (about: string, name: string) =>
      findings.flatMap((finding) => (finding.about === about && finding.name === name ? [finding.value] : []));
    expect(of('file of read models', 'tables and guards')).toEqual(['as they are to be']);
    expect(of('node', 'id')).toHaveLength(1);
    expect(of('node', 'node of the cluster')).toEqual(of('node', 'id'));
    expect(of('keys', 'master key')).toEqual([expect.stringMatching(/^master wraps \d+ keys$/)]);
    expect(findings.filter(({ about }) => about === 'key file')).toEqual([]);
    expect(code).toBe(0);
  });

  test('R250 shows nothing personal to whoever looks', async () => {
    const { store, open } = await aCluster();
    for (const command of ['verify', 'doctor', 'stats']) {
      const { out, err } = await folja([command, ...store]);
      expect(secrets.filter((secret) => (out + err).includes(secret))).toEqual([]);
    }
    const asked = await folja(['audit', ...open, ...asAuditor, '--perspective', 'owner']);
    expect(asked.out).toContain(tolvan.personalNumber);
  });
});
