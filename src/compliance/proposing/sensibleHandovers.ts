import type { CommandType } from '../../commands/catalog.ts';
import type { ModelHandover, ModelProgram } from '../model/state.ts';
import {
  clinicianOf,
  eligible,
  idFor,
  isOngoing,
  type Proposer,
  pick,
  programFor,
  residentAdministrator,
  type Scene,
  unitsOf,
} from './scene.ts';

type HandoverType = Extract<CommandType, `${string}-handover`>;

const pending = ({ model }: Scene): readonly ModelHandover[] =>
  [...model.handovers.values()].filter(({ outcome }) => outcome === 'pending');

/** A handover that waits, else any. */
const handover = (scene: Scene): ModelHandover | undefined =>
  pick(pending(scene), scene.step.a) ??
  (scene.step.c % 3 === 0 ? pick([...scene.model.handovers.values()], scene.step.a) : undefined);

/** Who would offer a program: a resident administrator, and where the region lets one its clinician as well (D1). */
const initiatorOf = (scene: Scene, program: ModelProgram) => {
  const { initiator } = scene.model.setting.policy.handover;
  const isByClinician = initiator !== 'resident-administrator' && scene.step.c % 2 === 0;
  const administrator = isByClinician ? undefined : residentAdministrator(scene, program.unitId);
  return administrator ?? clinicianOf(program);
};

const initiate: Proposer<'initiate-handover'> = (scene) => {
  const { step, model, number } = scene;
  const program = programFor(scene, (one) => isOngoing(one) && one.pending === undefined);
  const owner = program === undefined ? undefined : model.units.get(program.unitId);
  if (program === undefined || owner === undefined) return undefined;
  const others = unitsOf(scene, (unit) => unit !== owner || step.c % 25 === 0);
  const ready = others.filter(
    (unit) => unit.active && unit.templates.has(program.templateId) && unit.environment === owner.environment,
  );
  const receiver = pick(ready, step.b) ?? pick(others, step.b);
  const actor = initiatorOf(scene, program);
  const isForeign = receiver?.provider !== owner.provider && step.c % 9 !== 0;
  const basis = isForeign ? { disclosureBasis: 'samtycke' } : {};
  const own = step.c % 3 === 0 ? { handoverId: idFor(number, 'handover') } : {};
  const residentInformed = step.c % 19 !== 0;
  return (
    receiver && { data: { programId: program.id, toUnit: receiver.id, residentInformed, ...basis, ...own }, actor }
  );
};

/** What is sensible about handovers. */
export const sensibleHandovers: { readonly [Type in HandoverType]: Proposer<Type> } = {
  'initiate-handover': initiate,
  'approve-handover': (scene) => {
    const found = handover(scene);
    const program = scene.model.programs.get(found?.programId ?? '');
    const actor = found && residentAdministrator(scene, found.to);
    if (found === undefined || actor === undefined || program === undefined) return undefined;
    const all = [...(scene.model.units.get(found.to)?.staff.keys() ?? [])];
    const fitting = eligible(scene, found.to, program);
    const clinician = pick(scene.step.c % 7 === 0 ? all : fitting, scene.step.c) ?? found.clinician ?? all[0] ?? '';
    return { data: { handoverId: found.id, clinician }, actor };
  },
  'deny-handover': (scene) => {
    const found = handover(scene);
    const actor = found && residentAdministrator(scene, found.to);
    const reason = scene.step.c % 2 === 0 ? { reason: 'fel-enhet' } : {};
    return found && actor && { data: { handoverId: found.id, ...reason }, actor };
  },
  'withdraw-handover': (scene) => {
    const found = handover(scene);
    const actor = found && residentAdministrator(scene, found.from);
    const named = scene.step.c % 2 === 0 && found !== undefined ? { programId: found.programId } : {};
    return found && actor && { data: { handoverId: found.id, ...named }, actor };
  },
};
