import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { Refusal } from '../../domain/decider.ts';
import { Uuid } from '../../domain/identifiers.ts';
import { eraInForce } from '../../domain/program/plans.ts';
import type { Day } from '../../domain/time.ts';
import { type PlanRow, planRows } from '../activityPlans.ts';
import { type FollowUpRow, followUpRows } from '../followUps.ts';
import type { ProgramRow } from '../programs.ts';
import { type Asking, type Opening, openFlesh, refuseView, snapshot, type View } from '../view.ts';
import { type Flag, flagsOf, presentFlags } from './flags.ts';
import type { ModuleView } from './moduleViews.ts';
import { type ProgramContent, programContent, readable } from './programContent.ts';
import { relatedProgram } from './shared.ts';

const Query = z.strictObject({ view: z.literal('program'), programId: Uuid });

/** What staff sees of a program, before anything personal is opened. */
type Found = ProgramContent & {
  readonly flags: readonly Flag[];
  readonly followUps: readonly FollowUpRow[];
  readonly plans: readonly PlanRow[];
};

const find = (db: Database, row: ProgramRow, { at, today, core }: Asking): E.Either<Refusal, Found> =>
  E.map((content: ProgramContent) => ({
    ...content,
    flags: flagsOf(db, row, at, core.policy),
    followUps: followUpRows(db, row.programId),
    plans: planRows(db, row.programId),
  }))(programContent(db, row, today));

const stateOf = ({ dueOn, doneAt }: FollowUpRow, today: Day): 'coming' | 'due' | 'done' => {
  if (doneAt !== null) return 'done';
  return dueOn > today ? 'coming' : 'due';
};

/** A follow-up and how it stands with it (R221–R224). */
const presentFollowUp = (row: FollowUpRow, today: Day) => {
  const { followUpId, moduleId, formId, dueOn } = row;
  return { id: followUpId, moduleId, formId, dueOn, state: stateOf(row, today) };
};

/** An activity plan with the schedule that is in force (R213–R218). */
const presentPlan = (plan: PlanRow, { list }: Opening) => {
  const { planId, position, remind, stoppedAt } = plan;
  const { schedule, graceDays } = eraInForce(plan);
  return {
    planId,
    titles: list(position, 'titles') ?? [],
    schedule,
    graceDays,
    remind,
    stopped: stoppedAt !== undefined,
  };
};

/** Only mandatory modules count (R111, I07). */
const isDone = (modules: readonly ModuleView[]): boolean =>
  modules.every(({ obligation, state }) => obligation !== 'mandatory' || state === 'completed');

const positionsOf = ({ row, flags, plans }: Found): readonly (number | null | undefined)[] => [
  ...[row.startedPosition, row.welcomePosition],
  ...flags.map(({ textPosition }) => textPosition),
  ...plans.map(({ position }) => position),
];

const present = (found: Found, opening: Opening, today: Day): object | undefined => {
  const { row, version, modules, standardText, flags, followUps, plans } = found;
  const name = opening.text(row.startedPosition, 'name');
  const personalNumber = opening.text(row.startedPosition, 'personalNumber');
  if (name === undefined || personalNumber === undefined) return undefined;
  const { programId, templateId, unitId, clinician, status, lastActiveAt } = row;
  return {
    ...{ programId, templateId, version, unitId, clinician, status, name, personalNumber },
    welcomeText: opening.text(row.welcomePosition, 'text') ?? standardText,
    ...(lastActiveAt === null ? {} : { lastActiveAt }),
    ...readable(row),
    mandatoryDone: isDone(modules),
    modules,
    followUps: followUps.map((followUp) => presentFollowUp(followUp, today)),
    plans: plans.map((plan) => presentPlan(plan, opening)),
    flags: presentFlags(flags, opening.text),
  };
};

/** The tab Hantera: how far the resident has come, and everything the clinician steers (R124, R135–R137, R144, R277). */
export const program: View<z.infer<typeof Query>> = {
  query: Query,
  answer: async (asking, { programId }) => {
    const related = await relatedProgram(asking, programId);
    if (E.isLeft(related)) return related;
    const read = snapshot(asking, (db) => E.flatMap((row: ProgramRow) => find(db, row, asking))(related.right(db)));
    if (E.isLeft(read)) return read;
    const opening = await openFlesh(asking, positionsOf(read.right));
    if (E.isLeft(opening)) return opening;
    const shown = present(read.right, opening.right, asking.today);
    // Erased between the reading and the opening: there is nobody to show any more.
    if (shown === undefined) return refuseView('program-purged');
    return E.right({ answer: shown, programs: [programId], asOf: read.right.asOf });
  },
};
