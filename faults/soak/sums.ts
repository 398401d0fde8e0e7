import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Acknowledged, Said } from './saying.ts';

/** Everything that is counted while the store is used. */
export type Sums = {
  readonly outcomes: Map<string, number>;
  readonly acknowledged: Acknowledged[];
  readonly unclean: Map<string, number>;
  views: number;
  kills: number;
  jumps: number;
  purges: number;
  rebuilds: number;
  rotations: number;
};

export const noSums = (): Sums => ({
  ...{ outcomes: new Map(), acknowledged: [], unclean: new Map() },
  ...{ views: 0, kills: 0, jumps: 0, purges: 0, rebuilds: 0, rotations: 0 },
});

const count = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);

/** Notes that something was answered, or ended, in a way that it never should be. */
export const noteUnclean = ({ unclean }: Sums, what: string): void => count(unclean, what);

/** Adds what a worker says. */
export const add = (sums: Sums, said: Said): void => {
  if (said.say === 'viewed') sums.views += 1;
  if (said.say === 'purged') sums.purges += 1;
  if (said.say === 'done' && said.order === 'rebuild') sums.rebuilds += 1;
  if (said.say === 'unclean') count(sums.unclean, said.what);
  if (said.say !== 'came') return;
  count(sums.outcomes, said.outcome);
  if (said.acknowledged !== undefined) sums.acknowledged.push(said.acknowledged);
};

/** How much memory a process took: when it began, when it ended, and at most. */
export type Memory = { readonly first: number; readonly last: number; readonly most: number };

export const withMemory = (known: Memory | undefined, bytes: number): Memory => ({
  ...{ first: known?.first ?? bytes, last: bytes, most: Math.max(known?.most ?? 0, bytes) },
});

/** How large everything beside a path is, by name; a folder is as large as what lies in it. */
export const sizesIn = (folder: string): ReadonlyMap<string, number> =>
  new Map(
    readdirSync(folder).flatMap((name) => {
      const found = statSync(join(folder, name), { throwIfNoEntry: false });
      if (found === undefined) return [];
      const inside = found.isDirectory() ? [...sizesIn(join(folder, name)).values()] : [found.size];
      return [[name, inside.reduce((sum, size) => sum + size, 0)] as const];
    }),
  );
