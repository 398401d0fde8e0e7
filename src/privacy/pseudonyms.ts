import * as E from 'fp-ts/lib/Either.js';
import type { Uuid } from '../domain/identifiers.ts';
import { dayOf, type Instant } from '../domain/time.ts';
import type { AuditSubject, EventStore, StoreError } from '../eventStore/eventStore.ts';
import { openSealed } from './flesh.ts';
import type { KeyError, KeyId, KeyStore } from './keys.ts';
import { keyedHash, type Place, sealBytes } from './sealing.ts';

/**
 * How a person is named without a number in clear: the audit log names a person by an HMAC under the key of a calendar year, and keeps the number sealed under that key for as long as the law asks
 * (HSLF-FS 2016:40 4 kap. 9 §): a purge does not touch it (R247), the end of the year's retention destroys it.
 */

type Vault = { readonly events: EventStore; readonly keys: KeyStore };
type Failure = StoreError | KeyError;
type Result<A> = Promise<E.Either<Failure, A>>;

/** The calendar year in Sweden in which an instant falls: the life of its audit key. */
export const auditYear = (at: Instant): number => Number(dayOf(at).slice(0, 4));

/** A person's reference in the audit log of a year. */
export const personOf = async (
  keys: KeyStore,
  year: number,
  personalNumber: string,
): Promise<E.Either<KeyError, Buffer>> => {
  const id = await keys.named(`audit-${year}`)();
  if (E.isLeft(id)) return id;
  const key = await keys.open(id.right)();
  return E.map((opened: Parameters<typeof keyedHash>[0]) => keyedHash(opened, 'person', personalNumber))(key);
};

/** The form in which an entry names a person without a program: 16 bytes of the reference, hexadecimal. */
export const shortReference = (person: Uint8Array): string => Buffer.from(person.subarray(0, 16)).toString('hex');

const placeOf = (store: string, year: number, programId: Uuid): Place => ({
  store,
  stream: `audit-${year}`,
  eventId: programId,
  type: 'audit-subject',
});

/** The year's row about a program: its resident's number under that year's key. */
export const auditSubject = async (
  { events, keys }: Vault,
  year: number,
  programId: Uuid,
  personalNumber: string,
): Result<AuditSubject> => {
  const keyId = await keys.named(`audit-${year}`)();
  if (E.isLeft(keyId)) return keyId;
  const key = await keys.open(keyId.right)();
  if (E.isLeft(key)) return key;
  const place = placeOf(events.id, year, programId);
  return E.right({
    year,
    programId,
    person: keyedHash(key.right, 'person', personalNumber),
    sealed: sealBytes(Buffer.from(personalNumber, 'utf8'), place, keyId.right, key.right),
  });
};

/** The number that a year's row keeps. `erased` once the year's retention is over. */
export const numberIn = async (
  { events, keys }: Vault,
  { year, programId, sealed }: AuditSubject,
): Promise<E.Either<KeyError, string>> =>
  E.map((plain: Buffer) => plain.toString('utf8'))(await openSealed(keys, sealed, placeOf(events.id, year, programId)));

/** The id of the key under which a program's or a unit's flesh lies, as its first event names it. */
export const keyIdIn = (data: unknown): KeyId | undefined => (data as { readonly keyId?: KeyId } | undefined)?.keyId;
