import { bundledTemplates, type Role } from '../../src/index.ts';
import {
  at,
  childHealth,
  factsAt,
  idAt,
  maternity,
  members,
  office,
  privateChildHealth,
  region,
  resident,
  roleOf,
  type TestUnit,
  tolvan,
} from './people.ts';
import { prepared, type World } from './world.ts';

export const amning = 'lar-dig-om-amning';
export const tobak = 'tobakshjalpen';

/** What staff attests before a start. */
export const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };

/** A program or command id of the tests, by number. */
export const uuid = (number: number): string => `0195d3a0-0000-7000-8000-${String(number).padStart(12, '0')}`;

export const contentOf = (templateId: string) => {
  const found = bundledTemplates.find((template) => template.templateId === templateId);
  if (found === undefined) throw new Error(`there is no bundled template ${templateId}`);
  return found.content;
};

/** The production office has published the bundled templates. */
export const publishTemplates = async ({ does }: World): Promise<void> => {
  for (const { templateId, content } of bundledTemplates)
    await does('publish-template', { templateId, change: 'major', content }, office);
};

export const grant = ({ does }: World, unit: TestUnit, member: string, role: Role, limit: object = {}) =>
  does('grant-role', { unitId: unit.unitId, hsaId: idAt(unit, member), role, ...limit }, at(unit, 'ba'));

/** A unit that is activated, with its members, their roles and the bundled templates. */
export const aReadyUnit = async (world: World, unit: TestUnit): Promise<void> => {
  const { does } = world;
  await does('activate-unit', { ...unit, administrator: factsAt(unit, 'ba') }, region);
  for (const member of members.filter((name) => name !== 'ba')) {
    await does('register-staff', { unitId: unit.unitId, staff: factsAt(unit, member) }, at(unit, 'ba'));
    const role = roleOf[member];
    if (role !== undefined) await grant(world, unit, member, role);
  }
  for (const { templateId } of bundledTemplates)
    await does('enable-template', { unitId: unit.unitId, templateId }, region);
};

export const startOf = (templateId: string, person: typeof tolvan, more: object = {}) => ({
  ...{ templateId, resident: person, attested },
  ...more,
});

/** The clinician of a unit has started a program, whose id is told. */
export const start = async (
  { does }: World,
  templateId: string = tobak,
  person: typeof tolvan = tolvan,
  { unit = maternity, programId }: { readonly unit?: TestUnit; readonly programId?: string } = {},
): Promise<string> => {
  const more = programId === undefined ? {} : { programId };
  const { ids } = await does('start-program', startOf(templateId, person, more), at(unit, 'b'));
  return ids.programId as string;
};

/** The resident has written. */
export const write = ({ does }: World, programId: string, conversationId: string, person = tolvan) =>
  does(
    'start-conversation',
    { programId, conversationId, subject: 'En fråga', body: 'Hur gör jag?' },
    resident(person),
  );

export const end = ({ does }: World, programId: string, more: object = {}, unit = maternity) =>
  does('end-program', { programId, reason: 'avslutad-enligt-plan', residentAware: true, ...more }, at(unit, 'b'));

export const purge = ({ does }: World, programId: string, unit = maternity) =>
  does('purge-program', { programId, disposalDecision: 'RA-2026/1' }, at(unit, 'da'));

export const offer = ({ does }: World, programId: string, to: TestUnit, handoverId: string, more: object = {}) =>
  does(
    'initiate-handover',
    { programId, handoverId, toUnit: to.unitId, residentInformed: true, ...more },
    at(maternity, 'ia'),
  );

export const approve = ({ does }: World, programId: string, handoverId: string, unit: TestUnit) =>
  does('approve-handover', { programId, handoverId, clinician: idAt(unit, 'b') }, at(unit, 'ia'));

/** The ids of the program, conversation and handover that the prepared worlds know. */
export const theProgram = uuid(1);
export const theConversation = uuid(2);
export const theHandover = uuid(3);

/** The bundled templates, a maternity and a child health unit of the region, and a private child health unit. */
export const aRegion = prepared(async (world) => {
  await publishTemplates(world);
  for (const unit of [maternity, childHealth, privateChildHealth]) await aReadyUnit(world, unit);
});

/** The region, and a program of Tobakshjälpen for Tolvan on the maternity unit, with a conversation. */
export const aStartedProgram = prepared(async (world) => {
  await publishTemplates(world);
  for (const unit of [maternity, childHealth, privateChildHealth]) await aReadyUnit(world, unit);
  await start(world, tobak, tolvan, { programId: theProgram });
  await write(world, theProgram, theConversation);
});
