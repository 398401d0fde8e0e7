import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { Uuid } from '../../domain/identifiers.ts';
import { type OccasionState, stateOf } from '../../domain/program/plans.ts';
import { type Occasion, occasionsOn } from '../../domain/program/schedule.ts';
import { Day, daysBetween, type Instant } from '../../domain/time.ts';
import { type PlanRow, planRows, registrationRows } from '../activityPlans.ts';
import { checkpoint } from '../checkpoints.ts';
import type { ProgramRow } from '../programs.ts';
import { cut, limitOf, type Opening, openFlesh, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';
import { relatedProgram } from './shared.ts';

/** A year that has a leap day in it. */
const mostDays = 366;

const Query = z
  .strictObject({ view: z.literal('activities'), programId: Uuid, from: Day, to: Day, ...paging })
  .refine(({ from, to }) => from <= to, { message: 'ends-before-it-begins', path: ['to'] })
  .refine(({ from, to }) => daysBetween(from, to) < mostDays, { message: 'too-big', path: ['to'] });
type Query = z.infer<typeof Query>;

/** An occasion of a plan as it stands, before anything personal is opened. */
type Found = Occasion & {
  readonly key: string;
  readonly planId: Uuid;
  readonly state: OccasionState;
  readonly titlesAt: number;
  readonly answersAt: number | undefined;
};

/** The end of the program stops its plans. */
const stoppedWith = (plan: PlanRow, endedAt: Instant | null): PlanRow =>
  endedAt === null || (plan.stoppedAt !== undefined && plan.stoppedAt <= endedAt)
    ? plan
    : { ...plan, stoppedAt: endedAt };

/** Tells occasions apart, and orders them. */
const keyOf = (occasion: Instant, planId: Uuid): string => `${occasion} ${planId}`;

const findOccasions = (
  db: Database,
  { programId, endedAt }: ProgramRow,
  { from, to }: Query,
  now: Instant,
): readonly Found[] => {
  const answers = new Map(
    registrationRows(db, programId).map(({ occasion, planId, position }) => [keyOf(occasion, planId), position]),
  );
  const ofPlan = (plan: PlanRow): readonly Found[] =>
    occasionsOn(plan.eras, from, to).map((occasion) => {
      const key = keyOf(occasion.at, plan.planId);
      const state = stateOf(occasion, plan, now);
      return { ...occasion, key, planId: plan.planId, state, titlesAt: plan.position, answersAt: answers.get(key) };
    });
  return planRows(db, programId)
    .flatMap((plan) => ofPlan(stoppedWith(plan, endedAt)))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1));
};

const present = ({ planId, at, closes, state, titlesAt, answersAt }: Found, { list }: Opening) => {
  const answers = list(answersAt, 'answers');
  const titles = list(titlesAt, 'titles') ?? [];
  return { planId, occasion: at, closes, state, titles, ...(answers === undefined ? {} : { answers }) };
};

/** What the resident should fill in on some days, and has filled in (R213–R220); answers are shown to both sides. */
export const activities: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const { programId } = query;
    const after = readCursor('activities', query, '');
    if (E.isLeft(after)) return after;
    const related = await relatedProgram(asking, programId);
    if (E.isLeft(related)) return related;
    const read = snapshot(asking, (db) =>
      E.map((row: ProgramRow) => ({
        rows: findOccasions(db, row, query, asking.at).filter(({ key }) => key > after.right),
        asOf: checkpoint(db, 'inline'),
      }))(related.right(db)),
    );
    if (E.isLeft(read)) return read;
    const { rows, asOf } = read.right;
    const page = cut('activities', rows.slice(0, limitOf(query) + 1), query, ({ key }) => key);
    const opened = await openFlesh(
      asking,
      page.rows.flatMap(({ titlesAt, answersAt }) => [titlesAt, answersAt]),
    );
    if (E.isLeft(opened)) return opened;
    const shown = page.rows.map((row) => present(row, opened.right));
    return E.right({ answer: pageOf(shown, page.next, asOf), programs: [programId], asOf });
  },
};
