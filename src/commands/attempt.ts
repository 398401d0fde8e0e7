import * as E from 'fp-ts/lib/Either.js';
import type { Conditions } from '../access/accessLog.ts';
import { type Acting, type Actor, recognize } from '../access/actor.ts';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import { derivedId } from '../access/ids.ts';
import { isRefusal } from '../access/rejection.ts';
import type { SubjectRows } from '../access/subjects.ts';
import { programsNamed } from '../access/subjects.ts';
import type { By } from '../domain/actors.ts';
import { type Proposed, type Refusal, refused } from '../domain/decider.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import type { AccessEvent } from '../eventStore/accessEvents.ts';
import type { StoredEvent } from '../eventStore/eventStore.ts';
import { inStep } from '../projections/inStep.ts';
import { authorize } from './authorization.ts';
import type { Command } from './catalog.ts';
import { disposeOf } from './disposing.ts';
import { exportOf } from './exporting/exporting.ts';
import type { Plan } from './plan.ts';
import { type EntryPlan, isEntry, planEntry } from './planEntry.ts';
import { planFor } from './planFor.ts';
import { type Receipt, receiptOf } from './receipt.ts';
import { before, markOf, nothingBefore } from './repeats.ts';
import { flagTwin } from './twins.ts';
import { noveltyOf, sentAtOnce, write } from './write.ts';

/** What one attempt at a command came to: a receipt, a refusal, or a failure that may be worth another attempt. */
export type Outcome = E.Either<Failure | Refusal, Receipt>;

/** A command that is one: read, with its id. */
export type Sent = {
  readonly command: Command;
  readonly commandId: Uuid;
  /** True where the id was made for this very call: nothing can have happened under it. */
  readonly isFresh: boolean;
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
const withErasure = async ({ core }: Attempt, receipt: Receipt): Promise<Receipt> => {
  await core.erasing.finish();
  const state = await core.erasing.stateOf(receipt.stream);
  return { ...receipt, erasure: E.isRight(state) ? state.right.erasure : 'erasure-pending' };
};

const repeat = async (attempt: Attempt, by: By, receipt: Receipt, conditions: Conditions): Promise<Outcome> => {
  const { type } = attempt.sent.command;
  const programs = receipt.ids.programId === undefined ? [] : [receipt.ids.programId];
  const logged = await log(attempt, { type: 'repeated', data: { what: type, programs } }, by, conditions);
  if (E.isLeft(logged)) return logged;
  return complete(attempt, receipt);
};

/** The receipt of a command that asked for what already was so. */
const unchanged = async (
  { core, sent }: Attempt,
  { stream, revision, programs }: Pick<Plan, 'stream' | 'revision' | 'programs'>,
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

/** A receipt with what the answer brings besides: how far an erasure came, or the document of an export. */
const complete = async (attempt: Attempt, receipt: Receipt): Promise<Outcome> => {
  const { command, at } = attempt.sent;
  switch (command.type) {
    case 'purge-program':
      return E.right(await withErasure(attempt, receipt));
    case 'dispose-log-year':
      return E.right({ ...receipt, erasure: await disposeOf(attempt.core, command.data.year) });
    case 'export-program': {
      const document = await exportOf(attempt.core, command.data, at);
      return E.map((made: object): Receipt => ({ ...receipt, document: made }))(document);
    }
    default:
      return E.right(receipt);
  }
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
  if (E.isLeft(written)) return written;
  await flagTwin(core, subjects, plan, written.right, sent);
  return complete(attempt, receiptOf(sent.commandId, written.right as readonly [StoredEvent, ...StoredEvent[]]));
};

/** Writes a command that is an entry of the access log: the entry is the command, and the log its only record. */
const enter = async (attempt: Attempt, by: By, planned: Extract<EntryPlan, { kind: 'write' }>): Promise<Outcome> => {
  const { core, sent, acting } = attempt;
  const mark = await markOf(core.keys, undefined, sent);
  if (E.isLeft(mark)) return mark;
  const { holds, asked } = noveltyOf(planned.holds);
  const logged = await log(attempt, planned.event, by, { heads: acting.heads, holds }, mark.right);
  if (E.isLeft(logged)) return logged;
  if (!asked()) return sentAtOnce([{ id: sent.commandId }]);
  const events = await before(core, sent.commandId, sent);
  if (E.isLeft(events)) return events;
  return events.right.kind === 'repeated'
    ? complete(attempt, receiptOf(sent.commandId, events.right.events))
    : E.left({ kind: 'unavailable', retry: true });
};

const record = async (attempt: Attempt, by: By, command: Parameters<typeof planEntry>[1]): Promise<Outcome> => {
  const { core, sent, acting } = attempt;
  const conditions: Conditions = { heads: acting.heads };
  const planned = await planEntry(core, command, sent.at);
  if (E.isLeft(planned)) {
    return isRefusal(planned.left) ? refuse(attempt, planned.left, by, [], conditions) : E.left(planned.left);
  }
  if (planned.right.kind === 'write') return enter(attempt, by, planned.right);
  const receipt = await unchanged(attempt, { ...planned.right, programs: [] });
  return E.isLeft(receipt) ? receipt : repeat(attempt, by, receipt.right, conditions);
};

/** Judges who sends the command; a refusal is logged. */
const judged = async (attempt: Attempt): Promise<E.Either<Failure | Refusal, By>> => {
  const { core, sent, acting } = attempt;
  const { command } = sent;
  const allowed = authorize(command, acting, core.policy);
  if (E.isRight(allowed)) return allowed;
  const programs = command.type === 'start-program' ? [] : programsNamed(command.data);
  const outcome = await refuse(attempt, allowed.left, acting.by, programs, { heads: acting.heads });
  return E.isLeft(outcome) ? outcome : E.left(allowed.left);
};

const planBy = ({ core, sent, acting }: Attempt, by: By): Promise<E.Either<Failure, Plan>> => {
  const { command, commandId, at } = sent;
  const newId = (what: string): Uuid => derivedId(commandId, what);
  const circumstances = { at, by, policy: core.policy, newId, derive: derivedId };
  return planFor(core, command, { acting, by, circumstances });
};

const decide = async (attempt: Attempt): Promise<Outcome> => {
  const by = await judged(attempt);
  if (E.isLeft(by)) return by;
  const { command } = attempt.sent;
  if (isEntry(command)) return record(attempt, by.right, command);
  const plan = await planBy(attempt, by.right);
  return E.isLeft(plan) ? plan : carryOut(attempt, plan.right, by.right);
};

/** An export that is asked for again shows the program anew, so it is judged anew: by today's roles, relation and state. */
const exportAgain = async (attempt: Attempt, receipt: Receipt): Promise<Outcome> => {
  const by = await judged(attempt);
  if (E.isLeft(by)) return by;
  const plan = await planBy(attempt, by.right);
  if (E.isLeft(plan)) return plan;
  const { decision, programs, heads } = plan.right;
  return E.isLeft(decision)
    ? refuse(attempt, decision.left, by.right, programs, { heads })
    : repeat(attempt, by.right, receipt, {});
};

const again = (attempt: Attempt, by: By, receipt: Receipt): Promise<Outcome> =>
  attempt.sent.command.type === 'export-program' ? exportAgain(attempt, receipt) : repeat(attempt, by, receipt, {});

/** One attempt at a command: recognize, look whether it happened before, authorize, load, decide, seal, append. */
export const attemptOnce = async (core: Core, subjects: SubjectRows, sent: Sent): Promise<Outcome> => {
  // Some rules ask a read model; only a rebuild that is under way leaves it behind.
  const ready = await inStep(core.events, core.readModels);
  if (E.isLeft(ready)) return ready;
  const acting = await recognize(core.histories, sent.actor, core.policy, sent.at);
  if (E.isLeft(acting)) return acting;
  const attempt: Attempt = { core, subjects, sent, acting: acting.right };
  const happened = sent.isFresh ? nothingBefore : await before(core, sent.commandId, sent);
  if (E.isLeft(happened)) return happened;
  const allowed = authorize(sent.command, acting.right, core.policy);
  const by = E.isRight(allowed) ? allowed.right : acting.right.by;
  switch (happened.right.kind) {
    case 'new':
      return decide(attempt);
    case 'repeated':
      return again(attempt, by, receiptOf(sent.commandId, happened.right.events));
    case 'reused':
      return refuse(attempt, refused('command-id-reused'), by, [], {});
  }
};
