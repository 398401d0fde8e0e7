import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of a run's own. */
export const newDirectory = (): string => mkdtempSync(join(process.env.FOLJA_PREPARED ?? tmpdir(), 'properties-'));

/** Every byte that lies in the files of a directory. */
export const filesIn = (directory: string): readonly Buffer[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name)));

export const removeAll = (directory: string): void => rmSync(directory, { recursive: true, force: true });

const kept = new Set<string>();
process.once('exit', () => {
  for (const directory of kept) removeAll(directory);
});

/** A directory that many runs copy lies there until the process ends. */
export const keep = (directory: string): void => void kept.add(directory);
