import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ComplianceOptions } from '../../compliance.ts';
import { openFolja } from '../../folja.ts';
import { sqliteStore } from '../../sqlite.ts';

type Open = ComplianceOptions['open'];

/** Runs hold two stores open at most; those before are closed. */
const heldOpen = 4;
const masterKey = new Uint8Array(32).fill(7);

/** Tries with stores of the library's own: SQLite files in a folder that is gone afterwards, under the standard policy. */
export const withOwnStores = async <A>(work: (open: Open) => Promise<A>): Promise<A> => {
  const folder = await mkdtemp(join(tmpdir(), 'folja-compliance-'));
  const made: string[] = [];
  const open: Open = async (given) => {
    const own = join(folder, String(made.length));
    made.push(own);
    await mkdir(own);
    const done = made.at(-1 - heldOpen);
    if (done !== undefined) await rm(done, { recursive: true, force: true });
    return openFolja({ store: sqliteStore({ path: join(own, 'unit.db') }), masterKey, ...given });
  };
  try {
    return await work(open);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
