import type { Database } from 'better-sqlite3';
import { actorName } from '../domain/actors.ts';
import { handoverEvents } from '../domain/handover/events.ts';
import type { Slug, Uuid } from '../domain/identifiers.ts';
import { programEvents } from '../domain/program/events.ts';
import { type Day, dayOf, type Instant } from '../domain/time.ts';
import type { StoredEvent } from '../eventStore/eventStore.ts';
import { programIdOf } from '../eventStore/streams.ts';
import type { Slice } from './programs.ts';
import { all, type Projection, type Recorded, run } from './projection.ts';

const schema = `
CREATE TABLE timeline (
  position INTEGER PRIMARY KEY,
  program_id TEXT NOT NULL,
  at TEXT NOT NULL,
  day TEXT NOT NULL,
  type TEXT NOT NULL,
  done_by TEXT NOT NULL,
  summary TEXT NOT NULL,
  unopened_form TEXT
) STRICT;
CREATE INDEX timeline_by_program ON timeline (program_id, position DESC);
`;

/** A draft is nobody's but the resident's, and after a purge there is no timeline: every other event of a program has its row. */
const types = Object.keys({ ...programEvents, ...handoverEvents }).filter(
  (type) => type !== 'form-saved' && type !== 'purged',
);

type Values = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** What an event says of itself in clear: ids, codes, days and numbers, and what a reminder is about; never a key's id. */
const summaryOf = ({ about, keyId: _, ...data }: Values): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ ...data, ...(about as Values | undefined) })
      .filter(([, value]) => isPlain(value))
      .map(([name, value]) => [name, String(value)]),
  );

const insert = `INSERT INTO timeline (position, program_id, at, day, type, done_by, summary, unopened_form)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

const addRow = (db: Database, { position, stream, at, type, by, data }: StoredEvent, unopenedForm?: string): void => {
  const summary = JSON.stringify(summaryOf(data as Values));
  run(db, insert, position, programIdOf(stream), at, dayOf(at), type, actorName(by), summary, unopenedForm ?? null);
};

const formIn = ({ moduleId, formId }: Recorded<'form-opened'>['data']): string => `${moduleId}/${formId}`;

/** A submitted form waits for its first opening: then it is in the timeline, as it is no longer flagged (R145, R150, I10). */
const opened = (db: Database, event: Recorded<'form-opened'>): void => {
  run(
    db,
    'UPDATE timeline SET unopened_form = NULL WHERE program_id = ? AND unopened_form = ?',
    ...[programIdOf(event.stream), formIn(event.data)],
  );
  addRow(db, event);
};

/** The course of each program, for staff: what happened, when and by whom (R148–R151). It holds nothing of what was written. */
export const timeline: Projection = {
  name: 'timeline',
  version: 1,
  schema,
  tables: { timeline: { program: 'program_id' } },
  on: {
    ...Object.fromEntries(types.map((type) => [type, (db: Database, event: StoredEvent) => addRow(db, event)])),
    'form-submitted': (db, event) => addRow(db, event, formIn(event.data)),
    'form-opened': opened,
    purged: (db, { stream }) => run(db, 'DELETE FROM timeline WHERE program_id = ?', programIdOf(stream)),
  },
};

/** One event in the timeline; `summary` is JSON. */
export type TimelineRow = {
  readonly position: number;
  readonly at: Instant;
  readonly type: Slug;
  readonly by: string;
  readonly summary: string;
};

/** What a timeline may be narrowed to (R149). */
export type TimelineFilter = {
  readonly types?: readonly Slug[] | undefined;
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
};

/** The events of a program, newest first, without forms that nobody has opened yet. */
export const timelineRows = (
  db: Database,
  programId: Uuid,
  { types: wanted, from, to }: TimelineFilter,
  { before, limit }: Slice,
): readonly TimelineRow[] =>
  all<TimelineRow>(
    db,
    `SELECT position, at, type, done_by AS by, summary FROM timeline
     WHERE program_id = ? AND position < ? AND unopened_form IS NULL
     AND day >= COALESCE(?, day) AND day <= COALESCE(?, day)
     AND (? IS NULL OR type IN (SELECT value FROM json_each(?)))
     ORDER BY position DESC LIMIT ?`,
    ...[programId, before, from ?? null, to ?? null],
    ...[wanted === undefined ? null : 1, JSON.stringify(wanted ?? []), limit],
  );
