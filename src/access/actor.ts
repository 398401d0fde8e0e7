import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { Authentication, type By, Purpose } from '../domain/actors.ts';
import type { RefusalCode } from '../domain/decider.ts';
import { HsaId, WrittenPersonalNumber } from '../domain/identifiers.ts';
import type { Policy } from '../domain/policy.ts';
import type { Instant } from '../domain/time.ts';
import { hasCeased, type KnownUnit, type Unit } from '../domain/unit/state.ts';
import type { StoreError } from '../eventStore/eventStore.ts';
import type { Histories } from '../eventStore/histories.ts';
import { unitStream } from '../eventStore/streams.ts';

/** Who acts, as the host attests it. Staff roles are never attested: they come from the unit's own history. */
export const Actor = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('staff'),
    hsaId: HsaId,
    unitId: HsaId,
    authentication: Authentication,
    purpose: Purpose.optional(),
  }),
  z.strictObject({
    kind: z.literal('resident'),
    personalNumber: WrittenPersonalNumber,
    authentication: Authentication,
  }),
  z.strictObject({
    kind: z.literal('platform'),
    hsaId: HsaId,
    office: z.enum(['regional-team', 'production-office', 'expert', 'log-auditor']),
    authentication: Authentication,
  }),
  z.strictObject({ kind: z.literal('system'), process: z.enum(['clock', 'directory', 'delivery']) }),
]);
export type Actor = z.infer<typeof Actor>;

/** An actor as recognized: how events name it, and what it may be judged by. */
export type Acting = {
  readonly by: By;
  /** Why this actor can do nothing at all; undefined when nothing forbids it. */
  readonly barred: RefusalCode | undefined;
  /** The unit that staff is signed in at. */
  readonly unit: KnownUnit | undefined;
  /** The resident's number, 12 digits. */
  readonly personalNumber: string | undefined;
  /** Heads of the streams that this was read from. */
  readonly heads: Readonly<Record<string, number>>;
};

type StaffActor = Extract<Actor, { kind: 'staff' }>;

/** The host tells how somebody signed in; whether that is enough, the region (R061, R062, R073). */
const isTooWeak = ({ assurance }: Authentication, policy: Policy): boolean => assurance < policy.minimumAssurance;

const barsStaff = (actor: StaffActor, unit: Unit, policy: Policy, at: Instant): RefusalCode | undefined => {
  const { method } = actor.authentication;
  if (isTooWeak(actor.authentication, policy) || !policy.staffMethods.includes(method)) return 'assurance-too-low';
  if (unit.status === 'absent') return 'unknown-unit';
  const staff = unit.staff.get(actor.hsaId);
  if (staff === undefined) return 'unknown-staff';
  if (!staff.active) return 'staff-not-active'; // R015
  if (unit.status === 'inactive') return 'unit-not-active'; // R048
  return hasCeased(unit, at) ? 'unit-ceased' : undefined;
};

const nobody = { unit: undefined, personalNumber: undefined, heads: {} };

const recognizeStaff = async (
  histories: Histories,
  actor: StaffActor,
  policy: Policy,
  at: Instant,
): Promise<E.Either<StoreError, Acting>> => {
  const { hsaId, unitId, authentication, purpose } = actor;
  const stream = unitStream(unitId);
  const loaded = await histories.unit(stream);
  if (E.isLeft(loaded)) return loaded;
  const { state, revision } = loaded.right;
  const known = state.status === 'absent' ? undefined : state;
  const by: By = {
    kind: 'staff',
    hsaId,
    unitId,
    ...(known === undefined ? {} : { unitRevision: revision, careProviderId: known.careProviderId }),
    authentication,
    ...(purpose === undefined ? {} : { purpose }),
  };
  const barred = barsStaff(actor, state, policy, at);
  return E.right({ by, barred, unit: known, personalNumber: undefined, heads: { [stream]: revision } });
};

/** Recognizes an actor: staff by the unit's history, the others by what the host attests. */
export const recognize = async (
  histories: Histories,
  actor: Actor,
  policy: Policy,
  at: Instant,
): Promise<E.Either<StoreError, Acting>> => {
  if (actor.kind === 'staff') return recognizeStaff(histories, actor, policy, at);
  if (actor.kind === 'system') {
    return E.right({ ...nobody, by: { kind: 'system', process: actor.process }, barred: undefined });
  }
  const { authentication } = actor;
  const barred = isTooWeak(authentication, policy) ? 'assurance-too-low' : undefined;
  if (actor.kind === 'resident') {
    const { personalNumber } = actor;
    return E.right({ ...nobody, by: { kind: 'resident', authentication }, barred, personalNumber });
  }
  const { hsaId, office } = actor;
  return E.right({ ...nobody, by: { kind: 'platform', hsaId, office, authentication }, barred });
};
