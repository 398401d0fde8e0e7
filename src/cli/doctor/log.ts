import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { proofOf } from '../../domain/audit/audit.ts';
import type { Policy } from '../../domain/policy.ts';
import type { ErasureStage, PendingErasure } from '../../eventStore/eventStore.ts';
import { purgesSinceRotation, subjectYears } from '../../eventStore/sqliteCensus.ts';
import type { Looked } from '../looking.ts';
import { ageText, day, type Finding, findingsAbout } from './finding.ts';

/** How long what was purged may still be opened in old copies of the key file: the promise P13. */
const longestDays = 30;

/** What a purge does next, where it has come so far. */
const nextStep: { readonly [Stage in ErasureStage]: string } = {
  fenced: 'its key to be destroyed',
  'keys-destroyed': 'read models, replays and stores of the host to be cleaned',
  'stores-cleaned': 'its sealed parts to be deleted',
  'flesh-deleted': 'an open reader to end, so that freed pages are overwritten',
  truncated: 'the look for what is left to find nothing',
  verified: 'its certificate to be written to the log; on a cluster, for other nodes and a scavenge before',
};

const pendingFinding = ({ stream, stage }: PendingErasure): Finding =>
  findingsAbout('purges')(
    'not finished',
    `${stream} waits for ${nextStep[stage]}`,
    'a purge is not finished: open the store, and look at what it waits for',
  );

/** Purges that are not finished, and what was purged since the master key was last rotated. */
export const purgeFindings = async ({ db, events }: Looked, now: Date): Promise<readonly Finding[]> => {
  const found = findingsAbout('purges');
  const pending = await events.pendingErasures()();
  const { purges, oldest, rotatedAt } = purgesSinceRotation(db);
  const isLate = oldest !== null && now.getTime() - Date.parse(oldest) > longestDays * day;
  const oldestText = oldest === null ? '' : `, the oldest ${ageText(oldest, now)}`;
  return [
    ...(E.isLeft(pending)
      ? [found('not finished', 'unknown', 'pending erasures cannot be read: run folja verify')]
      : pending.right.map(pendingFinding)),
    ...(E.isRight(pending) && pending.right.length === 0 ? [found('not finished', 'none')] : []),
    found('master key rotated', rotatedAt === null ? 'never' : ageText(rotatedAt, now)),
    found(
      'purges since then',
      `${purges}${oldestText}`,
      isLate
        ? `something purged more than ${longestDays} days ago still opens in old copies of the key file: run folja rotate-key`
        : undefined,
    ),
  ];
};

/** Years of the log whose persons need not be known any longer; a log auditor decides (HSLF-FS 2016:40 4 kap. 9 §). */
export const retentionFindings = (db: Database, policy: Policy, now: Date): readonly Finding[] => {
  const years = subjectYears(db).map(({ year }) => year);
  const over = years.filter((year) => proofOf(year, { at: now.toISOString(), policy }) !== undefined);
  const found = findingsAbout('retention of the log');
  return [
    found('kept for', `${policy.auditYears} years`),
    found('years that name persons', years.join(', ') || 'none'),
    found('years that may be disposed', over.join(', ') || 'none'),
  ];
};
