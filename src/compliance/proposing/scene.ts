import type { Actor } from '../../access/actor.ts';
import type { Command, CommandType } from '../../commands/catalog.ts';
import type { Role } from '../../domain/actors.ts';
import type { Step } from '../lives.ts';
import { isEligible, type Model, type ModelProgram, type ModelUnit, mayAct } from '../model/state.ts';
import { templateIdsOf } from '../setting.ts';
import { residentActor, staffActor } from '../world.ts';

/** What a step meets: the state so far, the day, and its own number, from which ids and texts are made. */
export type Scene = {
  readonly model: Model;
  readonly step: Step;
  readonly today: string;
  readonly at: string;
  readonly number: number;
};

type DataOf<Type extends CommandType> = Extract<Command, { type: Type }>['data'];

/** A command's data and who would send it. */
type Proposal<Type extends CommandType> = { readonly data: DataOf<Type>; readonly actor: Actor };
/** What would be sensible to send of one type now; undefined when nothing is. */
export type Proposer<Type extends CommandType> = (scene: Scene) => Proposal<Type> | undefined;

/** One of a list, chosen by a number; undefined when it is empty. */
export const pick = <A>(list: readonly A[], choice: number): A | undefined => list[choice % Math.max(1, list.length)];

const idKinds = ['command', 'program', 'conversation', 'handover', 'none', 'plan'] as const;

/** An id that no other step makes. */
export const idFor = (number: number, what: (typeof idKinds)[number]): string => {
  const place = idKinds.indexOf(what) + 10;
  return `0195d3a0-${number.toString(16).padStart(4, '0')}-7${place}0-8000-0000000000${place}`;
};

/** A personal text that can be told from all others wherever it turns up. */
export const canary = (number: number, what: string): string => `${what} canary-${number}-x`;

/** The canaries in a text. */
export const canariesIn = (text: string): readonly string[] => [...new Set(text.match(/canary-\d+-x/g) ?? [])];

/** Staff of a unit that could act now in one of some roles. */
export const able = ({ model, today }: Scene, unitId: string, ...roles: readonly Role[]): readonly Actor[] =>
  [...(model.units.get(unitId)?.staff.keys() ?? [])]
    .map((hsaId) => staffActor(hsaId, unitId, model.setting.policy))
    .filter((actor) => mayAct(model, { actor, today }, roles));

/** The staff that may be responsible for a template's programs on a unit. */
export const eligible = (
  { model }: Scene,
  unitId: string,
  wanted: { readonly templateId: string; readonly major?: number },
): readonly string[] => {
  const unit = model.units.get(unitId);
  return [...(unit?.staff.keys() ?? [])].filter((hsaId) => isEligible(model, unit, hsaId, wanted));
};

/** One of the host's templates, by a number. */
export const templateFor = ({ model }: Scene, choice: number): string | undefined =>
  pick(templateIdsOf(model.setting), choice);

/** The units for which something holds. */
export const unitsOf = ({ model }: Scene, holds: (unit: ModelUnit) => boolean = () => true): readonly ModelUnit[] =>
  [...model.units.values()].filter(holds);

/** A program for which something holds, else now and then any: a command then meets a state in which it is refused. */
export const programFor = (
  { model, step }: Scene,
  holds: (program: ModelProgram) => boolean,
): ModelProgram | undefined => {
  const all = [...model.programs.values()];
  return pick(all.filter(holds), step.a) ?? (step.b % 3 === 0 ? pick(all, step.a) : undefined);
};

/** Whether a program goes on. */
export const isOngoing = ({ status }: ModelProgram): boolean => status === 'ongoing';

/** Who is responsible for a program. */
export const clinicianOf = ({ clinician, unitId }: ModelProgram): Actor => staffActor(clinician, unitId);
export const residentOf = ({ resident }: ModelProgram): Actor => residentActor(resident);

/** A resident administrator of a unit who could act now. */
export const residentAdministrator = (scene: Scene, unitId: string): Actor | undefined =>
  pick(able(scene, unitId, 'resident-administrator'), scene.step.b);
