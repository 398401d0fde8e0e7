import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aStore, asResident, environment } from './running.ts';

const program = join(import.meta.dirname, '../../src/cli/folja.ts');

type Given = { readonly env?: Readonly<Record<string, string>>; readonly input?: string; readonly stopsReading?: true };

/** Runs the command in a process of its own. */
const run = ([...args]: readonly string[], { env = {}, input = '', stopsReading }: Given = {}) =>
  new Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env.PATH, ...env } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString('utf8');
    });
    if (stopsReading) child.stdout.destroy();
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });

describe('the process folja', () => {
  test('ends with 1 where something is wrong, 2 where it is called wrongly, 3 without a store', async () => {
    const { store, directory } = await aStore();
    const [wrong, usage, none] = await Promise.all([
      run(['doctor', ...store, '--anchors', join(directory, 'none')]),
      run(['verify', ...store, '--fast']),
      run(['verify', '--store', join(directory, 'none.db')]),
    ]);
    expect([wrong.code, usage.code, none.code]).toEqual([1, 2, 3]);
    expect(wrong.out).toMatch(/\n! anchors: [^\n]*\n$/);
    expect(none.err).toMatch(/^folja: There is no store at [^\n]*\n$/);
    expect(`${wrong.err}${usage.err}${none.err}`).not.toMatch(/ at .*:\d+:\d+/);
  });

  test('ends with 0 where all is done, and reads the master key out of the environment, and a number from standard input', async () => {
    const { store } = await aStore();
    const given = { env: environment, input: '191212121212\n' };
    const { code, out } = await run(['access-report', ...store, ...asResident, '--format', 'csv'], given);
    expect([code, out.split('\r\n')[0]]).toEqual([0, 'at,unit,careProvider,action']);
    expect(out).toContain('Startade ditt program');
  });

  test('ends quietly when nobody reads on', async () => {
    const { store } = await aStore();
    expect(await run(['stats', ...store], { stopsReading: true })).toEqual({ code: 0, out: '', err: '' });
  });
});
