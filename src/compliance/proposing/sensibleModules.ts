import type { CommandType } from '../../commands/catalog.ts';
import { moduleIdsOf, moduleOf, ownContent } from '../model/relations.ts';
import type { ModelProgram } from '../model/state.ts';
import { clinicianOf, isOngoing, type Proposer, pick, programFor, residentOf, type Scene } from './scene.ts';

type ModuleType = Extract<CommandType, `${string}-module` | 'change-module-days'>;

/** Whether a clinician has any module of a program to steer. */
const isSteered = ({ model }: Scene, program: ModelProgram): boolean =>
  ownContent(model, program)?.modules.some(({ obligation }) => obligation !== 'always-open') === true;

/** A module of a program in one of some states where there is one, of a treatment where there is one. */
const moduleIn =
  (states: readonly (string | undefined)[]) =>
  (scene: Scene): { readonly program: ModelProgram; readonly moduleId: string } | undefined => {
    const { step } = scene;
    const suits = (program: ModelProgram, moduleId: string) => states.includes(program.modules.get(moduleId)?.state);
    const program = programFor(
      scene,
      (one) =>
        isOngoing(one) &&
        (isSteered(scene, one) || step.c % 9 === 0) &&
        moduleIdsOf(scene.model, one).some((id) => suits(one, id)),
    );
    if (program === undefined) return undefined;
    const all = moduleIdsOf(scene.model, program);
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

/** A section of a module of the program's version; rarely one that only a later version has. */
export const sectionFor = ({ model, step }: Scene, program: ModelProgram, moduleId: string): string => {
  const sections = (moduleOf(model, program, moduleId)?.sections ?? []).map(({ id }) => id);
  const last = sections.at(-1);
  return (step.c % 13 === 0 ? 'extra-0' : step.c % 7 === 0 ? last : sections[0]) ?? 'inget-avsnitt';
};

const section = (scene: Scene) => {
  const { step } = scene;
  const program = programFor(scene, isOngoing);
  if (program === undefined) return undefined;
  const all = moduleIdsOf(scene.model, program);
  const opened = all.filter((id) => ['open', 'completed'].includes(program.modules.get(id)?.state ?? ''));
  const moduleId = pick(step.c % 10 === 0 ? all : opened, step.b) ?? 'ingen-modul';
  const sectionId = sectionFor(scene, program, moduleId);
  return { data: { programId: program.id, moduleId, sectionId }, actor: residentOf(program) };
};

type SectionType = 'open-section' | 'complete-section';

/** What is sensible to read. */
export const sensibleSections: { readonly [Type in SectionType]: Proposer<Type> } = {
  'open-section': section,
  'complete-section': section,
};
