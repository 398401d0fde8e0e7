import type { Database } from 'better-sqlite3';
import type { HsaId, Slug } from '../domain/identifiers.ts';
import { dayOf, type Instant, monthOf } from '../domain/time.ts';
import { programIdOf } from '../eventStore/streams.ts';
import { all, type Projection, type Recorded, run } from './projection.ts';

const schema = `
CREATE TABLE statistics (
  unit_id TEXT NOT NULL,
  template_id TEXT NOT NULL,
  month TEXT NOT NULL,
  started INTEGER NOT NULL,
  moved_in INTEGER NOT NULL,
  moved_out INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  PRIMARY KEY (unit_id, template_id, month)
) STRICT, WITHOUT ROWID;
`;

/** What is counted of a month. */
type Counts = {
  readonly started: number;
  /** Handovers to the unit and from it: neither a start nor an end. */
  readonly movedIn: number;
  readonly movedOut: number;
  readonly ended: number;
  readonly messages: number;
};

/** Programs of one template on one unit, counted together. */
type Line = { readonly unitId: HsaId; readonly templateId: Slug };

const none: Counts = { started: 0, movedIn: 0, movedOut: 0, ended: 0, messages: 0 };

const summed = `ON CONFLICT (unit_id, template_id, month) DO UPDATE SET
  started = started + excluded.started, moved_in = moved_in + excluded.moved_in,
  moved_out = moved_out + excluded.moved_out, ended = ended + excluded.ended, messages = messages + excluded.messages`;

const counted = '(unit_id, template_id, month, started, moved_in, moved_out, ended, messages)';

const addLine = `INSERT INTO statistics ${counted} VALUES (?, ?, ?, ?, ?, ?, ?, ?) ${summed}`;

/**
 * Where a program is counted, as its own row has it before the purge, or on the unit that is given; nowhere for one of a training unit (D26).
 */
const addToProgram = `INSERT INTO statistics ${counted}
  SELECT COALESCE(?, unit_id), template_id, ?, ?, ?, ?, ?, ? FROM programs
  WHERE program_id = ? AND environment = 'production' ${summed}`;

const monthAt = (at: Instant): string => monthOf(dayOf(at));

const valuesOf = (change: Partial<Counts>): readonly number[] => {
  const { started, movedIn, movedOut, ended, messages } = { ...none, ...change };
  return [started, movedIn, movedOut, ended, messages];
};

type Happening = Pick<Recorded<'ended'>, 'stream' | 'at'>;

const counting = (change: Partial<Counts>, unitId: HsaId | null = null) => {
  const values = valuesOf(change);
  return (db: Database, { stream, at }: Happening): void =>
    run(db, addToProgram, unitId, monthAt(at), ...values, programIdOf(stream));
};

const started = (db: Database, { data, at }: Recorded<'started'>): void => {
  if (data.environment !== 'production') return;
  run(db, addLine, data.unitId, data.templateId, monthAt(at), ...valuesOf({ started: 1 }));
};

const moved = (db: Database, event: Recorded<'handed-over'>): void => {
  counting({ movedOut: 1 }, event.data.fromUnit)(db, event);
  counting({ movedIn: 1 }, event.data.toUnit)(db, event);
};

/**
 * How many programs started, moved and ended, and how many messages were sent, by unit, template and month (R281, R282). It holds neither
 * persons nor programs, so a purge has nothing to remove and nothing to change here (R283, I27).
 */
export const statistics: Projection = {
  name: 'statistics',
  version: 1,
  schema,
  tables: { statistics: { keeps: 'counts by unit, template and month, which a purge does not change (R283)' } },
  on: {
    started,
    'message-sent': counting({ messages: 1 }),
    'handed-over': moved,
    ended: counting({ ended: 1 }),
  },
};

/** A line with the county where its unit lies. */
export type CountyLine = Line & { readonly county: string };

/** The lines of a county and a template, or of all, from a line on; by county, unit and template. */
export const countedLines = (
  db: Database,
  { county, templateId }: { readonly county?: string | undefined; readonly templateId?: Slug | undefined },
  from: Line,
): readonly CountyLine[] =>
  all<CountyLine>(
    db,
    `SELECT DISTINCT units.county, units.unit_id AS unitId, template_id AS templateId
     FROM statistics JOIN units ON units.unit_id = statistics.unit_id
     WHERE units.county = COALESCE(?, units.county) AND template_id = COALESCE(?, template_id)
     AND (units.county, units.unit_id, template_id)
       >= (COALESCE((SELECT county FROM units WHERE unit_id = ?), ''), ?, ?)
     ORDER BY units.county, units.unit_id, template_id`,
    ...[county ?? null, templateId ?? null, from.unitId, from.unitId, from.templateId],
  );

/** The months of a line in which something happened, in order. */
export const countedMonths = (
  db: Database,
  { unitId, templateId }: Line,
): readonly (Counts & { readonly month: string })[] =>
  all(
    db,
    `SELECT month, started, moved_in AS movedIn, moved_out AS movedOut, ended, messages FROM statistics
     WHERE unit_id = ? AND template_id = ? ORDER BY month`,
    ...[unitId, templateId],
  );
