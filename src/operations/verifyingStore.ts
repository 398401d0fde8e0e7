import type { Database } from 'better-sqlite3';
import { type LogProblem, type Verification, type VerifyingOptions, verifying } from '../audit/verifying.ts';
import { memoryDatabase } from '../eventStore/memoryDatabase.ts';
import { comparingEntries } from '../projections/auditComparison.ts';

/** What a verification looks at. It needs no master key: the public key lies with the anchors, unless a better one is known. */
export type Verified = {
  readonly events: VerifyingOptions['events'];
  readonly readModels: Database;
  readonly anchors: VerifyingOptions['anchors'];
  readonly publicKey?: string | undefined;
  readonly onProgress?: VerifyingOptions['onProgress'];
};

/** A read model that cannot be asked is one more finding. */
const watching = (live: Database, beside: Database) => {
  const failed: LogProblem[] = [];
  const attempt = <A>(work: () => A, otherwise: A): A => {
    try {
      return work();
    } catch {
      if (failed.length === 0) failed.push({ kind: 'entry', what: 'unreadable' });
      return otherwise;
    }
  };
  const comparing = attempt(() => comparingEntries(live, beside), undefined);
  return {
    watcher: {
      seen: (event: Parameters<NonNullable<VerifyingOptions['watcher']>['seen']>[0]) =>
        attempt(() => comparing?.seen(event), undefined),
      lost: (from: number, to: number) => attempt(() => comparing?.lost(from, to), undefined),
      problems: () => attempt((): readonly LogProblem[] => comparing?.problems() ?? [], []),
    },
    ended: (): readonly LogProblem[] => [
      ...attempt((): readonly LogProblem[] => comparing?.beyond() ?? [], []),
      ...failed,
    ],
  };
};

/**
 * Verifies a whole store: its rows, the tree over them, what vouches for it, and the entries of the audit log. Changes nothing, stops at nothing
 * and throws nothing.
 */
export const verifyingStore = async (options: Verified): Promise<Verification> => {
  const { events, readModels, anchors, publicKey, onProgress } = options;
  const beside = await memoryDatabase();
  try {
    const { watcher, ended } = watching(readModels, beside);
    const found = await verifying({ events, db: readModels, anchors, publicKey, onProgress, watcher });
    const problems = [...found.problems, ...ended()];
    return { ...found, ok: problems.length === 0, problems };
  } finally {
    beside.close();
  }
};
