import type { Actor } from '../../access/actor.ts';
import type { Command, CommandType } from '../../commands/catalog.ts';
import type { Twist } from '../lives.ts';
import {
  type Call,
  clock,
  nobody,
  noUnit,
  productionOffice,
  regionalTeam,
  residentActor,
  residentsOf,
  signedIn,
  staffActor,
  weakened,
} from '../world.ts';
import { idFor, type Proposer, pick, type Scene } from './scene.ts';
import { sensibleContent } from './sensibleContent.ts';
import { sensibleForms } from './sensibleForms.ts';
import { sensibleHandovers } from './sensibleHandovers.ts';
import { sensibleLog } from './sensibleLog.ts';
import { sensibleModules, sensibleSections } from './sensibleModules.ts';
import { sensiblePlans } from './sensiblePlans.ts';
import { sensiblePrograms } from './sensiblePrograms.ts';
import { sensibleStart } from './sensibleStart.ts';
import { sensibleTalk } from './sensibleTalk.ts';
import { sensibleTemplates } from './sensibleTemplates.ts';
import { anybody, sensibleUnits } from './sensibleUnits.ts';

/** A command that was sent: with its id, and whether it changed something. */
export type SentBefore = Extract<Call, { kind: 'command' }>;

type Sensible = { readonly [Type in CommandType]: Proposer<Type> };

/** For every type of command what would be sensible now; a type that nobody proposes does not compile. */
const sensible: Sensible = {
  ...{ ...sensibleUnits, ...sensibleStart, ...sensibleModules, ...sensibleSections, ...sensiblePrograms },
  ...{ ...sensibleTemplates, ...sensibleTalk, ...sensibleHandovers },
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

/** Somebody else, authenticated as well as anybody. */
export const otherActor = (scene: Scene, actor: Actor): Actor => {
  const colleagues = actor.kind === 'staff' ? [...(scene.model.units.get(actor.unitId)?.staff.keys() ?? [])] : [];
  const others: readonly Actor[] = [
    ...colleagues.map((hsaId) => staffActor(hsaId, actor.kind === 'staff' ? actor.unitId : noUnit)),
    ...residentsOf(scene.model.setting).map((number) => residentActor(number)),
    ...[anybody(scene), anybody({ ...scene, step: { ...scene.step, b: scene.step.c } })].filter(
      (one) => one !== undefined,
    ),
    ...[regionalTeam, productionOffice, clock],
    staffActor(nobody, scene.model.units.keys().next().value ?? noUnit),
  ];
  const different = others
    .map((one) => signedIn(one, scene.model.setting.policy))
    .filter((one) => JSON.stringify(one) !== JSON.stringify(actor));
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
  const identified = earlier.filter(({ id }) => id !== undefined);
  const before = pick(identified, scene.step.a);
  const ofType = pick(
    identified.filter((one) => one.command?.type === command.type),
    scene.step.a,
  );
  const twists: { readonly [Name in Twist]: () => Twisting } = {
    none: () => call,
    'other-actor': () => ({ ...call, actor: otherActor(scene, actor) }),
    'other-unit': () => ({ ...call, actor: otherUnit(scene, actor) }),
    weak: () => ({ ...call, actor: weakened(actor, scene.model.setting.policy) }),
    'other-program': () => ({ ...call, command: otherProgram(scene, command) }),
    broken: () => ({ ...call, command: broken(scene, command) }),
    again: () => before ?? call,
    // Mostly that of a command of the same type, which differs in what it asks alone.
    'same-id': () => ({ ...call, id: (ofType ?? before)?.id ?? call.id }),
  };
  return twists[scene.step.twist]();
};

/** Makes the command that a step means in the state that it meets. */
export const commandFor = (scene: Scene, earlier: readonly SentBefore[]): Twisting => {
  const { what, hasId, twist } = scene.step;
  const found = whatever(scene, what === 'look' || what === 'ask' ? 'sign-in' : what);
  const { command } = found;
  const actor = signedIn(found.actor, scene.model.setting.policy);
  const isIdentified = hasId || twist === 'same-id';
  return twisted(
    scene,
    { kind: 'command', command, actor, id: isIdentified ? idFor(scene.number, 'command') : undefined },
    earlier,
  );
};
