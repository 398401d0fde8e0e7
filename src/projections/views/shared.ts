import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { Failure } from '../../access/failure.ts';
import { type Refusal, type RefusalCode, refused } from '../../domain/decider.ts';
import type { HsaId, Uuid } from '../../domain/identifiers.ts';
import type { Policy } from '../../domain/policy.ts';
import { isReadable } from '../../domain/program/state.ts';
import { addDays, type Day, dayOf, type Instant } from '../../domain/time.ts';
import type { KnownUnit } from '../../domain/unit/state.ts';
import { programStream, unitStream } from '../../eventStore/streams.ts';
import { type Found, lookUp } from '../../privacy/residentIndex.ts';
import { type Holder, programIdsOf } from '../programLists.ts';
import { type ProgramRow, programRow, programRows, purgedUnit } from '../programs.ts';
import { namePosition } from '../staff.ts';
import { unitRow } from '../units.ts';
import type { Asking } from '../view.ts';

/** Whether the resident may read a program now, by its row of today: while it is ongoing, and in maintenance (D12, R231–R235). */
export const mayRead = ({ rights: { today } }: Asking, row: ProgramRow | undefined): boolean => {
  if (row === undefined) return false;
  return row.status === 'ongoing' || isReadable({ readableUntil: row.readableUntil ?? undefined }, today);
};

/** The rows of some programs as they are today: in a replay not those that it shows. */
export const rowsOfToday = (
  { core, rights: { db } }: Asking,
  shown: ReadonlyMap<Uuid, ProgramRow>,
): ReadonlyMap<Uuid, ProgramRow> => (db === core.readModels ? shown : programRows(db, [...shown.keys()]));

/** Limits a list to the programs of a holder: in a replay to those that are theirs today, whoever had them then. */
export const held = <Of extends Holder>(
  { core, rights }: Asking,
  holder: Of,
): Of | { readonly programIds: readonly Uuid[] } =>
  rights.db === core.readModels ? holder : { programIds: programIdsOf(rights.db, holder) };

/** The streams of the resident who asks. */
export const ownStreams = async ({ core, acting }: Asking): Promise<E.Either<Failure, readonly string[]>> =>
  E.map(({ streams }: Found) => streams)(await lookUp(core, acting.personalNumber ?? ''));

const judgeStaff = ({ rights, by }: Asking, db: Database, programId: Uuid): E.Either<RefusalCode, ProgramRow> => {
  const { unitId } = by;
  const row = programRow(db, programId);
  if (row !== undefined && programRow(rights.db, programId)?.unitId === unitId) return E.right(row);
  const isPurged = unitId !== undefined && purgedUnit(rights.db, programId) === unitId;
  return E.left(isPurged ? 'program-purged' : 'unknown-program');
};

/** Rows of a program that the asker has to do with; an asker without any relation learns nothing of it. */
export const relatedProgram = async (
  asking: Asking,
  programId: Uuid,
): Promise<E.Either<Failure | Refusal, (db: Database) => E.Either<Refusal, ProgramRow>>> => {
  const no = (code: RefusalCode): Refusal => refused(code);
  if (asking.by.kind !== 'resident') return E.right((db) => E.mapLeft(no)(judgeStaff(asking, db, programId)));
  const own = await ownStreams(asking);
  if (E.isLeft(own)) return own;
  if (!own.right.includes(programStream(programId))) return E.left(no('unknown-program'));
  return E.right((db) => {
    const row = programRow(db, programId);
    if (row === undefined) return E.left(no('unknown-program'));
    return mayRead(asking, programRow(asking.rights.db, programId)) ? E.right(row) : E.left(no('program-has-ended'));
  });
};

/** The units by their ids, for judging whom they could make responsible; in a replay, as they were. */
export const unitsOf = async (
  { core }: Asking,
  unitIds: readonly HsaId[],
): Promise<E.Either<Failure, ReadonlyMap<HsaId, KnownUnit>>> => {
  const units = new Map<HsaId, KnownUnit>();
  for (const unitId of new Set(unitIds)) {
    const loaded = await core.histories.unit(unitStream(unitId));
    if (E.isLeft(loaded)) return loaded;
    const { state } = loaded.right;
    if (state.status !== 'absent') units.set(unitId, state);
  }
  return E.right(units);
};

/** Where the name of a program's responsible clinician lies sealed. */
export const clinicianPosition = (db: Database, { unitId, clinician }: ProgramRow): number | undefined =>
  namePosition(db, unitId, clinician);

/** In how many days the unit that owns a program has said that it answers (R100, R180). */
export const answersWithin = (db: Database, { unitId }: Pick<ProgramRow, 'unitId'>, policy: Policy): number =>
  unitRow(db, unitId)?.answerWithinDays ?? policy.answerWithinDays;

/** The last day on which an answer is in time (R183). */
export const answerDueOn = (waitingSince: Instant, within: number): Day => addDays(dayOf(waitingSince), within);
