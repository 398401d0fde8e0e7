import type { ConversationRow, Life, Manage, Module, Program } from './program.ts';
import { text } from './program.ts';

const readMessages = async ({ calling, random }: Life, { programId, clinician }: Program): Promise<void> => {
  const rows = await calling.list<ConversationRow>({ view: 'conversations', programId }, clinician);
  for (const { conversationId } of rows.filter(({ unread }) => unread > 0)) {
    await calling.see({ view: 'conversation', programId, conversationId }, clinician);
    await calling.send('read-conversation', { programId, conversationId }, clinician);
    if (random.happens(0.8)) {
      await calling.send('reply', { programId, conversationId, body: text(random, 'svar') }, clinician);
    }
  }
};

const readComments = async ({ calling }: Life, { programId, clinician }: Program): Promise<void> => {
  type Row = { readonly commentId: string; readonly readAt?: string };
  for (const { commentId, readAt } of await calling.list<Row>({ view: 'comments', programId }, clinician))
    if (readAt === undefined) await calling.send('read-comment', { programId, commentId }, clinician);
};

const openForms = async (
  { calling }: Life,
  { programId, clinician }: Program,
  modules: Manage['modules'],
): Promise<void> => {
  for (const module of modules) {
    for (const form of module.forms.filter(({ state }) => state === 'unread')) {
      const place = { programId, moduleId: module.id, formId: form.id };
      await calling.send('open-form', place, clinician);
      await calling.see({ view: 'form', ...place }, clinician);
    }
  }
};

const isSteerable = ({ obligation }: Module): boolean => obligation !== 'always-open';

const goOn = async (
  { calling, random }: Life,
  { programId, clinician }: Program,
  modules: Manage['modules'],
): Promise<void> => {
  const steerable = modules.filter(isSteerable);
  const open = steerable.filter(({ state }) => state === 'open');
  for (const { id, daysLeft } of open.filter((module) => (module.daysLeft ?? 0) < 0)) {
    if (daysLeft !== undefined && random.happens(0.7)) {
      await calling.send('change-module-days', { programId, moduleId: id, days: 90 }, clinician);
    }
  }
  const finished = open.find(({ finishedAt }) => finishedAt !== undefined);
  if (finished === undefined) return;
  await calling.send('complete-module', { programId, moduleId: finished.id }, clinician);
  const next = steerable.find(({ state, obligation }) => state === 'closed' && obligation === 'mandatory');
  if (next === undefined) return;
  await calling.send('activate-module', { programId, moduleId: next.id, days: random.between(14, 30) }, clinician);
  await calling.send('set-current-module', { programId, moduleId: next.id }, clinician);
};

const planActivities = async (
  { calling, random, agenda }: Life,
  { programId, clinician }: Program,
  plans: Manage['plans'],
) => {
  const [plan] = plans.filter(({ stopped }) => !stopped);
  if (plan !== undefined) {
    if (random.happens(0.1)) await calling.send('stop-activity-plan', { programId, planId: plan.planId }, clinician);
    if (random.happens(0.1))
      await calling.send('change-activity-plan', { programId, planId: plan.planId, graceDays: 2 }, clinician);
    return;
  }
  if (!random.happens(0.15)) return;
  const elements = [
    { title: text(random, 'aktivitet'), kind: 'done' },
    { title: text(random, 'skala'), kind: 'scale' },
  ];
  const weekdays = random.happens(0.5) ? [1, 3, 5] : [7];
  const schedule = {
    ...{ from: agenda.day(1), to: agenda.day(random.between(14, 60)), everyWeeks: random.between(1, 2), weekdays },
    times: random.pick([['08:00'], ['02:30'], ['08:00', '20:00']]),
  };
  await calling.send('create-activity-plan', { programId, elements, schedule, graceDays: 1, remind: true }, clinician);
};

const document = async ({ calling, random }: Life, { programId, clinician }: Program): Promise<void> => {
  type Row = { readonly dutyId: string; readonly code?: string };
  for (const { dutyId, code } of await calling.list<Row>({ view: 'documentation', programId }, clinician)) {
    if (random.happens(0.2)) continue;
    await calling.send(
      'record-documentation',
      { programId, dutyId, ...(code === undefined ? {} : { code }) },
      clinician,
    );
  }
};

const handCleared = ['manual', 'activity-missed'];

/** The responsible clinician looks at a program, and attends to what has come in. */
export const attend = async (life: Life, program: Program): Promise<void> => {
  const { calling, random } = life;
  const { programId, state, clinician } = program;
  if (state !== 'ongoing') return;
  if (random.happens(0.3)) await calling.see({ view: 'overview', tab: 'mine' }, clinician);
  const manage = await calling.see<Manage>({ view: 'program', programId }, clinician);
  if (manage === undefined) return;
  const types = new Set(manage.flags.map(({ type }) => type));
  if (types.has('message')) await readMessages(life, program);
  if (types.has('comment')) await readComments(life, program);
  if (types.has('form')) await openForms(life, program, manage.modules);
  for (const { flagId } of manage.flags.filter(({ type }) => handCleared.includes(type)))
    await calling.send('clear-flag', { programId, flagId }, clinician);
  await goOn(life, program, manage.modules);
  await planActivities(life, program, manage.plans);
  if (random.happens(0.05)) {
    await calling.send('raise-flag', { programId, severity: 'action', text: text(random, 'att göra') }, clinician);
  }
  if (random.happens(0.1)) await calling.see({ view: 'timeline', programId }, clinician);
  if (random.happens(0.3)) await document(life, program);
};
