import type { ProgramDocument } from 'folja/fhir';
import type { Actor } from '../../../src/index.ts';
import { amning, aRegion, end, start, theProgram } from '../../library/given.ts';
import { lifeBeforePurge, lifesProgram, live } from '../../library/life.ts';
import { at, childHealth, disa, idAt, maternity, resident, system } from '../../library/people.ts';
import { aWorld, type World } from '../../library/world.ts';

export const documentFrom = async ({ does }: World, programId: string, administrator: Actor) => {
  const { document } = await does('export-program', { programId, format: 'json' }, administrator);
  return document as ProgramDocument;
};

/** Tobakshjälpen from start to end: every command that a program knows, and a handover to another unit. */
export const aWholeLife = async (): Promise<ProgramDocument> => {
  const world = await aWorld('in memory');
  await live(world, lifeBeforePurge());
  return documentFrom(world, lifesProgram, at(childHealth, 'da'));
};

/** Lär dig om amning that has just begun: nothing but the start, and a conversation of the clinician's. */
export const aBeginning = async (): Promise<ProgramDocument> => {
  const world = await aRegion('in memory');
  await start(world, amning, disa, { programId: theProgram });
  const words = { programId: theProgram, subject: 'Välkommen', body: 'Hör av dig!' };
  await world.does('start-conversation', words, at(maternity, 'b'));
  return documentFrom(world, theProgram, at(maternity, 'da'));
};

const schedule = { from: '2026-03-02', to: '2026-04-30', everyWeeks: 2, weekdays: [7, 1], times: ['19:30', '08:00'] };
const plan = { elements: [{ title: 'Lust', kind: 'scale' }], schedule, graceDays: 3, remind: false };

/** Tobakshjälpen in the midst of it: what is open, unread, pending, raised and planned. */
export const aMiddle = async (): Promise<ProgramDocument> => {
  const world = await aRegion('in memory');
  const { does } = world;
  const programId = await start(world, undefined, disa, { programId: theProgram });
  const [clinician, patient] = [at(maternity, 'b'), resident(disa)];
  await does('activate-module', { programId, moduleId: 'steg-2', days: 14, makeCurrent: true }, clinician);
  await does('submit-form', { programId, moduleId: 'steg-1', formId: 'fragor', answers: { 'fraga-1': '' } }, patient);
  await does('open-section', { programId, moduleId: 'steg-1', sectionId: 'avsnitt-1' }, patient);
  await does('raise-flag', { programId, severity: 'action', text: 'Ring!' }, clinician);
  await does('create-activity-plan', { programId, ...plan }, clinician);
  await does('comment', { programId, moduleId: 'steg-2', sectionId: 'avsnitt-1', text: 'Hm.' }, patient);
  await does('send-reminder', { programId, about: { moduleId: 'steg-2' } }, clinician);
  world.clock.at('2026-06-03T07:00:00.000Z');
  const followUp = { programId, about: { followUpId: 'uppfoljning-3' }, due: '2026-06-01T22:00:00.000Z' };
  await does('send-reminder', followUp, system('clock'));
  const change = { programId, clinician: idAt(maternity, 'b2'), reason: 'semester' };
  await does('change-clinician', change, at(maternity, 'ia'));
  const to = { programId, toUnit: childHealth.unitId, residentInformed: true };
  await does('initiate-handover', to, at(maternity, 'ia'));
  return documentFrom(world, programId, at(maternity, 'da'));
};

/** A program that ended with modules open. */
export const anEnd = async (): Promise<ProgramDocument> => {
  const world = await aRegion('in memory');
  await start(world, undefined, disa, { programId: theProgram });
  await end(world, theProgram);
  return documentFrom(world, theProgram, at(maternity, 'da'));
};
