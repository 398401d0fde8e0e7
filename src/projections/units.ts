import type { Database } from 'better-sqlite3';
import type { HsaId, Slug } from '../domain/identifiers.ts';
import type { Day } from '../domain/time.ts';
import { unitIdOf } from '../eventStore/streams.ts';
import { all, one, type Projection, type Recorded, run } from './projection.ts';

const schema = `
CREATE TABLE units (
  unit_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_lower TEXT NOT NULL,
  kind TEXT NOT NULL,
  operator TEXT NOT NULL,
  care_provider_id TEXT NOT NULL,
  county TEXT NOT NULL,
  environment TEXT NOT NULL,
  active INTEGER NOT NULL,
  valid_to TEXT,
  answer_within_days INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE unit_welcome_texts (
  unit_id TEXT NOT NULL,
  template_id TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (unit_id, template_id)
) STRICT, WITHOUT ROWID;
`;

/** A unit as the lists show it. */
export type UnitRow = {
  readonly unitId: HsaId;
  readonly name: string;
  readonly kind: Slug;
  readonly operator: 'public' | 'private';
  readonly careProviderId: HsaId;
  readonly active: 0 | 1;
  readonly validTo: Day | null;
  readonly answerWithinDays: number | null;
};

/** SQLite's own lower() leaves Å, Ä and Ö as they are. */
const lower = (text: string): string => text.toLowerCase();

const activate = `INSERT INTO units
  (unit_id, name, name_lower, kind, operator, care_provider_id, county, environment, active, valid_to)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?)
  ON CONFLICT (unit_id) DO UPDATE SET name = excluded.name, name_lower = excluded.name_lower,
  kind = excluded.kind, operator = excluded.operator, care_provider_id = excluded.care_provider_id,
  county = excluded.county, environment = excluded.environment, active = 1, valid_to = excluded.valid_to`;

const activated = (db: Database, { stream, data }: Recorded<'unit-activated'>): void => {
  const { name, kind, operator, careProviderId, county, environment, validTo = null } = data;
  run(db, activate, unitIdOf(stream), name, lower(name), kind, operator, careProviderId, county, environment, validTo);
};

const changed = (db: Database, { stream, data }: Recorded<'unit-changed'>): void => {
  const unitId = unitIdOf(stream);
  const { name = null, kind = null, answerWithinDays = null, validTo, welcomeText } = data;
  run(
    db,
    `UPDATE units SET name = COALESCE(?, name), name_lower = COALESCE(?, name_lower), kind = COALESCE(?, kind),
     answer_within_days = COALESCE(?, answer_within_days) WHERE unit_id = ?`,
    ...[name, name === null ? null : lower(name), kind, answerWithinDays, unitId],
  );
  if (validTo !== undefined) run(db, 'UPDATE units SET valid_to = ? WHERE unit_id = ?', validTo, unitId);
  if (welcomeText === undefined) return;
  run(
    db,
    `INSERT INTO unit_welcome_texts (unit_id, template_id, text) VALUES (?, ?, ?)
     ON CONFLICT (unit_id, template_id) DO UPDATE SET text = excluded.text`,
    ...[unitId, welcomeText.templateId, welcomeText.text],
  );
};

/** The care units, by name and HSA-id (R055, R191). */
export const units: Projection = {
  name: 'units',
  version: 3,
  schema,
  tables: { units: { keeps: 'facts of units' }, unit_welcome_texts: { keeps: 'where texts of units lie' } },
  on: {
    'unit-activated': activated,
    'unit-changed': changed,
    'unit-deactivated': (db, { stream }) => run(db, 'UPDATE units SET active = 0 WHERE unit_id = ?', unitIdOf(stream)),
  },
};

const columns = `unit_id AS unitId, name, kind, operator, care_provider_id AS careProviderId, active, valid_to AS validTo,
  answer_within_days AS answerWithinDays`;

/** One unit. */
export const unitRow = (db: Database, unitId: HsaId): UnitRow | undefined =>
  one<UnitRow>(db, `SELECT ${columns} FROM units WHERE unit_id = ?`, unitId);

/** The unit's own welcome text for a template, if it has one (R100, R180). */
export const unitWelcomeText = (db: Database, unitId: HsaId, templateId: Slug): string | undefined =>
  one<{ readonly text: string }>(
    db,
    'SELECT text FROM unit_welcome_texts WHERE unit_id = ? AND template_id = ?',
    ...[unitId, templateId],
  )?.text;

/** Units after an id, in the order of their ids, whose name or HSA-id holds a text (R191). */
export const searchUnits = (db: Database, search: string, after: string, limit: number): readonly UnitRow[] =>
  all<UnitRow>(
    db,
    `SELECT ${columns} FROM units
     WHERE unit_id > ? AND (instr(name_lower, ?) > 0 OR instr(lower(unit_id), ?) > 0)
     ORDER BY unit_id LIMIT ?`,
    ...[after, lower(search), lower(search), limit],
  );
