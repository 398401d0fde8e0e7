import { plusDays, swedishDay } from '../model/state.ts';
import type { Event } from '../trace.ts';

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
};

type Change = (program: FoldedProgram, event: Event) => void;

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
  ended: (program, { data }) => {
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

/** All programs as of a position, by id. */
export const programsAt = (events: readonly Event[], position: number): ReadonlyMap<string, FoldedProgram> => {
  const until = events.filter((event) => event.position <= position);
  const programs = [...streamsOf(until, 'program').values()].map(foldProgram).filter((one) => one !== undefined);
  return new Map(programs.map((program) => [program.id, program]));
};

/** Whether the resident may still read an ended program on a day (D12). */
export const isReadableOn = ({ status, readableUntil }: FoldedProgram, day: string): boolean =>
  status === 'ended' && readableUntil !== undefined && day <= readableUntil;

/** Days left in a module: from its activation and allotment to the day that is looked at (D19, I12). */
export const daysLeftOn = ({ state, on, days }: FoldedModule, day: string): number | undefined => {
  if (state !== 'open' || days === undefined) return undefined;
  return Math.round((Date.parse(plusDays(on, days)) - Date.parse(day)) / 86_400_000);
};
