/** An event as a subscriber gets it. */
export type Event = {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly type: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly by: { readonly kind: string; readonly hsaId?: string; readonly role?: string; readonly unitId?: string };
};

/** A program as its events tell it: folded here anew and simply, apart from the library's own folding. */
export type Told = {
  readonly programId: string;
  readonly templateId: string;
  unitId: string;
  clinician: string;
  state: 'ongoing' | 'ended' | 'purged';
  readableUntil: string | undefined;
  pending: { readonly handoverId: string; readonly toUnit: string } | undefined;
  readonly opened: Set<string>;
  readonly submitted: Map<string, 'unread' | 'opened'>;
  readonly registered: Set<string>;
  readonly faults: string[];
};

const residents = new Set([
  ...['program-opened', 'section-opened', 'section-completed', 'module-finished', 'form-saved', 'form-submitted'],
  ...['comment-made', 'activity-registered'],
]);

const started = ({ stream, data }: Event): Told => ({
  programId: stream.slice('program-'.length),
  templateId: String(data.templateId),
  unitId: String(data.unitId),
  clinician: String(data.clinician),
  ...{ state: 'ongoing', readableUntil: undefined, pending: undefined },
  ...{ opened: new Set(), submitted: new Map(), registered: new Set(), faults: [] },
});

const formOf = ({ data }: Event): string => `${data.moduleId} ${data.formId}`;
const occasionOf = ({ data }: Event): string => `${data.planId} ${data.occasion}`;
const isOf = ({ type }: Event, ...types: readonly string[]): boolean => types.includes(type);

/** What must never be so when an event happens in a program. */
const faults: readonly (readonly [rule: string, is: (told: Told, event: Event) => boolean])[] = [
  ['R246 nothing happens after the purge', ({ state }) => state === 'purged'],
  [
    'I20 no message and no patient act after the end',
    ({ state }, { type }) => state === 'ended' && (residents.has(type) || type === 'message-sent'),
  ],
  ['I06 no resident opens a module', (_, event) => event.by.kind === 'resident' && isOf(event, 'module-activated')],
  [
    'R207 only the unit that owns it',
    ({ unitId }, { by, type }) => by.kind === 'staff' && by.unitId !== unitId && !type.startsWith('hand'),
  ],
  ['R021 only the responsible clinician', ({ clinician }, { by }) => by.role === 'clinician' && by.hsaId !== clinician],
  [
    'I13 the addressee is responsible',
    ({ clinician }, event) =>
      isOf(event, 'message-sent') && event.data.from === 'resident' && event.data.addressee !== clinician,
  ],
  [
    'R118 a clinician opened the module',
    ({ opened }, event) => isOf(event, 'section-opened') && !opened.has(String(event.data.moduleId)),
  ],
  ['I15 one pending handover', ({ pending }, event) => isOf(event, 'handover-initiated') && pending !== undefined],
  [
    'D3 I19 the end',
    ({ pending }, event) => isOf(event, 'ended') && (pending !== undefined || event.data.reason === undefined),
  ],
  [
    'I21 purged after the end, by a data administrator',
    ({ state }, event) => isOf(event, 'purged') && (state !== 'ended' || event.by.role !== 'data-administrator'),
  ],
  ['R140 submitted once', ({ submitted }, event) => isOf(event, 'form-submitted') && submitted.has(formOf(event))],
  [
    'I10 opened once',
    ({ submitted }, event) => isOf(event, 'form-opened') && submitted.get(formOf(event)) !== 'unread',
  ],
  [
    'I25 registered once',
    ({ registered }, event) => isOf(event, 'activity-registered') && registered.has(occasionOf(event)),
  ],
];

const judge = (told: Told, event: Event): void => {
  for (const [rule, is] of faults) {
    if (is(told, event)) told.faults.push(`${rule}: ${event.type} at ${event.position}`);
  }
};

const follow = (told: Told, { type, data }: Event): void => {
  if (type === 'module-activated') told.opened.add(String(data.moduleId));
  if (type === 'clinician-changed') told.clinician = String(data.to);
  if (type === 'handover-initiated')
    told.pending = { handoverId: String(data.handoverId), toUnit: String(data.toUnit) };
  if (['handover-approved', 'handover-denied', 'handover-withdrawn'].includes(type)) told.pending = undefined;
  if (type === 'handed-over') Object.assign(told, { unitId: data.toUnit, clinician: data.clinician });
  if (type === 'form-submitted') told.submitted.set(`${data.moduleId} ${data.formId}`, 'unread');
  if (type === 'form-opened') told.submitted.set(`${data.moduleId} ${data.formId}`, 'opened');
  if (type === 'activity-registered') told.registered.add(`${data.planId} ${data.occasion}`);
  if (type === 'ended') Object.assign(told, { state: 'ended', readableUntil: data.readableUntil });
  if (type === 'purged') told.state = 'purged';
};

/** Follows the log of events, and notes every event that breaks an invariant. */
export const aHistory = () => {
  const programs = new Map<string, Told>();
  const counts = new Map<string, number>();
  const gaps: string[] = [];
  let last = 0;
  const take = (event: Event): void => {
    counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
    const position = Number(event.position);
    if (position !== last + 1) gaps.push(event.position);
    last = position;
    if (!event.stream.startsWith('program-')) return;
    const known = programs.get(event.stream);
    if (known === undefined) {
      programs.set(event.stream, started(event));
      return;
    }
    judge(known, event);
    follow(known, event);
  };
  return { take, programs, counts, gaps, last: (): number => last };
};
export type History = ReturnType<typeof aHistory>;
