import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import { residentOf } from '../access/subjects.ts';
import type { HandoverCommand } from '../domain/handover/commands.ts';
import { type Handovers, handover, type Receiver } from '../domain/handover/handover.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { Ended, Ongoing, Program } from '../domain/program/state.ts';
import { hasCeased, holders, type KnownUnit, unfitClinician } from '../domain/unit/state.ts';
import type { Loaded } from '../eventStore/histories.ts';
import { programStream, unitStream } from '../eventStore/streams.ts';
import { programOfHandover } from '../projections/handovers.ts';
import { type Plan, type Planner, refusing, type Sender } from './plan.ts';
import { ongoingOf, templateOf } from './planProgram.ts';

type Gathered = Pick<Plan, 'heads' | 'holds' | 'arriving'> & { readonly receiver: Receiver | undefined };
type Of<Type extends HandoverCommand['type']> = Extract<HandoverCommand, { type: Type }>;
type State = { readonly program: Program; readonly handovers: Handovers };

const isReadyFor = (unit: KnownUnit, templateId: string, at: string): boolean =>
  unit.status === 'active' &&
  !hasCeased(unit, at) &&
  unit.templates.includes(templateId) &&
  holders(unit, 'resident-administrator').length > 0;

const receiverOf = (unit: KnownUnit, unitId: string, templateId: string, at: string): Receiver => ({
  unitId,
  careProviderId: unit.careProviderId,
  county: unit.county,
  environment: unit.environment,
  ready: isReadyFor(unit, templateId, at),
  clinicianEligible: false,
  alreadyOngoing: false,
});

const gatherInitiation = async (
  core: Core,
  { data: { toUnit } }: Of<'initiate-handover'>,
  templateId: string,
  { circumstances }: Sender,
): Promise<E.Either<Failure, Gathered>> => {
  const stream = unitStream(toUnit);
  const loaded = await core.histories.unit(stream);
  if (E.isLeft(loaded)) return loaded;
  const { state, revision } = loaded.right;
  return E.right({
    receiver: state.status === 'absent' ? undefined : receiverOf(state, toUnit, templateId, circumstances.at),
    heads: { [stream]: revision },
  });
};

const gatherApproval = async (
  core: Core,
  { data: { clinician } }: Of<'approve-handover'>,
  program: Ongoing | Ended,
  startedAt: number | undefined,
  { acting, by, circumstances }: Sender,
): Promise<E.Either<Failure, Gathered>> => {
  const number = await residentOf(core, startedAt);
  if (E.isLeft(number)) return number;
  const content = await templateOf(core, program.templateId, program.major);
  if (E.isLeft(content)) return content;
  const { template } = content.right;
  if (number.right === undefined || acting.unit === undefined || template === undefined) {
    return E.right({ receiver: undefined, heads: {} });
  }
  const { templateId } = program;
  const unitId = by.unitId ?? '';
  const already = await ongoingOf(core, number.right, { unitId, templateId });
  if (E.isLeft(already)) return already;
  const wanted = { templateId, eligibility: template.content.eligibility };
  return E.right({
    receiver: {
      ...receiverOf(acting.unit, unitId, templateId, circumstances.at),
      clinicianEligible: unfitClinician(acting.unit, clinician, wanted, circumstances.policy) === undefined,
      alreadyOngoing: already.right.ongoing,
    },
    heads: content.right.heads,
    holds: already.right.holds,
    arriving: number.right,
  });
};

const gather = async (
  core: Core,
  command: HandoverCommand,
  { state, startedAt }: Loaded<State>,
  sender: Sender,
): Promise<E.Either<Failure, Gathered>> => {
  const { program, handovers } = state;
  if (program.status === 'absent' || program.status === 'purged') return E.right({ receiver: undefined, heads: {} });
  if (command.type === 'initiate-handover') return gatherInitiation(core, command, program.templateId, sender);
  const isPending = handovers.handovers.get(command.data.handoverId)?.outcome === 'pending';
  return command.type === 'approve-handover' && isPending
    ? gatherApproval(core, command, program, startedAt, sender)
    : E.right({ receiver: undefined, heads: {} });
};

/** The units that have to do with a program's handovers: its owner, and those it was ever offered to. */
const isRelated = (
  command: HandoverCommand,
  { handovers, program, unitId }: Handovers,
  from: string | undefined,
): boolean => {
  if (program === 'absent') return false;
  const receivers = command.type === 'initiate-handover' ? [] : [...handovers.values()].map(({ toUnit }) => toUnit);
  return from === unitId || receivers.some((toUnit) => toUnit === from);
};

const programIdFor = (core: Core, { data }: HandoverCommand): Uuid | undefined =>
  data.programId ?? (data.handoverId === undefined ? undefined : programOfHandover(core.readModels, data.handoverId));

/** Plans the commands of a handover, in the program's stream. */
export const planHandover: Planner<HandoverCommand> = async (core, command, sender) => {
  const { acting, by, circumstances } = sender;
  const programId = programIdFor(core, command);
  if (programId === undefined) return refusing('', -1, acting.heads, 'unknown-program', []);
  const stream = programStream(programId);
  const loaded = await core.histories.program(stream);
  if (E.isLeft(loaded)) return loaded;
  const { state, revision } = loaded.right;
  const heads = { ...acting.heads, [stream]: revision };
  if (!isRelated(command, state.handovers, by.unitId)) {
    return refusing(stream, revision, heads, 'unknown-program', revision < 0 ? [] : [programId]);
  }
  const gathered = await gather(core, command, loaded.right, sender);
  if (E.isLeft(gathered)) return gathered;
  const { receiver, holds, arriving } = gathered.right;
  return E.right({
    stream,
    revision,
    heads: { ...heads, ...gathered.right.heads },
    decision: handover.decide(command, state.handovers, circumstances, { receiver }),
    keyId: state.program.status === 'absent' ? undefined : state.program.keyId,
    programs: [programId],
    ...(holds === undefined ? {} : { holds }),
    ...(arriving === undefined ? {} : { arriving }),
  });
};
