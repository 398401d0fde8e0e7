import assert from 'node:assert/strict';
import type { Role } from '../../domain/actors.ts';
import type { TemplateContent } from '../../domain/template/content.ts';
import { swedishDay } from '../model/state.ts';
import { admits, type Setting } from '../setting.ts';
import type { Event } from '../shown.ts';
import type { Trace } from '../trace.ts';
import { contentBefore } from './contents.ts';
import { streamsOf } from './fold.ts';

type Events = Pick<Trace, 'events'>;

type FoldedStaff = {
  active: boolean;
  readonly roles: Set<string>;
  limit: readonly string[] | undefined;
  facts: Event['data'];
};

type FoldedUnit = {
  active: boolean;
  kind: string;
  validTo: string | undefined;
  readonly templates: Set<string>;
  readonly staff: Map<string, FoldedStaff>;
};

type Change = (unit: FoldedUnit, data: Event['data'], staff: FoldedStaff | undefined) => void;

const withFacts: Change = (unit, data, staff) => {
  if (staff === undefined)
    unit.staff.set(data.hsaId ?? '', { active: true, roles: new Set(), limit: undefined, facts: data });
  else staff.facts = data;
};

const setActive =
  (active: boolean): Change =>
  (_unit, _data, staff) => {
    if (staff !== undefined) staff.active = active;
  };

const changes: Readonly<Record<string, Change>> = {
  'unit-activated': (unit, { kind = '', validTo }) => {
    Object.assign(unit, { active: true, kind, validTo });
  },
  'unit-changed': (unit, { kind, validTo }) => {
    if (kind !== undefined) unit.kind = kind;
    if (validTo !== undefined) unit.validTo = validTo ?? undefined;
  },
  'unit-deactivated': (unit) => {
    unit.active = false;
  },
  'template-enabled': ({ templates }, { templateId = '' }) => void templates.add(templateId),
  'template-disabled': ({ templates }, { templateId = '' }) => void templates.delete(templateId),
  'staff-registered': withFacts,
  'staff-changed': withFacts,
  'role-granted': (_unit, { role = '', templateIds }, staff) => {
    staff?.roles.add(role);
    if (staff !== undefined && role === 'clinician') staff.limit = templateIds;
  },
  'role-revoked': (_unit, { role = '' }, staff) => void staff?.roles.delete(role),
  'staff-deactivated': setActive(false),
  'staff-reactivated': setActive(true),
};

/** A unit from its events, as it was at a revision. */
export const foldUnit = (events: readonly Event[], revision = Number.POSITIVE_INFINITY): FoldedUnit => {
  const unit: FoldedUnit = { active: false, kind: '', validTo: undefined, templates: new Set(), staff: new Map() };
  for (const { revision: at, type, data } of events)
    if (at <= revision) changes[type]?.(unit, data, unit.staff.get(data.hsaId ?? ''));
  return unit;
};

const administrator = 'authorization-administrator';

const administratorsOf = ({ staff }: FoldedUnit): readonly FoldedStaff[] =>
  [...staff.values()].filter(({ active, roles }) => active && roles.has(administrator));

/** I01: an activated unit always has an active administrator, and that was the first role ever granted there. */
export const checkI01 = ({ events }: Events): void => {
  for (const [stream, own] of streamsOf(events, 'unit')) {
    const first = own.find(({ type }) => type === 'role-granted');
    assert.equal(first?.data.role, administrator, `the first role on ${stream}`);
    // An activation is one command of several events: it is judged at its last.
    for (const [index, event] of own.entries()) {
      if (own[index + 1]?.cause.commandId === event.cause.commandId) continue;
      const unit = foldUnit(own, event.revision);
      if (unit.active)
        assert.ok(administratorsOf(unit).length > 0, `${stream} at ${event.revision} has no administrator`);
    }
  }
};

type Ruled = Events & Pick<Trace, 'setting'>;

const hasAssignment = ({ policy }: Setting, staff: FoldedStaff | undefined): boolean =>
  staff?.facts.assignments?.includes(policy.requiredAssignment) === true;

/** Whether the region lets somebody of a profession hold a role (R032). */
const isOfProfession = ({ policy }: Setting, staff: FoldedStaff | undefined, role: string): boolean =>
  policy.professionsByRole[role as Role]?.includes(staff?.facts.profession ?? '') ?? true;

/** I02: every later role is given by an active administrator of that unit, to somebody with the assignment there. */
export const checkI02 = ({ setting, events }: Ruled): void => {
  for (const [stream, own] of streamsOf(events, 'unit')) {
    for (const event of own.filter(({ type }) => type === 'role-granted')) {
      const before = foldUnit(own, event.revision - 1);
      const what = `${stream} at ${event.revision}`;
      const grantee = before.staff.get(event.data.hsaId ?? '');
      assert.ok(hasAssignment(setting, grantee), `${what}: the grantee has no assignment`);
      assert.ok(isOfProfession(setting, grantee, event.data.role ?? ''), `${what}: the grantee's profession`);
      if (event.cause.command === 'activate-unit') {
        assert.equal(event.by.office, 'regional-team', what);
        continue;
      }
      const then = foldUnit(own, event.by.unitRevision ?? -1);
      const by = then.staff.get(event.by.hsaId ?? '');
      assert.equal(event.by.unitId, stream.slice('unit-'.length), what);
      assert.ok(then.active && by?.active === true && by.roles.has(administrator), `${what}: who gave it`);
    }
  }
};

type Wanted = { readonly setting: Setting; readonly templateId: string; readonly content: TemplateContent };

/** Fails unless somebody was an eligible clinician of a unit for a template. */
const requireEligible = (
  unit: FoldedUnit,
  hsaId: string,
  { setting, templateId, content }: Wanted,
  what: string,
): void => {
  const staff = unit.staff.get(hsaId);
  assert.ok(staff?.active === true && staff.roles.has('clinician'), `${what}: ${hsaId} is no active clinician`);
  assert.ok(staff.limit?.includes(templateId) ?? true, `${what}: ${hsaId} is a clinician for other templates`);
  const { professions, employments, training } = content.eligibility;
  assert.ok(admits(professions, staff.facts.profession), `${what}: profession`);
  assert.ok(isOfProfession(setting, staff, 'clinician'), `${what}: profession of the role`);
  assert.ok(admits(employments, staff.facts.employment), `${what}: employment`);
  assert.ok(training === undefined || staff.facts.trainings?.includes(training), `${what}: training`);
  assert.ok(hasAssignment(setting, staff), `${what}: assignment`);
};

const unitThen = (events: readonly Event[], { by }: Event): FoldedUnit =>
  foldUnit(
    events.filter(({ stream }) => stream === `unit-${by.unitId}`),
    by.unitRevision,
  );

/** The starter is a fit clinician, or where the region says so a resident administrator (D9). */
const requireStarter = (unit: FoldedUnit, { by, stream }: Event, wanted: Wanted): void => {
  const isOpen = wanted.setting.policy.starting.byResidentAdministrator;
  const staff = unit.staff.get(by.hsaId ?? '');
  if (isOpen && staff?.roles.has('resident-administrator') === true) {
    assert.ok(staff.active && hasAssignment(wanted.setting, staff), `${stream}: the administrator`);
    return;
  }
  assert.equal(by.role, 'clinician', stream);
  requireEligible(unit, by.hsaId ?? '', wanted, stream);
};

/** I03: whoever starts is an eligible clinician of an active unit with the template, and the resident has accepted. */
export const checkI03 = ({ setting, events }: Ruled): void => {
  for (const event of events.filter(({ type }) => type === 'started')) {
    const { by, data, position, stream, at } = event;
    const templateId = data.templateId ?? '';
    const unit = unitThen(events, event);
    const content = contentBefore(events, templateId, position);
    assert.equal(by.unitId, data.unitId, stream);
    const hasCeased = unit.validTo !== undefined && unit.validTo < swedishDay(at);
    assert.ok(unit.active && !hasCeased, `${stream}: inactive unit`);
    assert.ok(unit.templates.has(templateId) && admits(content.unitKinds, unit.kind), `${stream}: template`);
    requireStarter(unit, event, { setting, templateId, content });
    assert.ok(
      Object.values(data.attested ?? { accepted: false }).every((fact) => fact),
      `${stream}: attested`,
    );
    assert.ok(event.sealedDigest !== undefined, `${stream}: nobody is named`);
  }
};

/** I04: whoever becomes responsible is at that moment an eligible clinician of the unit that then owns the program. */
export const checkI04 = ({ setting, events }: Ruled): void => {
  const assigned = { started: 'clinician', 'clinician-changed': 'to', 'handed-over': 'clinician' } as const;
  for (const [stream, own] of streamsOf(events, 'program')) {
    let owner = own[0]?.data.unitId;
    for (const event of own) {
      if (!Object.hasOwn(assigned, event.type)) continue;
      if (event.type === 'handed-over') owner = event.data.toUnit;
      const hsaId = event.data[assigned[event.type as keyof typeof assigned]] ?? '';
      const { templateId = '', major } = own[0]?.data ?? {};
      assert.equal(event.by.unitId, owner, `${stream} at ${event.revision}: another unit assigns`);
      const content = contentBefore(events, templateId, event.position, major);
      requireEligible(
        unitThen(events, event),
        hsaId,
        { setting, templateId, content },
        `${stream} at ${event.revision}`,
      );
    }
  }
};

/** I19: an end carries a reason that the program's own content names. */
export const reasonsBefore = (events: readonly Event[], templateId: string, major: number, position: number) =>
  contentBefore(events, templateId, position, major).endReasons.map(({ code }) => code);
