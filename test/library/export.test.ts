import { type ProgramDocument, programBundle } from 'folja/fhir';
import { describe, expect, test } from 'vitest';
import type { Actor, Receipt } from '../../src/index.ts';
import { found } from '../erasure/scanning.ts';
import { tracesOf } from '../erasure/traces.ts';
import {
  approve,
  aStartedProgram,
  end,
  grant,
  offer,
  purge,
  theConversation,
  theHandover,
  theProgram,
  uuid,
} from './given.ts';
import { lifeBeforePurge, lifesProgram, live, plainTexts, type Texts } from './life.ts';
import { at, childHealth, expert, maternity, office, region, resident, system, tolvan } from './people.ts';
import { aDirectory, aMinute, aWorld, codeOf, openIn, stores, type World } from './world.ts';

const administrator = at(maternity, 'da');
const about = { programId: theProgram };
const asJson = { ...about, format: 'json' };

const take = (world: World, actor: Actor = administrator, id?: string): Promise<Receipt> =>
  world.does('export-program', asJson, actor, id);
const documentIn = ({ document }: Receipt) => document as ProgramDocument;
const triesAs = async ({ execute }: World, actor: Actor) => codeOf(await execute('export-program', asJson, actor));
const refused = (code: string) => ({ kind: 'refused', code });

describe.each(stores)('an export %s', (kind) => {
  test('R029 R244 is for the data administrator of the unit that has the program, and nobody else', async () => {
    const world = await aStartedProgram(kind);
    const others = ['ba', 'b', 'b2', 'ia', 'plain'].map((member) => at(maternity, member));
    for (const actor of [...others, resident(tolvan), region, office, expert, system('clock')])
      expect([actor, await triesAs(world, actor)]).toEqual([actor, expect.not.stringMatching('done')]);
    expect(await triesAs(world, at(maternity, 'ia'))).toBe('role-missing');
    expect(await triesAs(world, at(childHealth, 'da'))).toBe('unknown-program');
    expect(await triesAs(world, administrator)).toBe('done');
  });

  test('R244 is taken while the program is ongoing and after it has ended', async () => {
    const world = await aStartedProgram(kind);
    expect(documentIn(await take(world)).program.status).toBe('ongoing');
    await end(world, theProgram);
    const { status, ended } = documentIn(await take(world)).program;
    expect([status, ended?.reason]).toEqual(['ended', 'avslutad-enligt-plan']);
  });

  test('R244 is a JSON document or a FHIR bundle of that document', async () => {
    const world = await aStartedProgram(kind);
    const document = documentIn(await take(world));
    expect(document).toMatchObject({ format: 'folja-program-1', program: about, resident: tolvan });
    const { document: bundle } = await world.does('export-program', { ...about, format: 'fhir' }, administrator);
    const { entry, ...head } = programBundle(document);
    expect(bundle).toMatchObject(head);
    // The bundle also knows of its own export.
    expect((bundle as typeof head & { entry: typeof entry }).entry.slice(0, entry.length)).toEqual(entry);
  });

  test('R246 of a purged program is refused, also by the command that gave it before', async () => {
    const world = await aStartedProgram(kind);
    await take(world, administrator, uuid(40));
    await end(world, theProgram);
    await purge(world, theProgram);
    for (const id of [uuid(40), uuid(41)])
      expect(await world.fails('export-program', asJson, administrator, id)).toEqual(refused('program-purged'));
  });

  test('R029 R042 after a handover is for the new unit: to the former the program is unknown, also when it asks again', async () => {
    const world = await aStartedProgram(kind);
    await take(world, administrator, uuid(40));
    await offer(world, theProgram, childHealth, theHandover);
    await approve(world, theProgram, theHandover, childHealth);
    for (const id of [uuid(40), uuid(41)])
      expect(await world.fails('export-program', asJson, administrator, id)).toEqual(refused('unknown-program'));
    const { program, handovers } = documentIn(await take(world, at(childHealth, 'da')));
    expect([program.unitId, program.clinician]).toEqual([childHealth.unitId, `${childHealth.unitId}b`]);
    expect(handovers).toMatchObject([{ fromUnit: maternity.unitId, toUnit: childHealth.unitId, outcome: 'approved' }]);
  });

  test('R029 by a data administrator who lost the role is refused, also when it is asked for again', async () => {
    const world = await aStartedProgram(kind);
    await take(world, administrator, uuid(40));
    await grant(world, maternity, 'plain', 'data-administrator');
    const role = { unitId: maternity.unitId, hsaId: `${maternity.unitId}da`, role: 'data-administrator' };
    await world.does('revoke-role', role, at(maternity, 'ba'));
    for (const id of [uuid(40), uuid(41)])
      expect(await world.fails('export-program', asJson, administrator, id)).toEqual(refused('role-missing'));
  });

  test('R244 P4 that is sent again gives the same receipt, with a document that is made anew', async () => {
    const world = await aStartedProgram(kind);
    const { document: first, ...receipt } = await take(world, administrator, uuid(40));
    const events = await world.events(`program-${theProgram}`);
    world.clock.later(aMinute);
    await world.does('change-welcome-text', { ...about, text: 'Hej igen!' }, at(maternity, 'b'));
    const { document: second, ...again } = await take(world, administrator, uuid(40));
    expect(again).toEqual(receipt);
    expect((first as ProgramDocument).program).not.toHaveProperty('welcomeText');
    expect(second).toMatchObject({ exportedAt: '2026-03-02T08:01:00.000Z', program: { welcomeText: 'Hej igen!' } });
    expect(await world.events(`program-${theProgram}`)).toHaveLength(events.length + 1);
  });

  test('R244 I23 is in the log as a print of the program, the first time and again, and refused when it is', async () => {
    const world = await aStartedProgram(kind);
    await take(world, administrator, uuid(40));
    await take(world, administrator, uuid(40));
    await world.fails('export-program', asJson, at(maternity, 'ia'));
    const entries = (await world.log()).filter(({ action }) => action === 'export-program');
    expect(entries.map(({ actor, activity, outcome }) => [actor, activity, outcome])).toEqual([
      [`${maternity.unitId}da`, 'print', 'allowed'],
      [`${maternity.unitId}da`, 'print', 'repeated'],
      [`${maternity.unitId}ia`, 'print', 'refused'],
    ]);
    for (const { subjects } of entries) expect(subjects).toMatchObject([about]);
  });

  test('R122 R244 says which module is current, and none when that one is completed', async () => {
    const world = await aStartedProgram(kind);
    const clinician = at(maternity, 'b');
    const current = async () =>
      documentIn(await take(world)).content.flatMap((module) => (module.current ? [module.moduleId] : []));
    const makeCurrent = (moduleId: string) => world.does('set-current-module', { ...about, moduleId }, clinician);
    await makeCurrent('steg-2');
    await world.does('deactivate-module', { ...about, moduleId: 'steg-2' }, clinician);
    expect(await current()).toEqual([]);
    await makeCurrent('steg-2');
    expect(await current()).toEqual(['steg-2']);
    await world.does('complete-module', { ...about, moduleId: 'steg-2' }, clinician);
    expect(await current()).toEqual([]);
  });

  test('R244 says when the other side first saw a message, not when its own did', async () => {
    const world = await aStartedProgram(kind);
    const read = { ...about, conversationId: theConversation };
    const readAt = async () => documentIn(await take(world)).dialogue.conversations[0]?.messages[0]?.readAt;
    await world.does('reply', { ...read, body: 'Så här.' }, at(maternity, 'b'));
    await world.does('read-conversation', read, resident(tolvan));
    expect(await readAt()).toBeUndefined();
    await world.does('read-conversation', read, at(maternity, 'b'));
    expect(await readAt()).toBe('2026-03-02T08:00:00.000Z');
  });

  test('R244 never holds what the resident has saved and not submitted', async () => {
    const world = await aStartedProgram(kind);
    const form = { ...about, moduleId: 'steg-1', formId: 'fragor' };
    await world.does('save-form', { ...form, answers: { 'fraga-1': 'Bara ett utkast' } }, resident(tolvan));
    for (const format of ['json', 'fhir']) {
      const { document } = await world.does('export-program', { ...about, format }, administrator);
      expect(JSON.stringify(document)).not.toContain('utkast');
    }
    await world.does('submit-form', { ...form, answers: { 'fraga-1': 'Färdigt' } }, resident(tolvan));
    const { document } = await world.does('export-program', asJson, administrator);
    expect(JSON.stringify(document)).not.toContain('utkast');
    expect(JSON.stringify(document)).toContain('Färdigt');
  });
});

/** Where in a value the texts lie that hold one, lists without their places. */
const placesOf = (value: unknown, text: string, path = ''): readonly string[] => {
  if (typeof value === 'string') return value.includes(text) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  const type = (value as { readonly resourceType?: string }).resourceType;
  const here = type === undefined || type === 'Bundle' ? path : type;
  return Object.entries(value).flatMap(([name, inner]) =>
    placesOf(inner, text, Array.isArray(value) ? here : `${here}${here === '' ? '' : '.'}${name}`),
  );
};

type Field = Exclude<keyof Texts, 'person' | 'staffName'> | keyof Texts['person'];
const everyText: Readonly<Record<Field, string>> = (({ person, staffName: _, ...texts }) => ({ ...person, ...texts }))(
  plainTexts,
);
const times = (count: number, place: string): readonly string[] => Array.from({ length: count }, () => place);

/** Where each personal text of the life belongs: in the document, and in the bundle. */
const belongs: Readonly<Record<Field, readonly [json: readonly string[], fhir: readonly string[]]>> = {
  personalNumber: [['resident.personalNumber'], ['Patient.identifier.value']],
  name: [['resident.name'], ['Patient.name.text']],
  welcomeText: [['program.welcomeText'], ['CarePlan.note.text']],
  subject: [['dialogue.conversations.subject'], ['Communication.topic.text']],
  body: [times(3, 'dialogue.conversations.messages.body'), times(3, 'Communication.payload.contentString')],
  answer: [['content.forms.answers.answer'], ['QuestionnaireResponse.item.answer.valueString']],
  comment: [['dialogue.comments.text'], ['Communication.payload.contentString']],
  flag: [['dialogue.flags.text'], ['Flag.code.text']],
  // Each schedule of a plan is a request, and each registration repeats what was asked.
  planTitle: [
    ['plans.elements.title'],
    [...times(2, 'ServiceRequest.orderDetail.text'), 'QuestionnaireResponse.item.text'],
  ],
  registered: [['plans.registrations.answers'], ['QuestionnaireResponse.item.answer.valueString']],
  absence: [['dialogue.absences.text'], ['Communication.payload.contentString']],
};

describe.each(stores)('the export of a whole life %s', (kind) => {
  test('R244 has every personal text where it belongs, and nowhere else', async () => {
    const world = await aWorld(kind);
    await live(world, lifeBeforePurge());
    const da = at(childHealth, 'da');
    const [json, fhir] = await Promise.all(
      ['json', 'fhir'].map((format) => world.does('export-program', { programId: lifesProgram, format }, da)),
    );
    for (const [field, text] of Object.entries(everyText)) {
      const places = [json, fhir].map((receipt) => placesOf(receipt?.document, text).toSorted());
      expect([field, ...places]).toEqual([field, ...belongs[field as Field].map((one) => one.toSorted())]);
    }
    for (const receipt of [json, fhir]) expect(placesOf(receipt?.document, plainTexts.staffName)).toEqual([]);
  });
});

describe('the files of a library that has exported', () => {
  test('R244 R249 hold nothing of the document, in either format, the first time and again', async () => {
    const directory = aDirectory();
    const world = await openIn(directory);
    await live(world, lifeBeforePurge());
    const [da, programId] = [at(childHealth, 'da'), lifesProgram];
    for (const [format, id] of [
      ['json', uuid(40)],
      ['json', uuid(40)],
      ['fhir', uuid(41)],
      ['fhir', uuid(41)],
    ] as const)
      expect((await world.does('export-program', { programId, format }, da, id)).document).toBeDefined();
    const traces = tracesOf([...Object.values(everyText), 'folja-program-1', 'collection']);
    expect(found(directory, traces)).toEqual([]);
    await world.close();
    expect(found(directory, traces)).toEqual([]);
  });
});
