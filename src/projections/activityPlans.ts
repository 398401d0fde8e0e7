import type { Database } from 'better-sqlite3';
import type { Uuid } from '../domain/identifiers.ts';
import { type ActivityPlan, newPlan, withEra } from '../domain/program/plans.ts';
import { type Era, firstOccasionAfter, firstOccasionFrom } from '../domain/program/schedule.ts';
import type { Instant } from '../domain/time.ts';
import { programIdOf } from '../eventStore/streams.ts';
import { all, one, type Projection, type Recorded, run } from './projection.ts';

const schema = `
CREATE TABLE activity_plans (
  program_id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  elements INTEGER NOT NULL,
  eras TEXT NOT NULL,
  remind INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  stopped_at TEXT,
  next_reminder_at TEXT,
  PRIMARY KEY (program_id, plan_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE registrations (
  program_id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  occasion TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (program_id, plan_id, occasion)
) STRICT, WITHOUT ROWID;
`;

const indexes = [
  'CREATE INDEX IF NOT EXISTS activity_plans_to_remind ON activity_plans (next_reminder_at) WHERE next_reminder_at IS NOT NULL',
];

/** An activity plan; the titles of its elements lie sealed at `position`. */
export type PlanRow = ActivityPlan & { readonly planId: Uuid; readonly position: number };

/** That an occasion was filled in; the answers lie sealed at `position`. */
type RegistrationRow = { readonly planId: Uuid; readonly occasion: Instant; readonly position: number };

type Stored = {
  readonly programId: Uuid;
  readonly planId: Uuid;
  readonly position: number;
  readonly elements: number;
  readonly eras: string;
  readonly remind: 0 | 1;
  readonly createdAt: Instant;
  readonly stoppedAt: Instant | null;
  readonly nextReminderAt: Instant | null;
};

const columns = `program_id AS programId, plan_id AS planId, position, elements, eras, remind, created_at AS createdAt,
  stopped_at AS stoppedAt, next_reminder_at AS nextReminderAt`;

const erasIn = ({ eras }: Pick<Stored, 'eras'>): readonly Era[] => JSON.parse(eras) as readonly Era[];

const storedPlan = (db: Database, programId: Uuid, planId: Uuid): Stored | undefined =>
  one<Stored>(db, `SELECT ${columns} FROM activity_plans WHERE program_id = ? AND plan_id = ?`, ...[programId, planId]);

const remindAt = (db: Database, { programId, planId }: Stored, next: Instant | undefined): void =>
  run(
    db,
    'UPDATE activity_plans SET next_reminder_at = ? WHERE program_id = ? AND plan_id = ?',
    ...[next ?? null, programId, planId],
  );

const isRegistered = (db: Database, { programId, planId }: Stored, occasion: Instant): boolean =>
  one(
    db,
    'SELECT 1 FROM registrations WHERE program_id = ? AND plan_id = ? AND occasion = ?',
    ...[programId, planId, occasion],
  ) !== undefined;

/** Moves the next reminder to the first occasion after an instant that is not filled in. */
const remindAfter = (db: Database, plan: Stored, instant: Instant): void => {
  const eras = erasIn(plan);
  let next = firstOccasionAfter(eras, instant)?.at;
  while (next !== undefined && isRegistered(db, plan, next)) next = firstOccasionAfter(eras, next)?.at;
  remindAt(db, plan, next);
};

const insert = `INSERT INTO activity_plans (program_id, plan_id, position, elements, eras, remind, created_at, next_reminder_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

const created = (db: Database, { stream, data, at, position }: Recorded<'activity-plan-created'>): void => {
  const { eras, elements, remind } = newPlan({ ...data, elements: data.elements.length }, at);
  const next = remind ? firstOccasionFrom(eras, at)?.at : undefined;
  const row = [data.planId, position, elements, JSON.stringify(eras), remind ? 1 : 0, at, next ?? null];
  run(db, insert, programIdOf(stream), ...row);
};

/** Occasions that have begun stay as they were, and so does a reminder of one of them. */
const changed = (db: Database, { stream, data, at }: Recorded<'activity-plan-changed'>): void => {
  const plan = storedPlan(db, programIdOf(stream), data.planId);
  if (plan === undefined) return;
  const eras = withEra(erasIn(plan), data, at);
  run(
    db,
    'UPDATE activity_plans SET eras = ? WHERE program_id = ? AND plan_id = ?',
    ...[JSON.stringify(eras), plan.programId, plan.planId],
  );
  const isAffected = plan.nextReminderAt === null || plan.nextReminderAt > at;
  if (plan.remind === 1 && isAffected) remindAt(db, plan, firstOccasionAfter(eras, at)?.at);
};

const stopped = (db: Database, { stream, data, at }: Recorded<'activity-plan-stopped'>): void =>
  run(
    db,
    'UPDATE activity_plans SET stopped_at = ?, next_reminder_at = NULL WHERE program_id = ? AND plan_id = ?',
    ...[at, programIdOf(stream), data.planId],
  );

const registered = (db: Database, { stream, data, position }: Recorded<'activity-registered'>): void => {
  const { planId, occasion } = data;
  run(
    db,
    'INSERT INTO registrations (program_id, plan_id, occasion, position) VALUES (?, ?, ?, ?)',
    ...[programIdOf(stream), planId, occasion, position],
  );
  const awaited = `SELECT ${columns} FROM activity_plans WHERE program_id = ? AND plan_id = ? AND next_reminder_at = ?`;
  const plan = one<Stored>(db, awaited, programIdOf(stream), planId, occasion);
  if (plan !== undefined) remindAfter(db, plan, occasion);
};

/** A reminder that the clinician sends by hand is of no occasion, and moves nothing. */
const reminded = (db: Database, { stream, data: { about, due } }: Recorded<'reminder-sent'>): void => {
  const plan = 'planId' in about ? storedPlan(db, programIdOf(stream), about.planId) : undefined;
  if (plan === undefined || due === undefined || plan.nextReminderAt === null || due < plan.nextReminderAt) return;
  remindAfter(db, plan, due);
};

/** Activity plans, what is registered of them, and when each is next to be reminded of (R213–R221). */
export const activityPlans: Projection = {
  name: 'activity-plans',
  version: 1,
  schema,
  indexes,
  tables: { activity_plans: { program: 'program_id' }, registrations: { program: 'program_id' } },
  on: {
    'activity-plan-created': created,
    'activity-plan-changed': changed,
    'activity-plan-stopped': stopped,
    'activity-registered': registered,
    'reminder-sent': reminded,
    ended: (db, { stream }) =>
      run(
        db,
        'UPDATE activity_plans SET next_reminder_at = NULL WHERE program_id = ? AND next_reminder_at IS NOT NULL',
        programIdOf(stream),
      ),
    purged: (db, { stream }) => {
      run(db, 'DELETE FROM activity_plans WHERE program_id = ?', programIdOf(stream));
      run(db, 'DELETE FROM registrations WHERE program_id = ?', programIdOf(stream));
    },
  },
};

type Registered = RegistrationRow & { readonly programId: Uuid };

const registeredOf = (db: Database, programIds: readonly Uuid[]): readonly Registered[] =>
  all<Registered>(
    db,
    `SELECT program_id AS programId, plan_id AS planId, occasion, position
     FROM json_each(?) CROSS JOIN registrations ON program_id = value`,
    JSON.stringify(programIds),
  );

/** What is registered of a program's plans, in order of occasion. */
export const registrationRows = (db: Database, programId: Uuid): readonly RegistrationRow[] =>
  registeredOf(db, [programId])
    .map(({ programId: _, ...row }) => row)
    .toSorted((one, other) => (one.occasion < other.occasion ? -1 : Number(one.occasion > other.occasion)));

const asPlan = (stored: Stored, registrations: readonly RegistrationRow[] = []): PlanRow => ({
  planId: stored.planId,
  position: stored.position,
  elements: stored.elements,
  eras: erasIn(stored),
  remind: stored.remind === 1,
  createdAt: stored.createdAt,
  stoppedAt: stored.stoppedAt ?? undefined,
  registered: new Set(registrations.map(({ occasion }) => occasion)),
});

/** One activity plan of a program. */
export const planRow = (db: Database, programId: Uuid, planId: Uuid): PlanRow | undefined => {
  const stored = storedPlan(db, programId, planId);
  if (stored === undefined) return undefined;
  return asPlan(
    stored,
    registrationRows(db, programId).filter((row) => row.planId === planId),
  );
};

/** The activity plans of some programs, of each the oldest first. */
export const plansOf = (db: Database, programIds: readonly Uuid[]): ReadonlyMap<Uuid, readonly PlanRow[]> => {
  const stored = all<Stored>(
    db,
    `SELECT ${columns} FROM json_each(?) CROSS JOIN activity_plans ON program_id = value`,
    JSON.stringify(programIds),
  );
  if (stored.length === 0) return new Map();
  const registrations = Map.groupBy(registeredOf(db, programIds), ({ planId }) => planId);
  const plans = Map.groupBy(
    stored.toSorted((one, other) => one.position - other.position),
    ({ programId }) => programId,
  );
  return new Map(
    [...plans].map(([programId, rows]) => [programId, rows.map((row) => asPlan(row, registrations.get(row.planId)))]),
  );
};

/** A program's activity plans, the oldest first. */
export const planRows = (db: Database, programId: Uuid): readonly PlanRow[] =>
  plansOf(db, [programId]).get(programId) ?? [];
