import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { Refusal } from '../../domain/decider.ts';
import { Uuid } from '../../domain/identifiers.ts';
import type { Day } from '../../domain/time.ts';
import { type AbsenceRow, absenceRow } from '../absences.ts';
import { unreadByResident } from '../conversations.ts';
import { type FollowUpRow, followUpRows } from '../followUps.ts';
import type { ProgramRow } from '../programs.ts';
import { type Opening, openTexts, snapshot, type View } from '../view.ts';
import { type ProgramContent, programContent, readable } from './programContent.ts';
import { clinicianPosition, relatedProgram } from './shared.ts';

const Query = z.strictObject({ view: z.literal('my-program'), programId: Uuid });

/** What the resident sees of a program, before anything personal is opened. */
type Found = ProgramContent & {
  readonly clinicianAt: number | undefined;
  readonly unread: number;
  readonly absence: AbsenceRow | undefined;
  readonly followUps: readonly FollowUpRow[];
};

/** The clinician's absence, announced ahead and until its last day is over (R025, R212). */
const currentAbsence = (absence: AbsenceRow | undefined, today: Day): AbsenceRow | undefined =>
  absence === undefined || absence.to < today ? undefined : absence;

const find = (db: Database, row: ProgramRow, today: Day): E.Either<Refusal, Found> =>
  E.map((content: ProgramContent) => ({
    ...content,
    clinicianAt: clinicianPosition(db, row),
    unread: unreadByResident(db, [row.programId]).get(row.programId) ?? 0,
    absence: currentAbsence(absenceRow(db, row.programId), today),
    followUps: row.status === 'ongoing' ? followUpRows(db, row.programId) : [],
  }))(programContent(db, row, today));

const presentAbsence = (absence: AbsenceRow | undefined, text: Opening['text']) => {
  if (absence === undefined) return {};
  const { from, to, position } = absence;
  return { absence: { from, to, text: text(position, 'text') ?? '' } };
};

/** The follow-ups that wait for an answer: their forms take it even where the module is closed (D25, R221). */
const waiting = ({ followUps, modules }: Found, today: Day) =>
  followUps
    .filter(({ dueOn, doneAt }) => doneAt === null && dueOn <= today)
    .map(({ followUpId, moduleId, formId, dueOn }) => {
      const forms = modules.find(({ id }) => id === moduleId)?.forms ?? [];
      return { id: followUpId, moduleId, formId, title: forms.find(({ id }) => id === formId)?.title ?? '', dueOn };
    });

/** The resident's start page of a program: welcome text, open modules, own progress, unread, absence (R095, R103, R166, I11). */
export const myProgram: View<z.infer<typeof Query>> = {
  query: Query,
  answer: async (asking, { programId }) => {
    const related = await relatedProgram(asking, programId);
    if (E.isLeft(related)) return related;
    const read = snapshot(asking, (db) =>
      E.flatMap((row: ProgramRow) => find(db, row, asking.today))(related.right(db)),
    );
    if (E.isLeft(read)) return read;
    const { row, modules, standardText, clinicianAt, unread, absence, asOf } = read.right;
    const opened = await openTexts(asking, [row.welcomePosition, clinicianAt, absence?.position]);
    if (E.isLeft(opened)) return opened;
    const text = opened.right;
    const shown = {
      welcomeText: text(row.welcomePosition, 'text') ?? standardText,
      modules: modules.filter(({ state }) => state !== 'closed'),
      followUps: waiting(read.right, asking.today),
      unread,
      writable: row.status === 'ongoing',
      ...readable(row),
      clinicianName: text(clinicianAt, 'name') ?? '',
      ...presentAbsence(absence, text),
    };
    return E.right({ answer: shown, programs: [programId], asOf });
  },
};
