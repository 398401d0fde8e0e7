import type { Database } from 'better-sqlite3';
import type { Slug, Uuid } from '../domain/identifiers.ts';
import { addDays, type Day, dayOf, type Instant } from '../domain/time.ts';
import { programIdOf } from '../eventStore/streams.ts';
import { all, type Projection, type Recorded, run } from './projection.ts';

const schema = `
CREATE TABLE modules (
  program_id TEXT NOT NULL,
  module_id TEXT NOT NULL,
  state TEXT NOT NULL,
  activated_on TEXT NOT NULL,
  days INTEGER,
  last_day TEXT,
  current INTEGER NOT NULL DEFAULT 0,
  finished_at TEXT,
  PRIMARY KEY (program_id, module_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE sections (
  program_id TEXT NOT NULL,
  module_id TEXT NOT NULL,
  section_id TEXT NOT NULL,
  progress TEXT NOT NULL,
  PRIMARY KEY (program_id, module_id, section_id)
) STRICT, WITHOUT ROWID;
`;

const indexes = [
  'CREATE INDEX IF NOT EXISTS modules_by_last_day ON modules (last_day, program_id, module_id) WHERE last_day IS NOT NULL',
];

/** A module that has once been opened in a program. */
export type ModuleRow = {
  readonly moduleId: Slug;
  readonly state: 'closed' | 'open' | 'completed';
  readonly activatedOn: Day;
  readonly days: number | null;
  readonly current: 0 | 1;
  readonly finishedAt: Instant | null;
};

/** How far the resident has come with a section. */
export type SectionRow = {
  readonly moduleId: Slug;
  readonly sectionId: Slug;
  readonly progress: 'yellow' | 'green';
};

const openModule = `INSERT INTO modules (program_id, module_id, state, activated_on, days, last_day)
  VALUES (?, ?, 'open', ?, ?, ?) ON CONFLICT (program_id, module_id) DO UPDATE
  SET state = 'open', activated_on = excluded.activated_on, days = excluded.days, last_day = excluded.last_day`;

const activated = (db: Database, { stream, data, at }: Recorded<'module-activated'>): void => {
  const { moduleId, days } = data;
  const today = dayOf(at);
  const lastDay = days === undefined ? null : addDays(today, days);
  run(db, openModule, programIdOf(stream), moduleId, today, days ?? null, lastDay);
};

const changeDays = `UPDATE modules SET days = ?, last_day = date(activated_on, ? || ' days')
  WHERE program_id = ? AND module_id = ?`;

const setState = 'UPDATE modules SET state = ?, current = 0, last_day = NULL WHERE program_id = ? AND module_id = ?';

/** Of the two modules of which this changes anything. */
const makeCurrent = `UPDATE modules SET current = 1 - current
  WHERE program_id = ? AND ((current = 1 AND module_id <> ?) OR (current = 0 AND module_id = ?))`;

const endAll = `UPDATE modules SET current = 0, last_day = NULL
  WHERE program_id = ? AND (current = 1 OR last_day IS NOT NULL)`;

/** Green stays green: progress never goes back (R139, I09). */
const markSection = `INSERT INTO sections (program_id, module_id, section_id, progress) VALUES (?, ?, ?, ?)
  ON CONFLICT (program_id, module_id, section_id) DO UPDATE
  SET progress = excluded.progress WHERE sections.progress <> 'green'`;

const forget = (db: Database, programId: Uuid): void => {
  run(db, 'DELETE FROM modules WHERE program_id = ?', programId);
  run(db, 'DELETE FROM sections WHERE program_id = ?', programId);
};

/** The modules and sections of each program, with the resident's progress (R126–R139). A module has a last day while it takes answers. */
export const modules: Projection = {
  name: 'modules',
  version: 2,
  schema,
  indexes,
  tables: { modules: { program: 'program_id' }, sections: { program: 'program_id' } },
  on: {
    'module-activated': activated,
    'module-made-current': (db, { stream, data }) =>
      run(db, makeCurrent, programIdOf(stream), data.moduleId, data.moduleId),
    'module-completed': (db, { stream, data }) => run(db, setState, 'completed', programIdOf(stream), data.moduleId),
    'module-days-changed': (db, { stream, data }) =>
      run(db, changeDays, data.days, data.days, programIdOf(stream), data.moduleId),
    'module-deactivated': (db, { stream, data }) => run(db, setState, 'closed', programIdOf(stream), data.moduleId),
    'section-opened': (db, { stream, data }) =>
      run(db, markSection, programIdOf(stream), data.moduleId, data.sectionId, 'yellow'),
    'section-completed': (db, { stream, data }) =>
      run(db, markSection, programIdOf(stream), data.moduleId, data.sectionId, 'green'),
    'module-finished': (db, { stream, data, at }) =>
      run(
        db,
        'UPDATE modules SET finished_at = ? WHERE program_id = ? AND module_id = ?',
        ...[at, programIdOf(stream), data.moduleId],
      ),
    ended: (db, { stream }) => run(db, endAll, programIdOf(stream)),
    purged: (db, { stream }) => forget(db, programIdOf(stream)),
  },
};

/** The modules of a program that have once been opened. */
export const moduleRows = (db: Database, programId: Uuid): readonly ModuleRow[] =>
  all<ModuleRow>(
    db,
    `SELECT module_id AS moduleId, state, activated_on AS activatedOn, days, current, finished_at AS finishedAt
     FROM modules WHERE program_id = ?`,
    programId,
  );

/** The sections of a program that the resident has begun. */
export const sectionRows = (db: Database, programId: Uuid): readonly SectionRow[] =>
  all<SectionRow>(
    db,
    'SELECT module_id AS moduleId, section_id AS sectionId, progress FROM sections WHERE program_id = ?',
    programId,
  );
