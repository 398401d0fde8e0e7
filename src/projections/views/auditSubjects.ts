import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../../access/core.ts';
import type { Failure } from '../../access/failure.ts';
import type { Uuid } from '../../domain/identifiers.ts';
import { numberIn, personOf, shortReference } from '../../privacy/pseudonyms.ts';
import { auditYears } from '../auditSearch.ts';
import { catchUp } from '../catchingUp.ts';
import { disposedYears } from '../logYears.ts';
import type { Asking } from '../view.ts';

/** A person as the log names her: by the programs, and by each year's own reference. */
export type Persons = { readonly programIds: readonly Uuid[]; readonly persons: readonly string[] };

/** A person as the entries of each living year name her: through her programs, and by the year's reference. */
export const personIn = async (core: Core, personalNumber: string): Promise<E.Either<Failure, Persons>> => {
  const programIds: Uuid[] = [];
  const persons: string[] = [];
  for (const year of auditYears(core.readModels)) {
    const person = await personOf(core.keys, year, personalNumber);
    if (E.isLeft(person)) {
      if (person.left.kind === 'erased') continue;
      return person;
    }
    const subjects = await core.events.auditSubjects(year, { person: person.right })();
    if (E.isLeft(subjects)) return subjects;
    persons.push(shortReference(person.right));
    programIds.push(...subjects.right.map(({ programId }) => programId));
  }
  return E.right({ programIds, persons });
};

/** The years that were disposed of, by today's log: what is asked for by a person does not reach into them, in a replay neither. */
export const goneYears = ({ rights }: Asking): readonly number[] => disposedYears(rights.db).map(({ year }) => year);

/** Brings the log up to date: what is held back as a count is written, and every event read. */
export const upToDate = async ({ core }: Asking): Promise<E.Either<Failure, unknown>> => {
  const flushed = await core.log.flush();
  return E.isLeft(flushed) ? flushed : catchUp(core.events, core.readModels, 'audit');
};

/** A program's resident as a year's row keeps the number; undefined once that year is erased. */
const numberOf = async (core: Core, year: number, programId: Uuid): Promise<E.Either<Failure, string | undefined>> => {
  const subjects = await core.events.auditSubjects(year, { programId })();
  if (E.isLeft(subjects)) return subjects;
  const [subject] = subjects.right;
  if (subject === undefined) return E.right(undefined);
  const number = await numberIn(core, subject);
  return E.isLeft(number) && number.left.kind === 'erased' ? E.right(undefined) : number;
};

/** A program in an entry of a year. */
type Named = { readonly year: number; readonly programId: Uuid };

/** The number of a program's resident in the entries of a year; undefined once that year is erased. */
export type Numbers = (year: number, programId: Uuid) => string | undefined;

const keyOf = (year: number, programId: Uuid): string => `${year}/${programId}`;

/** The numbers of the programs in entries, opened under the key of each entry's year. */
export const numbersOf = async (core: Core, wanted: readonly Named[]): Promise<E.Either<Failure, Numbers>> => {
  const numbers = new Map<string, string | undefined>();
  for (const { year, programId } of wanted) {
    if (numbers.has(keyOf(year, programId))) continue;
    const number = await numberOf(core, year, programId);
    if (E.isLeft(number)) return number;
    numbers.set(keyOf(year, programId), number.right);
  }
  return E.right((year, programId) => numbers.get(keyOf(year, programId)));
};
