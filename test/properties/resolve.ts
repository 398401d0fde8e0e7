import type { Actor } from '../../src/access/actor.ts';
import type { Command, CommandType } from '../../src/commands/catalog.ts';
import type { Twist } from './arbitraries.ts';
import { plusDays } from './model/state.ts';
import { idFor, type Proposer, pick, type Scene } from './scene.ts';
import { sensibleContent, sensibleForms } from './sensibleContent.ts';
import { sensibleLog } from './sensibleLog.ts';
import { sensiblePlans } from './sensiblePlans.ts';
import { sensibleModules, sensiblePrograms, sensibleTalk } from './sensiblePrograms.ts';
import { anybody, sensibleUnits } from './sensibleUnits.ts';
import {
  auditor,
  type Call,
  clock,
  nobody,
  noUnit,
  productionOffice,
  regionalTeam,
  residentActor,
  residents,
  staffActor,
  weakened,
} from './world.ts';

/** A command that was sent: with its id, and whether it changed something. */
export type SentBefore = Extract<Call, { kind: 'command' }>;

type Sensible = { readonly [Type in CommandType]: Proposer<Type> };

/** For every type of command what would be sensible now; a type that nobody proposes does not compile. */
const sensible: Sensible = {
  ...{ ...sensibleUnits, ...sensibleModules, ...sensiblePrograms, ...sensibleTalk },
  ...{ ...sensibleForms, ...sensibleContent, ...sensiblePlans, ...sensibleLog },
};

const proposed = (
  scene: Scene,
  type: CommandType,
): { readonly command: Command; readonly actor: Actor } | undefined => {
  const found = sensible[type](scene);
  return found && { command: { type, data: found.data } as Command, actor: found.actor };
};

/** What is sent where nothing of the type meant can be. */
const instead: readonly CommandType[] = [
  ...(['initiate-handover', 'start-conversation', 'end-program', 'complete-section', 'deactivate-staff'] as const),
  ...(['change-clinician', 'disable-template', 'submit-form', 'create-activity-plan', 'comment'] as const),
];

/** What has to have happened before something of a type can be sent. */
const first: { readonly [Type in CommandType]?: CommandType } = {
  'register-activity': 'create-activity-plan',
  'change-activity-plan': 'create-activity-plan',
  'stop-activity-plan': 'create-activity-plan',
  'open-form': 'submit-form',
  'submit-form': 'activate-module',
  'save-form': 'activate-module',
  'read-comment': 'comment',
  'clear-flag': 'raise-flag',
  reply: 'start-conversation',
  'read-conversation': 'start-conversation',
  'approve-handover': 'initiate-handover',
  'deny-handover': 'initiate-handover',
  'withdraw-handover': 'initiate-handover',
  'close-maintenance': 'end-program',
  'purge-program': 'end-program',
  'reactivate-staff': 'deactivate-staff',
};

/** Where nothing of a type can be sent, something else is: a program is started, or two, then what is needed is done. */
const otherwise = ({ model, step }: Scene, type: CommandType): CommandType => {
  const wanted = model.programs.size > 0 ? first[type] : 'start-program';
  if (wanted !== undefined) return wanted;
  return model.programs.size < 3 ? 'start-program' : (pick(instead, step.c) ?? 'sign-in');
};

const whatever = (scene: Scene, type: CommandType) =>
  proposed(scene, type) ??
  proposed(scene, otherwise(scene, type)) ??
  proposed(scene, pick(instead, scene.step.c) ?? 'sign-in') ??
  proposed(scene, 'sign-in') ?? {
    command: { type: 'deactivate-unit', data: { unitId: noUnit } } as const,
    actor: regionalTeam,
  };

const otherActor = (scene: Scene, actor: Actor): Actor => {
  const colleagues = actor.kind === 'staff' ? [...(scene.model.units.get(actor.unitId)?.staff.keys() ?? [])] : [];
  const others: readonly Actor[] = [
    ...colleagues.map((hsaId) => staffActor(hsaId, actor.kind === 'staff' ? actor.unitId : noUnit)),
    ...residents.map(residentActor),
    ...[anybody(scene), anybody({ ...scene, step: { ...scene.step, b: scene.step.c } })].filter(
      (one) => one !== undefined,
    ),
    ...[regionalTeam, productionOffice, clock],
    staffActor(nobody, scene.model.units.keys().next().value ?? noUnit),
  ];
  const different = others.filter((one) => JSON.stringify(one) !== JSON.stringify(actor));
  return pick(different, scene.step.b + scene.step.c) ?? clock;
};

const otherUnit = ({ model, step }: Scene, actor: Actor): Actor => {
  if (actor.kind !== 'staff') return actor;
  const others = [...model.units.keys(), noUnit].filter((unitId) => unitId !== actor.unitId);
  return { ...actor, unitId: pick(others, step.c) ?? noUnit };
};

/** The same command about another program: one that is there, or none. */
const otherProgram = ({ model, step, number }: Scene, command: Command): Command => {
  const { programId } = command.data as { readonly programId?: string };
  if (command.type === 'start-program' || programId === undefined) return command;
  const others = [...model.programs.keys(), idFor(number, 'none')].filter((id) => id !== programId);
  return { ...command, data: { ...command.data, programId: pick(others, step.c) } } as Command;
};

const broken = ({ step }: Scene, command: Command): Command =>
  pick(
    [
      { ...command, data: {} },
      { ...command, data: { ...command.data, nonsense: step.a } },
      { ...command, type: 'do-nothing' },
      { ...command, extra: true },
      null,
      'start-program',
    ] as unknown as readonly Command[],
    step.c,
  ) as Command;

type Twisting = Extract<Call, { kind: 'command' }>;

const twisted = (scene: Scene, call: Twisting, earlier: readonly SentBefore[]): Twisting => {
  const { command, actor } = call;
  const before = pick(
    earlier.filter(({ id }) => id !== undefined),
    scene.step.a,
  );
  const twists: { readonly [Name in Twist]: () => Twisting } = {
    none: () => call,
    'other-actor': () => ({ ...call, actor: otherActor(scene, actor) }),
    'other-unit': () => ({ ...call, actor: otherUnit(scene, actor) }),
    weak: () => ({ ...call, actor: weakened(actor) }),
    'other-program': () => ({ ...call, command: otherProgram(scene, command) }),
    broken: () => ({ ...call, command: broken(scene, command) }),
    again: () => before ?? call,
    'same-id': () => ({ ...call, id: before?.id ?? call.id }),
  };
  return twists[scene.step.twist]();
};

/** Makes the command that a step means in the state that it meets. */
export const commandFor = (scene: Scene, earlier: readonly SentBefore[]): Twisting => {
  const { what, hasId, twist } = scene.step;
  const { command, actor } = whatever(scene, what === 'look' || what === 'ask' ? 'sign-in' : what);
  const isIdentified = hasId || twist === 'same-id';
  return twisted(
    scene,
    { kind: 'command', command, actor, id: isIdentified ? idFor(scene.number, 'command') : undefined },
    earlier,
  );
};

const tabs = ['mine', 'all', 'ended', 'handovers'] as const;

/** Makes a question that anybody asks about anything. */
export const questionFor = (scene: Scene): Call => {
  const { model, step, number, today } = scene;
  const programs = [...model.programs.values()];
  const program = pick(programs, step.a);
  const programId = program?.id ?? idFor(number, 'none');
  const conversationId = pick([...(program?.conversations.keys() ?? [])], step.c) ?? idFor(number, 'none');
  const queries = [
    { view: 'overview', tab: pick(tabs, step.b) },
    { view: 'program', programId },
    { view: 'my-programs' },
    { view: 'my-program', programId },
    { view: 'conversations', programId },
    { view: 'conversation', programId, conversationId },
    { view: 'staff' },
    { view: 'form', programId, moduleId: 'steg-1', formId: 'fragor' },
    { view: 'comments', programId },
    { view: 'timeline', programId },
    { view: 'activities', programId, from: plusDays(today, -30), to: today },
    { view: 'documentation' },
    { view: 'documentation', programId },
    { view: 'caseload' },
    { view: 'profile' },
    { view: 'purge', programId },
    { view: 'templates' },
    { view: 'template', templateId: 'tobakshjalpen' },
    { view: 'statistics' },
    { view: 'access-report' },
    { view: 'units', search: 'mott' },
    { view: 'units', mine: true },
    { view: 'purge-list' },
    { view: 'audit', perspective: 'provider' },
    { view: 'log-checks' },
    { view: 'no-view' },
  ];
  const query = pick(queries, step.c) ?? { view: 'units' };
  const isOfResident = ['my-programs', 'my-program', 'access-report'].includes(query.view);
  const ofStaff = program === undefined ? anybody(scene) : staffActor(program.clinician, program.unitId);
  const ofResident = residentActor(program?.resident ?? residents[0]);
  const sensibleActor = ['audit', 'log-checks'].includes(query.view)
    ? auditor
    : isOfResident
      ? ofResident
      : (ofStaff ?? clock);
  return { kind: 'view', query, actor: step.twist === 'none' ? sensibleActor : otherActor(scene, sensibleActor) };
};
