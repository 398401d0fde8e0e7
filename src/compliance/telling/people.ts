import type { Role } from '../../domain/actors.ts';
import { type Permission, permissionTo, permissionToView } from '../../domain/permissions.ts';
import type { Policy } from '../../domain/policy.ts';
import { programsAt } from '../checks/fold.ts';
import { foldUnit } from '../checks/units.ts';
import type { Told, Trace } from '../trace.ts';
import type { Call } from '../world.ts';
import { isCommand, wordsOf } from './acts.ts';
import type { Names } from './names.ts';
import { viewNameOf } from './questions.ts';

type Actor = Call['actor'];
type Staff = Extract<Actor, { kind: 'staff' }>;
type Known = Pick<Trace, 'events' | 'owners' | 'setting'>;
type Asked = Pick<Told, 'call' | 'after'>;

const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;

/** The program that a call is about, as far as its input says. */
const programOf = (call: Call, events: Known['events']): string | undefined => {
  if (call.kind === 'view') return typeof call.query.programId === 'string' ? call.query.programId : undefined;
  if (!isCommand(call.command)) return undefined;
  const { programId, handoverId } = call.command.data as { programId?: string; handoverId?: string };
  const offered = events.find(({ type, data }) => type === 'handover-initiated' && data.handoverId === handoverId);
  return programId ?? offered?.stream.slice('program-'.length);
};

const permissionOf = (call: Call): Permission | undefined => {
  if (call.kind === 'command') return isCommand(call.command) ? permissionTo(call.command.type) : undefined;
  const name = viewNameOf(call.query);
  return name === undefined ? undefined : permissionToView(name);
};

/** The roles of which staff needs one for this. */
const neededFor = (call: Call, policy: Policy): readonly Role[] => {
  const { staff = [] } = permissionOf(call) ?? {};
  return typeof staff === 'function' ? staff(policy) : staff;
};

type Member = {
  readonly active: boolean;
  readonly roles: ReadonlySet<string>;
  readonly facts: { profession?: string };
};
type Place = { readonly own: string; readonly unit: string; readonly staff: string };

const member = ({ active, roles, facts }: Member, needed: readonly Role[], { unit, staff }: Place): string => {
  const profession = wordsOf(facts.profession ?? 'staff member');
  if (!active) return `${article(`deactivated ${profession}`)} of ${unit} (${staff})`;
  const held = needed.find((role) => roles.has(role));
  if (held !== undefined) return `${article(wordsOf(held))} of ${unit} (${staff})`;
  if (needed.length === 0) return `${article(profession)} of ${unit} (${staff})`;
  return `${article(profession)} without the role ${needed.map(wordsOf).join(' or ')}, of ${unit} (${staff})`;
};

const staffOf = (known: Known, { call, after }: Asked, names: Names, { hsaId, unitId }: Staff): string => {
  const stream = `unit-${unitId}`;
  const unit = foldUnit(known.events.filter((event) => event.stream === stream && event.position <= after));
  const found = unit.staff.get(hsaId);
  const where = names.unit(unitId);
  if (found === undefined) return `${names.staff(hsaId)}, signed in on ${where} without being registered there,`;
  const isResponsible = ({ clinician, unitId: own }: { clinician: string; unitId: string }): boolean =>
    clinician === hsaId && own === unitId;
  const about = programOf(call, known.events);
  const program = programsAt(known.events, after).get(about ?? '');
  const closed = unit.active ? '' : ', which is not active';
  if (program !== undefined && isResponsible(program) && found.active) {
    const lacks = found.roles.has('clinician') ? '' : ' without the role clinician';
    return `the responsible clinician of ${names.program(program.id)}${lacks} (${names.staff(hsaId)}${closed})`;
  }
  const place = { own: unitId, unit: where, staff: names.staffThere(hsaId) };
  return `${member(found, neededFor(call, known.setting.policy), place)}${closed}`;
};

const residentOf = (known: Known, { call }: Asked, names: Names, number: string): string => {
  const about = programOf(call, known.events);
  const [name, owner] = [names.resident(number), known.owners.get(about ?? '')];
  return owner !== undefined && names.resident(owner) === name
    ? `the resident of ${names.program(about ?? '')} (${name})`
    : name;
};

const isWeak = (actor: Actor, { minimumAssurance, staffMethods }: Policy): boolean => {
  if (actor.kind === 'system') return false;
  const { assurance, method } = actor.authentication;
  return assurance < minimumAssurance || (actor.kind === 'staff' && !staffMethods.includes(method));
};

const named = (known: Known, asked: Asked, names: Names): string => {
  const { actor } = asked.call;
  switch (actor.kind) {
    case 'system':
      return `the ${actor.process}`;
    case 'platform':
      return `${actor.office === 'expert' || actor.office === 'log-auditor' ? 'a' : 'the'} ${wordsOf(actor.office)}`.replace(
        'a expert',
        'an expert',
      );
    case 'resident':
      return residentOf(known, asked, names, actor.personalNumber);
    case 'staff':
      return staffOf(known, asked, names, actor);
  }
};

/** Who asked, as what they were when they did: by role and relation, never by name. */
export const whoOf = (known: Known, asked: Asked, names: Names): string =>
  `${named(known, asked, names)}${isWeak(asked.call.actor, known.setting.policy) ? ', authenticated too weakly,' : ''}`;
