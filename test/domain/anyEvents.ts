import fc from 'fast-check';
import type { By } from '../../src/domain/actors.ts';
import type { Happened } from '../../src/domain/decider.ts';
import type { ProgramStreamEvent } from '../../src/domain/program/state.ts';
import type { TemplateEvent } from '../../src/domain/template/events.ts';
import type { UnitEvent } from '../../src/domain/unit/events.ts';
import { tobakshjalpen } from '../../src/templates/tobakshjalpen.ts';
import { handedOver } from './handovers.ts';
import { colleague, midwife, resident, staff, usual, uuid } from './people.ts';
import { ended, planCreated, started } from './programs.ts';
import { activated, directoryFacts, roles } from './units.ts';

type Message = { readonly type: string; readonly data: unknown };
type Each<Event extends Message> = {
  readonly [Type in Event['type']]: fc.Arbitrary<Extract<Event, { type: Type }>['data']>;
};
type Data<Event extends Message, Type extends Event['type']> = Extract<Event, { type: Type }>['data'];

const actors: fc.Arbitrary<By> = fc.constantFrom(staff(midwife), resident, { kind: 'system', process: 'clock' });
const instants = fc
  .date({ min: new Date(usual.at), max: new Date('2030-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Histories in any order, of events that fit their schemas but need not fit each other. */
const historiesOf = <Event extends Message>(each: Each<Event>): fc.Arbitrary<readonly Happened<Event>[]> => {
  const entries = Object.entries(each) as [string, fc.Arbitrary<unknown>][];
  const events = entries.map(([type, data]) => fc.record({ type: fc.constant(type), data, at: instants, by: actors }));
  return fc.array(fc.oneof(...events) as unknown as fc.Arbitrary<Happened<Event>>, { maxLength: 40, size: 'max' });
};

const ids = fc.constantFrom(uuid(31), uuid(32));
const people = fc.constantFrom(midwife, colleague);
const sides = fc.constantFrom('resident' as const, 'staff' as const);
const module = { moduleId: fc.constantFrom('steg-1', 'steg-2', '__proto__', 'constructor') };
const onModule = fc.record(module);
const onSection = fc.record({ ...module, sectionId: fc.constantFrom('avsnitt-1', 'toString') });
const onForm = fc.record({ ...module, formId: fc.constantFrom('fragor', '__proto__') });
const schedules = fc.constantFrom(planCreated().data.schedule, { ...planCreated().data.schedule, times: ['12:00'] });
const handover = { handoverId: ids };
const nothing = fc.constant({});
const days = fc.integer({ min: 1, max: 40 });

export const programHistories = historiesOf<ProgramStreamEvent>({
  started: people.map((clinician) => started({ clinician }).data),
  'welcome-text-changed': nothing,
  'module-activated': fc.oneof(onModule, fc.record({ ...module, days })),
  'module-made-current': onModule,
  'module-completed': fc.record({ ...module, finishedByResident: fc.boolean() }),
  'module-days-changed': fc.record({ ...module, days }),
  'module-deactivated': onModule,
  'program-opened': nothing,
  'section-opened': onSection,
  'section-completed': onSection,
  'module-finished': onModule,
  'conversation-started': fc.record({ conversationId: ids, from: sides }),
  'message-sent': fc.record({ conversationId: ids, messageId: ids, from: sides, notifyInbox: fc.boolean() }),
  'conversation-read': fc.record({ conversationId: ids, side: sides }),
  'resident-notifications-set': fc.record({ inbox: fc.boolean(), sms: fc.boolean(), email: fc.boolean() }),
  'form-saved': onForm,
  'form-submitted': onForm,
  'form-opened': onForm,
  'comment-made': fc.record({ ...module, commentId: ids, sectionId: fc.constant('avsnitt-1') }),
  'comment-read': fc.record({ commentId: ids }),
  'flag-raised': fc.record({ flagId: ids, severity: fc.constantFrom('info', 'action') }),
  'flag-cleared': fc.record({ flagId: ids }),
  'activity-plan-created': fc.record({
    ...{ planId: ids, elements: fc.constant(['text' as const]), schedule: schedules },
    ...{ graceDays: fc.nat(9), remind: fc.boolean() },
  }),
  'activity-plan-changed': fc.record({ planId: ids, schedule: schedules, graceDays: fc.nat(9) }),
  'activity-plan-stopped': fc.record({ planId: ids }),
  'activity-registered': fc.record({ planId: ids, occasion: instants }),
  'reminder-sent': fc.record({ about: fc.oneof(onModule, fc.record({ planId: ids })) }),
  'absence-announced': fc.constant({ from: '2026-03-09', to: '2026-03-13' }),
  'documentation-recorded': fc.record({ dutyId: ids }),
  exported: fc.constantFrom({ format: 'json' as const }, { format: 'fhir' as const }),
  'clinician-changed': fc.record({ from: people, to: people, reason: fc.constant('illness') }),
  ended: fc.constantFrom(ended().data, ended({ readableUntil: '2026-12-31' }).data),
  'maintenance-closed': nothing,
  purged: fc.constant({ disposalDecision: 'RS-2026/17' }),
  'handover-initiated': ids.map((handoverId) => {
    const { fromUnit, toUnit } = handedOver().data;
    return { handoverId, fromUnit, toUnit, residentInformed: true };
  }),
  'handover-approved': fc.record({ ...handover, clinician: people }),
  'handed-over': ids.map((handoverId) => ({ ...handedOver().data, handoverId })),
  'handover-denied': fc.record(handover),
  'handover-withdrawn': fc.record(handover),
});

const onStaff = fc.record({ hsaId: people });
const onTemplate = fc.record({ templateId: fc.constantFrom('tobakshjalpen', 'lar-dig-om-amning') });
const facts = people.map((hsaId): Data<UnitEvent, 'staff-registered'> => directoryFacts(hsaId));
const role = fc.constantFrom(...roles);

export const unitHistories = historiesOf<UnitEvent>({
  'unit-activated': fc.constant(activated().data),
  'unit-changed': fc.constantFrom<Data<UnitEvent, 'unit-changed'>>(
    {},
    { name: 'Eken', validTo: null },
    { kind: 'bvc', validTo: '2026-12-31' },
    { welcomeText: { templateId: 'tobakshjalpen', text: 'Hej!' } },
  ),
  'unit-deactivated': nothing,
  'template-enabled': onTemplate,
  'template-disabled': onTemplate,
  'staff-registered': facts,
  'staff-changed': facts,
  'role-granted': fc.record({ hsaId: people, role }),
  'role-revoked': fc.record({ hsaId: people, role }),
  'staff-deactivated': onStaff,
  'staff-reactivated': onStaff,
  'notifications-set': fc.record({
    hsaId: people,
    receive: fc.boolean(),
    channels: fc.constant(['email' as const]),
    flagTypes: fc.constant(['message']),
  }),
});

const small = { ...tobakshjalpen, modules: tobakshjalpen.modules.slice(0, 1), followUps: [] };
const version = { major: fc.integer({ min: 1, max: 3 }), minor: fc.nat(3) };
export const templateHistories = historiesOf<TemplateEvent>({
  'template-published': fc.record({ ...version, content: fc.constantFrom(small, { ...small, title: 'Ny' }) }),
  'template-reviewed': fc.record({
    ...version,
    outcome: fc.constantFrom('approved', 'changes-needed'),
    nextReview: fc.constant('2027-03-01'),
  }),
});
