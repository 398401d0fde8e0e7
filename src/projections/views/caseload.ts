import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { HsaId } from '../../domain/identifiers.ts';
import { addDays, dayOf } from '../../domain/time.ts';
import { type KnownUnit, unfitClinician } from '../../domain/unit/state.ts';
import { checkpoint } from '../checkpoints.ts';
import { waitingSince } from '../conversations.ts';
import { pendingAmong } from '../handovers.ts';
import { type ListedProgram, programsOf } from '../programLists.ts';
import { firstSlice } from '../programs.ts';
import { contentsIn, type VersionedContent } from '../templates.ts';
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
import { flagCounts } from './flagCounts.ts';
import { answerDueOn, answersWithin, held, unitsOf } from './shared.ts';

const Query = z.strictObject({ view: z.literal('caseload'), ...paging });
type Query = z.infer<typeof Query>;

/** What is read of one program, before its resident's name is opened. */
type Found = {
  readonly program: ListedProgram;
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

/** How many conversations of each program wait longer for staff's answer than the unit has said (R183). */
const overdueIn = (db: Database, programs: readonly ListedProgram[], { today, core }: Asking) => {
  const owners = new Map(programs.map((program) => [program.programId, program]));
  const withins = new Map<HsaId, number>();
  const withinOf = (program: ListedProgram): number => {
    const within = withins.get(program.unitId) ?? answersWithin(db, program, core.policy);
    withins.set(program.unitId, within);
    return within;
  };
  const overdue = waitingSince(db, [...owners.keys()]).filter(({ programId, since }) => {
    const owner = owners.get(programId);
    return owner !== undefined && answerDueOn(since, withinOf(owner)) < today;
  });
  const counts = Map.groupBy(overdue, ({ programId }) => programId);
  return ({ programId }: ListedProgram): number => counts.get(programId)?.length ?? 0;
};

const find = (db: Database, programs: readonly ListedProgram[], asking: Asking): readonly Found[] => {
  const { at, core } = asking;
  const pending = pendingAmong(
    db,
    programs.map(({ programId }) => programId),
  );
  const flags = flagCounts(db, programs, { now: at, policy: core.policy, pending });
  const [overdueOf, contentOf] = [overdueIn(db, programs, asking), contentsIn(db)];
  const actionsOf = ({ programId }: ListedProgram): number =>
    (flags.get(programId) ?? []).reduce((sum, { severity, count }) => sum + (severity === 'action' ? count : 0), 0);
  return programs.map((program) => ({
    program,
    template: contentOf(program),
    actionFlags: actionsOf(program),
    overdueAnswers: overdueOf(program),
  }));
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
    const { page, asOf } = snapshot(asking, (db) => {
      const rows = programsOf(db, whose, 'ongoing', slice);
      const { rows: programs, next } = cut('caseload', rows, query, ({ startedPosition }) => startedPosition);
      return { page: { rows: find(db, programs, asking), next }, asOf: checkpoint(db, 'inline') };
    });
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
