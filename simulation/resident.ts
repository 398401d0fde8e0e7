import { attend } from './clinician.ts';
import { residentActor } from './people.ts';
import type { ConversationRow, Life, Module, Program, StartPage } from './program.ts';
import { officeTime, text } from './program.ts';

/** Something has come in that the clinician will look at some day soon. */
const alert = (life: Life, program: Program): void =>
  life.agenda.plan(life.random.between(0, 6), officeTime(life.random), () => attend(life, program));

const readOn = async (life: Life, { programId, resident }: Program, module: Module): Promise<void> => {
  const { calling, random } = life;
  const actor = residentActor(resident);
  const section = module.sections.find(({ progress }) => progress !== 'green');
  if (section === undefined) return;
  const place = { programId, moduleId: module.id, sectionId: section.id };
  await calling.send('open-section', place, actor);
  if (random.happens(0.8)) await calling.send('complete-section', place, actor);
  if (random.happens(0.1)) await calling.send('comment', { ...place, text: text(random, 'kommentar') }, actor);
};

const fillIn = async (life: Life, program: Program, module: Module): Promise<void> => {
  const { calling, random } = life;
  const { programId, resident } = program;
  const form = module.forms.find(({ state }) => state === 'none' || state === 'draft');
  if (form === undefined || random.happens(0.3)) return;
  const data = { programId, moduleId: module.id, formId: form.id, answers: { 'fraga-1': text(random, 'svar') } };
  const submits = random.happens(0.7);
  await calling.send(submits ? 'submit-form' : 'save-form', data, residentActor(resident));
  if (submits && random.happens(0.8)) {
    await calling.send('finish-module', { programId, moduleId: module.id }, residentActor(resident));
  }
};

const answerMessages = async ({ calling, random }: Life, { programId, resident }: Program): Promise<void> => {
  const actor = residentActor(resident);
  for (const { conversationId, unread } of await calling.list<ConversationRow>(
    { view: 'conversations', programId },
    actor,
  )) {
    if (unread === 0) continue;
    await calling.see({ view: 'conversation', programId, conversationId }, actor);
    await calling.send('read-conversation', { programId, conversationId }, actor);
    if (random.happens(0.5)) {
      await calling.send('reply', { programId, conversationId, body: text(random, 'svar') }, actor);
    }
  }
};

const fillInPlans = async ({ calling, random, agenda }: Life, { programId, resident }: Program): Promise<void> => {
  const actor = residentActor(resident);
  type Row = {
    readonly planId: string;
    readonly occasion: string;
    readonly state: string;
    readonly titles: readonly string[];
  };
  const query = { view: 'activities', programId, from: agenda.day(-3), to: agenda.day() };
  for (const { planId, occasion, state, titles } of await calling.list<Row>(query, actor)) {
    if (state !== 'open' || random.happens(0.2)) continue;
    const answers = titles.map(() => text(random, 'registrering'));
    await calling.send('register-activity', { programId, planId, occasion, answers }, actor);
  }
};

/** The resident logs in, and goes on a little. */
export const visit = async (life: Life, program: Program): Promise<void> => {
  const { calling, random } = life;
  const { programId, resident, state } = program;
  const actor = residentActor(resident);
  if (random.happens(0.2)) await calling.see({ view: 'my-programs' }, actor);
  if (state === 'purged') return;
  if (state === 'ongoing') await calling.send('open-program', { programId }, actor);
  const page = await calling.see<StartPage>({ view: 'my-program', programId }, actor);
  if (page === undefined || !page.writable) return;
  const open = page.modules.filter((module) => module.state === 'open');
  const wanted = open.filter(({ current, forms }) => current || (forms.length > 0 && random.happens(0.6)));
  const module = wanted[0] ?? (open.length === 0 ? undefined : random.pick(open));
  if (module !== undefined) {
    await readOn(life, program, module);
    await fillIn(life, program, module);
  }
  if (page.unread > 0) await answerMessages(life, program);
  if (random.happens(0.15)) {
    const data = { programId, subject: text(random, 'ämne'), body: text(random, 'fråga') };
    await calling.send('start-conversation', data, actor);
  }
  if (random.happens(0.4)) await fillInPlans(life, program);
  alert(life, program);
};
