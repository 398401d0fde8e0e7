import { randomUUID } from 'node:crypto';
import { link, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const leftoverAfter = 60_000;

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const syncDirectory = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const directory = await open(dirname(path), 'r');
  await directory.sync().finally(() => directory.close());
};

/** Gives a finished file its name; false when another process was first. */
const linked = (made: string, path: string): Promise<boolean> =>
  link(made, path).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    },
  );

/** One that was already linked to a living file changes with it, and is known by its birth. */
const isLeftover = (file: string): Promise<boolean> =>
  stat(file).then(
    ({ birthtimeMs, mtimeMs }) => Math.min(birthtimeMs, mtimeMs) < Date.now() - leftoverAfter,
    () => false,
  );

/** Removes what processes that were killed while they made a file have left beside it. */
export const removeLeftovers = async (path: string): Promise<void> => {
  for (const name of await readdir(dirname(path))) {
    const file = join(dirname(path), name);
    if (name.startsWith(`${basename(path)}.new-`) && (await isLeftover(file))) await rm(file, { force: true });
  }
};

/**
 * Makes a file beside its place, readable by its owner only, and then gives it its name: so nobody ever meets half a file,
 * and an empty file is always a loss. True when this process made it, false when another was first.
 */
export const makeFile = async (path: string, fill: (empty: string) => void): Promise<boolean> => {
  const made = `${path}.new-${randomUUID()}`;
  await (await open(made, 'wx', 0o600)).close();
  try {
    fill(made);
    return await linked(made, path);
  } finally {
    await rm(made, { force: true });
    await syncDirectory(path);
  }
};
