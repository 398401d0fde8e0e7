import * as E from 'fp-ts/lib/Either.js';
import type { Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { TemplateContent } from '../template/content.ts';
import type { ProgramCommand } from './commands.ts';
import type { ProgramEvent } from './events.ts';
import type { ModuleState, Ongoing } from './state.ts';

type Decided = Decision<ProgramEvent>;
type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;

const nothing: Decided = E.right([]);
const no = (code: RefusalCode): Decided => E.left(refused(code));
const happens = (event: ProgramEvent): Decided => E.right([event]);

/** The module if the resident can reach it: open, or completed and still to be read (D13, R118). */
const reachable = (
  program: Ongoing,
  template: TemplateContent,
  moduleId: string,
): E.Either<ReturnType<typeof refused>, ModuleState> => {
  if (!template.modules.some(({ id }) => id === moduleId)) return E.left(refused('unknown-module'));
  const module = program.modules.get(moduleId);
  return module === undefined || module.state === 'closed' ? E.left(refused('module-not-open')) : E.right(module);
};

const isSection = (template: TemplateContent, moduleId: string, sectionId: string): boolean =>
  template.modules.some(({ id, sections }) => id === moduleId && sections.some((section) => section.id === sectionId));

/** The module of a section that the resident can reach. */
export const reachableSection = (
  program: Ongoing,
  template: TemplateContent,
  { moduleId, sectionId }: { readonly moduleId: string; readonly sectionId: string },
): E.Either<ReturnType<typeof refused>, ModuleState> =>
  E.flatMap(
    (module: ModuleState): E.Either<ReturnType<typeof refused>, ModuleState> =>
      isSection(template, moduleId, sectionId) ? E.right(module) : E.left(refused('unknown-section')),
  )(reachable(program, template, moduleId));

const markSection = (
  { type, data }: Of<'open-section'> | Of<'complete-section'>,
  program: Ongoing,
  template: TemplateContent,
): Decided => {
  const module = reachableSection(program, template, data);
  if (E.isLeft(module)) return module;
  const progress = module.right.sections.get(data.sectionId);
  const { moduleId, sectionId } = data;
  if (type === 'open-section') {
    return progress === undefined ? happens({ type: 'section-opened', data: { moduleId, sectionId } }) : nothing;
  }
  return progress === 'green' ? nothing : happens({ type: 'section-completed', data: { moduleId, sectionId } });
};

const finish = ({ data: { moduleId } }: Of<'finish-module'>, program: Ongoing, template: TemplateContent): Decided => {
  const module = reachable(program, template, moduleId);
  if (E.isLeft(module)) return module;
  if (module.right.finishedAt !== undefined) return nothing;
  return module.right.state === 'completed'
    ? no('module-completed')
    : happens({ type: 'module-finished', data: { moduleId } });
};

export type ResidentCommand = Of<'open-program'> | Of<'open-section'> | Of<'complete-section'> | Of<'finish-module'>;

/** What the resident does in the content: nothing here ever opens a module (R122, I06). */
export const decideResident = (command: ResidentCommand, program: Ongoing, template: TemplateContent): Decided => {
  switch (command.type) {
    case 'open-program':
      return happens({ type: 'program-opened', data: {} });
    case 'open-section':
    case 'complete-section':
      return markSection(command, program, template);
    case 'finish-module':
      return finish(command, program, template);
  }
};

/** The channels outside the program through which the resident wants to be told (R078, R168). */
export const setNotifications = (
  { data: { inbox, sms, email } }: Of<'set-resident-notifications'>,
  { notifications: now }: Ongoing,
): Decided =>
  now.inbox === inbox && now.sms === sms && now.email === email
    ? nothing
    : happens({ type: 'resident-notifications-set', data: { inbox, sms, email } });
