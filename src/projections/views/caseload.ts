import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { HsaId } from '../../domain/identifiers.ts';
import { addDays, dayOf } from '../../domain/time.ts';
import { type KnownUnit, unfitClinician } from '../../domain/unit/state.ts';
import { checkpoint } from '../checkpoints.ts';
import { waitingSince } from '../conversations.ts';
import { firstSlice, type ProgramRow, programsOf } from '../programs.ts';
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
import { answerDueOn, answersWithin, held, unitsOf } from './shared.ts';

const Query = z.strictObject({ view: z.literal('caseload'), ...paging });
type Query = z.infer<typeof Query>;

/** What is read of one program, before its resident's name is opened. */
type Found = {
  readonly program: ProgramRow;
  readonly template: VersionedContent | undefined;
  readonly actionFlags: number;
  readonly overdueAnswers: number;
};

/** Whether the responsible clinician could be made responsible today: holds the role, the facts, and is active (D23). */
const isFit = ({ core }: Asking, unit: KnownUnit | undefined, { program, template }: Found): boolean => {
  if (unit === undefined || template === undefined) return false;
  const { clinician, templateId } = program;
  const wanted = { templateId, eligibility: template.content.eligibility };
  return unfitClinician(unit, clinician, wanted, core.policy) === undefined;
};

const find = (db: Database, program: ProgramRow, asking: Asking): Found => {
  const { at, today, core } = asking;
  const within = answersWithin(db, program, core.policy);
  return {
    program,
    template: contentFor(db, program),
    actionFlags: flagsOf(db, program, at, core.policy).filter(({ severity }) => severity === 'action').length,
    overdueAnswers: waitingSince(db, program.programId).filter((since) => answerDueOn(since, within) < today).length,
  };
};

type Units = ReadonlyMap<HsaId, KnownUnit>;

const present = (found: Found, text: Opening['text'], units: Units, asking: Asking) => {
  const { core, today } = asking;
  const { actionFlags, overdueAnswers, template } = found;
  const { programId, clinician, startedAt, startedPosition, unitId, templateId } = found.program;
  const name = text(startedPosition, 'name');
  // Erased between the reading and the opening: there is nobody to show any more.
  if (name === undefined) return [];
  const { days, warnDays } = core.policy.twoYears;
  const twoYearsOn = addDays(dayOf(startedAt), days);
  return [
    {
      ...{ programId, name, clinician },
      title: template?.content.title ?? templateId,
      clinicianActive: isFit(asking, units.get(unitId), found),
      ...{ actionFlags, overdueAnswers },
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
    const whose = held(asking, { unitId: asking.by.unitId ?? '' });
    const { rows, asOf } = snapshot(asking, (db) => ({
      rows: programsOf(db, whose, 'ongoing', slice).map((program) => find(db, program, asking)),
      asOf: checkpoint(db, 'inline'),
    }));
    const page = cut('caseload', rows, query, ({ program }) => program.startedPosition);
    const text = await openTexts(
      asking,
      page.rows.map(({ program }) => program.startedPosition),
    );
    if (E.isLeft(text)) return text;
    const units = await unitsOf(
      asking,
      page.rows.map(({ program }) => program.unitId),
    );
    if (E.isLeft(units)) return units;
    const shown = page.rows.flatMap((row) => present(row, text.right, units.right, asking));
    return E.right({
      answer: pageOf(shown, page.next, asOf),
      programs: shown.map(({ programId }) => programId),
      asOf,
    });
  },
};
