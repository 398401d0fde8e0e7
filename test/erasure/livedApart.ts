import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Content, filesIn } from './scanning.ts';

/** When a life's files are looked at: open after it, closed, open after the purge, closed again under another master key. */
export const phases = ['lived', 'closed', 'purged', 'ended'] as const;
export type Phase = (typeof phases)[number];

/** Where a life is lived: all that its process may write to lies below one directory. */
export type Places = {
  readonly below: string;
  readonly path: string;
  readonly keysPath: string;
  readonly anchorPath: string;
  readonly temporary: string;
  readonly cwd: string;
  readonly copies: string;
};

export const placesBelow = (directory: string, copies = mkdtempSync(join(tmpdir(), 'folja-copies-'))): Places => {
  const made = (name: string): string => {
    mkdirSync(join(directory, name), { recursive: true });
    return join(directory, name);
  };
  return {
    below: directory,
    path: join(made('data'), 'unit.db'),
    keysPath: join(made('keys'), 'unit.keys.db'),
    anchorPath: made('anchors'),
    temporary: made('temporary'),
    cwd: made('cwd'),
    copies,
  };
};

/** What there is to be looked at in a phase. */
export type Scene = {
  readonly phase: Phase;
  /** What came of the calls so far, counted. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Every file that the process may have written. */
  readonly files: readonly string[];
  /** What lies in no file with a name: what was printed, and files that are removed and still open. */
  readonly contents: readonly Content[];
  /** The data and the keys as they are now, copied. */
  readonly copy: () => Pick<Places, 'path' | 'keysPath'>;
};

const newerIn = (directory: string, since: number): readonly string[] =>
  readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(directory, entry.name))
    .filter((file) => statSync(file).mtimeMs >= since);

/** Files that a living process has removed and still holds open, as SQLite does with temporary ones. */
const removedFilesOf = (pid: number | undefined): readonly Content[] => {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => readlinkSync(path).endsWith('(deleted)') && statSync(path).isFile())
    .map((path) => ({ where: `removed ${readlinkSync(path)}`, bytes: readFileSync(path) }));
};

const copyingTo =
  ({ path, keysPath, copies }: Places, phase: Phase) =>
  (): Pick<Places, 'path' | 'keysPath'> => {
    cpSync(join(path, '..'), join(copies, phase, 'data'), { recursive: true });
    cpSync(join(keysPath, '..'), join(copies, phase, 'keys'), { recursive: true });
    return { path: join(copies, phase, 'data', 'unit.db'), keysPath: join(copies, phase, 'keys', 'unit.keys.db') };
  };

/** The master key of a life, and the one that takes over after its purge. */
export const masterKey = new Uint8Array(32).fill(7);
export const nextMasterKey = new Uint8Array(32).fill(8);
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What a process prints on both of its ways, which come later than its messages. */
const printedBy = ({ stdout, stderr }: ChildProcess) => {
  const ways: readonly Buffer[][] = [[], []];
  for (const [index, stream] of [stdout, stderr].entries())
    stream?.on('data', (chunk: Buffer) => ways[index]?.push(chunk));
  return {
    all: () => Buffer.concat(ways.flat()),
    until: async (mark: string): Promise<void> => {
      while (!ways.every((chunks) => Buffer.concat(chunks).includes(mark))) await wait(5);
    },
  };
};

export type Living = {
  readonly seed: number;
  readonly withoutEncryption?: boolean;
  /** A program under which the process runs, with its arguments. */
  readonly under?: readonly [program: string, ...args: string[]];
};

/** Lives the life of a seed in a process of its own, with directories of its own, and calls back in each phase. */
export const liveApart = async (
  places: Places,
  { seed, withoutEncryption = false, under }: Living,
  look: (scene: Scene) => void | Promise<void>,
): Promise<void> => {
  const since = Date.now();
  const { path, keysPath, anchorPath, temporary, cwd } = places;
  const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const keys = ['--key', hexOf(masterKey), '--next', hexOf(nextMasterKey)];
  const files = ['--path', path, '--keys', keysPath, '--anchors', anchorPath];
  const args = [...files, ...keys, '--seed', String(seed)];
  const preloaded = withoutEncryption ? ['--import', beside('withoutEncryption.ts')] : [];
  const child = fork(beside('lifeProcess.ts'), args, {
    ...{ cwd, silent: true, env: { PATH: process.env.PATH ?? '', TMPDIR: temporary } },
    ...(under === undefined ? {} : { execPath: under[0] }),
    execArgv: [...(under === undefined ? [] : [...under.slice(1), process.execPath]), ...preloaded],
  });
  const printed = printedBy(child);
  const ended = once(child, 'close');
  let isDone = false;
  try {
    for (const phase of phases) {
      const message = await Promise.race([once(child, 'message'), ended]);
      const [told] = message as readonly unknown[];
      if ((told as { readonly phase?: Phase } | null)?.phase !== phase)
        throw new Error(`the life did not come to be ${phase}:\n${printed.all().toString('utf8').slice(-2_000)}`);
      await printed.until(`-- ${phase} --`);
      const { outcomes } = told as Pick<Scene, 'outcomes'>;
      const contents = [{ where: 'what was printed', bytes: printed.all() }, ...removedFilesOf(child.pid)];
      const written = [...filesIn(places.below), ...newerIn('/var/tmp', since)];
      await look({ phase, outcomes, files: written, contents, copy: copyingTo(places, phase) });
      child.send('go on');
    }
    isDone = true;
  } finally {
    if (!isDone) child.kill();
    await ended;
  }
};
