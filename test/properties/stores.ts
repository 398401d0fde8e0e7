import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../src/eventStore/engine.ts';
import { inMemoryStore } from '../../src/eventStore/inMemory.ts';
import { sqliteStore } from '../../src/sqlite.ts';

/** An empty store for one run. */
export type RunStore = {
  readonly store: () => Store;
  /** Every byte that lies in its files. */
  readonly files: () => readonly Buffer[];
  /** Whether what was written is there when it is opened again. */
  readonly outlives: boolean;
  readonly remove: () => void;
};

export const inMemory = (): RunStore => ({
  store: inMemoryStore,
  files: () => [],
  outlives: false,
  remove: () => undefined,
});

export const inSqlite = (): RunStore => {
  const directory = mkdtempSync(join(tmpdir(), 'folja-properties-'));
  return {
    store: () => sqliteStore({ path: join(directory, 'unit.db') }),
    files: () => readdirSync(directory).map((name) => readFileSync(join(directory, name))),
    outlives: true,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
};
