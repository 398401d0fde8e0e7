import { auditor, hsaId, residentActor, staffAt } from '../simulation/people.ts';
import type { Folja, QueryInput } from '../src/index.ts';
import { clinician } from './model.ts';
import { quantile } from './rounds.ts';

type Who = Parameters<Folja['view']>[1];
type Question = readonly [query: QueryInput, actor: Who];

/** What one view took: milliseconds of the median and of the slowest of a hundred, and microseconds of CPU on average. */
export type ViewCost = { readonly view: string; readonly p50: number; readonly p99: number; readonly cpu: number };

const [administrator, permissions, dataAdministrator] = ['IA1', 'BA1', 'DA1'].map((name) =>
  staffAt(clinician.unitId, hsaId(name)),
) as [Who, Who, Who];

/** What is asked of the unit, page by page. */
const ofUnit: Readonly<Record<string, Question>> = {
  'overview mine': [{ view: 'overview', tab: 'mine' }, clinician],
  'overview all': [{ view: 'overview', tab: 'all' }, clinician],
  'overview ended': [{ view: 'overview', tab: 'ended' }, clinician],
  'overview handovers': [{ view: 'overview', tab: 'handovers' }, administrator],
  caseload: [{ view: 'caseload' }, administrator],
  'purge-list': [{ view: 'purge-list' }, dataAdministrator],
  documentation: [{ view: 'documentation' }, clinician],
  staff: [{ view: 'staff' }, permissions],
  units: [{ view: 'units' }, clinician],
  templates: [{ view: 'templates' }, clinician],
  profile: [{ view: 'profile' }, clinician],
  statistics: [{ view: 'statistics' }, clinician],
  undelivered: [{ view: 'undelivered' }, administrator],
  audit: [{ view: 'audit', perspective: 'owner' }, auditor],
};

/** What is asked of one program by staff. */
const ofProgram: Readonly<Record<string, object>> = {
  program: {},
  timeline: {},
  conversations: {},
  comments: {},
  'documentation of a program': { view: 'documentation' },
  form: { moduleId: 'steg-1', formId: 'fragor' },
  activities: { from: '2026-01-01', to: '2026-01-31' },
};

/** What is asked of one program by its resident, and of all programs of a resident. */
const ofResident = ['my-programs', 'my-program', 'access-report'] as const;

const answerOf = async (folja: Folja, [query, actor]: Question): Promise<unknown> => {
  const answered = await folja.view(query, actor);
  if (answered._tag === 'Left') throw new Error(`${query.view} was not shown: ${JSON.stringify(answered.left)}`);
  return answered.right;
};

/** Asks the questions one after the other. The first is asked once before, for what is prepared once. */
const costOf = async (folja: Folja, view: string, questions: readonly Question[]): Promise<ViewCost> => {
  const [first] = questions;
  if (first !== undefined) await answerOf(folja, first);
  const times: number[] = [];
  const before = process.cpuUsage();
  for (const question of questions) {
    const began = performance.now();
    await answerOf(folja, question);
    times.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(before);
  return { view, p50: quantile(times, 0.5), p99: quantile(times, 0.99), cpu: (user + system) / times.length };
};

/** A program with its resident, where she may read it and has a number that one can ask with; else nothing. */
const withResident = async (folja: Folja, programId: string): Promise<readonly (readonly [string, Who])[]> => {
  const shown = await answerOf(folja, [{ view: 'program', programId }, clinician]);
  const resident = residentActor(shown as Parameters<typeof residentActor>[0]);
  const asked = await folja.view({ view: 'my-program', programId }, resident);
  return asked._tag === 'Right' ? [[programId, resident]] : [];
};

const repeated = (questions: readonly Question[], times: number): readonly Question[] =>
  Array.from({ length: times }, (_, index) => questions[index % questions.length]).filter((one) => one !== undefined);

/**
 * What each view costs in a store of the bench, each call with its entry in the access log. Pages of lists begin at the top, so their cost is
 * that of the size of the store; the programs take turns in views of one program.
 */
export const viewCosts = async (
  folja: Folja,
  programs: readonly string[],
  times = 200,
): Promise<readonly ViewCost[]> => {
  const costs: ViewCost[] = [];
  for (const [view, question] of Object.entries(ofUnit))
    costs.push(await costOf(folja, view, repeated([question], times)));
  for (const [view, more] of Object.entries(ofProgram)) {
    const questions = programs.map((programId): Question => [{ view, programId, ...more }, clinician]);
    costs.push(await costOf(folja, view, repeated(questions, times)));
  }
  const residents: (readonly [string, Who])[] = [];
  for (const programId of programs) residents.push(...(await withResident(folja, programId)));
  for (const view of residents.length === 0 ? [] : ofResident) {
    const questions = residents.map(([programId, resident]): Question => {
      const own = view === 'my-program' ? { programId } : {};
      return [{ view, ...own }, resident];
    });
    costs.push(await costOf(folja, view, repeated(questions, times)));
  }
  return costs;
};
