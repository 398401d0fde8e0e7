import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const root = new URL('../../', import.meta.url);

/** A directory of the test's own, gone when the test is. */
export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'folja-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

/** The names of the files under a directory that hold these bytes anywhere. */
export const filesWith = (directory: string, bytes: Buffer): readonly string[] =>
  readdirSync(directory).filter((name) => readFileSync(join(directory, name)).includes(bytes));

/** Runs TypeScript in a process of its own; gives what it printed, or its error where it printed nothing. */
export const inProcess = (code: string): Promise<string> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], { cwd: root });
    const printed: { out: string; error: string } = { out: '', error: '' };
    child.stdout.on('data', (chunk) => {
      printed.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      printed.error += chunk;
    });
    child.on('close', () => resolve(printed.out.trim() || printed.error));
  });

/** The address of a source file, for programs that run in a process of their own. */
export const source = (path: string): string => JSON.stringify(new URL(`src/${path}`, root).href);

/** A line of program that waits until a moment that several processes share. */
export const startTogether = (): string => `while (Date.now() < ${Date.now() + 1_000});`;
