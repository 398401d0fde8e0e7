import type { Database } from 'better-sqlite3';
import type { z } from 'zod';
import { actorName } from '../domain/actors.ts';
import type { LogFinding } from '../domain/audit/commands.ts';
import type { HsaId, Reference } from '../domain/identifiers.ts';
import type { Day, Instant } from '../domain/time.ts';
import { all, type Projection, run } from './projection.ts';

const schema = `
CREATE TABLE log_checks (
  position INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  care_provider_id TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  entries INTEGER NOT NULL,
  finding TEXT NOT NULL,
  reference TEXT
) STRICT;
`;

const indexes = ['CREATE INDEX IF NOT EXISTS log_checks_by_provider ON log_checks (care_provider_id, position DESC)'];

/** A spot check of the log, as it was recorded. */
export type LogCheckRow = {
  readonly position: number;
  readonly at: Instant;
  readonly by: HsaId;
  readonly careProviderId: HsaId;
  readonly from: Day;
  readonly to: Day;
  readonly entries: number;
  readonly finding: z.infer<typeof LogFinding>;
  readonly reference: Reference | null;
};

/** The spot checks of the log, for whoever answers for that they are made (HSLF-FS 2016:40 4 kap. 9 §). */
export const logChecks: Projection = {
  name: 'log-checks',
  version: 1,
  schema,
  indexes,
  tables: { log_checks: { keeps: 'spot checks of the log' } },
  on: {
    'log-checked': (db, { position, at, by, data }) =>
      run(
        db,
        `INSERT INTO log_checks (position, at, actor, care_provider_id, from_day, to_day, entries, finding, reference)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[position, at, actorName(by), data.careProviderId, data.from, data.to],
        ...[data.entries, data.finding, data.reference ?? null],
      ),
  },
};

const columns = `position, at, actor AS by, care_provider_id AS careProviderId, from_day AS "from", to_day AS "to", entries, finding,
  reference`;

/** The checks before a position, of one care provider's log where asked, the newest first. */
export const logCheckRows = (
  db: Database,
  careProviderId: HsaId | undefined,
  before: number,
  limit: number,
): readonly LogCheckRow[] =>
  careProviderId === undefined
    ? all<LogCheckRow>(
        db,
        `SELECT ${columns} FROM log_checks WHERE position < ? ORDER BY position DESC LIMIT ?`,
        ...[before, limit],
      )
    : all<LogCheckRow>(
        db,
        `SELECT ${columns} FROM log_checks WHERE care_provider_id = ? AND position < ? ORDER BY position DESC LIMIT ?`,
        ...[careProviderId, before, limit],
      );
