import { all } from '../../src/projections/projection.ts';
import {
  aReadyUnit,
  aStartedProgram,
  publishTemplates,
  start,
  startOf,
  theConversation,
  theProgram,
  tobak,
  uuid,
} from '../library/given.ts';
import { choose } from '../library/host.ts';
import { at, disa, maternity, resident, tolvan } from '../library/people.ts';
import { prepared, type StoreKind, type World } from '../library/world.ts';

export const clinician = at(maternity, 'b');
export const thePlan = uuid(31);
export const otherProgram = uuid(32);
export const otherPlan = uuid(33);

/** A plan that is filled in every morning and evening from the first week on. */
export const twiceADay = {
  elements: [{ title: 'Sug', kind: 'scale' }],
  schedule: {
    from: '2026-03-03',
    to: '2026-04-05',
    everyWeeks: 1,
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    times: ['02:30', '20:00'],
  },
  graceDays: 1,
  remind: true,
};

export const plan = ({ does }: World, data: object = {}) =>
  does('create-activity-plan', { programId: theProgram, planId: thePlan, ...twiceADay, ...data }, clinician);

/** Two programs with plans and modules whose days run out; the clocks go forward on 29 March. */
export const aBusyUnit = prepared(async (world) => {
  const { does } = world;
  await publishTemplates(world);
  await aReadyUnit(world, maternity);
  await start(world, tobak, tolvan, { programId: theProgram });
  await does('start-program', startOf(tobak, disa, { programId: otherProgram }), clinician);
  await plan(world);
  const weekly = { everyWeeks: 2, weekdays: [1, 7], times: ['09:00'], from: '2026-03-08' };
  await plan(world, { programId: otherProgram, planId: otherPlan, schedule: weekly, graceDays: 0 });
  await does('activate-module', { programId: theProgram, moduleId: 'steg-2', days: 10 }, clinician);
  await does('activate-module', { programId: otherProgram, moduleId: 'steg-3', days: 27 }, clinician);
});

/** The reminders of the log, by what makes each the one it is. */
export const remindersOf = async ({ events }: World) =>
  (await events())
    .filter(({ type }) => type === 'reminder-sent')
    .map(({ id, stream, data }) => ({ id, stream, data }))
    .toSorted((one, other) => one.id.localeCompare(other.id));

/** The deadlines that were found to have passed. */
export const notedIn = ({ engine }: World) =>
  all(engine.readModels, 'SELECT program_id, what FROM noted_deadlines ORDER BY program_id, what');

/** The rows of the outbox, the oldest first. */
export const outboxOf = ({ engine }: World) =>
  all<{
    readonly id: string;
    readonly about: string;
    readonly channel: string;
    readonly state: string;
    readonly attempts: number;
    readonly next_attempt_at: string;
    readonly relevant_until: string | null;
  }>(engine.readModels, 'SELECT * FROM outbox ORDER BY seq');

export const replies = ({ does }: World) =>
  does('reply', { programId: theProgram, conversationId: theConversation, body: 'Tack' }, resident(tolvan));

/** A host that answers to each attempt as it is told, and what it was asked to send. */
export const aDifficultHost = (answer: (attempt: number) => unknown) => {
  const tried: string[] = [];
  const deliver = ({ id }: { readonly id: string }): Promise<void> => {
    tried.push(id);
    return answer(tried.filter((other) => other === id).length) as Promise<void>;
  };
  return { tried, deliver };
};

/** Answers with an error that names somebody. */
export const rejects = () => Promise.reject(new Error(`nobody answers for ${tolvan.name}`));

/** A message of the resident's, of which the clinician is to be told. */
export const aWaitingMessage = async (kind: StoreKind, options: Parameters<typeof aStartedProgram>[1]) => {
  const world = await aStartedProgram(kind, options);
  await choose(world, 'b', ['message']);
  await replies(world);
  return world;
};
