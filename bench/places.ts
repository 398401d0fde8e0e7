import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A store of the bench on the disk: how many programs it holds, and where it lies. */
export type Filled = { readonly programs: number; readonly directory: string };

/** Where a store of so many programs lies among those that are kept. */
export const placeOf = (directory: string, programs: number): Filled => ({
  programs,
  directory: join(directory, `${programs}`),
});

/** Where the events of a store of the bench lie. */
export const openPath = ({ directory }: Filled): string => join(directory, 'unit.db');

const markOf = ({ directory }: Filled): string => join(directory, 'filled.json');

/** True when a store was filled to its end; what a stop left half filled does not count. */
export const isFilled = (store: Filled): boolean => {
  if (!existsSync(markOf(store))) return false;
  const { programs } = JSON.parse(readFileSync(markOf(store), 'utf8')) as Pick<Filled, 'programs'>;
  return programs === store.programs;
};

/** Notes that a store is filled to its end. */
export const markFilled = (store: Filled): void =>
  writeFileSync(markOf(store), JSON.stringify({ programs: store.programs }));

/** Bytes of all files in a directory. */
export const bytesIn = (directory: string): number =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
