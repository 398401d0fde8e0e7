import assert from 'node:assert/strict';
import type { StoredEvent } from '../../eventStore/eventStore.ts';
import { readEvent } from '../../eventStore/shapes.ts';
import { swedishDay } from '../model/state.ts';
import { isBundled } from '../setting.ts';
import type { Event } from '../shown.ts';
import type { Trace } from '../trace.ts';
import { outcomeOf, receiptOf } from '../trace.ts';
import { amning, tobak } from '../world.ts';
import { contentBefore } from './contents.ts';
import { foldProgram, isReadableOn, streamsOf } from './fold.ts';
import { foldUnit, reasonsBefore } from './units.ts';

type Events = Pick<Trace, 'events'>;
type Ruled = Events & Pick<Trace, 'setting'>;

const fail = (event: Event, why: string): never => assert.fail(`${event.stream} at ${event.revision}: ${why}`);

/** What the manuals say opens at the start of the two programs that are bundled (R104, R106, R112). */
const manuals: Readonly<Record<string, readonly string[]>> = {
  [tobak]: ['inledning', 'bra-att-veta', 'steg-1'],
  [amning]: Array.from({ length: 12 }, (_, index) => `kapitel-${index + 1}`),
};

/** The modules that open at a program's start: those that its template says, which for a bundled one are the manuals'. */
const automatic = ({ setting, events }: Ruled, first: Event | undefined): readonly string[] => {
  const { templateId = '', major = 0 } = first?.data ?? {};
  const { modules } = contentBefore(events, templateId, first?.position ?? 0, major);
  const opened = modules.filter(({ opensAtStart }) => opensAtStart).map(({ id }) => id);
  if (isBundled(setting, templateId)) assert.deepEqual(opened, manuals[templateId], templateId);
  return opened;
};

const ofResident = ['section-opened', 'section-completed', 'module-finished', 'comment-made'];

/** The modules that were ever opened up to an event, each by the start or by a clinician. */
const requireOpened = ({ setting }: Ruled, own: readonly Event[], event: Event): void => {
  const opened = own.filter(({ type, data }) => type === 'module-activated' && data.moduleId === event.data.moduleId);
  const before = opened.filter(({ revision }) => revision < event.revision);
  if (before.length === 0) fail(event, 'in a module never opened');
  // D9: where the region says so, a resident administrator starts, and opens what opens then.
  const starters = setting.policy.starting.byResidentAdministrator ? ['resident-administrator'] : [];
  for (const one of before) {
    const roles = one.cause.command === 'start-program' ? ['clinician', ...starters] : ['clinician'];
    if (one.by.kind !== 'staff' || !roles.includes(one.by.role ?? '')) fail(one, 'not by a clinician');
  }
};

/** I05: a program begins with exactly the modules that open at its start; the others are opened by a clinician before the resident does anything there. */
export const checkI05 = (trace: Ruled): void => {
  const { events } = trace;
  for (const own of streamsOf(events, 'program').values()) {
    const [first] = own;
    const automatically = own.filter(
      ({ type, cause }) => type === 'module-activated' && cause.commandId === first?.cause.commandId,
    );
    const wanted = automatic(trace, first);
    assert.deepEqual(automatically.map(({ data }) => data.moduleId).sort(), [...wanted].sort(), first?.stream);
    for (const event of own.filter(({ type }) => ofResident.includes(type))) requireOpened(trace, own, event);
  }
};

/** I06: nothing that the resident does opens a module: no command that the resident sent holds such an event. */
export const checkI06 = ({ events }: Events): void => {
  const own = [...streamsOf(events, 'program').values()].flat();
  const sent = new Set(own.filter(({ by }) => by.kind === 'resident').map(({ cause }) => cause.commandId));
  for (const event of own) {
    const isOpening = event.type === 'module-activated' || event.type === 'module-made-current';
    if (isOpening && sent.has(event.cause.commandId)) fail(event, 'a resident opened a module');
  }
};

/** I13: a message of the resident's is addressed to whoever is responsible at that instant. */
export const checkI13 = ({ events }: Events): void => {
  for (const own of streamsOf(events, 'program').values()) {
    for (const event of own.filter(({ type, data }) => type === 'message-sent' && data.from === 'resident')) {
      const then = foldProgram(own.slice(0, event.revision));
      if (event.data.addressee !== then?.clinician) fail(event, `addressed to ${event.data.addressee}`);
    }
  }
};

const approval = (own: readonly Event[], event: Event): Event | undefined =>
  own.find((one) => one.type === 'handover-approved' && one.cause.commandId === event.cause.commandId);

const answers = ['handover-approved', 'handover-denied', 'handover-withdrawn'];

/** An answer comes from a resident administrator of the side that gives it. */
const requireAnswer = (event: Event, pending: Event | undefined): void => {
  if (pending?.data.handoverId !== event.data.handoverId) fail(event, 'no such pending handover');
  const side = event.type === 'handover-withdrawn' ? pending?.data.fromUnit : pending?.data.toUnit;
  if (event.by.unitId !== side || event.by.role !== 'resident-administrator') fail(event, 'by somebody else');
};

/** A move follows from the approval that was given with it. */
const requireMove = (own: readonly Event[], event: Event, pending: Event | undefined): void => {
  const approved = approval(own, event);
  if (approved === undefined || pending === undefined) fail(event, 'moved without an approval');
  if (event.data.toUnit !== pending?.data.toUnit) fail(event, 'moved to another unit');
  if (event.data.clinician !== approved?.data.clinician) fail(event, 'moved to another clinician');
};

const checkHandovers = (own: readonly Event[]): void => {
  let pending: Event | undefined;
  for (const event of own) {
    if (event.type === 'handover-initiated' && pending !== undefined) fail(event, 'a second pending handover');
    if (answers.includes(event.type)) requireAnswer(event, pending);
    if (event.type === 'handed-over') requireMove(own, event, pending);
    if (event.type === 'handover-initiated') pending = event;
    // An approval closes the handover when the program has moved, in the same command.
    else if (/^handed-over|-denied$|-withdrawn$/.test(event.type)) pending = undefined;
  }
};

/** I15: one pending handover at most, and a program changes its unit by an approval of the receiver's alone. */
export const checkI15 = ({ events }: Events): void => {
  for (const own of streamsOf(events, 'program').values()) checkHandovers(own);
};

/** I19: an end has one of its program's reasons, and says about a notice what was asked: one, unless told otherwise. */
export const checkI19 = ({ events, told }: Pick<Trace, 'events' | 'told'>): void => {
  const asked = new Map<string, boolean>();
  for (const one of told) {
    const receipt = outcomeOf(one) === 'changed' ? receiptOf(one) : undefined;
    if (receipt === undefined || one.call.kind !== 'command' || one.call.command.type !== 'end-program') continue;
    asked.set(receipt.commandId, one.call.command.data.notifyResident ?? true);
  }
  for (const [stream, own] of streamsOf(events, 'program')) {
    const { templateId = '', major = 0 } = own[0]?.data ?? {};
    for (const event of own.filter(({ type }) => type === 'ended')) {
      const reasons = reasonsBefore(events, templateId, major, event.position);
      assert.ok(reasons.includes(event.data.reason ?? ''), `${stream}: reason ${event.data.reason}`);
      assert.equal(event.data.notifyResident, asked.get(event.cause.commandId), `${stream}: notice`);
    }
  }
};

/** What may still happen to a program when it has ended (R238, D24). */
const afterwards = [
  ...['maintenance-closed', 'purged', 'exported', 'conversation-read', 'comment-read', 'form-opened'],
  'documentation-recorded',
];

/** I20, the history: after the end nothing of the resident's, and of staff only what closes the matter; after a purge nothing at all. */
export const checkI20 = ({ events }: Events): void => {
  for (const own of streamsOf(events, 'program').values()) {
    const end = own.findIndex(({ type }) => type === 'ended');
    const purge = own.findIndex(({ type }) => type === 'purged');
    for (const event of end === -1 ? [] : own.slice(end + 1)) {
      if (event.by.kind !== 'staff') fail(event, `${event.by.kind} after the end`);
      if (!afterwards.includes(event.type)) fail(event, `${event.type} after the end`);
    }
    if (purge !== -1 && purge !== own.length - 1) fail(own[purge + 1] as Event, 'after the purge');
  }
};

const requirePurge = (events: readonly Event[], own: readonly Event[], event: Event): void => {
  const before = foldProgram(own.slice(0, event.revision));
  if (before === undefined || before.status !== 'ended') throw fail(event, `purged while ${before?.status}`);
  if (isReadableOn(before, swedishDay(event.at))) fail(event, 'purged while readable');
  if (event.by.unitId !== before.unitId) fail(event, 'purged by another unit');
  const ofUnit = events.filter(({ stream }) => stream === `unit-${event.by.unitId}`);
  const staff = foldUnit(ofUnit, event.by.unitRevision).staff.get(event.by.hsaId ?? '');
  if (staff?.active !== true || !staff.roles.has('data-administrator')) fail(event, 'purged by no data administrator');
};

/** I21, the history: purged only when ended and no longer readable, by a data administrator of the unit that owns it. */
export const checkPurges = ({ events }: Events): void => {
  for (const own of streamsOf(events, 'program').values())
    for (const event of own.filter(({ type }) => type === 'purged')) requirePurge(events, own, event);
};

/** Events that were found to have their shapes: those with which runs begin come again in each. */
const known = new Set<string>();

/** Every stored event has the shape of its type. */
export const checkShapes = ({ events, told }: Pick<Trace, 'events' | 'told'>): void => {
  const begun = told.find(({ phase }) => phase !== 'set-up')?.after ?? events.length;
  for (const event of events) {
    const text = event.position <= begun ? JSON.stringify(event) : '';
    if (known.has(text)) continue;
    if (text !== '') known.add(text);
    if ('left' in readEvent(event as unknown as StoredEvent)) fail(event, `not the shape of ${event.type}`);
  }
};
