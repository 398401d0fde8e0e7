import type { Database } from 'better-sqlite3';
import type { HsaId, Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import { programIdOf } from '../eventStore/streams.ts';
import type { Slice } from './programs.ts';
import { all, one, type Projection, run } from './projection.ts';

const schema = `
CREATE TABLE handovers (
  position INTEGER PRIMARY KEY,
  handover_id TEXT NOT NULL,
  program_id TEXT NOT NULL,
  from_unit TEXT NOT NULL,
  to_unit TEXT NOT NULL,
  since TEXT NOT NULL,
  status TEXT NOT NULL
) STRICT;
CREATE INDEX handovers_by_program ON handovers (program_id, status);
`;

const indexes = [
  'CREATE INDEX IF NOT EXISTS handovers_by_receiver ON handovers (to_unit, status, position DESC)',
  'CREATE INDEX IF NOT EXISTS handovers_by_id ON handovers (handover_id)',
];

/** A handover of a program. */
export type HandoverRow = {
  readonly position: number;
  readonly handoverId: Uuid;
  readonly programId: Uuid;
  readonly fromUnit: HsaId;
  readonly toUnit: HsaId;
  readonly since: Instant;
};

const columns = `position, handover_id AS handoverId, program_id AS programId, from_unit AS fromUnit, to_unit AS toUnit, since`;

const decided =
  (status: string) =>
  (db: Database, { stream, data }: { stream: string; data: { handoverId: Uuid } }) =>
    run(
      db,
      'UPDATE handovers SET status = ? WHERE program_id = ? AND handover_id = ?',
      ...[status, programIdOf(stream), data.handoverId],
    );

/** Handovers by receiving unit: the tab Överlämningar lists the pending ones (R195–R197, R202). */
export const handovers: Projection = {
  name: 'handovers',
  version: 1,
  schema,
  indexes,
  tables: { handovers: { program: 'program_id' } },
  on: {
    'handover-initiated': (db, { stream, data, at, position }) =>
      run(
        db,
        `INSERT INTO handovers (position, handover_id, program_id, from_unit, to_unit, since, status)
         VALUES (?, ?, ?, ?, ?, ?, 'pending')`,
        ...[position, data.handoverId, programIdOf(stream), data.fromUnit, data.toUnit, at],
      ),
    'handover-approved': decided('approved'),
    'handover-denied': decided('denied'),
    'handover-withdrawn': decided('withdrawn'),
    purged: (db, { stream }) => run(db, 'DELETE FROM handovers WHERE program_id = ?', programIdOf(stream)),
  },
};

/** The pending handovers to a unit, newest first. */
export const pendingTo = (db: Database, unitId: HsaId, { before, limit }: Slice): readonly HandoverRow[] =>
  all<HandoverRow>(
    db,
    `SELECT ${columns} FROM handovers WHERE to_unit = ? AND status = 'pending' AND position < ?
     ORDER BY position DESC LIMIT ?`,
    ...[unitId, before, limit],
  );

/** A program's pending handover, if any. */
export const pendingOf = (db: Database, programId: Uuid): HandoverRow | undefined =>
  one<HandoverRow>(db, `SELECT ${columns} FROM handovers WHERE program_id = ? AND status = 'pending'`, programId);

/** The pending handovers of some programs. */
export const pendingAmong = (db: Database, programIds: readonly Uuid[]): ReadonlyMap<Uuid, HandoverRow> =>
  new Map(
    all<HandoverRow>(
      db,
      `SELECT ${columns} FROM json_each(?) CROSS JOIN handovers ON program_id = value AND status = 'pending'`,
      JSON.stringify(programIds),
    ).map((row) => [row.programId, row]),
  );

/** The unit to which a handover goes, or went. */
export const receiverOf = (db: Database, programId: Uuid, handoverId: Uuid): HsaId | undefined =>
  one<{ readonly toUnit: HsaId }>(
    db,
    'SELECT to_unit AS toUnit FROM handovers WHERE program_id = ? AND handover_id = ?',
    ...[programId, handoverId],
  )?.toUnit;

/** The program that a handover is about. */
export const programOfHandover = (db: Database, handoverId: Uuid): Uuid | undefined =>
  one<{ readonly programId: Uuid }>(
    db,
    'SELECT program_id AS programId FROM handovers WHERE handover_id = ? ORDER BY position LIMIT 1',
    handoverId,
  )?.programId;
