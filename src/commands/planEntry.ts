import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import { checkLog, disposeYear, type LogAge, proofOf } from '../domain/audit/audit.ts';
import type { AuditCommand } from '../domain/audit/commands.ts';
import type { Refusal } from '../domain/decider.ts';
import type { Instant } from '../domain/time.ts';
import type { AccessEvent } from '../eventStore/accessEvents.ts';
import type { AppendOptions, StoredEvent } from '../eventStore/eventStore.ts';
import { hasEntryBetween } from '../projections/auditSearch.ts';
import { catchUp } from '../projections/catchingUp.ts';
import { disposedYear } from '../projections/logYears.ts';
import type { Command } from './catalog.ts';

/** The commands that are entries of the access log: about no aggregate, and decided on the log itself. */
type EntryCommand = AuditCommand | Extract<Command, { type: 'sign-in' }>;

/** True for a command that is kept in the access log. */
export const isEntry = (command: Command): command is EntryCommand =>
  command.type === 'sign-in' || command.type === 'record-log-check' || command.type === 'dispose-log-year';

/** What follows from such a command: an event of the access log, or that it is so already, since the event at a place. */
export type EntryPlan =
  | { readonly kind: 'write'; readonly event: AccessEvent; readonly holds?: AppendOptions['holds'] }
  | { readonly kind: 'already'; readonly stream: string; readonly revision: number };

type Planning = Promise<E.Either<Failure | Refusal, EntryPlan>>;

const write = (event: AccessEvent): E.Either<never, EntryPlan> => E.right({ kind: 'write', event });

/** What the log says of its own age, as far as it matters: nothing before the clock says that the retention is over. */
const ageOf = async (core: Core, year: number, at: Instant): Promise<E.Either<Failure, LogAge>> => {
  const proof = proofOf(year, { at, policy: core.policy });
  if (proof === undefined) return E.right({ begunAt: undefined, isProved: false });
  const ready = await catchUp(core.events, core.readModels, 'audit');
  if (E.isLeft(ready)) return ready;
  const first = await core.events.readAll(0, 1)();
  const isProved = hasEntryBetween(core.readModels, proof.from, proof.to);
  return E.map(([begun]: readonly StoredEvent[]): LogAge => ({ begunAt: begun?.at, isProved }))(first);
};

/** The key is named in the event, so that whoever carries it out after a stop destroys the same one. */
const planDisposal = async (
  core: Core,
  command: Extract<AuditCommand, { type: 'dispose-log-year' }>,
  at: Instant,
): Planning => {
  const { year, disposalDecision } = command.data;
  const isDisposed = () => disposedYear(core.readModels, year);
  const before = isDisposed();
  if (before !== undefined) {
    const found = await core.events.readAll(before.position - 1, 1)();
    return E.map(
      ([{ stream, revision }]: readonly [StoredEvent]): EntryPlan => ({ kind: 'already', stream, revision }),
    )(found as E.Either<Failure, readonly [StoredEvent]>);
  }
  const age = await ageOf(core, year, at);
  if (E.isLeft(age)) return age;
  const allowed = disposeYear(command, { at, policy: core.policy }, age.right);
  if (E.isLeft(allowed)) return allowed;
  const keyId = await core.keys.named(`audit-${year}`)();
  if (E.isLeft(keyId)) return keyId;
  const subjects = await core.events.auditSubjects(year)();
  return E.map((rows: readonly unknown[]): EntryPlan => {
    const data = { year, disposalDecision, keyId: keyId.right, subjects: rows.length };
    return { kind: 'write', event: { type: 'log-year-disposed', data }, holds: () => isDisposed() === undefined };
  })(subjects);
};

/** Decides a command that is an entry of the access log. */
export const planEntry = async (core: Core, command: EntryCommand, at: Instant): Planning => {
  switch (command.type) {
    case 'sign-in':
      return write({ type: 'signed-in', data: {} });
    case 'record-log-check': {
      const allowed = checkLog(command, { at });
      return E.isLeft(allowed) ? allowed : write({ type: 'log-checked', data: command.data });
    }
    case 'dispose-log-year':
      return planDisposal(core, command, at);
  }
};
