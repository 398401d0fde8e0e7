import type { Actor } from '../../access/actor.ts';
import type { Command, CommandType } from '../../commands/catalog.ts';
import type { ModelProgram } from '../model/state.ts';
import type { Call } from '../world.ts';
import { isOngoing, type Scene } from './scene.ts';

/** What somebody tries, one call after another, in the state that it meets; none where there is nothing to try. */
export type Attempt = (scene: Scene) => readonly Call[];

type DataOf<Type extends CommandType> = Extract<Command, { type: Type }>['data'];

/** A command that is tried. */
export const command = <Type extends CommandType>(type: Type, data: DataOf<Type>, actor: Actor): Call => ({
  kind: 'command',
  command: { type, data } as Command,
  actor,
});
/** A question that is tried. */
export const view = (query: Extract<Call, { kind: 'view' }>['query'], actor: Actor): Call => ({
  kind: 'view',
  query,
  actor,
});

/** The programs that are ongoing. */
export const ongoing = ({ model }: Scene): readonly ModelProgram[] => [...model.programs.values()].filter(isOngoing);

const mostPrograms = 2;

/** Tried with some of the programs. */
export const about =
  (attempt: (scene: Scene, program: ModelProgram) => readonly Call[], which = ongoing): Attempt =>
  (scene) =>
    which(scene)
      .slice(0, mostPrograms)
      .flatMap((program) => attempt(scene, program));
