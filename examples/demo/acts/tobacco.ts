import { activities, comments, form } from '../contents.ts';
import { flagIn, hantera } from '../dashboards.ts';
import { tore, ture } from '../people.ts';
import type { Stage } from '../stage.ts';
import { tick } from './clock.ts';

const start = async (stage: Stage): Promise<string> => {
  stage.goTo('2026-03-16T12:00:00.000Z');
  const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };
  const resident = { personalNumber: ture.personalNumber, name: ture.name };
  const wanted = { inbox: false, sms: true, email: false };
  const { programId = '' } = await stage.act(tore, `starts for ${ture.name}, who wants SMS`, {
    type: 'start-program',
    data: { templateId: 'tobakshjalpen', resident, attested, notifications: wanted },
  });
  const types = ['form', 'comment', 'activity-missed', 'time-expired'];
  await stage.act(tore, 'wants e-mail of four kinds of flags', {
    type: 'set-notifications',
    data: { unitId: tore.unit.unitId, receive: true, channels: ['email'], flagTypes: types },
  });
  return programId;
};

/** A message to answer shows that everything works. */
const tryMessages = async (stage: Stage, programId: string): Promise<void> => {
  const { conversationId = '' } = await stage.act(tore, 'writes a first message, and ticks the inbox box', {
    type: 'start-conversation',
    data: { programId, subject: 'Provmeddelande', body: 'Svara gärna, så vet vi att det fungerar.', notifyInbox: true },
  });
  await stage.act(ture, 'opens the program', { type: 'open-program', data: { programId } });
  const body = 'Det fungerar! Jag röker ungefär femton om dagen.';
  await stage.act(ture, 'answers', { type: 'reply', data: { programId, conversationId, body } });
  await stage.act(tore, 'reads the answer', { type: 'read-conversation', data: { programId, conversationId } });
};

const plan = async (stage: Stage, programId: string): Promise<string> => {
  const schedule = { from: '2026-03-28', to: '2026-03-29', everyWeeks: 1, weekdays: [6, 7], times: ['20:00'] };
  const elements = [{ title: 'Hur gick kvällen utan rökning?', kind: 'text' }];
  const { planId = '' } = await stage.act(tore, 'plans an activity for 28 and 29 March at 20:00', {
    type: 'create-activity-plan',
    data: { programId, elements, schedule, graceDays: 0, remind: true },
  });
  return planId;
};

const firstStep = async (stage: Stage, programId: string): Promise<string> => {
  const module = { programId, moduleId: 'steg-1' };
  await stage.act(tore, 'makes Steg 1 current (aktuell)', { type: 'set-current-module', data: module });
  await stage.act(tore, 'gives it 14 days', { type: 'change-module-days', data: { ...module, days: 14 } });
  await tryMessages(stage, programId);
  const planId = await plan(stage, programId);
  const section = { ...module, sectionId: 'avsnitt-1' };
  await stage.act(ture, 'opens avsnitt 1 of Steg 1', { type: 'open-section', data: section });
  const ahead = { programId, moduleId: 'steg-3', sectionId: 'avsnitt-1' };
  await stage.act(ture, 'opens Steg 3 ahead', { type: 'open-section', data: ahead }, 'refused: module-not-open');
  stage.goTo('2026-03-27T17:20:00.000Z');
  await stage.act(ture, 'has read avsnitt 1', { type: 'complete-section', data: section });
  const text = 'Det här om vanor kände jag igen mig i.';
  await stage.act(ture, 'writes a comment beside it', { type: 'comment', data: { ...section, text } });
  const place = { ...module, formId: 'fragor' };
  const draft = { ...place, answers: { 'fraga-1': 'Jag vill sluta för att' } };
  await stage.act(ture, "saves the step's form, half filled in", { type: 'save-form', data: draft });
  const whole = { ...place, answers: { 'fraga-1': 'Jag vill sluta för att orka leka med barnbarnen.' } };
  await stage.act(ture, 'submits it', { type: 'submit-form', data: whole });
  const late = 'refused: form-already-submitted';
  await stage.act(ture, 'wants to change it', { type: 'save-form', data: draft }, late);
  await stage.act(ture, 'has finished Steg 1', { type: 'finish-module', data: module });
  return planId;
};

/** The night to 29 March clocks go forward an hour: 20:00 is 20:00 all the same. */
const summerTime = async (stage: Stage, programId: string, planId: string): Promise<void> => {
  const type = 'register-activity';
  const data = { programId, planId, answers: ['Sugen efter maten, men en promenad hjälpte.'] };
  stage.goTo('2026-03-28T19:10:00.000Z');
  await stage.act(ture, 'fills in the activity', { type, data: { ...data, occasion: '2026-03-28T19:00:00.000Z' } });
  const tomorrow = { ...data, occasion: '2026-03-29T18:00:00.000Z' };
  await stage.act(ture, "fills in tomorrow's ahead", { type, data: tomorrow }, 'refused: outside-occasion');
  stage.goTo('2026-03-29T18:00:00.000Z');
  await tick(stage, { reminders: 1, expired: 0, delivered: 7 });
  stage.goTo('2026-03-30T07:00:00.000Z');
  await stage.act(ture, 'fills it in the day after', { type, data: tomorrow }, 'refused: outside-occasion');
  await tick(stage, { reminders: 0, expired: 1, delivered: 1 });
};

/** What waits for the clinician: each flag closes with its cause, but for that of the missed occasion. */
const attend = async (stage: Stage, programId: string): Promise<void> => {
  const place = { programId, moduleId: 'steg-1', formId: 'fragor' };
  stage.goTo('2026-03-30T09:15:00.000Z');
  const managed = await stage.show(tore, hantera(programId, 3));
  const early = { programId, flagId: flagIn(managed, 'comment') };
  const unread = 'refused: flag-closes-with-cause';
  await stage.act(tore, 'clears the flag of the comment', { type: 'clear-flag', data: early }, unread);
  const read = { programId, commentId: early.flagId };
  await stage.show(tore, comments(programId));
  await stage.act(tore, 'marks the comment as read', { type: 'read-comment', data: read });
  await stage.act(tore, 'opens the form', { type: 'open-form', data: place });
  await stage.show(tore, form(place));
  await stage.show(tore, activities(programId, '2026-03-28', '2026-03-29'));
  const missed = { programId, flagId: flagIn(managed, 'activity-missed') };
  await stage.act(tore, 'clears the flag of the missed one', { type: 'clear-flag', data: missed });
};

const secondStep = async (stage: Stage, programId: string): Promise<void> => {
  const first = { programId, moduleId: 'steg-1' };
  const second = { programId, moduleId: 'steg-2' };
  await stage.act(tore, 'marks Steg 1 as completed (avklarad)', { type: 'complete-module', data: first });
  await stage.act(tore, 'marks it once more', { type: 'complete-module', data: first }, 'ok: nothing to change');
  await stage.act(
    tore,
    'reopens Steg 1',
    { type: 'activate-module', data: { ...first, days: 7 } },
    'refused: module-completed',
  );
  await stage.act(tore, 'makes Steg 2 current, which opens it', { type: 'set-current-module', data: second });
  await stage.act(tore, 'gives Steg 2 14 days', { type: 'change-module-days', data: { ...second, days: 14 } });
  await stage.act(tore, 'opens Operation och tobak ahead of a leave, 30 days', {
    type: 'activate-module',
    data: { programId, moduleId: 'operation', days: 30 },
  });
  stage.goTo('2026-04-15T08:00:00.000Z');
  await stage.show(tore, hantera(programId, 4));
  await stage.act(tore, 'gives Steg 2 28 days, for its time is out', {
    type: 'change-module-days',
    data: { ...second, days: 28 },
  });
};

/** 4. Tobakshjälpen: step by step, by the clinician's hand. */
export const tobacco = async (stage: Stage): Promise<string> => {
  stage.chapter('4. Tobakshjälpen goes from Steg 1 to Steg 2, over the change to summer time');
  const programId = await start(stage);
  const planId = await firstStep(stage, programId);
  await summerTime(stage, programId, planId);
  await attend(stage, programId);
  await secondStep(stage, programId);
  return programId;
};
