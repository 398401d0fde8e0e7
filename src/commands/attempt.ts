import * as E from 'fp-ts/lib/Either.js';
import type { Conditions } from '../access/accessLog.ts';
import { type Acting, type Actor, recognize } from '../access/actor.ts';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import { derivedId } from '../access/ids.ts';
import type { SubjectRows } from '../access/subjects.ts';
import { programsNamed } from '../access/subjects.ts';
import type { By } from '../domain/actors.ts';
import { type Proposed, type Refusal, refused } from '../domain/decider.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import type { AccessEvent } from '../eventStore/accessEvents.ts';
import type { StoredEvent } from '../eventStore/eventStore.ts';
import { erasureOf, finishErasures } from '../privacy/purge.ts';
import { catchUp } from '../projections/runner.ts';
import { authorize } from './authorization.ts';
import type { Command } from './catalog.ts';
import type { Plan, Sender } from './plan.ts';
import { planHandover } from './planHandover.ts';
import { planProgram } from './planProgram.ts';
import { planTemplate } from './planTemplate.ts';
import { planUnit } from './planUnit.ts';
import { type Receipt, receiptOf } from './receipt.ts';
import { before, markOf } from './repeats.ts';
import { noveltyOf, sentAtOnce, write } from './write.ts';

/** What one attempt at a command came to: a receipt, a refusal, or a failure that may be worth another attempt. */
export type Outcome = E.Either<Failure | Refusal, Receipt>;

/** A command that is one: read, with its id. */
export type Sent = {
  readonly command: Command;
  readonly commandId: Uuid;
  readonly actor: Actor;
  readonly at: Instant;
};

type Attempt = {
  readonly core: Core;
  readonly subjects: SubjectRows;
  readonly sent: Sent;
  readonly acting: Acting;
};

const log = async (
  { core, sent, acting }: Attempt,
  event: AccessEvent,
  by: By,
  conditions: Conditions = {},
  mark?: Uint8Array,
): Promise<E.Either<Failure, void>> => {
  const { commandId, at } = sent;
  const { personalNumber } = acting;
  const aboutNumber = sent.command.type === 'start-program' ? sent.command.data.resident.personalNumber : undefined;
  return core.log.append(
    { event, at, by, personalNumber, aboutNumber, commandId, ...(mark === undefined ? {} : { mark }) },
    conditions,
  );
};

const refuse = async (
  attempt: Attempt,
  refusal: Refusal,
  by: By,
  programs: readonly Uuid[],
  conditions: Conditions,
): Promise<Outcome> => {
  const code = refusal.kind === 'refused' ? refusal.code : 'invalid';
  const data = { what: attempt.sent.command.type, programs: [...programs], code };
  const logged = await log(attempt, { type: 'refused', data }, by, conditions);
  return E.isLeft(logged) ? logged : E.left(refusal);
};

/** Carries a purge through as far as it goes now. What fails or has to wait is finished when it is sent again, or at the next open. */
const withErasure = async ({ core }: Attempt, receipt: Receipt, isPurge: boolean): Promise<Receipt> => {
  if (!isPurge) return receipt;
  await finishErasures(core);
  return { ...receipt, erasure: await erasureOf(core, receipt.stream) };
};

const repeat = async (attempt: Attempt, by: By, receipt: Receipt, conditions: Conditions): Promise<Outcome> => {
  const { type } = attempt.sent.command;
  const programs = receipt.ids.programId === undefined ? [] : [receipt.ids.programId];
  const logged = await log(attempt, { type: 'repeated', data: { what: type, programs } }, by, conditions);
  if (E.isLeft(logged)) return logged;
  return E.right(await withErasure(attempt, receipt, type === 'purge-program'));
};

/** The receipt of a command that asked for what already was so. */
const unchanged = async (
  { core, sent }: Attempt,
  { stream, revision, programs }: Plan,
): Promise<E.Either<Failure, Receipt>> => {
  const head = await core.events.read(stream, Math.max(revision, 0))();
  return E.map(
    (events: readonly StoredEvent[]): Receipt => ({
      commandId: sent.commandId,
      stream,
      revision,
      position: String(events[0]?.position ?? 0),
      at: sent.at,
      events: [],
      ids: programs[0] === undefined ? {} : { programId: programs[0] },
    }),
  )(head);
};

const finish = async (attempt: Attempt, plan: Plan, events: readonly StoredEvent[]): Promise<Outcome> => {
  const receipt = receiptOf(attempt.sent.commandId, events as readonly [StoredEvent, ...StoredEvent[]]);
  return E.right(await withErasure(attempt, receipt, plan.erasure !== undefined));
};

const carryOut = async (attempt: Attempt, plan: Plan, by: By): Promise<Outcome> => {
  const { core, subjects, sent } = attempt;
  const conditions: Conditions = { heads: plan.heads, ...(plan.holds === undefined ? {} : { holds: plan.holds }) };
  if (E.isLeft(plan.decision)) return refuse(attempt, plan.decision.left, by, plan.programs, conditions);
  const proposed: readonly Proposed[] = plan.decision.right;
  if (proposed.length === 0) {
    const receipt = await unchanged(attempt, plan);
    return E.isLeft(receipt) ? receipt : repeat(attempt, by, receipt.right, conditions);
  }
  const written = await write(core, subjects, plan, proposed, { ...sent, by });
  return E.isLeft(written) ? written : finish(attempt, plan, written.right);
};

const planFor = (core: Core, command: Command, sender: Sender): Promise<E.Either<Failure, Plan>> => {
  switch (command.type) {
    case 'sign-in':
      throw new TypeError('sign-in is only recorded; it is never planned');
    case 'activate-unit':
    case 'change-unit':
    case 'deactivate-unit':
    case 'enable-template':
    case 'disable-template':
    case 'register-staff':
    case 'grant-role':
    case 'revoke-role':
    case 'deactivate-staff':
    case 'reactivate-staff':
    case 'set-notifications':
      return planUnit(core, command, sender);
    case 'publish-template':
    case 'review-template':
      return planTemplate(core, command, sender);
    case 'initiate-handover':
    case 'approve-handover':
    case 'deny-handover':
    case 'withdraw-handover':
      return planHandover(core, command, sender);
    default:
      return planProgram(core, command, sender);
  }
};

/** `sign-in` changes nothing: it is written to the access log, so that the unit's own stream stays small. */
const signIn = async (attempt: Attempt, by: By): Promise<Outcome> => {
  const { core, sent, acting } = attempt;
  const mark = await markOf(core.keys, undefined, sent);
  if (E.isLeft(mark)) return mark;
  const { holds, asked } = noveltyOf();
  const logged = await log(attempt, { type: 'signed-in', data: {} }, by, { heads: acting.heads, holds }, mark.right);
  if (E.isLeft(logged)) return logged;
  if (!asked()) return sentAtOnce([{ id: sent.commandId }]);
  const events = await before(core, sent.commandId, sent);
  if (E.isLeft(events)) return events;
  return events.right.kind === 'repeated'
    ? E.right(receiptOf(sent.commandId, events.right.events))
    : E.left({ kind: 'unavailable', retry: true });
};

const decide = async (attempt: Attempt): Promise<Outcome> => {
  const { core, sent, acting } = attempt;
  const { command, commandId, at } = sent;
  const allowed = authorize(command, acting, core.policy);
  if (E.isLeft(allowed)) {
    const programs = command.type === 'start-program' ? [] : programsNamed(command.data);
    return refuse(attempt, allowed.left, acting.by, programs, { heads: acting.heads });
  }
  const by = allowed.right;
  if (command.type === 'sign-in') return signIn(attempt, by);
  const newId = (what: string): Uuid => derivedId(commandId, what);
  const circumstances = { at, by, policy: core.policy, newId, derive: derivedId };
  const plan = await planFor(core, command, { acting, by, circumstances });
  return E.isLeft(plan) ? plan : carryOut(attempt, plan.right, by);
};

/** One attempt at a command: recognize, look whether it happened before, authorize, load, decide, seal, append. */
export const attemptOnce = async (core: Core, subjects: SubjectRows, sent: Sent): Promise<Outcome> => {
  // Some rules ask a read model; only a rebuild that is under way leaves it behind.
  const ready = await catchUp(core.events, core.readModels, 'inline');
  if (E.isLeft(ready)) return ready;
  const acting = await recognize(core.histories, sent.actor, core.policy, sent.at);
  if (E.isLeft(acting)) return acting;
  const attempt: Attempt = { core, subjects, sent, acting: acting.right };
  const happened = await before(core, sent.commandId, sent);
  if (E.isLeft(happened)) return happened;
  const allowed = authorize(sent.command, acting.right, core.policy);
  const by = E.isRight(allowed) ? allowed.right : acting.right.by;
  switch (happened.right.kind) {
    case 'new':
      return decide(attempt);
    case 'repeated':
      return repeat(attempt, by, receiptOf(sent.commandId, happened.right.events), {});
    case 'reused':
      return refuse(attempt, refused('command-id-reused'), by, [], {});
  }
};
