import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { addDays, dayOf } from '../../domain/time.ts';
import { unfitClinician } from '../../domain/unit/state.ts';
import { checkpoint } from '../checkpoints.ts';
import { waitingSince } from '../conversations.ts';
import { firstSlice, type ProgramRow, programsOfUnit } from '../programs.ts';
import { contentFor, type VersionedContent } from '../templates.ts';
import {
  type Asking,
  cut,
  limitOf,
  type Opening,
  openTexts,
  pageOf,
  paging,
  readCursor,
  snapshot,
  type View,
} from '../view.ts';
import { flagsOf } from './flags.ts';
import { answerDueOn, answersWithin } from './shared.ts';

const Query = z.strictObject({ view: z.literal('caseload'), ...paging });
type Query = z.infer<typeof Query>;

/** What is read of one program, before its resident's name is opened. */
type Found = {
  readonly program: ProgramRow;
  readonly title: string;
  readonly clinicianActive: boolean;
  readonly actionFlags: number;
  readonly overdueAnswers: number;
};

/** Whether the responsible clinician could be made responsible today: holds the role, the facts, and is active (D23). */
const isFit = (
  { acting: { unit }, core }: Asking,
  { clinician, templateId }: ProgramRow,
  template: VersionedContent | undefined,
): boolean => {
  if (unit === undefined || template === undefined) return false;
  const wanted = { templateId, eligibility: template.content.eligibility };
  return unfitClinician(unit, clinician, wanted, core.policy) === undefined;
};

const find = (db: Database, program: ProgramRow, asking: Asking): Found => {
  const { at, today, core } = asking;
  const template = contentFor(db, program);
  const within = answersWithin(db, program, core.policy);
  return {
    program,
    title: template?.content.title ?? program.templateId,
    clinicianActive: isFit(asking, program, template),
    actionFlags: flagsOf(db, program, at, core.policy).filter(({ severity }) => severity === 'action').length,
    overdueAnswers: waitingSince(db, program.programId).filter((since) => answerDueOn(since, within) < today).length,
  };
};

const present = ({ program, ...counted }: Found, text: Opening['text'], { core, today }: Asking) => {
  const { programId, clinician, startedAt, startedPosition } = program;
  const name = text(startedPosition, 'name');
  // Erased between the reading and the opening: there is nobody to show any more.
  if (name === undefined) return [];
  const { days, warnDays } = core.policy.twoYears;
  const twoYearsOn = addDays(dayOf(startedAt), days);
  return [
    {
      ...{ programId, name, clinician },
      ...counted,
      overTwoYears: twoYearsOn < today, // D11: a warning and a list, never an end
      warnFrom: addDays(twoYearsOn, -warnDays),
    },
  ];
};

/**
 * The resident administrator's list of the unit's ongoing programs: whose clinician is there no longer, what waits, and what ought to be
 * ended (R022, R023, R030, R183, R212, R236, D11, D23).
 */
export const caseload: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const before = readCursor('caseload', query, firstSlice(0).before);
    if (E.isLeft(before)) return before;
    const slice = { before: before.right, limit: limitOf(query) + 1 };
    const { rows, asOf } = snapshot(asking, (db) => ({
      rows: programsOfUnit(db, asking.by.unitId ?? '', 'ongoing', slice).map((program) => find(db, program, asking)),
      asOf: checkpoint(db, 'inline'),
    }));
    const page = cut('caseload', rows, query, ({ program }) => program.startedPosition);
    const text = await openTexts(
      asking,
      page.rows.map(({ program }) => program.startedPosition),
    );
    if (E.isLeft(text)) return text;
    const shown = page.rows.flatMap((row) => present(row, text.right, asking));
    return E.right({
      answer: pageOf(shown, page.next, asOf),
      programs: shown.map(({ programId }) => programId),
      asOf,
    });
  },
};
