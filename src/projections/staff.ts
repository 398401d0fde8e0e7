import type { Database } from 'better-sqlite3';
import type { Role } from '../domain/actors.ts';
import type { HsaId, Slug } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import { unitIdOf } from '../eventStore/streams.ts';
import { all, one, type Projection, type Recorded, run } from './projection.ts';
import type { UnitRow } from './units.ts';

const schema = `
CREATE TABLE staff (
  unit_id TEXT NOT NULL,
  hsa_id TEXT NOT NULL,
  name_position INTEGER NOT NULL,
  profession TEXT NOT NULL,
  employment TEXT NOT NULL,
  assignments TEXT NOT NULL,
  trainings TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  last_sign_in_at TEXT,
  sign_ins INTEGER NOT NULL DEFAULT 0,
  receive INTEGER NOT NULL DEFAULT 0,
  channels TEXT NOT NULL DEFAULT '[]',
  flag_types TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (unit_id, hsa_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE staff_roles (
  unit_id TEXT NOT NULL,
  hsa_id TEXT NOT NULL,
  role TEXT NOT NULL,
  template_ids TEXT,
  PRIMARY KEY (unit_id, hsa_id, role)
) STRICT, WITHOUT ROWID;
`;

const indexes = ['CREATE INDEX IF NOT EXISTS staff_by_person ON staff (hsa_id, unit_id)'];

/** A staff member on a unit; the name lies sealed at `namePosition`. Lists are JSON. */
export type StaffRow = {
  readonly hsaId: HsaId;
  readonly namePosition: number;
  readonly profession: Slug;
  readonly employment: Slug;
  readonly assignments: string;
  readonly trainings: string;
  readonly active: 0 | 1;
  readonly lastSignInAt: Instant | null;
};

const isAmong = (templateIds: string | null, templateId: Slug): boolean =>
  templateIds === null || (JSON.parse(templateIds) as readonly Slug[]).includes(templateId);

const upsert = `INSERT INTO staff (unit_id, hsa_id, name_position, profession, employment, assignments, trainings)
  VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (unit_id, hsa_id) DO UPDATE SET name_position = excluded.name_position,
  profession = excluded.profession, employment = excluded.employment, assignments = excluded.assignments,
  trainings = excluded.trainings`;

const registered = (db: Database, event: Recorded<'staff-registered'> | Recorded<'staff-changed'>): void => {
  const { hsaId, profession, employment, assignments, trainings } = event.data;
  const lists = [JSON.stringify(assignments), JSON.stringify(trainings)];
  run(db, upsert, unitIdOf(event.stream), hsaId, event.position, profession, employment, ...lists);
};

const granted = (db: Database, { stream, data: { hsaId, role, templateIds } }: Recorded<'role-granted'>): void =>
  run(
    db,
    `INSERT INTO staff_roles (unit_id, hsa_id, role, template_ids) VALUES (?, ?, ?, ?)
     ON CONFLICT (unit_id, hsa_id, role) DO UPDATE SET template_ids = excluded.template_ids`,
    ...[unitIdOf(stream), hsaId, role, templateIds === undefined ? null : JSON.stringify(templateIds)],
  );

const setActive = (active: 0 | 1) => (db: Database, event: { stream: string; data: { hsaId: HsaId } }) =>
  run(
    db,
    'UPDATE staff SET active = ? WHERE unit_id = ? AND hsa_id = ?',
    ...[active, unitIdOf(event.stream), event.data.hsaId],
  );

const notificationsSet = (db: Database, { stream, data }: Recorded<'notifications-set'>): void => {
  const { hsaId, receive, channels, flagTypes } = data;
  run(
    db,
    'UPDATE staff SET receive = ?, channels = ?, flag_types = ? WHERE unit_id = ? AND hsa_id = ?',
    ...[receive ? 1 : 0, JSON.stringify(channels), JSON.stringify(flagTypes), unitIdOf(stream), hsaId],
  );
};

/** The staff of the units: roles, directory facts, sign-ins, and of what each is notified (R014–R016, R161–R165). */
export const staff: Projection = {
  name: 'staff',
  version: 2,
  schema,
  indexes,
  tables: { staff: { keeps: 'facts of staff' }, staff_roles: { keeps: 'roles of staff' } },
  on: {
    'staff-registered': registered,
    'staff-changed': registered,
    'role-granted': granted,
    'role-revoked': (db, { stream, data }) =>
      run(
        db,
        'DELETE FROM staff_roles WHERE unit_id = ? AND hsa_id = ? AND role = ?',
        ...[unitIdOf(stream), data.hsaId, data.role],
      ),
    'staff-deactivated': setActive(0),
    'staff-reactivated': setActive(1),
    'signed-in': (db, { at, by }) =>
      run(
        db,
        'UPDATE staff SET last_sign_in_at = ?, sign_ins = sign_ins + 1 WHERE unit_id = ? AND hsa_id = ?',
        ...[at, by.unitId ?? '', by.hsaId ?? ''],
      ),
    'notifications-set': notificationsSet,
  },
};

const columns = `staff.hsa_id AS hsaId, name_position AS namePosition, profession, employment, assignments, trainings,
  staff.active, last_sign_in_at AS lastSignInAt`;

/** A unit's staff after an HSA-id, in the order of their ids. */
export const staffRows = (db: Database, unitId: HsaId, after: string, limit: number): readonly StaffRow[] =>
  all<StaffRow>(
    db,
    `SELECT ${columns} FROM staff WHERE unit_id = ? AND hsa_id > ? ORDER BY hsa_id LIMIT ?`,
    ...[unitId, after, limit],
  );

/** A staff member of a unit; undefined for somebody who never was there. */
export const staffRow = (db: Database, unitId: HsaId, hsaId: HsaId): StaffRow | undefined =>
  one<StaffRow>(db, `SELECT ${columns} FROM staff WHERE unit_id = ? AND hsa_id = ?`, ...[unitId, hsaId]);

/** The roles of a staff member on a unit, with the templates that limit each. */
export const roleRows = (
  db: Database,
  unitId: HsaId,
  hsaId: HsaId,
): readonly { readonly role: Role; readonly templateIds: string | null }[] =>
  all(
    db,
    `SELECT role, template_ids AS templateIds FROM staff_roles WHERE unit_id = ? AND hsa_id = ? ORDER BY role`,
    ...[unitId, hsaId],
  );

/** What a staff member has chosen in Min profil (R161–R165), and how often they have signed in. Lists are JSON. */
export type SettingsRow = {
  readonly active: 0 | 1;
  readonly receive: 0 | 1;
  readonly channels: string;
  readonly flagTypes: string;
  readonly signIns: number;
};

/** The settings of a staff member on a unit; undefined for somebody who never was there. */
export const settingsRow = (db: Database, unitId: HsaId, hsaId: HsaId): SettingsRow | undefined =>
  one<SettingsRow>(
    db,
    `SELECT active, receive, channels, flag_types AS flagTypes, sign_ins AS signIns FROM staff
     WHERE unit_id = ? AND hsa_id = ?`,
    ...[unitId, hsaId],
  );

/** The active staff of a unit who hold a role there; of clinicians, those who are not limited to other templates. */
export const holdersOf = (db: Database, unitId: HsaId, role: Role, templateId?: Slug): readonly HsaId[] =>
  all<{ readonly hsaId: HsaId; readonly templateIds: string | null }>(
    db,
    `SELECT hsa_id AS hsaId, template_ids AS templateIds FROM staff_roles JOIN staff USING (unit_id, hsa_id)
     WHERE unit_id = ? AND role = ? AND active = 1 ORDER BY hsa_id`,
    ...[unitId, role],
  )
    .filter(({ templateIds }) => templateId === undefined || isAmong(templateIds, templateId))
    .map(({ hsaId }) => hsaId);

/** Where a staff member's name lies sealed; undefined for somebody who never was on the unit. */
export const namePosition = (db: Database, unitId: HsaId, hsaId: HsaId): number | undefined =>
  one<{ readonly position: number }>(
    db,
    'SELECT name_position AS position FROM staff WHERE unit_id = ? AND hsa_id = ?',
    ...[unitId, hsaId],
  )?.position;

/** A staff member as places name them: on a unit. */
export type Place = { readonly unitId: HsaId; readonly hsaId: HsaId };

/** Where the names of staff members lie sealed; each is looked up once. */
export const namesIn = (db: Database): ((place: Place) => number | undefined) => {
  const positions = new Map<string, number | undefined>();
  return ({ unitId, hsaId }) => {
    const key = `${unitId} ${hsaId}`;
    if (!positions.has(key)) positions.set(key, namePosition(db, unitId, hsaId));
    return positions.get(key);
  };
};

/** The units where somebody is active staff, in the order of their ids (R064). */
export const unitsOf = (db: Database, hsaId: HsaId, after: string, limit: number): readonly Pick<UnitRow, 'unitId'>[] =>
  all(
    db,
    'SELECT unit_id AS unitId FROM staff WHERE hsa_id = ? AND active = 1 AND unit_id > ? ORDER BY unit_id LIMIT ?',
    ...[hsaId, after, limit],
  );
