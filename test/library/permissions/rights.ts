import type { Actor } from '../../../src/index.ts';
import { theHandover, theProgram, uuid } from '../given.ts';
import { at, childHealth, idAt, maternity, type TestUnit } from '../people.ts';
import type { World } from '../world.ts';
import { type Act, commandActs, moving, viewActs } from './acts.ts';
import { attempt } from './comparing.ts';
import { answers, has, ofProgram, responsibleOnly, roles } from './oracle.ts';
import type { Situation } from './situations.ts';
import { elsewhere, type Someone, someone } from './whoever.ts';

/** Refusals that say nothing of who asks, but of how far the program has come. */
const ofState: readonly string[] = ['program-has-ended', 'program-not-ended', 'read-only', 'program-purged'];

/** What is tried to learn what somebody may do: every command and view with which nothing moves. */
const probes: readonly Act[] = [...commandActs, ...viewActs].filter(({ name }) => !moving.includes(name));

/** A right: an act that is not refused to somebody for who that is. */
type Right = { readonly act: Act; readonly who: Someone };
export const keyOf = ({ act, who }: Right): string => `${act.kind} ${act.name} by ${who.name}`;

/** The rights of several people in a library as it stands. */
export const rightsOf = async (
  world: World,
  panel: readonly Someone[],
  situation: Situation,
): Promise<readonly Right[]> => {
  const held: Right[] = [];
  for (const act of probes)
    for (const who of panel) {
      const { outcome } = await attempt(world, { act, who }, situation);
      if (outcome === 'allowed' || ofState.includes(outcome)) held.push({ act, who });
    }
  return held;
};

/** The rights that are there now and were not before. */
export const gained = (before: readonly Right[], after: readonly Right[]): readonly Right[] => {
  const had = new Set(before.map(keyOf));
  return after.filter((right) => !had.has(keyOf(right)));
};

/** Those whose rights are watched: of each role and standing, at the units that a program may come to. */
export const panel: readonly Someone[] = [
  ...['ba', 'b', 'b2', 'ia', 'da', 'plain', 'unassigned'].map((member) => `${member} on ${maternity.unitId}`),
  ...['b', 'b2', 'ia', 'da', 'commuter'].map((member) => `${member} on ${childHealth.unitId}`),
  ...['b', 'ia'].map((member) => `${member} on ${elsewhere.unitId}`),
  ...['the resident', 'another resident of the unit', 'the process clock'],
].map(someone);

/** Something that somebody does, and whose rights it may raise when it is accepted. */
export type Move = {
  readonly type: string;
  readonly data: object;
  readonly actor: Actor;
  readonly gives: (right: Right) => boolean;
};

const nothing = (): boolean => false;

/** What moves is the program, never a role: nobody comes to do what none of the own roles does (R009). */
const isOfRole = ({ act, who }: Right): boolean =>
  who.kind === 'staff' && who.roles.some((role) => has(roles[role], act));
const isAt = ({ who }: Right, unitId: string): boolean => who.kind === 'staff' && who.unitId === unitId;

/** Who is made responsible does what the responsible clinician does (R024, R210). */
const toClinician =
  (hsaId: string): Move['gives'] =>
  (right) =>
    right.who.kind === 'staff' &&
    right.who.hsaId === hsaId &&
    responsibleOnly.includes(right.act.name) &&
    isOfRole(right);

/** The unit that a program is offered to answers the offer (R027). */
const toReceiver =
  (unitId: string): Move['gives'] =>
  (right) =>
    isAt(right, unitId) && answers.includes(right.act.name) && isOfRole(right);

const ofOwners: readonly string[] = [...ofProgram, ...answers, 'start-program under a taken id'];

/** The unit that takes a program over does with it what an owner does, and its new clinician what the responsible one does (R201, R207). */
const toOwner =
  (unitId: string, hsaId: string): Move['gives'] =>
  (right) => {
    const { name } = right.act;
    const isUnits = isAt(right, unitId) && ofOwners.includes(name) && !responsibleOnly.includes(name);
    return toClinician(hsaId)(right) || (isUnits && isOfRole(right));
  };

const programId = theProgram;
const inUnits = [maternity, childHealth, elsewhere] as const;
const handoverIds = [theHandover, uuid(31)] as const;
const clinicians = ['b', 'b2'] as const;

const offers: readonly Move[] = inUnits.flatMap((from) =>
  inUnits.flatMap((to) =>
    handoverIds.map((handoverId) => ({
      type: 'initiate-handover',
      data: { programId, handoverId, toUnit: to.unitId, residentInformed: true },
      actor: at(from, 'ia'),
      gives: toReceiver(to.unitId),
    })),
  ),
);

const answersAt = (unit: TestUnit): readonly Move[] =>
  handoverIds.flatMap((handoverId) => {
    const [data, actor] = [{ programId, handoverId }, at(unit, 'ia')];
    return [
      ...clinicians.map((member): Move => {
        const clinician = idAt(unit, member);
        return {
          ...{ type: 'approve-handover', data: { ...data, clinician }, actor },
          gives: toOwner(unit.unitId, clinician),
        };
      }),
      ...['deny-handover', 'withdraw-handover'].map((type): Move => ({ type, data, actor, gives: nothing })),
    ];
  });

const changesAt = (unit: TestUnit): readonly Move[] =>
  clinicians.map((member) => ({
    type: 'change-clinician',
    data: { programId, clinician: idAt(unit, member), reason: 'semester' },
    actor: at(unit, 'ia'),
    gives: toClinician(idAt(unit, member)),
  }));

const end = { programId, reason: 'avslutad-enligt-plan', residentAware: true };

const endsAt = (unit: TestUnit): readonly Move[] => [
  ...clinicians.flatMap((member): readonly Move[] => [
    { type: 'end-program', data: end, actor: at(unit, member), gives: nothing },
    { type: 'end-program', data: { ...end, maintenance: {} }, actor: at(unit, member), gives: nothing },
    { type: 'close-maintenance', data: { programId }, actor: at(unit, member), gives: nothing },
  ]),
  {
    ...{ type: 'purge-program', data: { programId, disposalDecision: 'RA-2026/1' } },
    ...{ actor: at(unit, 'da'), gives: nothing },
  },
];

/** What the manuals let move a program, or who answers for it. */
export const handovers: readonly Move[] = [...offers, ...inUnits.flatMap(answersAt)];
export const changes: readonly Move[] = inUnits.flatMap(changesAt);
export const ends: readonly Move[] = inUnits.flatMap(endsAt);

/** Who neither administers authorizations nor holds an office, and is no directory. */
const isOrdinary = (who: Someone): boolean =>
  !(who.kind === 'staff' && who.roles.includes('authorization-administrator')) &&
  !(who.kind === 'system' && who.process === 'directory') &&
  who.kind !== 'platform';

/** Any command at all, by anybody who is not there to give rights. */
export const anything: readonly Move[] = commandActs.flatMap((act) =>
  panel
    .filter(isOrdinary)
    .map((who) => ({ type: act.what, data: act.about(programId), actor: who.actor, gives: nothing })),
);
