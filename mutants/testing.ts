import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const root = pathOf('..');
const run = promisify(execFile);
const mostMinutes = 10;

/** What the tests came to: which failed, and how many were run at all. */
export type Tested = { readonly failed: readonly string[]; readonly ran: number };

type Told = {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
  }[];
};

const testedIn = ({ testResults }: Told): Tested => {
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ status, title }) => ({ status, name: `${relative(join(root, 'test'), name)}: ${title}` })),
  );
  return {
    failed: tests.filter(({ status }) => status === 'failed').map(({ name }) => name),
    ran: tests.filter(({ status }) => ['passed', 'failed'].includes(status)).length,
  };
};

/** Runs tests on the library with a mutant in it, or as it is, to the first that fails. Processes that the tests start have the mutant too. */
export const tested = async (id: string | undefined, files: readonly string[]): Promise<Tested> => {
  const folder = mkdtempSync(join(tmpdir(), 'folja-mutant-'));
  const outcome = join(folder, 'tests.json');
  const { FOLJA_MUTANT: _, NODE_OPTIONS: options = '', ...others } = process.env;
  const mutating = { FOLJA_MUTANT: id, NODE_OPTIONS: `${options} --import ${pathOf('hooks.ts')}` };
  const args = ['run', '--config', pathOf('vitest.config.ts'), '--bail', '1', '--maxWorkers', '1'];
  try {
    await run(
      process.execPath,
      [
        ...[pathOf('../node_modules/vitest/vitest.mjs'), ...args, '--reporter', 'json', '--outputFile', outcome],
        ...files.map((file) => join('test', file)),
      ],
      {
        ...{ cwd: root, timeout: mostMinutes * 60_000, maxBuffer: 2 ** 26 },
        env: { ...others, FOLJA_APART: 'all', ...(id === undefined ? { NODE_OPTIONS: options } : mutating) },
      },
    ).catch(() => undefined);
    return testedIn(JSON.parse(readFileSync(outcome, 'utf8')) as Told);
  } catch {
    // Tests that never come to an end, or cannot be loaded, tell of nothing.
    return { failed: [], ran: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
