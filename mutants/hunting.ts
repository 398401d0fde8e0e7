import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Mutant } from './mutant.ts';
import { tested } from './testing.ts';

/** What became of a mutant: which rules or tests failed, in which run the first of them did, and whether the library could be run at all. */
export type Caught = {
  readonly mutant: Mutant;
  readonly by: readonly string[];
  readonly lived: number;
  readonly broke: boolean;
};

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const run = promisify(execFile);
const mostMinutes = 10;

type Given = { readonly runs: number; readonly seed: number };

const printed = async (id: string | undefined, { runs, seed }: Given): Promise<string> => {
  const { FOLJA_MUTANT: _, ...others } = process.env;
  const { stdout } = await run(
    process.execPath,
    ['--no-warnings', '--import', pathOf('hooks.ts'), pathOf('mutantProcess.ts'), String(runs), String(seed)],
    { env: { ...others, ...(id === undefined ? {} : { FOLJA_MUTANT: id }) }, timeout: mostMinutes * 60_000 },
  );
  return stdout;
};

type Printed = { readonly lived: number; readonly failed: readonly string[]; readonly broke?: boolean };

/** Runs the properties on the library with a mutant in it; without one, as it is. */
export const hunt = async (id: string | undefined, given: Given): Promise<Omit<Caught, 'mutant'>> => {
  try {
    const { lived, failed, broke = false } = JSON.parse(await printed(id, given)) as Printed;
    return { lived, by: failed, broke };
  } catch {
    // A library that brings its process down, or never comes to an end, was not caught by a rule.
    return { lived: 0, by: [], broke: true };
  }
};

/** Runs tests on the library with a mutant in it; without one, as it is. */
export const huntByTests = async (
  id: string | undefined,
  tests: readonly string[],
): Promise<Omit<Caught, 'mutant'>> => {
  const { failed, ran } = await tested(id, tests);
  return { lived: 0, by: failed, broke: ran === 0 };
};

const huntOne = (mutant: Mutant, given: Given): Promise<Omit<Caught, 'mutant'>> =>
  mutant.tests === undefined ? hunt(mutant.id, given) : huntByTests(mutant.id, mutant.tests);

/** Hunts all of some mutants, as many at once as there are processors. */
export const huntAll = async (
  mutants: readonly Mutant[],
  given: Given,
  onProgress: (done: number, total: number) => void,
): Promise<readonly Caught[]> => {
  const caught = new Map<string, Caught>();
  const waiting = [...mutants];
  const worker = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      caught.set(mutant.id, { mutant, ...(await huntOne(mutant, given)) });
      onProgress(caught.size, mutants.length);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return mutants.flatMap(({ id }) => caught.get(id) ?? []);
};
