import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { StoredEvent, StoreError } from '../../eventStore/eventStore.ts';
import { inTransaction } from '../../eventStore/transaction.ts';
import { checkpoint } from '../checkpoints.ts';
import { followLog, type Log, type Pace } from '../following.ts';
import { all, one, run } from '../projection.ts';
import { apply, groupedTables, install, readingOnce } from '../runner.ts';
import { anyChange, changesOf, noteChanges, stopNoting } from './changes.ts';
import { shapeOf, type TableShape } from './tableShapes.ts';
import type { Interruption } from './takingOver.ts';

/** How far the read models of a side database have come, and of which log; `copy` is the position that a copy of them began with. */
type Standing = { readonly position: number; readonly eventId: string; readonly copy: number | null };

const schema = `
CREATE TABLE IF NOT EXISTS standing (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  copy INTEGER
) STRICT;
INSERT INTO standing (id, position, event_id) VALUES (1, 0, '') ON CONFLICT (id) DO NOTHING;
`;

const nothing: Standing = { position: 0, eventId: '', copy: null };

/** Where a side database stands. */
export const standingOf = (side: Database): Standing =>
  one<Standing>(side, 'SELECT position, event_id AS eventId, copy FROM standing') ?? nothing;

/** The versions of the read models in a database; none where there are none. */
export const versionsIn = (db: Database): string =>
  one(db, "SELECT 1 FROM sqlite_schema WHERE name = 'projections'") === undefined
    ? ''
    : JSON.stringify(all(db, 'SELECT name, version FROM projections ORDER BY name'));

/**
 * Makes read models in a side database, or finds those of an earlier rebuild there. False where those are of no use: of another version of the
 * library, or of a log that has gone on differently, as after an older copy was put back.
 */
export const beginSide = async (side: Database, events: Log): Promise<E.Either<StoreError, boolean>> => {
  const before = versionsIn(side);
  side.transaction(() => {
    install(side);
    side.exec(schema);
  })();
  if (before !== '' && before !== versionsIn(side)) return E.right(false);
  const { position, eventId } = standingOf(side);
  if ([checkpoint(side, 'inline'), checkpoint(side, 'audit')].some((one) => one !== position)) return E.right(false);
  if (position === 0) return E.right(true);
  const last = await events.readAll(position - 1, 1)();
  return E.map((read: readonly StoredEvent[]) => read[0]?.position === position && read[0].id === eventId)(last);
};

/** The tables of all read models, as they are in a side database. */
export const shapesIn = (side: Database): readonly TableShape[] =>
  Object.keys(groupedTables).map((table) => shapeOf(side, table));

/** Notes that a copy begins with what the read models are now. */
export const beginCopyOf = (side: Database): number => {
  const { position } = standingOf(side);
  run(side, 'UPDATE standing SET copy = ?', position);
  return position;
};

const isNoting = (side: Database, shapes: readonly TableShape[]): boolean =>
  shapes.every((shape) => one(side, 'SELECT 1 FROM sqlite_schema WHERE name = ?', changesOf(shape)) !== undefined);

/** Where there is a copy already: notes from now on which rows change after it was begun. */
export const beginNoting = (side: Database, shapes: readonly TableShape[]): void => {
  if (standingOf(side).copy !== null && !isNoting(side, shapes)) side.transaction(() => noteChanges(side, shapes))();
};

/** Forgets a copy of which nothing is left. */
export const endNoting = (side: Database, shapes: readonly TableShape[]): void =>
  side.transaction(() => {
    stopNoting(side, shapes);
    run(side, 'UPDATE standing SET copy = NULL');
  })();

/** Whether changes wait that were not copied yet. */
export const hasChanges = (side: Database, shapes: readonly TableShape[]): boolean =>
  isNoting(side, shapes) && shapes.some((shape) => side.prepare(anyChange(shape)).get() !== undefined);

/** Applies events to all read models in one transaction, each of them read once. */
const applyTo =
  (side: Database) =>
  (events: readonly StoredEvent[]): Promise<E.Either<StoreError, void>> =>
    inTransaction(side, () => {
      const [reading, last] = [readingOnce(), events.at(-1)];
      for (const group of ['inline', 'audit'] as const) apply(side, group, events, reading);
      if (last !== undefined) run(side, 'UPDATE standing SET position = ?, event_id = ?', last.position, last.id);
    });

/** How the read models of a side database follow the log. */
export type Building = {
  readonly events: Log;
  readonly side: Database;
  readonly reading: Pace;
  readonly mayGoOn: () => E.Either<Interruption, void>;
  readonly onEvents: (position: number, last: number) => void;
};

/** Brings all read models of a side database up to the end of the log, as it is then; gives that position. */
export const build = ({
  events,
  side,
  reading,
  mayGoOn,
  onEvents,
}: Building): Promise<E.Either<StoreError | Interruption, number>> =>
  followLog({
    ...{ events, pace: reading, mayGoOn, onProgress: onEvents },
    position: () => standingOf(side).position,
    apply: applyTo(side),
  });
