import type { Command } from '../../../src/commands/catalog.ts';
import { living, ofResident, ofStaff, responsible } from './relations.ts';
import {
  changed,
  holdersOf,
  isEligible,
  isKindAllowed,
  type Model,
  type ModelModule,
  type ModelProgram,
  type Moment,
  mayAct,
  no,
  nothing,
  plusDays,
  type Verdict,
} from './state.ts';

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>;
type Judge<Type extends Command['type']> = (model: Model, command: Of<Type>, moment: Moment) => Verdict;

const roles = ['authorization-administrator', 'clinician', 'resident-administrator', 'data-administrator'] as const;

/** Which modules the manuals name, and which are open at the start (R104, R106, R112). */
const chapters = Array.from({ length: 12 }, (_, index) => `kapitel-${index + 1}`);
const opened: Readonly<Record<string, readonly string[]>> = {
  'lar-dig-om-amning': chapters,
  tobakshjalpen: ['inledning', 'bra-att-veta', 'steg-1'],
};
const others = ['steg-2', 'steg-3', 'steg-4', 'steg-5', 'steg-6', 'steg-7', 'graviditet', 'operation', 'ung', 'cancer'];

/** Whether a template has a module. */
const hasModule = (templateId: string, moduleId: string): boolean =>
  opened[templateId]?.includes(moduleId) === true || (templateId === 'tobakshjalpen' && others.includes(moduleId));

const openModule = (on: string, days?: number): ModelModule => ({
  ...{ state: 'open', on, days, finished: false },
  sections: new Map(),
});

const allOff = { inbox: false, sms: false, email: false };

/** What a program has none of when it starts. */
const nothingYet = (startedOn: string, channels: ModelProgram['channels'] = allOff) => ({
  ...{ startedOn, channels, forms: new Map(), comments: new Map(), plans: new Map() },
  ...{
    raised: new Set<string>(),
    cleared: new Set<string>(),
    duties: new Set<string>(),
    documented: new Set<string>(),
  },
});

/** Whether a resident has a template ongoing on a unit (D27). */
export const hasOngoing = (model: Model, resident: string, templateId: string, unitId: string): boolean =>
  [...model.programs.values()].some(
    (one) =>
      one.resident === resident && one.templateId === templateId && one.unitId === unitId && one.status === 'ongoing',
  );

const mayStart = (model: Model, { data }: Of<'start-program'>, resident: string, moment: Moment): boolean => {
  const { actor } = moment;
  if (!mayAct(model, moment, ['clinician']) || actor.kind !== 'staff') return false; // D9
  const unit = model.units.get(actor.unitId);
  const { templateId } = data;
  if (unit === undefined || !unit.templates.has(templateId) || !isKindAllowed(templateId, unit.kind)) return false;
  const isReady = roles.every((role) => holdersOf(unit, role).length > 0); // R039
  const areFit = [actor.hsaId, data.clinician ?? actor.hsaId].every((hsaId) => isEligible(unit, hsaId, templateId));
  const isAsked = Object.values(data.attested).every((fact) => fact); // R070
  const isAllowedHere = unit.environment === 'production' || resident === '200101309821'; // D26
  return isReady && areFit && isAsked && isAllowedHere && !hasOngoing(model, resident, templateId, unit.id);
};

export const startProgram =
  (numberOf: (written: string) => string): Judge<'start-program'> =>
  (model, command, moment) => {
    const { data } = command;
    const resident = numberOf(data.resident.personalNumber);
    const isTaken = data.programId !== undefined && model.programs.has(data.programId);
    if (isTaken || !mayStart(model, command, resident, moment)) return no;
    return changed(({ programId: id = '' }) => {
      const { templateId } = data;
      const { hsaId, unitId } = moment.actor as { hsaId: string; unitId: string };
      model.programs.set(id, {
        ...{ id, resident, templateId, unitId, clinician: data.clinician ?? hsaId, status: 'ongoing' },
        major: model.templates.get(templateId)?.versions.reduce((most, { major }) => Math.max(most, major), 0) ?? 0,
        ...{ readableUntil: undefined, current: undefined, welcome: undefined, pending: undefined },
        modules: new Map((opened[templateId] ?? []).map((moduleId) => [moduleId, openModule(moment.today)])),
        conversations: new Map(),
        ...nothingYet(moment.today, data.notifications),
      });
    });
  };

export const changeWelcomeText: Judge<'change-welcome-text'> = (model, { data }, moment) => {
  const program = living(responsible(model, data.programId, moment));
  if (program === undefined) return no;
  if (program.welcome === data.text) return nothing;
  return changed(() => {
    program.welcome = data.text;
  });
};

type Opening = { readonly days: number | undefined; readonly isCurrent: boolean; readonly today: string };

const activate = (program: ModelProgram, moduleId: string, { days, isCurrent, today }: Opening): Verdict => {
  const module = program.modules.get(moduleId);
  if (module?.state === 'completed') return no;
  const isOpen = module?.state === 'open';
  const changesDays = isOpen && days !== undefined && module.days !== days;
  const changesCurrent = isCurrent && program.current !== moduleId;
  if (isOpen && !changesDays && !changesCurrent) return nothing;
  return changed(() => {
    if (!isOpen) {
      const { finished, sections } = module ?? openModule(today);
      program.modules.set(moduleId, { state: 'open', on: today, days, finished, sections });
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

export const steerModule = (model: Model, command: Steering, moment: Moment): Verdict => {
  const { programId, moduleId } = command.data;
  const program = living(responsible(model, programId, moment));
  // I08: with Amning no module command is accepted.
  if (program === undefined || program.templateId !== 'tobakshjalpen' || !hasModule('tobakshjalpen', moduleId))
    return no;
  const module = program.modules.get(moduleId);
  switch (command.type) {
    case 'activate-module':
      return activate(program, moduleId, {
        ...{ days: command.data.days, isCurrent: command.data.makeCurrent === true },
        today: moment.today,
      });
    case 'set-current-module':
      return activate(program, moduleId, { days: undefined, isCurrent: true, today: moment.today });
    case 'complete-module':
      if (module?.state === 'completed') return nothing;
      return module?.state === 'open' ? close(program, moduleId, module, 'completed') : no;
    case 'deactivate-module':
      if (module?.state === 'completed') return no;
      return module?.state === 'open' ? close(program, moduleId, module, 'closed') : nothing;
    case 'change-module-days': {
      const { days } = command.data;
      if (module?.state !== 'open') return no;
      return module.days === days
        ? nothing
        : changed(() => {
            module.days = days;
          });
    }
  }
};

type Reading = Of<'open-program' | 'open-section' | 'complete-section' | 'finish-module'>;

const markSection = (
  { type, data }: Of<'open-section' | 'complete-section'>,
  module: ModelModule,
  isKnown: boolean,
): Verdict => {
  const color = module.sections.get(data.sectionId);
  if (!isKnown) return no;
  if (type === 'open-section')
    return color === undefined ? changed(() => module.sections.set(data.sectionId, 'yellow')) : nothing;
  return color === 'green' ? nothing : changed(() => module.sections.set(data.sectionId, 'green'));
};

/** Whether a section is in the version that the program runs on: the first, or one that a later major added. */
export const hasSection = (model: Model, program: ModelProgram, moduleId: string, sectionId: string): boolean => {
  const version = model.templates.get(program.templateId)?.versions.find(({ major }) => major === program.major);
  const modules = JSON.parse(version?.shape ?? '[]') as readonly [string, readonly string[]][];
  return modules.some(([id, sections]) => id === moduleId && sections.includes(sectionId));
};

export const readContent =
  (numberOf: (written: string) => string) =>
  (model: Model, command: Reading, moment: Moment): Verdict => {
    const program = living(ofResident(numberOf, model, command.data.programId, moment));
    if (program === undefined) return no; // R231
    if (command.type === 'open-program') return changed(() => undefined);
    const { moduleId } = command.data;
    const module = program.modules.get(moduleId);
    if (module === undefined || module.state === 'closed') return no; // R118
    if (command.type !== 'finish-module') {
      return markSection(command, module, hasSection(model, program, moduleId, command.data.sectionId));
    }
    if (module.finished) return nothing;
    return module.state === 'completed'
      ? no
      : changed(() => {
          module.finished = true;
        });
  };

type Talking = Of<'start-conversation' | 'reply' | 'read-conversation'>;

const read = (program: ModelProgram, conversationId: string, side: 'staff' | 'resident'): Verdict => {
  const unread = program.conversations.get(conversationId);
  if (unread === undefined) return no;
  return unread.has(side) ? changed(() => unread.delete(side)) : nothing;
};

export const talk =
  (numberOf: (written: string) => string) =>
  (model: Model, command: Talking, moment: Moment): Verdict => {
    const { programId, conversationId } = command.data;
    const side = moment.actor.kind === 'resident' ? 'resident' : 'staff';
    const program =
      side === 'resident' ? ofResident(numberOf, model, programId, moment) : responsible(model, programId, moment);
    const isReading = command.type === 'read-conversation';
    const isAllowed = program?.status === 'ongoing' || (program?.status === 'ended' && isReading && side === 'staff');
    if (program === undefined || !isAllowed) return no; // R238, D12, D24
    if (isReading) return read(program, command.data.conversationId, side);
    const isKnown = conversationId !== undefined && program.conversations.has(conversationId);
    if (isKnown === (command.type === 'start-conversation')) return no;
    return changed(({ conversationId: made = '' }) => {
      const unread = program.conversations.get(made) ?? new Set();
      program.conversations.set(made, unread.add(side === 'staff' ? 'resident' : 'staff'));
    });
  };

export const changeClinician: Judge<'change-clinician'> = (model, { data }, moment) => {
  const program = living(ofStaff(model, data.programId, moment, 'resident-administrator')); // R024
  if (program === undefined) return no;
  if (program.clinician === data.clinician) return nothing;
  if (!isEligible(model.units.get(program.unitId), data.clinician, program.templateId)) return no; // R210
  return changed(() => {
    program.clinician = data.clinician;
  });
};

const reasons = ['avslutad-enligt-plan', 'avslutad-i-fortid', 'felaktigt-startad', 'annan-orsak'];

export const endProgram: Judge<'end-program'> = (model, { data }, moment) => {
  const program = living(responsible(model, data.programId, moment));
  const { today } = moment;
  const until = data.maintenance === undefined ? undefined : (data.maintenance.until ?? plusDays(today, 90)); // D12
  const isTooLate = until !== undefined && until > plusDays(today, 365);
  if (program === undefined || program.pending !== undefined || !reasons.includes(data.reason) || isTooLate) return no; // R227, D3
  if (until !== undefined && until < today) return { kind: 'invalid' };
  return changed(() => {
    program.status = 'ended';
    program.readableUntil = until;
    program.current = undefined;
  });
};

const isReadable = ({ readableUntil }: ModelProgram, today: string): boolean =>
  readableUntil !== undefined && today <= readableUntil;

export const closeMaintenance: Judge<'close-maintenance'> = (model, { data }, moment) => {
  const program = responsible(model, data.programId, moment);
  if (program?.status !== 'ended') return no;
  return isReadable(program, moment.today)
    ? changed(() => {
        program.readableUntil = undefined;
      })
    : nothing;
};

export const purgeProgram: Judge<'purge-program'> = (model, { data }, moment) => {
  const program = ofStaff(model, data.programId, moment, 'data-administrator'); // R029, R031
  if (program === undefined || program.status === 'ongoing') return no;
  if (program.status === 'purged') return nothing;
  if (isReadable(program, moment.today)) return no; // D4
  return changed(() => {
    program.status = 'purged';
  });
};
