import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import type { AnchorSink, LedgerEntry } from '../audit/anchors.ts';
import { Uuid } from '../domain/identifiers.ts';
import { programEvents } from '../domain/program/events.ts';
import { Instant } from '../domain/time.ts';
import type { NewEvent, StoredEvent } from '../eventStore/eventStore.ts';
import { isProgramStream } from '../eventStore/streams.ts';
import { isKeyId } from '../privacy/wrapping.ts';
import { logOperation } from './operating.ts';

type Restored = Pick<Core, 'events' | 'keys'>;

/** Looked at in every open: an older copy that lacks the last purges lacks one of these. */
const newest = 64;

const Purged = z.strictObject({
  ...{ id: Uuid, type: z.literal('purged'), at: Instant, data: programEvents.purged.data, by: z.looseObject({}) },
  cause: z.strictObject({ commandId: Uuid, correlationId: Uuid, causationId: Uuid, command: z.string().max(64) }),
  ...{
    policy: z.string().max(64),
    stream: z.string(),
    revision: z.int(),
    position: z.int(),
    version: z.int().optional(),
  },
});

/** Whoever can write the ledger is not to write anything into the log by it but that a program is purged. */
const isPurge = ({ stream, keyId, purged }: LedgerEntry): boolean =>
  isProgramStream(stream) && isKeyId(keyId) && purged.stream === stream && Purged.safeParse(purged).success;

const entriesOf = (anchors: AnchorSink, last?: number): E.Either<Failure, readonly LedgerEntry[]> =>
  E.tryCatch(
    () => anchors.ledger(last).filter(isPurge),
    () => ({ kind: 'unavailable', retry: false }) as const,
  );

/** Whether a key of the ledger still opens, or a `purged` event of it is missing: then a copy is older than the ledger. */
const isOlder = async (
  { events, keys }: Restored,
  entries: readonly LedgerEntry[],
): Promise<E.Either<Failure, boolean>> => {
  for (const { keyId } of entries) {
    const destroyed = await keys.isDestroyed(keyId)();
    if (E.isLeft(destroyed) || !destroyed.right) return E.map(() => true)(destroyed);
  }
  const ids = new Set(entries.map(({ purged }) => purged.id));
  const found = await events.find([...ids])();
  return E.map((there: readonly StoredEvent[]) => there.length < ids.size)(found);
};

/** The event as it was written, for another append; its place is the store's to give. */
const asNew = ({ stream, revision, position, sealedDigest, ...event }: StoredEvent): NewEvent => event;

type Standing = 'unpurged' | 'settled' | 'other-key';

/** How the program of an entry stands: there without its `purged` event, or not there, or there with another key than the entry's. */
const standing = async (
  { events }: Restored,
  { stream, keyId, purged }: LedgerEntry,
): Promise<E.Either<Failure, Standing>> => {
  const history = await events.read(stream)();
  if (E.isLeft(history)) return history;
  const [started] = history.right;
  if (started === undefined) return E.right('settled');
  if ((started.data as { readonly keyId?: unknown }).keyId !== keyId) return E.right('other-key');
  const found = await events.find([purged.id])();
  return E.map((there: readonly StoredEvent[]): Standing => (there.length > 0 ? 'settled' : 'unpurged'))(found);
};

/** Destroys the key again; true where it was not. */
const destroyAgain = async ({ keys }: Restored, { keyId }: LedgerEntry): Promise<E.Either<Failure, boolean>> => {
  const destroyed = await keys.isDestroyed(keyId)();
  if (E.isLeft(destroyed) || destroyed.right) return E.map(() => false)(destroyed);
  return E.map(() => true)(await keys.destroy(keyId)());
};

/**
 * Destroys the key, and appends the same `purged` event, where that is undone: from there the erasure is one like any other. True where there
 * was something to do.
 */
const purgeAgain = async (core: Restored, entry: LedgerEntry): Promise<E.Either<Failure, boolean>> => {
  const stands = await standing(core, entry);
  if (E.isLeft(stands)) return stands;
  if (stands.right === 'other-key') return E.right(false);
  const destroyed = await destroyAgain(core, entry);
  if (E.isLeft(destroyed) || stands.right === 'settled') return destroyed;
  const { stream, keyId, purged } = entry;
  const appended = await core.events.append(stream, 'stream-exists', [asNew(purged)], { erasure: { keyId } })();
  return E.map(() => true)(appended);
};

const purgeAllAgain = async (core: Restored, entries: readonly LedgerEntry[]): Promise<E.Either<Failure, number>> => {
  let count = 0;
  for (const entry of entries) {
    const purged = await purgeAgain(core, entry);
    if (E.isLeft(purged)) return purged;
    if (purged.right) count += 1;
  }
  return E.right(count);
};

/**
 * Purges again what an older copy of the events, of the keys or of both has brought back, by the ledger that is kept beside the anchors; asked
 * at open, before anything is answered. Where there is nothing to do, it costs a look at the newest entries.
 *
 * @returns how many programs were purged again
 */
export const replayLedger = async (core: Core, anchors: AnchorSink): Promise<E.Either<Failure, number>> => {
  const last = entriesOf(anchors, newest);
  if (E.isLeft(last)) return last;
  const older = await isOlder(core, last.right);
  if (E.isLeft(older) || !older.right) return E.map(() => 0)(older);
  const all = entriesOf(anchors);
  const purged = E.isLeft(all) ? all : await purgeAllAgain(core, all.right);
  if (E.isLeft(purged) || purged.right === 0) return purged;
  const logged = await logOperation(core, 'finish-erasures', { count: purged.right });
  return E.isLeft(logged) ? E.left({ kind: 'unavailable', retry: true }) : purged;
};
