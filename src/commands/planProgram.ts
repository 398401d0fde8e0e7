import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import type { RefusalCode } from '../domain/decider.ts';
import { readPersonalNumber } from '../domain/identifiers.ts';
import { permissionTo } from '../domain/permissions.ts';
import type { Policy } from '../domain/policy.ts';
import type { ProgramCommand } from '../domain/program/commands.ts';
import type { ProgramFacts, StartingUnit } from '../domain/program/facts.ts';
import { program } from '../domain/program/program.ts';
import type { Program } from '../domain/program/state.ts';
import { latestVersion } from '../domain/template/template.ts';
import { dayOf } from '../domain/time.ts';
import { isReady, type KnownUnit, unfitClinician } from '../domain/unit/state.ts';
import { type Loaded, sealedKey } from '../eventStore/histories.ts';
import { programIdOf, programStream, templateStream } from '../eventStore/streams.ts';
import { type Opened, openParts } from '../privacy/flesh.ts';
import { type Found, lookUp, type Tags } from '../privacy/residentIndex.ts';
import { openDuties } from '../projections/duties.ts';
import { isOngoingAmong } from '../projections/programs.ts';
import { type Plan, type Planner, refusing, type Sender } from './plan.ts';

type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;
type Template = NonNullable<ProgramFacts['template']>;
type WithTemplate = { readonly template: Template | undefined; readonly heads: Readonly<Record<string, number>> };

/** The content of a template, of one major line or the newest, and the head it was read at. */
export const templateOf = async (
  core: Core,
  templateId: string,
  major?: number,
): Promise<E.Either<Failure, WithTemplate>> => {
  const stream = templateStream(templateId);
  const loaded = await core.histories.template(stream);
  if (E.isLeft(loaded)) return loaded;
  return E.right({
    template: latestVersion(loaded.right.state, major),
    heads: { [stream]: loaded.right.revision },
  });
};

const startingUnit = (unit: KnownUnit, unitId: string, templateId: string): StartingUnit => ({
  unitId,
  careProviderId: unit.careProviderId,
  county: unit.county,
  environment: unit.environment,
  kind: unit.kind,
  ready: isReady(unit),
  templateEnabled: unit.templates.includes(templateId),
});

const isTestResident = (personalNumber: string, policy: Policy, today: string): boolean =>
  policy.testResidents.some((written) => readPersonalNumber(written, today) === personalNumber);

type Already = { readonly ongoing: boolean; readonly holds: NonNullable<Plan['holds']>; readonly tags: Tags };

/** Whether a resident has a template ongoing on a unit, and the question to ask again when it is written (D27). */
export const ongoingOf = async (
  core: Core,
  personalNumber: string,
  at: { readonly unitId: string; readonly templateId: string },
): Promise<E.Either<Failure, Already>> => {
  const isOngoing = (streams: readonly string[]): boolean =>
    isOngoingAmong(core.readModels, streams.map(programIdOf), at);
  return E.map(({ tags, streams }: Found): Already => {
    const ongoing = isOngoing(streams);
    return { ongoing, tags, holds: (lookup) => isOngoing(tags.flatMap(lookup)) === ongoing };
  })(await lookUp(core, personalNumber));
};

/** Whether somebody starts as resident administrator, and so need not be fit to be responsible (D9). */
const startsForOthers = ({ staff }: KnownUnit, hsaId: string | undefined, { starting }: Policy): boolean =>
  starting.byResidentAdministrator && staff.get(hsaId ?? '')?.roles.includes('resident-administrator') === true;

/** What a start is decided on, read at one head of each stream. */
const startFacts = (
  { data }: Of<'start-program'>,
  { acting, by, circumstances }: Sender,
  template: Template | undefined,
  keyId: string,
  alreadyOngoing: boolean,
): ProgramFacts => {
  const { templateId, resident, clinician = by.hsaId ?? '' } = data;
  const { policy, at } = circumstances;
  const unit = acting.unit as KnownUnit;
  const eligibility = template?.content.eligibility;
  const unfit = (hsaId: string): RefusalCode | undefined =>
    eligibility === undefined ? undefined : unfitClinician(unit, hsaId, { templateId, eligibility }, policy);
  return {
    template,
    start: {
      unit: startingUnit(unit, by.unitId ?? '', templateId),
      keyId,
      alreadyOngoing,
      isTestResident: isTestResident(resident.personalNumber, policy, dayOf(at)),
    },
    clinicianUnfit: unfit(clinician),
    starterUnfit: startsForOthers(unit, by.hsaId, policy) ? undefined : unfit(by.hsaId ?? ''),
  };
};

const planStart = async (
  core: Core,
  command: Of<'start-program'>,
  sender: Sender,
): Promise<E.Either<Failure, Plan>> => {
  const { acting, by, circumstances } = sender;
  const { programId = circumstances.newId('program'), templateId, resident } = command.data;
  const { personalNumber } = resident;
  const stream = programStream(programId);
  const loaded = await core.histories.program(stream);
  if (E.isLeft(loaded)) return loaded;
  const content = await templateOf(core, templateId);
  if (E.isLeft(content)) return content;
  const already = await ongoingOf(core, personalNumber, { unitId: by.unitId ?? '', templateId });
  if (E.isLeft(already)) return already;
  const { revision, state } = loaded.right;
  const { program: known } = state;
  // A program that is there, or was purged, never gets another key.
  const key = known.status === 'absent' ? await core.keys.take()() : E.right(known.keyId);
  if (E.isLeft(key)) return key;
  const facts = startFacts(command, sender, content.right.template, key.right, already.right.ongoing);
  return E.right({
    ...{ stream, revision },
    heads: { ...acting.heads, ...content.right.heads },
    decision: program.decide(command, known, circumstances, facts),
    keyId: key.right,
    programs: revision < 0 ? [programId] : [],
    starting: { personalNumber, tag: already.right.tags[0] },
    holds: already.right.holds,
  });
};

type Known = Exclude<Program, { status: 'absent' }>;

/** Whether the actor has to do with the program at all: the unit that owns it, where that may be enough, or its own resident. */
const isRelated = async (
  core: Core,
  { type }: ProgramCommand,
  state: Known,
  startedAt: number | undefined,
  { acting, by }: Sender,
): Promise<E.Either<Failure, boolean>> => {
  // The library's own processes act on every program; what each of them may do is in the table of permissions.
  if (by.kind === 'system') return E.right(true);
  const ofUnit = permissionTo(type).relation !== undefined && by.unitId === state.unitId;
  if (by.kind !== 'resident') return E.right(by.kind === 'staff' && ofUnit);
  if (state.status === 'purged' || startedAt === undefined) return E.right(false);
  return core.residents.isOf(startedAt, acting.personalNumber ?? '');
};

const sameWelcomeText = async (
  core: Core,
  { data: { text } }: Of<'change-welcome-text'>,
  loaded: Loaded<unknown>,
): Promise<E.Either<Failure, ProgramFacts>> => {
  const position = loaded.sealedAt.get(sealedKey('welcome-text-changed'));
  const opened = await openParts(core, position === undefined ? [] : [position]);
  return E.map((parts: ReadonlyMap<number, Opened>) => ({
    sameText: parts.get(position ?? 0)?.text === text,
  }))(opened);
};

const gather = async (
  core: Core,
  command: ProgramCommand,
  template: Template | undefined,
  templateId: string,
  loaded: Loaded<unknown>,
  { acting, circumstances }: Sender,
): Promise<E.Either<Failure, ProgramFacts>> => {
  switch (command.type) {
    case 'change-welcome-text':
      return sameWelcomeText(core, command, loaded);
    case 'record-documentation':
    case 'purge-program': {
      const open = openDuties(core.readModels, command.data.programId, circumstances.policy);
      const dutyId = command.type === 'record-documentation' ? command.data.dutyId : undefined;
      return E.right({ openDuties: open.length, isDuty: open.some((duty) => duty.dutyId === dutyId) });
    }
    case 'change-clinician': {
      if (template === undefined || acting.unit === undefined) return E.right({});
      const wanted = { templateId, eligibility: template.content.eligibility };
      const clinicianUnfit = unfitClinician(acting.unit, command.data.clinician, wanted, circumstances.policy);
      return E.right({ clinicianUnfit });
    }
    default:
      return E.right({});
  }
};

const planKnown = async (
  core: Core,
  command: Exclude<ProgramCommand, Of<'start-program'>>,
  sender: Sender,
): Promise<E.Either<Failure, Plan>> => {
  const { acting, circumstances } = sender;
  const { programId } = command.data;
  const stream = programStream(programId);
  const loaded = await core.histories.program(stream);
  if (E.isLeft(loaded)) return loaded;
  const { revision, startedAt } = loaded.right;
  const state = loaded.right.state.program;
  const heads = { ...acting.heads, [stream]: revision };
  if (state.status === 'absent') return refusing(stream, revision, heads, 'unknown-program', []);
  const related = await isRelated(core, command, state, startedAt, sender);
  if (E.isLeft(related)) return related;
  if (!related.right) return refusing(stream, revision, heads, 'unknown-program', [programId]);
  const isLiving = state.status !== 'purged';
  const content = isLiving
    ? await templateOf(core, state.templateId, state.major)
    : E.right({ template: undefined, heads: {} });
  if (E.isLeft(content)) return content;
  const { template } = content.right;
  const facts = isLiving
    ? await gather(core, command, template, state.templateId, loaded.right, sender)
    : E.right<Failure, ProgramFacts>({});
  if (E.isLeft(facts)) return facts;
  return E.right({
    stream,
    revision,
    heads: { ...heads, ...content.right.heads },
    decision: program.decide(command, state, circumstances, { ...facts.right, template }),
    keyId: state.keyId,
    programs: [programId],
    ...(command.type === 'purge-program' ? { erasure: { keyId: state.keyId } } : {}),
  });
};

/** Plans the commands of a program. An actor without any relation to it learns nothing, not even that it exists. */
export const planProgram: Planner<ProgramCommand> = (core, command, sender) =>
  command.type === 'start-program' ? planStart(core, command, sender) : planKnown(core, command, sender);
