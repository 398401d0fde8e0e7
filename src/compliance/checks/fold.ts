import { type ModelPlan, plusDays, swedishDay } from '../model/state.ts';
import type { Event } from '../shown.ts';

/** A module as its program's events leave it. */
export type FoldedModule = {
  state: 'closed' | 'open' | 'completed';
  on: string;
  days: number | undefined;
  finishedAt: string | undefined;
};

/** A program as its events leave it, told once more and apart from the library's own. */
export type FoldedProgram = {
  readonly id: string;
  readonly templateId: string;
  readonly major: number;
  readonly environment: string;
  unitId: string;
  clinician: string;
  status: 'ongoing' | 'ended' | 'purged';
  readableUntil: string | undefined;
  pending: { readonly id: string; readonly to: string } | undefined;
  current: string | undefined;
  readonly modules: Map<string, FoldedModule>;
  readonly sections: Map<string, 'yellow' | 'green'>;
  readonly conversations: Map<string, Set<string>>;
  /** By module and form. */
  readonly forms: Map<string, 'draft' | 'unread' | 'opened'>;
  readonly plans: Map<string, ModelPlan>;
};

type Change = (program: FoldedProgram, event: Event) => void;

const placeOf = ({ data }: Event): string => `${data.moduleId}/${data.formId}`;

const stopPlans = ({ plans }: FoldedProgram, at: string): void => {
  for (const plan of plans.values()) plan.stoppedAt ??= at;
};

const everyPlan: Readonly<Record<string, Change>> = {
  'activity-plan-created': ({ plans }, { data, at }) => {
    const { planId = '', schedule, graceDays = 0, elements = [] } = data;
    const eras = schedule === undefined ? [] : [{ schedule, graceDays, since: undefined, until: undefined }];
    plans.set(planId, {
      ...{ elements: elements.length, eras, createdAt: at, stoppedAt: undefined },
      registered: new Set(),
    });
  },
  'activity-plan-changed': ({ plans }, { data: { planId = '', schedule, graceDays = 0 }, at }) => {
    const eras = plans.get(planId)?.eras;
    const last = eras?.at(-1);
    if (last !== undefined) last.until = at;
    if (schedule !== undefined) eras?.push({ schedule, graceDays, since: at, until: undefined });
  },
  'activity-plan-stopped': ({ plans }, { data: { planId = '' }, at }) => {
    const plan = plans.get(planId);
    if (plan !== undefined) plan.stoppedAt ??= at;
  },
  'activity-registered': ({ plans }, { data: { planId = '', occasion = '' } }) => {
    plans.get(planId)?.registered.add(occasion);
  },
};

const close =
  (state: 'closed' | 'completed'): Change =>
  (program, { data }) => {
    const module = program.modules.get(data.moduleId ?? '');
    if (module !== undefined) module.state = state;
    if (program.current === data.moduleId) program.current = undefined;
  };

const settle: Change = (program) => {
  program.pending = undefined;
};

const changes: Readonly<Record<string, Change>> = {
  ...everyPlan,
  'form-saved': ({ forms }, event) => {
    if (!forms.has(placeOf(event))) forms.set(placeOf(event), 'draft');
  },
  'form-submitted': ({ forms }, event) => void forms.set(placeOf(event), 'unread'),
  'form-opened': ({ forms }, event) => void forms.set(placeOf(event), 'opened'),
  'module-activated': ({ modules }, { data, at }) => {
    const finishedAt = modules.get(data.moduleId ?? '')?.finishedAt;
    modules.set(data.moduleId ?? '', { state: 'open', on: swedishDay(at), days: data.days, finishedAt });
  },
  'module-made-current': (program, { data }) => {
    program.current = data.moduleId;
  },
  'module-completed': close('completed'),
  'module-deactivated': close('closed'),
  'module-days-changed': ({ modules }, { data }) => {
    const module = modules.get(data.moduleId ?? '');
    if (module !== undefined) module.days = data.days;
  },
  'module-finished': ({ modules }, { data, at }) => {
    const module = modules.get(data.moduleId ?? '');
    if (module !== undefined) module.finishedAt = at;
  },
  'section-opened': ({ sections }, { data }) => {
    const place = `${data.moduleId}/${data.sectionId}`;
    if (!sections.has(place)) sections.set(place, 'yellow');
  },
  'section-completed': ({ sections }, { data }) => {
    sections.set(`${data.moduleId}/${data.sectionId}`, 'green');
  },
  'conversation-started': ({ conversations }, { data }) => {
    conversations.set(data.conversationId ?? '', new Set());
  },
  'message-sent': ({ conversations }, { data }) => {
    conversations.get(data.conversationId ?? '')?.add(data.from === 'resident' ? 'staff' : 'resident');
  },
  'conversation-read': ({ conversations }, { data }) => {
    conversations.get(data.conversationId ?? '')?.delete(data.side ?? '');
  },
  'clinician-changed': (program, { data }) => {
    program.clinician = data.to ?? '';
  },
  'handover-initiated': (program, { data }) => {
    program.pending = { id: data.handoverId ?? '', to: data.toUnit ?? '' };
  },
  'handover-approved': settle,
  'handover-denied': settle,
  'handover-withdrawn': settle,
  'handed-over': (program, { data }) => {
    program.unitId = data.toUnit ?? '';
    program.clinician = data.clinician ?? '';
  },
  ended: (program, { data, at }) => {
    stopPlans(program, at);
    program.status = 'ended';
    program.readableUntil = data.readableUntil;
    program.current = undefined;
  },
  'maintenance-closed': (program) => {
    program.readableUntil = undefined;
  },
  purged: (program) => {
    program.status = 'purged';
  },
};

const begun = ({ stream, data }: Event): FoldedProgram => ({
  id: stream.slice('program-'.length),
  templateId: data.templateId ?? '',
  major: data.major ?? 0,
  environment: data.environment ?? '',
  unitId: data.unitId ?? '',
  clinician: data.clinician ?? '',
  status: 'ongoing',
  readableUntil: undefined,
  pending: undefined,
  current: undefined,
  modules: new Map(),
  sections: new Map(),
  conversations: new Map(),
  forms: new Map(),
  plans: new Map(),
});

/** One program from the events of its stream, in order. */
export const foldProgram = (events: readonly Event[]): FoldedProgram | undefined => {
  const [first, ...others] = events;
  if (first?.type !== 'started') return undefined;
  const program = begun(first);
  for (const event of others) changes[event.type]?.(program, event);
  return program;
};

/** The events of each stream of a kind, by stream. */
export const streamsOf = (events: readonly Event[], kind: string): ReadonlyMap<string, readonly Event[]> => {
  const streams = new Map<string, Event[]>();
  for (const event of events) {
    if (!event.stream.startsWith(`${kind}-`)) continue;
    const found = streams.get(event.stream);
    if (found === undefined) streams.set(event.stream, [event]);
    else found.push(event);
  }
  return streams;
};

type Programs = ReadonlyMap<string, FoldedProgram>;

/** Each list of events is folded to the same positions by many checks. */
const folded = new WeakMap<readonly Event[], Map<number, Programs>>();

const foldTo = (events: readonly Event[], position: number): Programs => {
  const until = events.filter((event) => event.position <= position);
  const programs = [...streamsOf(until, 'program').values()].map(foldProgram).filter((one) => one !== undefined);
  return new Map(programs.map((program) => [program.id, program]));
};

/** All programs as of a position, by id. */
export const programsAt = (events: readonly Event[], position: number): Programs => {
  const known = folded.get(events) ?? new Map<number, Programs>();
  folded.set(events, known);
  const found = known.get(position) ?? foldTo(events, position);
  known.set(position, found);
  return found;
};

/** Whether the resident may still read an ended program on a day (D12). */
export const isReadableOn = ({ status, readableUntil }: FoldedProgram, day: string): boolean =>
  status === 'ended' && readableUntil !== undefined && day <= readableUntil;

/** Days left in a module: from its activation and allotment to the day that is looked at (D19, I12). */
export const daysLeftOn = ({ state, on, days }: FoldedModule, day: string): number | undefined => {
  if (state !== 'open' || days === undefined) return undefined;
  return Math.round((Date.parse(plusDays(on, days)) - Date.parse(day)) / 86_400_000);
};
