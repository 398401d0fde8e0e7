import type { Actor } from '../../access/actor.ts';
import { ownContent } from '../model/relations.ts';
import { type ModelProgram, plusDays } from '../model/state.ts';
import {
  able,
  canary,
  clinicianOf,
  eligible,
  isOngoing,
  type Proposer,
  pick,
  programFor,
  residentAdministrator,
  residentOf,
  type Scene,
} from './scene.ts';

type OtherType =
  | 'change-welcome-text'
  | 'open-program'
  | 'change-clinician'
  | 'end-program'
  | 'close-maintenance'
  | 'purge-program';

const reasonFor = ({ model, step }: Scene, program: ModelProgram): string =>
  pick(ownContent(model, program)?.endReasons ?? [], step.b)?.code ?? 'ingen-orsak';

/** Who would end a program: its clinician, and where the region lets one a resident administrator as well (D8). */
const enderOf = (scene: Scene, program: ModelProgram): Actor => {
  const mayAdminister = scene.model.setting.policy.ending.byResidentAdministrator && scene.step.c % 2 === 0;
  const administrator = mayAdminister ? residentAdministrator(scene, program.unitId) : undefined;
  return administrator ?? clinicianOf(program);
};

/** The rest of a program's life: its clinician, its end, its purge. */
export const sensiblePrograms: { readonly [Type in OtherType]: Proposer<Type> } = {
  'change-welcome-text': (scene) => {
    const program = programFor(scene, isOngoing);
    if (program === undefined) return undefined;
    const text = scene.step.c % 6 === 0 ? program.welcome : undefined;
    return {
      data: { programId: program.id, text: text ?? canary(scene.number, 'Välkommen') },
      actor: clinicianOf(program),
    };
  },
  'open-program': (scene) => {
    const program = programFor(scene, isOngoing);
    return program && { data: { programId: program.id }, actor: residentOf(program) };
  },
  'change-clinician': (scene) => {
    const program = programFor(scene, isOngoing);
    const actor = program && residentAdministrator(scene, program.unitId);
    if (program === undefined || actor === undefined) return undefined;
    const all = [...(scene.model.units.get(program.unitId)?.staff.keys() ?? [])];
    const fitting = eligible(scene, program.unitId, program).filter((one) => one !== program.clinician);
    const clinician = pick(scene.step.c % 5 === 0 ? all : fitting, scene.step.c) ?? program.clinician;
    return { data: { programId: program.id, clinician, reason: 'semester' }, actor };
  },
  'end-program': (scene) => {
    const { step, today } = scene;
    const program = programFor(scene, (one) => isOngoing(one) && (one.pending === undefined || step.c % 6 === 0));
    if (program === undefined) return undefined;
    const reason = step.c % 23 === 0 ? 'ingen-orsak' : reasonFor(scene, program);
    const notice = step.b % 3 === 0 ? { notifyResident: step.b % 2 === 0 } : {};
    const { maxDays } = scene.model.setting.policy.maintenance;
    const last = (step.b % (Math.min(maxDays, 3_000) + 35)) - 10;
    const until = pick([{}, { until: plusDays(today, step.b % 30) }, { until: plusDays(today, last) }], step.c);
    const maintenance = step.a % 2 === 0 && until !== undefined ? { maintenance: until } : {};
    const data = { programId: program.id, reason, residentAware: step.c % 4 !== 0, ...notice, ...maintenance };
    return { data, actor: enderOf(scene, program) };
  },
  'close-maintenance': (scene) => {
    const program = programFor(scene, (one) => one.status === 'ended' && one.readableUntil !== undefined);
    return program && { data: { programId: program.id }, actor: clinicianOf(program) };
  },
  'purge-program': (scene) => {
    const isReadable = ({ readableUntil }: ModelProgram) => readableUntil !== undefined && scene.today <= readableUntil;
    const erasers = ({ unitId }: ModelProgram) => able(scene, unitId, 'data-administrator');
    const isDone = (one: ModelProgram) => one.status === 'ended' && (!isReadable(one) || scene.step.c % 8 === 0);
    const program = programFor(scene, (one) => isDone(one) && erasers(one).length > 0);
    const actor = program && pick(erasers(program), scene.step.b);
    if (program === undefined || actor === undefined) return undefined;
    return { data: { programId: program.id, disposalDecision: 'RA-FS/2026:1' }, actor };
  },
};
