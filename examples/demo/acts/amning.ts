import { documentation, dutiesIn } from '../contents.ts';
import { alla, conversations, hantera, messages, mina, ownPrograms, startPage } from '../dashboards.ts';
import { britt, maja, malin, type Resident, sam, tolvan, vera } from '../people.ts';
import type { Stage } from '../stage.ts';
import { document } from './journal.ts';

const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };
const startFor = ({ personalNumber, name }: Pick<Resident, 'personalNumber' | 'name'>) => ({
  templateId: 'lar-dig-om-amning',
  resident: { personalNumber, name },
  attested,
});

/** A host makes the id of a command before it sends it the first time, and keeps it until there is an answer. */
const commandId = '019cd1b0-1e00-7000-8000-000000000001';

/** 2. A start, and what can be wrong with one. */
export const start = async (stage: Stage): Promise<string> => {
  const type = 'start-program';
  stage.chapter('2. Lär dig om amning is started');
  stage.goTo('2026-03-09T08:00:00.000Z');
  const mistyped = { ...startFor(tolvan), resident: { personalNumber: '19121212-1213', name: tolvan.name } };
  const wrong = 'invalid: data.resident.personalNumber, personal-number';
  await stage.act(maja, 'mistypes a number', { type, data: mistyped }, wrong);
  const withoutId = { ...startFor(tolvan), attested: { ...attested, hasElectronicId: false } };
  await stage.act(maja, 'starts for a parent without e-ID', { type, data: withoutId }, 'refused: not-attested');
  await stage.act(vera, 'starts as head of unit', { type, data: startFor(tolvan) }, 'refused: role-missing');
  const command = { type, data: startFor(tolvan), id: commandId };
  const { programId = '' } = await stage.act(maja, `starts for ${tolvan.name}`, command);
  await stage.act(maja, 'sends the same command twice', command, 'repeated');
  const other = { ...command, data: startFor({ ...tolvan, name: 'Tolvan Tolvanstedt' }) };
  await stage.act(maja, 'sends the id with another name', other, 'refused: command-id-reused');
  const again = { type, data: startFor(tolvan) };
  await stage.act(maja, 'starts for the same parent', again, 'refused: program-already-ongoing');
  await stage.act(malin, `starts for ${sam.name}`, { type, data: startFor(sam) });
  return programId;
};

const read = async (stage: Stage, programId: string): Promise<void> => {
  const section = (moduleId: string) => ({ programId, moduleId, sectionId: 'avsnitt-1' });
  stage.goTo('2026-03-09T18:40:00.000Z');
  await stage.act(tolvan, 'signs in and opens the program', { type: 'open-program', data: { programId } });
  await stage.act(tolvan, 'opens kapitel 1', { type: 'open-section', data: section('kapitel-1') });
  await stage.act(tolvan, 'has read kapitel 1', { type: 'complete-section', data: section('kapitel-1') });
  await stage.act(tolvan, 'opens kapitel 2', { type: 'open-section', data: section('kapitel-2') });
  const missing = { programId, moduleId: 'kapitel-13', sectionId: 'avsnitt-1' };
  await stage.act(tolvan, 'opens kapitel 13', { type: 'open-section', data: missing }, 'refused: unknown-module');
};

const ask = async (stage: Stage, programId: string): Promise<string> => {
  const data = { programId, subject: 'Inför förlossningen', body: 'Hur ofta ska vi amma de första dagarna?' };
  const { conversationId = '' } = await stage.act(tolvan, 'writes to the clinician', {
    ...{ type: 'start-conversation', data },
  });
  return conversationId;
};

const others = async (stage: Stage, programId: string, conversationId: string): Promise<void> => {
  await stage.look(britt, 'looks at a program of another unit', hantera(programId), 'refused: unknown-program');
  await stage.act(
    malin,
    "answers a colleague's parent",
    { type: 'reply', data: { programId, conversationId, body: 'Jag svarar i stället.' } },
    'refused: not-responsible',
  );
  await stage.act(
    vera,
    'purges while it is ongoing',
    { type: 'purge-program', data: { programId, disposalDecision: 'RA-MS/2026-17' } },
    'refused: program-not-ended',
  );
};

/** 3. A program in use: what both sides do and see. */
export const use = async (stage: Stage, programId: string): Promise<string> => {
  stage.chapter('3. The parent and the clinician use it');
  await stage.act(maja, 'writes a welcome text of her own', {
    type: 'change-welcome-text',
    data: { programId, text: 'Hej Tolvan! Jag svarar inom 7 dagar. Är det bråttom: ring 1177, och vid fara 112.' },
  });
  await read(stage, programId);
  const conversationId = await ask(stage, programId);
  stage.goTo('2026-03-10T07:30:00.000Z');
  await stage.show(maja, mina);
  await stage.show(maja, alla);
  await stage.act(maja, 'reads the message', { type: 'read-conversation', data: { programId, conversationId } });
  const body = 'Åtta till tolv gånger om dygnet är vanligt. Läs gärna kapitel 3!';
  await stage.act(maja, 'answers', { type: 'reply', data: { programId, conversationId, body } });
  await others(stage, programId, conversationId);
  await stage.show(maja, hantera(programId));
  const duties = await stage.look(maja, 'looks at what the journal lacks', documentation(programId), 'ok');
  await document(stage, maja, programId, dutiesIn(duties));
  stage.goTo('2026-03-10T19:10:00.000Z');
  await stage.show(tolvan, ownPrograms);
  await stage.show(tolvan, startPage(programId, 3));
  await stage.act(tolvan, 'reads the answer', { type: 'read-conversation', data: { programId, conversationId } });
  await stage.show(tolvan, conversations(programId));
  await stage.show(tolvan, messages(programId, conversationId));
  return conversationId;
};
