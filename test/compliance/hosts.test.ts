import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Folja, inMemoryStore, openFolja } from 'folja';
import { type ComplianceOptions, compliance, type Given, verdicts } from 'folja/compliance';
import { sqliteStore } from 'folja/sqlite';
import { afterAll, describe, expect, test } from 'vitest';

const masterKey = new Uint8Array(32).fill(7);
const policy = { id: 'host-1' };
const open = (given: Given): Promise<Folja> => openFolja({ store: inMemoryStore(), masterKey, policy, ...given });
const few = { runs: 2, steps: 8, seed: 7 };

const folder = mkdtempSync(join(tmpdir(), 'folja-hosts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source = (name: string): string =>
  JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../src', name)).href);

/** What a host's own file begins with. */
const beginning = `
import { inMemoryStore, openFolja } from ${source('index.ts')};
import { compliance } from ${source('compliance.ts')};
const open = (given) => openFolja({ store: inMemoryStore(), masterKey: new Uint8Array(32).fill(7), ...given });
const some = compliance({ open, runs: 2, steps: 8, seed: 7 }).filter(({ id }) => ['I01', 'P6'].includes(id));
`;

const run = (name: string, text: string, ...args: readonly string[]) =>
  new Promise<{ readonly code: number; readonly out: string }>((resolve) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    execFile(process.execPath, [...args, file], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr });
    });
  });

describe('a host that runs the rules in vitest', () => {
  for (const { id, name, check } of compliance({ open, ...few }))
    if (['I01', 'I15', 'P6', 'answers'].includes(id)) test(`${name}, as a test of the host’s`, check, 600_000);
});

describe('a host that runs the rules elsewhere', () => {
  test('does so in node:test', async () => {
    const text = `${beginning}
import { test } from 'node:test';
for (const { name, check } of some) test(name, check);`;
    const { code, out } = await run('host.test.mjs', text, '--test', '--test-reporter=tap');
    expect([code, out]).toEqual([0, expect.stringContaining('# pass 2')]);
    expect(out).toContain('ok 1 - I01 an active unit has an administrator');
  }, 600_000);

  test('does so without any framework', async () => {
    const text = `${beginning}
for (const { id, check } of some) console.log(id, await check());`;
    expect(await run('host.mjs', text)).toEqual({ code: 0, out: 'I01 undefined\nP6 undefined\n' });
  }, 600_000);
});

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was thrown',
    (error: Error) => error.message,
  );

describe('a host that opens the library otherwise than it is to', () => {
  const store = sqliteStore({ path: join(folder, 'one.db') });
  const one = openFolja({ store: inMemoryStore(), masterKey });
  const wrong: readonly (readonly [string, ComplianceOptions['open'], string])[] = [
    ['the same store each time', (given) => openFolja({ store, masterKey, ...given }), 'an empty store each time'],
    ['the same library each time', () => one, 'compliance needs'],
    ['a wrapper', async (given) => ({ ...(await open(given)) }), 'what openFolja gave, as it is'],
    ['nothing', async () => undefined as never, 'what openFolja gave, as it is'],
    ['a failure', async () => Promise.reject(new Error('no disk')), 'open failed: no disk'],
  ];

  test.each(wrong)(
    'by %s is told so in one sentence, by every rule',
    async (_, given, sentence) => {
      const [first, second] = compliance({ open: given, ...few });
      const messages = await Promise.all([first, second].map((property) => messageOf(property?.check() as never)));
      for (const message of messages) {
        expect(message).toContain(sentence);
        expect(message).toMatch(/^compliance [^\n]*[^\n]$/);
      }
      expect(await messageOf(verdicts({ open: given, ...few }))).toBe(messages[0]);
    },
    600_000,
  );

  test.each([
    ['no open', {}],
    ['no runs', { open, runs: 0 }],
    ['half a step', { open, steps: 1.5 }],
    ['a seed that is a text', { open, seed: '7' }],
    ['a path of another kind', { open, path: '1:2' }],
    ['a template without content', { open, templates: [{ templateId: 'x' }] }],
  ])('with %s is told so before anything is lived', (_, options) => {
    expect(() => compliance(options as never)).toThrow(TypeError);
  });
});

/** A library that refuses a template that it has enabled. */
const openWrong = async (given: Given): Promise<Folja> => {
  const folja = await open(given);
  const { execute } = folja;
  return Object.assign(folja, {
    execute: async (...[command, actor]: Parameters<Folja['execute']>) => {
      const answer = await execute(command, actor);
      const isEnabled = command?.type === 'enable-template' && answer._tag === 'Right';
      return isEnabled ? { _tag: 'Left', left: { kind: 'refused', code: 'not-permitted' } } : answer;
    },
  });
};

describe('a rule that does not hold', () => {
  const options = { open: openWrong, runs: 1, steps: 4, seed: 7 };
  const failing = (more: Partial<ComplianceOptions>) =>
    messageOf(
      compliance({ ...options, ...more })
        .find(({ id }) => id === 'answers')
        ?.check() as Promise<void>,
    );

  test('is told with a history that people read, and what gives the same again', async () => {
    const text = await failing({ runs: 2 });
    expect(text).toMatch(/^answers does not hold: every command is answered as a simple model/);
    expect(text).toMatch(/\nFound: \d+: enable-template/);
    expect(text).toMatch(/\nThe shortest history that was found, of \d+ steps?:\n {5}To begin with there are unit 1 /);
    const [, seed = '', path = '', steps = ''] = /seed: (\d+), path: '(\d+)', steps: (\d+), runs: 1/.exec(text) ?? [];
    const again = await failing({ seed: Number(seed), path, steps: Number(steps), runs: 1 });
    expect(again).toBe(text);
    expect(text).not.toMatch(/SE\d{10}|\d{8}-?\d{4}|canary/);
  }, 600_000);
});
