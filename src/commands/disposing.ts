import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import type { Erasure } from '../privacy/erasing.ts';
import type { KeyError } from '../privacy/keys.ts';
import { type DisposedYear, disposedYear, disposedYears } from '../projections/logYears.ts';

type Vault = Pick<Core, 'events' | 'keys' | 'readModels'>;

/** Destroys the key of a year first: what a stop leaves behind is unreadable from then on. */
const carryOut = async (
  { events, keys }: Vault,
  { year, keyId }: DisposedYear,
): Promise<E.Either<Failure, Erasure>> => {
  const destroyed = await keys.destroy(keyId)();
  if (E.isLeft(destroyed)) return destroyed;
  const erased = await events.eraseAuditYear(year)();
  if (E.isLeft(erased)) return erased;
  return E.map((isClean: boolean): Erasure => (isClean ? 'erased' : 'erasure-pending'))(await events.scrub()());
};

/** Makes the persons of a year unknown once that is decided; again is harmless, and finishes what was cut short. */
export const disposeOf = async (vault: Vault, year: number): Promise<Erasure> => {
  const decided = disposedYear(vault.readModels, year);
  const done = decided === undefined ? E.right('erasure-pending' as const) : await carryOut(vault, decided);
  return E.isRight(done) ? done.right : 'erasure-pending';
};

const isUnfinished = async (
  { events, keys }: Vault,
  { year, keyId }: DisposedYear,
): Promise<E.Either<Failure, boolean>> => {
  const key: E.Either<KeyError, unknown> = await keys.open(keyId)();
  if (E.isLeft(key) && key.left.kind !== 'erased') return key;
  const rows = await events.auditSubjects(year)();
  return E.map((left: readonly unknown[]) => E.isRight(key) || left.length > 0)(rows);
};

/** Finishes disposals of the log that a stop cut short: a look at each disposed year, and nothing more where none is left. */
export const finishDisposals = async (vault: Vault): Promise<E.Either<Failure, Erasure>> => {
  let outcome: Erasure = 'erased';
  for (const disposed of disposedYears(vault.readModels)) {
    const unfinished = await isUnfinished(vault, disposed);
    if (E.isLeft(unfinished)) return unfinished;
    if (!unfinished.right) continue;
    const done = await carryOut(vault, disposed);
    if (E.isLeft(done)) return done;
    if (done.right === 'erasure-pending') outcome = done.right;
  }
  return E.right(outcome);
};
