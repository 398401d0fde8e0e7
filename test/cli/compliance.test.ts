import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { folja } from './running.ts';

const folder = mkdtempSync(join(tmpdir(), 'folja-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = join(import.meta.dirname, '../../src/cli/folja.ts');
const entry = JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../src/index.ts')).href);

const moduleOf = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const host = moduleOf(
  'host.ts',
  `import { inMemoryStore, openFolja } from ${entry};
const masterKey: Uint8Array = new Uint8Array(32).fill(7);
export default { open: (given: object) => openFolja({ store: inMemoryStore(), masterKey, policy: { id: 'host-1' }, ...given }) };
`,
);

const few = ['--runs', '1', '--steps', '4'];

/** Runs the command in a process of its own, whose temporary files lie in a folder of their own. */
const runWith = (node: readonly string[], ...args: readonly string[]) =>
  new Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>((resolve) => {
    const env = { PATH: process.env.PATH, TMPDIR: folder };
    const child = spawn(process.execPath, [...node, program, 'compliance', ...args], { env });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString('utf8');
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });

const run = (...args: readonly string[]) => runWith([], ...args);

describe('folja compliance', () => {
  test('tries the library itself on SQLite files, which are gone afterwards, and ends with 0', async () => {
    const { code, out, err } = await run(...few);
    expect([code, out.split('\n')[0]]).toEqual([0, expect.stringMatching(/^I01 {5}holds {10}an active unit has/)]);
    expect(out).toMatch(/\nAll \d+ rules hold in 1 run \(seed 1177\)\.\n$/);
    expect(err).toBe('Trying: 100 %\n');
    expect(readdirSync(folder).filter((name) => name.startsWith('folja-compliance-'))).toEqual([]);
  }, 600_000);

  test('tries a host’s module, and gives its report as JSON', async () => {
    const { code, out, err } = await run(host, ...few, '--seed', '7', '--path', '2', '--format', 'json', '--quiet');
    const { ok, at, tried } = JSON.parse(out);
    expect({ code, err, ok, at, tried }).toMatchObject({
      ...{ code: 0, err: '', ok: true, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
      tried: { policy: 'host-1', seed: 7, path: '2', runs: 1, steps: 4 },
    });
  }, 600_000);

  test('ends with 1 where a rule does not hold, and shows how', async () => {
    const wrong = moduleOf(
      'wrong.mjs',
      `import { inMemoryStore, openFolja } from ${entry};
const masterKey = new Uint8Array(32).fill(7);
export default { open: async (given) => {
  const folja = await openFolja({ store: inMemoryStore(), masterKey, ...given });
  const { subscribe } = folja;
  // Every event is heard twice.
  folja.subscribe = (listener) => subscribe((event) => { listener(event); listener(event); });
  return folja;
} };
`,
    );
    const { code, out } = await run(wrong, '--runs', '1', '--steps', '1', '--format', 'md', '--quiet');
    expect(code).toBe(1);
    expect(out).toMatch(/^1 of \d+ rules do not hold in 1 run \(seed 1177\)\.$/m);
    expect(out).toContain('### P7: positions rise without gaps');
    expect(out).not.toMatch(/SE\d{10}-|[0-9a-f]{8}-[0-9a-f]{4}-/);
  }, 600_000);

  test.each([
    ['a module that is not there', ['none.mjs'], 2, /^folja: The module none\.mjs cannot be loaded \([^\n]*\)\.\n$/],
    ['a module that exports nothing', [moduleOf('empty.mjs', '')], 2, /is to export the options of compliance/],
    ['no runs', ['--runs', '0'], 2, /^folja: option '--runs <number>'/],
    ['half a seed', ['--seed', '0.5'], 2, /^folja: option '--seed <number>'/],
    ['a path of another kind', ['--path', '1:2'], 2, /^folja: option '--path <number>'/],
    ['an unknown format', ['--format', 'xml'], 2, /^folja: option '--format <name>'/],
    ['two modules', [host, host], 2, /^folja: too many arguments/],
  ])('says what is wrong with %s', async (_, args, code, sentence) => {
    const ran = await folja(['compliance', ...args]);
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.err).toMatch(sentence);
  });

  test('ends with 3 where the host cannot open the library', async () => {
    const failing = moduleOf('failing.mjs', "export default { open: () => Promise.reject(new Error('no disk')) };");
    expect(await run(failing, '--quiet')).toEqual({
      ...{ code: 3, out: '' },
      err: 'folja: compliance cannot begin, for open failed: no disk\n',
    });
  }, 600_000);

  test('says what to install where fast-check is not, and ends with 3', async () => {
    const without = moduleOf(
      'without.mjs',
      `import { registerHooks } from 'node:module';
registerHooks({ resolve: (name, context, next) => next(name === 'fast-check' ? 'fast-check-is-not-installed' : name, context) });
`,
    );
    expect(await runWith(['--import', pathToFileURL(without).href], '--quiet')).toEqual({
      ...{ code: 3, out: '' },
      err: 'folja: folja compliance needs the package fast-check, version 4: npm install --save-dev fast-check.\n',
    });
  }, 600_000);
});
