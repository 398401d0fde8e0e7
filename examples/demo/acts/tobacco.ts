import { hantera, startPage } from '../dashboards.ts';
import { tore, ture } from '../people.ts';
import type { Stage } from '../stage.ts';

const start = async (stage: Stage): Promise<string> => {
  stage.goTo('2026-03-16T12:00:00.000Z');
  const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };
  const resident = { personalNumber: ture.personalNumber, name: ture.name };
  const { programId = '' } = await stage.act(tore, `starts for ${ture.name}`, {
    type: 'start-program',
    data: { templateId: 'tobakshjalpen', resident, attested },
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
};

const firstStep = async (stage: Stage, programId: string): Promise<void> => {
  const module = { programId, moduleId: 'steg-1' };
  await stage.act(tore, 'makes Steg 1 current (aktuell)', { type: 'set-current-module', data: module });
  await stage.act(tore, 'gives it 14 days', { type: 'change-module-days', data: { ...module, days: 14 } });
  await tryMessages(stage, programId);
  const section = { ...module, sectionId: 'avsnitt-1' };
  await stage.act(ture, 'opens avsnitt 1 of Steg 1', { type: 'open-section', data: section });
  const ahead = { programId, moduleId: 'steg-3', sectionId: 'avsnitt-1' };
  await stage.act(ture, 'opens Steg 3 ahead', { type: 'open-section', data: ahead }, 'refused: module-not-open');
  await stage.show(tore, hantera(programId));
  stage.goTo('2026-03-27T17:20:00.000Z');
  await stage.act(ture, 'has read avsnitt 1', { type: 'complete-section', data: section });
  await stage.act(ture, 'has finished Steg 1', { type: 'finish-module', data: module });
};

const secondStep = async (stage: Stage, programId: string): Promise<void> => {
  stage.goTo('2026-03-30T09:15:00.000Z');
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
  await stage.show(ture, startPage(programId));
  await stage.act(tore, 'gives Steg 2 28 days, for its time is out', {
    type: 'change-module-days',
    data: { ...second, days: 28 },
  });
  await stage.show(tore, hantera(programId, 13));
};

/** 4. Tobakshjälpen: step by step, by the clinician's hand. */
export const tobacco = async (stage: Stage): Promise<string> => {
  stage.chapter('4. Tobakshjälpen goes from Steg 1 to Steg 2');
  const programId = await start(stage);
  await firstStep(stage, programId);
  await secondStep(stage, programId);
  return programId;
};
