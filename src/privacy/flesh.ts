import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, SealedPart, StoreError } from '../eventStore/eventStore.ts';
import type { KeyError, KeyId, KeyStore } from './keys.ts';
import { keyIdOf, openBytes, type Place, sealBytes } from './sealing.ts';

/** One value of a personal part: a text, a list of texts, or texts by name (the answers of a form). */
type Flesh = string | readonly string[] | Readonly<Record<string, string>>;

/** The personal part of one event, its values by name. */
export type Opened = Readonly<Record<string, Flesh>>;

/** A value that is one text; undefined when it is erased, or something else. */
export const asText = (value: Flesh | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

const isList = (value: Flesh): value is readonly string[] => Array.isArray(value);

/** A value that is a list of texts; undefined when it is erased, or something else. */
export const asList = (value: Flesh | undefined): readonly string[] | undefined =>
  value !== undefined && isList(value) ? value : undefined;

/** A value that is texts by name; undefined when it is erased, or something else. */
export const asEntries = (value: Flesh | undefined): Readonly<Record<string, string>> | undefined =>
  value === undefined || typeof value === 'string' || isList(value) ? undefined : value;

/** Seals the personal part of an event. */
export const sealPart = async (
  keys: KeyStore,
  keyId: KeyId,
  place: Place,
  part: Readonly<Record<string, unknown>>,
): Promise<E.Either<KeyError, Buffer>> => {
  const key = await keys.open(keyId)();
  return E.map((opened: Parameters<typeof sealBytes>[3]) =>
    sealBytes(Buffer.from(JSON.stringify(part), 'utf8'), place, keyId, opened),
  )(key);
};

const damaged = (place: Place): KeyError => ({ kind: 'damaged', what: `sealed part of event ${place.eventId}` });

/** Opens sealed bytes that belong at a place. `erased` only when their key was destroyed; anything else that fails is damage. */
export const openSealed = async (
  keys: KeyStore,
  sealed: Uint8Array,
  place: Place,
): Promise<E.Either<KeyError, Buffer>> => {
  const keyId = keyIdOf(sealed);
  if (keyId === undefined) return E.left(damaged(place));
  const key = await keys.open(keyId)();
  return E.isLeft(key) ? key : E.mapLeft(() => damaged(place))(openBytes(sealed, place, key.right));
};

const openPart = async (
  keys: KeyStore,
  store: string,
  { sealed, stream, eventId, type }: SealedPart,
): Promise<E.Either<KeyError, Opened>> =>
  E.map((plain: Buffer) => JSON.parse(plain.toString('utf8')) as Opened)(
    await openSealed(keys, sealed, { store, stream, eventId, type }),
  );

/**
 * Opens the personal parts of the events at some positions. What was erased, its bytes gone or its key destroyed, is left out; what is
 * damaged fails the whole.
 */
export const openParts = async (
  { events, keys }: { readonly events: EventStore; readonly keys: KeyStore },
  positions: readonly number[],
): Promise<E.Either<StoreError | Exclude<KeyError, { kind: 'erased' }>, ReadonlyMap<number, Opened>>> => {
  const parts = await events.sealedParts([...new Set(positions)])();
  if (E.isLeft(parts)) return parts;
  const opened = new Map<number, Opened>();
  for (const [position, part] of parts.right) {
    const result = await openPart(keys, events.id, part);
    if (E.isRight(result)) opened.set(position, result.right);
    else if (result.left.kind !== 'erased') return E.left(result.left);
  }
  return E.right(opened);
};
