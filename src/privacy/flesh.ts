import type { KeyObject } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StoreError } from '../eventStore/eventStore.ts';
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

const damaged = ({ eventId }: Place) => ({ kind: 'damaged', what: `sealed part of event ${eventId}` }) as const;

type Key = E.Either<KeyError, KeyObject>;

const openWith = (key: Key, keyId: KeyId, sealed: Uint8Array, place: Place): E.Either<KeyError, Buffer> => {
  if (E.isLeft(key)) return key;
  const plain = openBytes(sealed, place, key.right, keyId);
  return E.isLeft(plain) ? E.left(damaged(place)) : plain;
};

/** Opens sealed bytes that belong at a place. `erased` only when their key was destroyed; anything else that fails is damage. */
export const openSealed = async (
  keys: KeyStore,
  sealed: Uint8Array,
  place: Place,
): Promise<E.Either<KeyError, Buffer>> => {
  const keyId = keyIdOf(sealed);
  return keyId === undefined ? E.left(damaged(place)) : openWith(await keys.open(keyId)(), keyId, sealed, place);
};

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
  // What lies under one key asks for it once; and nobody waits where it need not be asked for.
  const known = new Map<KeyId, Key>();
  for (const [position, { sealed, stream, eventId, type }] of parts.right) {
    const place = { store: events.id, stream, eventId, type };
    const keyId = keyIdOf(sealed);
    if (keyId === undefined) return E.left(damaged(place));
    const key = known.get(keyId) ?? (await keys.open(keyId)());
    known.set(keyId, key);
    const plain = openWith(key, keyId, sealed, place);
    if (E.isRight(plain)) opened.set(position, JSON.parse(plain.right.toString('utf8')) as Opened);
    else if (plain.left.kind !== 'erased') return E.left(plain.left);
  }
  return E.right(opened);
};
