import type { TemplateContent } from '../../domain/template/content.ts';
import { living, moduleOf, responsible } from './relations.ts';
import type { Of } from './state.ts';
import {
  changed,
  type Model,
  type ModelModule,
  type ModelProgram,
  type Moment,
  no,
  nothing,
  type Verdict,
} from './state.ts';

/** A module as it is when it has just been opened; `days` are those of the template, where it has any (R130). */
export const openModule = (on: string, days?: number | undefined): ModelModule => ({
  ...{ state: 'open', on, days, finished: false },
  sections: new Map(),
});

type Opening = { readonly days: number | undefined; readonly isCurrent: boolean; readonly today: string };

type Module = TemplateContent['modules'][number];

const activate = (program: ModelProgram, wanted: Module, { days, isCurrent, today }: Opening): Verdict => {
  const moduleId = wanted.id;
  const module = program.modules.get(moduleId);
  if (module?.state === 'completed') return no;
  const isOpen = module?.state === 'open';
  const changesDays = isOpen && days !== undefined && module.days !== days;
  const changesCurrent = isCurrent && program.current !== moduleId;
  if (isOpen && !changesDays && !changesCurrent) return nothing;
  return changed(() => {
    if (!isOpen) {
      const { finished, sections } = module ?? openModule(today);
      program.modules.set(moduleId, { state: 'open', on: today, days: days ?? wanted.days, finished, sections });
    } else if (changesDays) module.days = days;
    if (isCurrent) program.current = moduleId;
  });
};

const close = (program: ModelProgram, moduleId: string, module: ModelModule, state: 'closed' | 'completed'): Verdict =>
  changed(() => {
    module.state = state;
    if (program.current === moduleId) program.current = undefined;
  });

type Steering = Of<
  'activate-module' | 'set-current-module' | 'complete-module' | 'change-module-days' | 'deactivate-module'
>;

const complete = (program: ModelProgram, moduleId: string): Verdict => {
  const module = program.modules.get(moduleId);
  if (module?.state === 'completed') return nothing;
  return module?.state === 'open' ? close(program, moduleId, module, 'completed') : no;
};

const deactivate = (program: ModelProgram, moduleId: string): Verdict => {
  const module = program.modules.get(moduleId);
  if (module?.state === 'completed') return no;
  return module?.state === 'open' ? close(program, moduleId, module, 'closed') : nothing;
};

const allot = (program: ModelProgram, moduleId: string, days: number): Verdict => {
  const module = program.modules.get(moduleId);
  if (module?.state !== 'open') return no;
  return module.days === days
    ? nothing
    : changed(() => {
        module.days = days;
      });
};

/** The clinician steers what may be steered, in a program that goes on (R120–R130). */
export const steerModule = (model: Model, command: Steering, { today, ...moment }: Moment): Verdict => {
  const { programId, moduleId } = command.data;
  const program = living(responsible(model, programId, { ...moment, today }));
  const wanted = program && moduleOf(model, program, moduleId);
  // R106, I08: what is always open takes no module command.
  if (program === undefined || wanted === undefined || wanted.obligation === 'always-open') return no;
  switch (command.type) {
    case 'activate-module': {
      const { days, makeCurrent = false } = command.data;
      return activate(program, wanted, { days, isCurrent: makeCurrent, today });
    }
    case 'set-current-module':
      return activate(program, wanted, { days: undefined, isCurrent: true, today });
    case 'complete-module':
      return complete(program, moduleId);
    case 'deactivate-module':
      return deactivate(program, moduleId);
    case 'change-module-days':
      return allot(program, moduleId, command.data.days);
  }
};
