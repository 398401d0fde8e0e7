import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a program printed, and how it ended. */
export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs a script with the Node.js that runs the tests, in a folder, with no more of an environment than it needs. */
export const runNode = (
  script: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ended> =>
  new Promise((resolve) => {
    const { PATH = '', TMPDIR } = process.env;
    const kept = TMPDIR === undefined ? { PATH } : { PATH, TMPDIR };
    const options = { cwd, env: { ...kept, ...env }, timeout: 50_000, maxBuffer: 2 ** 26 };
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
    });
  });

const newestIn = async (folder: string): Promise<number> => {
  const names = await readdir(folder, { recursive: true });
  const times = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).mtimeMs));
  return Math.max(...times);
};

const builtAt = (): Promise<number> =>
  stat(join(root, 'dist/index.js')).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );

/** Builds the package unless it is newer than its source: examples import it as users do. */
export const build = async (): Promise<void> => {
  if ((await builtAt()) > (await newestIn(join(root, 'src')))) return;
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { code, stdout } = await runNode(compiler, ['-p', 'tsconfig.build.json'], { cwd: root });
  if (code !== 0) throw new Error(`The package could not be built.\n${stdout}`);
};
