import { timingSafeEqual } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { Actor } from '../access/actor.ts';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import { eventId } from '../access/ids.ts';
import type { Uuid } from '../domain/identifiers.ts';
import { canonicalJson } from '../eventStore/codec.ts';
import type { StoredEvent } from '../eventStore/eventStore.ts';
import { isAccessStream, programStream } from '../eventStore/streams.ts';
import type { KeyError, KeyId, KeyStore } from '../privacy/keys.ts';
import { keyIdIn } from '../privacy/pseudonyms.ts';
import { commandsName } from '../privacy/rotation.ts';
import { keyedHash } from '../privacy/sealing.ts';
import type { Command } from './catalog.ts';

/** The most events that one command makes: a start that opens a hundred modules, and some. */
const mostEvents = 128;

type Sent = { readonly command: Command; readonly actor: Actor };

/** The one who sends, as far as a repeat must be the same; how it was authenticated may differ. */
const senderOf = (actor: Actor): unknown => {
  switch (actor.kind) {
    case 'staff':
      return [actor.kind, actor.hsaId, actor.unitId];
    case 'resident':
      return [actor.kind, actor.personalNumber];
    case 'platform':
      return [actor.kind, actor.hsaId, actor.office];
    case 'system':
      return [actor.kind, actor.process];
  }
};

/**
 * The fingerprint by which "same id, other content" is told: an HMAC over command and sender under the key of the stream's flesh, or a key for
 * all such commands where it has none. Never a bare hash: contents can be guessed.
 */
export const markOf = async (
  keys: KeyStore,
  keyId: KeyId | undefined,
  { command, actor }: Sent,
): Promise<E.Either<KeyError, Buffer>> => {
  const id = keyId === undefined ? await keys.named(commandsName)() : E.right(keyId);
  if (E.isLeft(id)) return id;
  const key = await keys.open(id.right)();
  const content = canonicalJson([command.type, command.data, senderOf(actor)]);
  return E.map((opened: Parameters<typeof keyedHash>[0]) => keyedHash(opened, 'command', content))(key);
};

const targetOf = ({ data }: Command): string | undefined =>
  'programId' in data && data.programId !== undefined ? programStream(data.programId) : undefined;

/** After a purge the fingerprint is gone: the same staff member, command, program and disposal decision is then the same. */
const isSameErased = ({ command, actor }: Sent, { by, cause, stream, data }: StoredEvent): boolean => {
  if (actor.kind !== 'staff' || by.hsaId !== actor.hsaId || by.unitId !== actor.unitId) return false;
  if (cause.command !== command.type || targetOf(command) !== stream) return false;
  return (
    command.type !== 'purge-program' ||
    (data as { disposalDecision?: string }).disposalDecision === command.data.disposalDecision
  );
};

/** The key of a stream's flesh, as its first event names it. */
const keyIdOfStream = async ({ events }: Core, stream: string): Promise<E.Either<Failure, KeyId | undefined>> =>
  E.map((stored: readonly StoredEvent[]) => keyIdIn(stored[0]?.data))(await events.read(stream)());

const isSame = async (core: Core, sent: Sent, first: StoredEvent): Promise<E.Either<Failure, boolean>> => {
  if (first.cause.command !== sent.command.type) return E.right(false);
  const stored = await core.events.markOf(first.id)();
  if (E.isLeft(stored)) return stored;
  if (stored.right === undefined) return E.right(isSameErased(sent, first));
  const keyId = isAccessStream(first.stream) ? E.right(undefined) : await keyIdOfStream(core, first.stream);
  if (E.isLeft(keyId)) return keyId;
  const mark = await markOf(core.keys, keyId.right, sent);
  if (E.isLeft(mark)) return mark.left.kind === 'erased' ? E.right(isSameErased(sent, first)) : mark;
  return E.right(stored.right.length === mark.right.length && timingSafeEqual(stored.right, mark.right));
};

/** What a command id led to before: nothing, the same command's events, or another command's. */
export type Before =
  | { readonly kind: 'new' }
  | { readonly kind: 'repeated'; readonly events: readonly [StoredEvent, ...StoredEvent[]] }
  | { readonly kind: 'reused' };

/** What a command id that nobody has used led to. */
export const nothingBefore: E.Either<never, Before> = E.right({ kind: 'new' });

/** Looks whether a command has happened already: its events carry ids derived from its own. */
export const before = async (core: Core, commandId: Uuid, sent: Sent): Promise<E.Either<Failure, Before>> => {
  const first = await core.events.find([eventId(commandId, 0)])();
  if (E.isLeft(first)) return first;
  if (first.right.length === 0) return nothingBefore;
  const ids = Array.from({ length: mostEvents }, (_, index) => eventId(commandId, index));
  const found = await core.events.find(ids)();
  if (E.isLeft(found)) return found;
  const events = found.right as readonly [StoredEvent, ...StoredEvent[]];
  const same = await isSame(core, sent, events[0]);
  return E.map((isRepeat: boolean): Before => (isRepeat ? { kind: 'repeated', events } : { kind: 'reused' }))(same);
};
