import * as E from 'fp-ts/lib/Either.js';
import type { Actor } from '../access/actor.ts';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import { eventId } from '../access/ids.ts';
import type { SubjectRows } from '../access/subjects.ts';
import type { By } from '../domain/actors.ts';
import type { Proposed } from '../domain/decider.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import type { AppendOptions, Flesh, NewEvent, StoredEvent } from '../eventStore/eventStore.ts';
import { hasShape, versionOf } from '../eventStore/shapes.ts';
import { sealPart } from '../privacy/flesh.ts';
import { auditYear } from '../privacy/pseudonyms.ts';
import { keepFindable } from '../privacy/rotation.ts';
import type { Command } from './catalog.ts';
import type { Plan } from './plan.ts';
import { markOf } from './repeats.ts';

/** One command on its way into the log. */
export type Sending = {
  readonly command: Command;
  readonly commandId: Uuid;
  readonly actor: Actor;
  readonly by: By;
  readonly at: Instant;
};

const sealed = async (
  core: Core,
  { stream, keyId }: Plan,
  id: Uuid,
  { type, sealed: part }: Proposed,
): Promise<E.Either<Failure, Flesh>> => {
  if (part === undefined) return E.right({});
  if (keyId === undefined) throw new TypeError(`a personal part of ${type} has no key to be sealed with`);
  const place = { store: core.events.id, stream, eventId: id, type };
  return E.map((bytes: Buffer): Flesh => ({ sealed: bytes }))(await sealPart(core.keys, keyId, place, part));
};

/** The first event of a command carries its fingerprint; `started` the tag by which its resident finds it. */
const beside = (plan: Plan, type: string, mark: Uint8Array | undefined): Flesh => ({
  ...(mark === undefined ? {} : { mark }),
  ...(type === 'started' && plan.starting !== undefined ? { tag: plan.starting.tag } : {}),
});

/**
 * A key that is destroyed already has no fingerprints any more: after an older event store was put back beside its keys, the program is still
 * to be purged, and can be.
 */
const fingerprint = async (
  core: Core,
  { keyId }: Plan,
  sent: Pick<Sending, 'command' | 'actor'>,
): Promise<E.Either<Failure, Uint8Array | undefined>> => {
  const mark = await markOf(core.keys, keyId, sent);
  return E.isLeft(mark) && mark.left.kind === 'erased' ? E.right(undefined) : mark;
};

const newEvents = async (
  core: Core,
  plan: Plan,
  proposed: readonly Proposed[],
  { command, commandId, actor, by, at }: Sending,
): Promise<E.Either<Failure, readonly NewEvent[]>> => {
  const mark = await fingerprint(core, plan, { command, actor });
  if (E.isLeft(mark)) return mark;
  const cause = { commandId, correlationId: commandId, causationId: commandId, command: command.type };
  const events: NewEvent[] = [];
  for (const [index, event] of proposed.entries()) {
    if (!hasShape(event)) throw new TypeError(`${event.type} was decided in a shape that it does not have`);
    const id = eventId(commandId, index);
    const part = await sealed(core, plan, id, event);
    if (E.isLeft(part)) return part;
    const flesh = { ...part.right, ...beside(plan, event.type, index === 0 ? mark.right : undefined) };
    const { type, data } = event;
    const version = versionOf(type);
    const shape = version === undefined ? { data } : { data, version };
    events.push({ id, type, at, ...shape, by, cause, policy: core.policy.id, flesh });
  }
  return E.right(events);
};

/** The store asks a condition of new events only: those that are there already give their first result without it. */
export const noveltyOf = (holds: AppendOptions['holds'] = () => true) => {
  let asked = false;
  return {
    holds: (lookup: Parameters<typeof holds>[0]): boolean => {
      asked = true;
      return holds(lookup);
    },
    asked: (): boolean => asked,
  };
};

/** Somebody sent the same command id at the same moment: whether it was the same command is told when it is decided again. */
export const sentAtOnce = ([first]: readonly Pick<NewEvent, 'id'>[]): E.Either<Failure, never> =>
  E.left({ kind: 'id-reused', id: first?.id ?? '' });

/** Seals what was decided and writes it, on condition that what it was decided on still holds. */
export const write = async (
  core: Core,
  subjects: SubjectRows,
  plan: Plan,
  proposed: readonly Proposed[],
  sending: Sending,
): Promise<E.Either<Failure, readonly StoredEvent[]>> => {
  const events = await newEvents(core, plan, proposed, sending);
  if (E.isLeft(events)) return events;
  const year = auditYear(sending.at);
  const rows = await subjects.missing(year, plan.programs, plan.starting?.personalNumber);
  if (E.isLeft(rows)) return rows;
  const { stream, revision, heads, holds, erasure } = plan;
  const novelty = noveltyOf(holds);
  const options = {
    heads,
    subjects: rows.right,
    holds: novelty.holds,
    ...(erasure === undefined ? {} : { erasure }),
  };
  const stored = await core.events.append(stream, revision < 0 ? 'no-stream' : revision, events.right, options)();
  if (E.isLeft(stored)) return stored;
  if (!novelty.asked()) return sentAtOnce(events.right);
  core.histories.follow(stored.right);
  subjects.written(year, plan.programs);
  if (plan.starting !== undefined)
    await keepFindable(core, { position: stored.right[0]?.position ?? 0, ...plan.starting });
  return stored;
};
