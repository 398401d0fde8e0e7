import * as E from 'fp-ts/lib/Either.js';
import type { Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { Module, TemplateContent } from '../template/content.ts';
import type { ProgramCommand } from './commands.ts';
import type { ProgramEvent } from './events.ts';
import type { ModuleState, Ongoing } from './state.ts';

type Decided = Decision<ProgramEvent>;
type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;

const nothing: Decided = E.right([]);
const no = (code: RefusalCode): Decided => E.left(refused(code));
const happens = (...events: readonly ProgramEvent[]): Decided => E.right(events);

/** The template's module that a command may steer: one that exists and is not always open (R106, I08). */
const steerable = (template: TemplateContent, moduleId: string): E.Either<ReturnType<typeof refused>, Module> => {
  const module = template.modules.find(({ id }) => id === moduleId);
  if (module === undefined) return E.left(refused('unknown-module'));
  return module.obligation === 'always-open' ? E.left(refused('module-always-open')) : E.right(module);
};

/** The event that opens a module, with the days asked for or those of the template (R130). */
export const opening = ({ id, days: standard }: Module, days?: number): ProgramEvent => {
  const allotted = days ?? standard;
  return { type: 'module-activated', data: { moduleId: id, ...(allotted === undefined ? {} : { days: allotted }) } };
};

const makeCurrent = (program: Ongoing, moduleId: string): readonly ProgramEvent[] =>
  program.current === moduleId ? [] : [{ type: 'module-made-current', data: { moduleId } }];

const changeDays = (module: ModuleState, moduleId: string, days: number | undefined): readonly ProgramEvent[] =>
  days === undefined || module.days === days ? [] : [{ type: 'module-days-changed', data: { moduleId, days } }];

const open = (
  program: Ongoing,
  wanted: Module,
  { days, current }: { readonly days?: number | undefined; readonly current: boolean },
): Decided => {
  const module = program.modules.get(wanted.id);
  if (module?.state === 'completed') return no('module-completed');
  const opened = module?.state === 'open' ? changeDays(module, wanted.id, days) : [opening(wanted, days)];
  return happens(...opened, ...(current ? makeCurrent(program, wanted.id) : []));
};

const complete = (module: ModuleState | undefined, moduleId: string): Decided => {
  if (module?.state === 'completed') return nothing;
  return module?.state === 'open'
    ? happens({
        type: 'module-completed',
        data: { moduleId, finishedByResident: module.finishedAt !== undefined }, // D14
      })
    : no('module-not-open');
};

const setDays = (module: ModuleState | undefined, moduleId: string, days: number): Decided => {
  if (module?.state === 'completed') return no('module-completed');
  return module?.state === 'open' ? happens(...changeDays(module, moduleId, days)) : no('module-not-open');
};

const deactivate = (module: ModuleState | undefined, moduleId: string): Decided => {
  if (module?.state === 'completed') return no('module-completed');
  return module?.state === 'open' ? happens({ type: 'module-deactivated', data: { moduleId } }) : nothing;
};

export type ModuleCommand =
  | Of<'activate-module'>
  | Of<'set-current-module'>
  | Of<'complete-module'>
  | Of<'change-module-days'>
  | Of<'deactivate-module'>;

const steer = (command: ModuleCommand, program: Ongoing, wanted: Module): Decided => {
  const module = program.modules.get(wanted.id);
  switch (command.type) {
    case 'activate-module':
      return open(program, wanted, { days: command.data.days, current: command.data.makeCurrent === true });
    case 'set-current-module':
      return open(program, wanted, { current: true });
    case 'complete-module':
      return complete(module, wanted.id);
    case 'change-module-days':
      return setDays(module, wanted.id, command.data.days);
    case 'deactivate-module':
      return deactivate(module, wanted.id);
  }
};

/** How the responsible clinician steers the modules (R120–R126, R128–R130): any number open, at most one current (D5). */
export const decideModules = (command: ModuleCommand, program: Ongoing, template: TemplateContent): Decided =>
  E.flatMap((wanted: Module) => steer(command, program, wanted))(steerable(template, command.data.moduleId));
