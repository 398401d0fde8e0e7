import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { type Acting, Actor, recognize } from '../access/actor.ts';
import { bounded } from '../access/bounded.ts';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import { freshId } from '../access/ids.ts';
import { readInput, readPlain } from '../access/input.ts';
import type { Issue, Problem } from '../access/problem.ts';
import { fail, isRefusal, problemOf, readingOf, reject, withheld } from '../access/rejection.ts';
import { judge } from '../access/rules.ts';
import { programsNamed } from '../access/subjects.ts';
import type { By } from '../domain/actors.ts';
import { type Refusal, refused } from '../domain/decider.ts';
import type { Uuid } from '../domain/identifiers.ts';
import { permissionToView, type ViewName } from '../domain/permissions.ts';
import { dayOf, type Instant } from '../domain/time.ts';
import type { AccessEvent } from '../eventStore/accessEvents.ts';
import { inStep } from './inStep.ts';
import { type Answered, type AnyView, type Asking, anyView } from './view.ts';
import { accessReport } from './views/accessReport.ts';
import { activities } from './views/activities.ts';
import { audit } from './views/audit.ts';
import { caseload } from './views/caseload.ts';
import { comments } from './views/comments.ts';
import { conversation, conversations } from './views/conversations.ts';
import { documentation } from './views/documentation.ts';
import { form } from './views/form.ts';
import { logChecksView } from './views/logChecks.ts';
import { logExport } from './views/logExport.ts';
import { myProgram } from './views/myProgram.ts';
import { myPrograms } from './views/myPrograms.ts';
import { overview } from './views/overview.ts';
import { profile } from './views/profile.ts';
import { program } from './views/program.ts';
import { purge } from './views/purge.ts';
import { purgeList } from './views/purgeList.ts';
import { staffView } from './views/staff.ts';
import { statisticsView } from './views/statistics.ts';
import { templatesView, templateView } from './views/templates.ts';
import { timelineView } from './views/timeline.ts';
import { undelivered } from './views/undelivered.ts';
import { unitsView } from './views/units.ts';

/** Every view that a host may ask for, by name. */
const views: ReadonlyMap<string, AnyView> = new Map([
  ['overview', anyView(overview)],
  ['program', anyView(program)],
  ['my-programs', anyView(myPrograms)],
  ['my-program', anyView(myProgram)],
  ['form', anyView(form)],
  ['comments', anyView(comments)],
  ['conversations', anyView(conversations)],
  ['conversation', anyView(conversation)],
  ['activities', anyView(activities)],
  ['staff', anyView(staffView)],
  ['units', anyView(unitsView)],
  ['caseload', anyView(caseload)],
  ['purge-list', anyView(purgeList)],
  ['timeline', anyView(timelineView)],
  ['documentation', anyView(documentation)],
  ['purge', anyView(purge)],
  ['templates', anyView(templatesView)],
  ['template', anyView(templateView)],
  ['profile', anyView(profile)],
  ['statistics', anyView(statisticsView)],
  ['access-report', anyView(accessReport)],
  ['undelivered', anyView(undelivered)],
  ['audit', anyView(audit)],
  ['log-export', anyView(logExport)],
  ['log-checks', anyView(logChecksView)],
]);

/** What each view takes, by its name. */
export const viewQueries: ReadonlyMap<string, z.ZodType<unknown>> = new Map(
  [...views].map(([name, { query }]) => [name, query]),
);

/** The names of the views. */
export const viewNames: readonly string[] = [...views.keys()];

/** A moment that a replay shows: asked by today's rights, answered as it was. */
export type Past = {
  /** What views are answered from: the read models of then, and a log that ends there. */
  readonly core: Core;
  /** The instant from which answers count days. */
  readonly at: Instant;
  /** True once nothing more is to be shown. */
  readonly isOver: () => boolean;
};

type Question = {
  readonly core: Core;
  readonly past: Past | undefined;
  readonly name: string;
  readonly view: AnyView;
  readonly query: unknown;
  readonly queryId: Uuid;
  readonly at: Instant;
};

const log = (
  { core, at, queryId }: Question,
  event: AccessEvent,
  by: By,
  { personalNumber }: Acting,
): Promise<E.Either<Failure, void>> => core.log.append({ event, at, by, personalNumber, commandId: queryId });

const refuse = async (
  question: Question,
  refusal: Refusal,
  by: By,
  acting: Acting,
): Promise<E.Either<Problem, never>> => {
  const code = refusal.kind === 'refused' ? refusal.code : 'invalid';
  const data = { what: question.name, programs: [...programsNamed(question.query)], code, reading: true };
  const logged = await log(question, { type: 'refused', data }, by, acting);
  return E.left(E.isLeft(logged) ? withheld(problemOf(logged.left, question.queryId)) : refusal);
};

/** No log, no data: the answer is given only when its entry is written. */
const give = async (question: Question, { answer, programs, asOf }: Answered, by: By, acting: Acting) => {
  const data = { what: question.name, programs: [...programs], asOf };
  const logged = await log(question, { type: 'viewed', data }, by, acting);
  return E.isLeft(logged) ? E.left(withheld(problemOf(logged.left, question.queryId))) : E.right(answer);
};

const judged = ({ name, view, query, core }: Question, acting: Acting): E.Either<Refusal, By> => {
  const isChoosing = view.beforeUnitIsChosen?.(query) === true && acting.barred !== 'assurance-too-low';
  return isChoosing && acting.by.kind === 'staff'
    ? E.right(acting.by)
    : judge(permissionToView(view.permission?.(query) ?? (name as ViewName)), acting, core.policy);
};

const askingOf = ({ core, past, at }: Question, acting: Acting, by: By): Asking => {
  const shown = past?.at ?? at;
  const rights = { db: core.readModels, today: dayOf(at) };
  return { core: past?.core ?? core, acting, by, at: shown, today: dayOf(shown), rights };
};

type Result = Awaited<ReturnType<AnyView['answer']>>;
const closed: Result = E.left(refused('replay-closed'));

/** Answers, and looks after it as well whether a replay was closed: what it read or failed with meanwhile is then of no account. */
const answer = async ({ view, query, past }: Question, asking: Asking): Promise<Result> => {
  const isOver = (): boolean => past?.isOver() === true;
  if (isOver()) return closed;
  try {
    const answered = await view.answer(asking, query);
    return isOver() ? closed : answered;
  } catch (error) {
    if (isOver()) return closed;
    throw error;
  }
};

const ask = async (question: Question, actor: Actor): Promise<E.Either<Problem, unknown>> => {
  const { core, name, at, queryId } = question;
  const broken = async (failure: Failure) =>
    E.left(await fail(core, { what: name, actor: E.right(actor), at, reading: true }, problemOf(failure, queryId)));
  const acting = await recognize(core.histories, actor, core.policy, at);
  if (E.isLeft(acting)) return broken(acting.left);
  const by = judged(question, acting.right);
  if (E.isLeft(by)) return refuse(question, by.left, acting.right.by, acting.right);
  const ready = await inStep(core.events, core.readModels);
  if (E.isLeft(ready)) return broken(ready.left);
  const answered = await answer(question, askingOf(question, acting.right, by.right));
  if (E.isRight(answered)) return give(question, answered.right, by.right, acting.right);
  return isRefusal(answered.left) ? refuse(question, answered.left, by.right, acting.right) : broken(answered.left);
};

const Named = z.object({ view: z.string().max(64) });

const viewNamed = (input: unknown): { readonly name: string; readonly view: AnyView | undefined } => {
  const named = Named.safeParse(input);
  const view = named.success ? views.get(named.data.view) : undefined;
  return { name: named.success && view !== undefined ? named.data.view : 'unknown', view };
};

const unknownView: readonly Issue[] = [{ path: 'query.view', code: 'unknown-view' }];

/**
 * The read side. Reads a query, judges who asks, answers from one snapshot, opens the sealed parts of the rows it shows, and writes who saw
 * what before it answers.
 *
 * @param past the moment that a replay shows; now without it
 */
export const viewing =
  (core: Core, past?: Past) =>
  async (input: unknown, actorInput: unknown): Promise<E.Either<Problem, unknown>> => {
    const at = core.now().toISOString();
    const reading = readingOf(core, at);
    const actor = readInput(Actor, actorInput, 'actor', reading);
    const plain = bounded(input, 'query');
    const { name, view } = E.isLeft(plain) ? { name: 'unknown', view: undefined } : viewNamed(plain.right.value);
    const size = E.isLeft(plain) ? 0 : plain.right.size;
    const no = (issues: readonly Issue[]) => reject(core, { what: name, actor, at, reading: true }, issues, size);
    if (E.isLeft(actor)) return E.left(await no(actor.left));
    if (E.isLeft(plain)) return E.left(await no(plain.left));
    if (view === undefined) return E.left(await no(unknownView));
    const query = readPlain(view.query, plain.right.value, 'query', reading);
    if (E.isLeft(query)) return E.left(await no(query.left));
    return ask({ core, past, name, view, query: query.right, queryId: freshId(core.now()), at }, actor.right);
  };
