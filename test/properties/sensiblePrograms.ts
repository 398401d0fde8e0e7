import type { CommandType } from '../../src/commands/catalog.ts';
import { hasOngoing } from './model/programs.ts';
import { isKindAllowed, type ModelHandover, type ModelProgram, plusDays } from './model/state.ts';
import {
  able,
  canary,
  clinicianOf,
  eligible,
  idFor,
  isOngoing,
  type Proposer,
  pick,
  programFor,
  residentOf,
  type Scene,
  unitsOf,
} from './scene.ts';
import {
  attested,
  endReasons,
  moduleIdsOf,
  residents,
  staffActor,
  templateIds,
  testResident,
  tobak,
  written,
} from './world.ts';

type StartType = 'start-program';
type ModuleType = Extract<CommandType, `${string}-module` | 'change-module-days'>;
type TalkType = 'start-conversation' | 'reply' | 'read-conversation';
type OtherType =
  | 'change-welcome-text'
  | 'open-program'
  | 'open-section'
  | 'complete-section'
  | 'change-clinician'
  | 'end-program'
  | 'close-maintenance'
  | 'purge-program'
  | Extract<CommandType, `${string}-handover`>;

type Start = { readonly unitId: string; readonly templateId: string; readonly resident: string };

const startable = (scene: Scene): readonly Start[] =>
  unitsOf(scene, (unit) => unit.active).flatMap((unit) =>
    templateIds
      .filter((templateId) => unit.templates.has(templateId) && isKindAllowed(templateId, unit.kind))
      .flatMap((templateId) =>
        residents
          .filter((resident) => unit.environment === 'production' || resident === testResident)
          .filter((resident) => !hasOngoing(scene.model, resident, templateId, unit.id))
          .map((resident) => ({ unitId: unit.id, templateId, resident })),
      ),
  );

const start: Proposer<StartType> = (scene) => {
  const { step, number } = scene;
  const wanted = pick(startable(scene), step.a);
  if (wanted === undefined) return undefined;
  const { unitId, templateId, resident } = wanted;
  const fitting = eligible(scene, unitId, templateId);
  const hsaId = pick(step.c % 9 === 0 ? [...(scene.model.units.get(unitId)?.staff.keys() ?? [])] : fitting, step.b);
  if (hsaId === undefined) return undefined;
  const another = step.c % 8 === 1 ? { clinician: pick(fitting, step.c) ?? hsaId } : {};
  const own = step.c % 3 === 0 ? { programId: idFor(number, 'program') } : {};
  return {
    data: {
      ...own,
      templateId,
      resident: { personalNumber: written(resident, step.b), name: canary(number, 'Namn') },
      attested: step.c % 17 === 0 ? { ...attested, accepted: false } : attested,
      ...another,
      ...(step.a % 2 === 0 ? { notifications: { inbox: true, sms: step.b % 2 === 0, email: step.c % 2 === 0 } } : {}),
    },
    actor: staffActor(hsaId, unitId),
  };
};

const isTobak = ({ templateId }: ModelProgram): boolean => templateId === tobak;

/** A module of a program in one of some states where there is one, of a treatment where there is one. */
const moduleIn =
  (states: readonly (string | undefined)[]) =>
  (scene: Scene): { readonly program: ModelProgram; readonly moduleId: string } | undefined => {
    const { step } = scene;
    const suits = (program: ModelProgram, moduleId: string) => states.includes(program.modules.get(moduleId)?.state);
    const program = programFor(
      scene,
      (one) => isOngoing(one) && (isTobak(one) || step.c % 9 === 0) && moduleIdsOf(tobak).some((id) => suits(one, id)),
    );
    if (program === undefined) return undefined;
    const all = moduleIdsOf(program.templateId);
    const moduleId =
      pick(
        all.filter((id) => suits(program, id)),
        step.b,
      ) ?? pick(all, step.b);
    return moduleId === undefined ? undefined : { program, moduleId: step.c % 31 === 0 ? 'ingen-modul' : moduleId };
  };

const unopened = moduleIn([undefined, 'closed']);
const open = moduleIn(['open']);
const reachable = moduleIn(['open', 'completed']);

const steering = (found: ReturnType<typeof open>) =>
  found === undefined
    ? undefined
    : { data: { programId: found.program.id, moduleId: found.moduleId }, actor: clinicianOf(found.program) };

/** What is sensible to do with modules. */
export const sensibleModules: { readonly [Type in ModuleType]: Proposer<Type> } = {
  'activate-module': (scene) => {
    const proposed = steering((scene.step.c % 5 === 0 ? open : unopened)(scene));
    if (proposed === undefined) return undefined;
    const days = scene.step.a % 3 === 0 ? {} : { days: (scene.step.b % 40) + 1 };
    const current = scene.step.a % 2 === 0 ? { makeCurrent: true } : {};
    return { ...proposed, data: { ...proposed.data, ...days, ...current } };
  },
  'set-current-module': (scene) => steering((scene.step.c % 2 === 0 ? open : unopened)(scene)),
  'complete-module': (scene) => steering(open(scene)),
  'deactivate-module': (scene) => steering(open(scene)),
  'change-module-days': (scene) => {
    const proposed = steering(open(scene));
    return proposed && { ...proposed, data: { ...proposed.data, days: (scene.step.a % 60) + 1 } };
  },
  'finish-module': (scene) => {
    const found = reachable(scene);
    return (
      found && { data: { programId: found.program.id, moduleId: found.moduleId }, actor: residentOf(found.program) }
    );
  },
};

const section = (scene: Scene) => {
  const { step } = scene;
  const program = programFor(scene, isOngoing);
  if (program === undefined) return undefined;
  const all = moduleIdsOf(program.templateId);
  const opened = all.filter((id) => ['open', 'completed'].includes(program.modules.get(id)?.state ?? ''));
  const moduleId = pick(step.c % 10 === 0 ? all : opened, step.b) ?? 'ingen-modul';
  const sectionId = step.c % 13 === 0 ? 'extra-0' : 'avsnitt-1';
  return { data: { programId: program.id, moduleId, sectionId }, actor: residentOf(program) };
};

/** One who may speak in a program: its resident, or whoever is responsible. */
const speaker = ({ step }: Scene, program: ModelProgram) =>
  step.b % 2 === 0 ? residentOf(program) : clinicianOf(program);

const hasConversations = (program: ModelProgram): boolean => isOngoing(program) && program.conversations.size > 0;

/** What is sensible to say. */
export const sensibleTalk: { readonly [Type in TalkType]: Proposer<Type> } = {
  'start-conversation': (scene) => {
    const program = programFor(scene, isOngoing);
    if (program === undefined) return undefined;
    const { number, step } = scene;
    const own = step.c % 4 === 0 ? { conversationId: idFor(number, 'conversation') } : {};
    const taken = step.c % 21 === 0 ? { conversationId: [...program.conversations.keys()][0] } : {};
    const texts = { subject: canary(number, 'Ämne'), body: canary(number, 'Fråga') };
    return { data: { programId: program.id, ...own, ...taken, ...texts }, actor: speaker(scene, program) };
  },
  reply: (scene) => {
    const program = programFor(scene, hasConversations);
    if (program === undefined) return undefined;
    const conversationId = pick([...program.conversations.keys()], scene.step.c) ?? idFor(scene.number, 'none');
    const body = canary(scene.number, 'Svar');
    return { data: { programId: program.id, conversationId, body }, actor: speaker(scene, program) };
  },
  'read-conversation': (scene) => {
    const program = programFor(scene, (one) => one.status !== 'purged' && one.conversations.size > 0);
    if (program === undefined) return undefined;
    const unread = [...program.conversations].filter(([, sides]) => sides.size > 0).map(([id]) => id);
    const conversationId = pick(unread, scene.step.c) ?? [...program.conversations.keys()][0] ?? idFor(1, 'none');
    const side = program.conversations.get(conversationId);
    const actor = side?.has('resident') ? residentOf(program) : clinicianOf(program);
    return { data: { programId: program.id, conversationId }, actor };
  },
};

const pending = ({ model }: Scene): readonly ModelHandover[] =>
  [...model.handovers.values()].filter(({ outcome }) => outcome === 'pending');

/** A handover that waits, else any. */
const handover = (scene: Scene): ModelHandover | undefined =>
  pick(pending(scene), scene.step.a) ??
  (scene.step.c % 3 === 0 ? pick([...scene.model.handovers.values()], scene.step.a) : undefined);

const residentAdministrator = (scene: Scene, unitId: string) =>
  pick(able(scene, unitId, 'resident-administrator'), scene.step.b);

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
  const actor = residentAdministrator(scene, owner.id) ?? clinicianOf(program);
  const isForeign = receiver?.provider !== owner.provider && step.c % 9 !== 0;
  const basis = isForeign ? { disclosureBasis: 'samtycke' } : {};
  const own = step.c % 3 === 0 ? { handoverId: idFor(number, 'handover') } : {};
  const residentInformed = step.c % 19 !== 0;
  return (
    receiver && { data: { programId: program.id, toUnit: receiver.id, residentInformed, ...basis, ...own }, actor }
  );
};

/** The rest of a program's life: start, handover, end, purge. */
export const sensiblePrograms: { readonly [Type in StartType | OtherType]: Proposer<Type> } = {
  'start-program': start,
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
  'open-section': section,
  'complete-section': section,
  'change-clinician': (scene) => {
    const program = programFor(scene, isOngoing);
    const actor = program && residentAdministrator(scene, program.unitId);
    if (program === undefined || actor === undefined) return undefined;
    const all = [...(scene.model.units.get(program.unitId)?.staff.keys() ?? [])];
    const fitting = eligible(scene, program.unitId, program.templateId).filter((one) => one !== program.clinician);
    const clinician = pick(scene.step.c % 5 === 0 ? all : fitting, scene.step.c) ?? program.clinician;
    return { data: { programId: program.id, clinician, reason: 'semester' }, actor };
  },
  'end-program': (scene) => {
    const { step, today } = scene;
    const program = programFor(scene, (one) => isOngoing(one) && (one.pending === undefined || step.c % 6 === 0));
    if (program === undefined) return undefined;
    const reason = step.c % 23 === 0 ? 'ingen-orsak' : (pick(endReasons, step.b) ?? endReasons[0]);
    const notice = step.b % 3 === 0 ? { notifyResident: step.b % 2 === 0 } : {};
    const until = pick(
      [{}, { until: plusDays(today, step.b % 30) }, { until: plusDays(today, (step.b % 400) - 10) }],
      step.c,
    );
    const maintenance = step.a % 2 === 0 && until !== undefined ? { maintenance: until } : {};
    const data = { programId: program.id, reason, residentAware: step.c % 4 !== 0, ...notice, ...maintenance };
    return { data, actor: clinicianOf(program) };
  },
  'close-maintenance': (scene) => {
    const program = programFor(scene, (one) => one.status === 'ended' && one.readableUntil !== undefined);
    return program && { data: { programId: program.id }, actor: clinicianOf(program) };
  },
  'purge-program': (scene) => {
    const isReadable = ({ readableUntil }: ModelProgram) => readableUntil !== undefined && scene.today <= readableUntil;
    const program = programFor(scene, (one) => one.status === 'ended' && (!isReadable(one) || scene.step.c % 8 === 0));
    const actor = program && pick(able(scene, program.unitId, 'data-administrator'), scene.step.b);
    if (program === undefined || actor === undefined) return undefined;
    return { data: { programId: program.id, disposalDecision: 'RA-FS/2026:1' }, actor };
  },
  'initiate-handover': initiate,
  'approve-handover': (scene) => {
    const found = handover(scene);
    const templateId = scene.model.programs.get(found?.programId ?? '')?.templateId ?? tobak;
    const actor = found && residentAdministrator(scene, found.to);
    if (found === undefined || actor === undefined) return undefined;
    const all = [...(scene.model.units.get(found.to)?.staff.keys() ?? [])];
    const fitting = eligible(scene, found.to, templateId);
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
