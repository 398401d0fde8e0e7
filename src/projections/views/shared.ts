import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { Failure } from '../../access/failure.ts';
import { type Refusal, type RefusalCode, refused } from '../../domain/decider.ts';
import type { HsaId, Uuid } from '../../domain/identifiers.ts';
import type { Policy } from '../../domain/policy.ts';
import { isReadable } from '../../domain/program/state.ts';
import { addDays, type Day, dayOf, type Instant } from '../../domain/time.ts';
import { programStream } from '../../eventStore/streams.ts';
import { tagOf } from '../../privacy/pseudonyms.ts';
import { type ProgramRow, programRow, purgedUnit } from '../programs.ts';
import { namePosition } from '../staff.ts';
import { unitRow } from '../units.ts';
import type { Asking } from '../view.ts';

/** Whether the resident may read a program on a day: while it is ongoing, and in maintenance (D12, R231–R235). */
export const isReadableRow = ({ status, readableUntil }: ProgramRow, today: Day): boolean =>
  status === 'ongoing' || isReadable({ readableUntil: readableUntil ?? undefined }, today);

/** The streams of the resident who asks. */
export const ownStreams = async ({ core, acting }: Asking): Promise<E.Either<Failure, readonly string[]>> => {
  const tag = await tagOf(core.keys, acting.personalNumber ?? '');
  return E.isLeft(tag) ? tag : core.events.streamsWithTag(tag.right)();
};

const judgeStaff = (db: Database, programId: Uuid, unitId: HsaId | undefined): E.Either<RefusalCode, ProgramRow> => {
  const row = programRow(db, programId);
  if (row !== undefined && row.unitId === unitId) return E.right(row);
  return E.left(purgedUnit(db, programId) === unitId && unitId !== undefined ? 'program-purged' : 'unknown-program');
};

/** Rows of a program that the asker has to do with; an asker without any relation learns nothing of it. */
export const relatedProgram = async (
  asking: Asking,
  programId: Uuid,
): Promise<E.Either<Failure | Refusal, (db: Database) => E.Either<Refusal, ProgramRow>>> => {
  const { by, today } = asking;
  const no = (code: RefusalCode): Refusal => refused(code);
  if (by.kind !== 'resident') return E.right((db) => E.mapLeft(no)(judgeStaff(db, programId, by.unitId)));
  const own = await ownStreams(asking);
  if (E.isLeft(own)) return own;
  if (!own.right.includes(programStream(programId))) return E.left(no('unknown-program'));
  return E.right((db) => {
    const row = programRow(db, programId);
    if (row === undefined) return E.left(no('unknown-program'));
    return isReadableRow(row, today) ? E.right(row) : E.left(no('program-has-ended'));
  });
};

/** Where the name of a program's responsible clinician lies sealed. */
export const clinicianPosition = (db: Database, { unitId, clinician }: ProgramRow): number | undefined =>
  namePosition(db, unitId, clinician);

/** In how many days the unit that owns a program has said that it answers (R100, R180). */
export const answersWithin = (db: Database, { unitId }: Pick<ProgramRow, 'unitId'>, policy: Policy): number =>
  unitRow(db, unitId)?.answerWithinDays ?? policy.answerWithinDays;

/** The last day on which an answer is in time (R183). */
export const answerDueOn = (waitingSince: Instant, within: number): Day => addDays(dayOf(waitingSince), within);
