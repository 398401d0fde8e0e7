import type { Happened } from '../decider.ts';
import { put, update } from '../entries.ts';
import type { HandoverEvent } from '../handover/events.ts';
import type { HsaId, Slug, Uuid } from '../identifiers.ts';
import { addDays, type Day, dayOf, daysBetween, type Instant } from '../time.ts';
import type { ProgramEvent } from './events.ts';
import { type ActivityPlan, newPlan, withEra } from './plans.ts';

/** What lies in a program's stream: its own events and those of its handovers. */
export type ProgramStreamEvent = ProgramEvent | HandoverEvent;

/** How far the resident has come with a section (R132): opened, or completed. */
type SectionProgress = 'yellow' | 'green';

/** A module that has once been opened. */
export type ModuleState = {
  readonly state: 'closed' | 'open' | 'completed';
  /** The day in Sweden on which it was last activated. */
  readonly activatedOn: Day;
  /** Days allotted, counted from the activation; undefined = without end. */
  readonly days: number | undefined;
  readonly finishedAt: Instant | undefined;
  readonly sections: ReadonlyMap<Slug, SectionProgress>;
};

/** One of the two parties of a conversation. */
export type Side = 'resident' | 'staff';

/** A conversation: the messages that each side has not read. */
type Conversation = { readonly unread: { readonly [Reader in Side]: ReadonlySet<Uuid> } };

/** A form that the resident has begun: a draft, submitted and not yet opened by the clinician, or opened (R140–R145). */
export type FormState = 'draft' | 'unread' | 'opened';

/** Names a form within a program. */
export const formKey = (moduleId: Slug, formId: Slug): string => `${moduleId} ${formId}`;

/** What is so from start to purge. */
type Life = {
  readonly templateId: Slug;
  readonly major: number;
  readonly unitId: HsaId;
  readonly clinician: HsaId;
  readonly startedAt: Instant;
  readonly keyId: string;
  readonly modules: ReadonlyMap<Slug, ModuleState>;
  readonly current: Slug | undefined;
  readonly conversations: ReadonlyMap<Uuid, Conversation>;
  readonly pendingHandover: Uuid | undefined;
  readonly notifications: { readonly inbox: boolean; readonly sms: boolean; readonly email: boolean };
  /** By `formKey`. */
  readonly forms: ReadonlyMap<string, FormState>;
  /** Whether each of the resident's comments has been read. */
  readonly comments: ReadonlyMap<Uuid, 'unread' | 'read'>;
  /** Flags that were raised by hand and not cleared. */
  readonly raisedFlags: ReadonlySet<Uuid>;
  readonly clearedFlags: ReadonlySet<Uuid>;
  readonly plans: ReadonlyMap<Uuid, ActivityPlan>;
  /** Duties that are documented in the journal, by their ids. */
  readonly documented: ReadonlySet<Uuid>;
};
export type Ongoing = Life & { readonly status: 'ongoing' };
export type Ended = Life & { readonly status: 'ended'; readonly readableUntil: Day | undefined };
type Purged = { readonly status: 'purged'; readonly unitId: HsaId; readonly keyId: string };

/** A program: not yet started, ongoing, ended (perhaps readable for a while), or purged. */
export type Program = { readonly status: 'absent' } | Ongoing | Ended | Purged;

type Event = Happened<ProgramStreamEvent>;
type Living = Ongoing | Ended;

type On<Type extends ProgramStreamEvent['type']> = Extract<Event, { type: Type }>;

const begun = ({ data, at }: On<'started'>): Ongoing => ({
  status: 'ongoing',
  templateId: data.templateId,
  major: data.major,
  unitId: data.unitId,
  clinician: data.clinician,
  startedAt: at,
  keyId: data.keyId,
  modules: new Map(),
  current: undefined,
  conversations: new Map(),
  pendingHandover: undefined,
  notifications: data.notifications,
  forms: new Map(),
  comments: new Map(),
  raisedFlags: new Set(),
  clearedFlags: new Set(),
  plans: new Map(),
  documented: new Set(),
});

const changeModule = (program: Living, moduleId: Slug, change: Partial<ModuleState>): Living => ({
  ...program,
  modules: update(program.modules, moduleId, (module) => ({ ...module, ...change })),
});

const noLongerCurrent = (program: Living, moduleId: Slug): Living => ({
  ...program,
  current: program.current === moduleId ? undefined : program.current,
});

const activated = (program: Living, { data, at }: On<'module-activated'>): Living => {
  const before = program.modules.get(data.moduleId);
  const module: ModuleState = {
    state: 'open',
    activatedOn: dayOf(at),
    days: data.days,
    finishedAt: before?.finishedAt,
    sections: before?.sections ?? new Map(),
  };
  return { ...program, modules: put(program.modules, data.moduleId, module) };
};

const markSection = (
  program: Living,
  { moduleId, sectionId }: { readonly moduleId: Slug; readonly sectionId: Slug },
  progress: SectionProgress,
): Living => {
  const sections = program.modules.get(moduleId)?.sections;
  return sections === undefined || sections.get(sectionId) === 'green'
    ? program
    : changeModule(program, moduleId, { sections: put(sections, sectionId, progress) });
};

const nobody: Conversation = { unread: { resident: new Set(), staff: new Set() } };

const withUnread = (program: Living, id: Uuid, side: Side, unread: ReadonlySet<Uuid>): Living => {
  const conversation = program.conversations.get(id) ?? nobody;
  const changed: Conversation = { unread: { ...conversation.unread, [side]: unread } };
  return { ...program, conversations: put(program.conversations, id, changed) };
};

const sent = (program: Living, { data: { conversationId, messageId, from } }: On<'message-sent'>): Living => {
  const reader = from === 'resident' ? 'staff' : 'resident';
  const unread = program.conversations.get(conversationId)?.unread[reader] ?? [];
  return withUnread(program, conversationId, reader, new Set([...unread, messageId]));
};

const steps: readonly FormState[] = ['draft', 'unread', 'opened'];

/** A form never goes back: what has been submitted is no draft again, what has been opened is not unread again (I10). */
const markForm = (program: Living, { moduleId, formId }: { moduleId: Slug; formId: Slug }, to: FormState): Living => {
  const key = formKey(moduleId, formId);
  const from = program.forms.get(key);
  const isBack = from !== undefined && steps.indexOf(from) >= steps.indexOf(to);
  return isBack ? program : { ...program, forms: put(program.forms, key, to) };
};

const withMember = (set: ReadonlySet<string>, member: string): ReadonlySet<string> => new Set([...set, member]);
const withoutMember = (set: ReadonlySet<string>, member: string): ReadonlySet<string> =>
  new Set([...set].filter((other) => other !== member));

const cleared = (program: Living, { data: { flagId } }: On<'flag-cleared'>): Living => ({
  ...program,
  raisedFlags: withoutMember(program.raisedFlags, flagId),
  clearedFlags: withMember(program.clearedFlags, flagId),
});

const changePlan = (program: Living, planId: Uuid, change: (plan: ActivityPlan) => Partial<ActivityPlan>): Living => ({
  ...program,
  plans: update(program.plans, planId, (plan) => ({ ...plan, ...change(plan) })),
});

const closeHandover = (program: Living): Living => ({ ...program, pendingHandover: undefined });

/** What each event makes of a living program: one entry per event type, or it does not compile. */
const on: { readonly [Type in ProgramStreamEvent['type']]: (program: Living, event: On<Type>) => Program } = {
  started: (program) => program,
  'welcome-text-changed': (program) => program,
  'module-activated': activated,
  'module-made-current': (program, { data }) => ({ ...program, current: data.moduleId }),
  'module-completed': (program, { data }) =>
    noLongerCurrent(changeModule(program, data.moduleId, { state: 'completed' }), data.moduleId),
  'module-days-changed': (program, { data }) => changeModule(program, data.moduleId, { days: data.days }),
  'module-deactivated': (program, { data }) =>
    noLongerCurrent(changeModule(program, data.moduleId, { state: 'closed' }), data.moduleId),
  'program-opened': (program) => program,
  'section-opened': (program, { data }) => markSection(program, data, 'yellow'),
  'section-completed': (program, { data }) => markSection(program, data, 'green'),
  'module-finished': (program, { data, at }) => changeModule(program, data.moduleId, { finishedAt: at }),
  'conversation-started': (program, { data }) => ({
    ...program,
    conversations: put(program.conversations, data.conversationId, nobody),
  }),
  'message-sent': sent,
  'conversation-read': (program, { data }) => withUnread(program, data.conversationId, data.side, new Set()),
  'resident-notifications-set': (program, { data }) => ({ ...program, notifications: data }),
  'form-saved': (program, { data }) => markForm(program, data, 'draft'),
  'form-submitted': (program, { data }) => markForm(program, data, 'unread'),
  'form-opened': (program, { data }) => markForm(program, data, 'opened'),
  'comment-made': (program, { data }) => ({ ...program, comments: put(program.comments, data.commentId, 'unread') }),
  'comment-read': (program, { data }) => ({ ...program, comments: put(program.comments, data.commentId, 'read') }),
  'flag-raised': (program, { data }) => ({ ...program, raisedFlags: withMember(program.raisedFlags, data.flagId) }),
  'flag-cleared': cleared,
  'activity-plan-created': (program, { data, at }) => ({
    ...program,
    plans: put(program.plans, data.planId, newPlan({ ...data, elements: data.elements.length }, at)),
  }),
  'activity-plan-changed': (program, { data, at }) =>
    changePlan(program, data.planId, ({ eras }) => ({ eras: withEra(eras, data, at) })),
  'activity-plan-stopped': (program, { data, at }) => changePlan(program, data.planId, () => ({ stoppedAt: at })),
  'activity-registered': (program, { data }) =>
    changePlan(program, data.planId, ({ registered }) => ({ registered: withMember(registered, data.occasion) })),
  'reminder-sent': (program) => program,
  'absence-announced': (program) => program,
  'documentation-recorded': (program, { data }) => ({
    ...program,
    documented: withMember(program.documented, data.dutyId),
  }),
  exported: (program) => program,
  'clinician-changed': (program, { data }) => ({ ...program, clinician: data.to }),
  'handover-initiated': (program, { data }) => ({ ...program, pendingHandover: data.handoverId }),
  'handover-approved': closeHandover,
  'handover-denied': closeHandover,
  'handover-withdrawn': closeHandover,
  'handed-over': (program, { data }) => ({ ...program, unitId: data.toUnit, clinician: data.clinician }),
  ended: (program, { data }) => ({
    ...program,
    status: 'ended',
    current: undefined,
    readableUntil: data.readableUntil,
  }),
  'maintenance-closed': (program) => (program.status === 'ended' ? { ...program, readableUntil: undefined } : program),
  purged: ({ unitId, keyId }) => ({ status: 'purged', unitId, keyId }),
};

/** What an event makes of a program. Total: an event that cannot have happened here changes nothing. */
export const evolve = (program: Program, event: Event): Program => {
  if (event.type === 'started') return program.status === 'absent' ? begun(event) : program;
  if (program.status === 'absent' || program.status === 'purged') return program;
  return (on[event.type] as (program: Living, event: Event) => Program)(program, event);
};

/** Days left in a module on a day: 0 on the last, negative after; undefined without an end (R127, R130, D19). */
export const daysLeft = (module: Pick<ModuleState, 'activatedOn' | 'days'>, today: Day): number | undefined =>
  module.days === undefined ? undefined : daysBetween(today, addDays(module.activatedOn, module.days));

/** True while an ended program may still be read by the resident, through the end of its last day (D12, R235). */
export const isReadable = (program: Pick<Ended, 'readableUntil'>, today: Day): boolean =>
  program.readableUntil !== undefined && today <= program.readableUntil;
