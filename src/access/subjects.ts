import * as E from 'fp-ts/lib/Either.js';
import type { Uuid } from '../domain/identifiers.ts';
import type { AuditSubject, EventStore } from '../eventStore/eventStore.ts';
import { programStream } from '../eventStore/streams.ts';
import { asText, type Opened, openParts } from '../privacy/flesh.ts';
import type { KeyStore } from '../privacy/keys.ts';
import { auditSubject, numberIn } from '../privacy/pseudonyms.ts';
import type { Failure } from './failure.ts';

type Vault = { readonly events: EventStore; readonly keys: KeyStore };

/** The resident's number, opened from `started`; undefined when there is no such program or it is erased. */
export const residentOf = async (
  vault: Vault,
  startedAt: number | undefined,
): Promise<E.Either<Failure, string | undefined>> => {
  if (startedAt === undefined) return E.right(undefined);
  const opened = await openParts(vault, [startedAt]);
  return E.map((parts: ReadonlyMap<number, Opened>) => asText(parts.get(startedAt)?.personalNumber))(opened);
};

const livingNumber = async (vault: Vault, programId: Uuid): Promise<E.Either<Failure, string | undefined>> => {
  const stream = await vault.events.read(programStream(programId))();
  return E.isLeft(stream) ? stream : residentOf(vault, stream.right[0]?.position);
};

/** How many years back rows may still be kept. */
type Reach = { readonly yearsBack: number };

/** After a purge only earlier years' rows still know the number. */
const numberOfEarlierYear = async (
  { yearsBack, ...vault }: Vault & Reach,
  year: number,
  programId: Uuid,
): Promise<string | undefined> => {
  for (let back = 1; back <= yearsBack; back += 1) {
    const rows = await vault.events.auditSubjects(year - back, { programId })();
    const row = E.isRight(rows) ? rows.right[0] : undefined;
    const number = row === undefined ? undefined : await numberIn(vault, row);
    if (number !== undefined && E.isRight(number)) return number.right;
  }
  return undefined;
};

const missingRow = async (
  vault: Vault & Reach,
  year: number,
  programId: Uuid,
  known: string | undefined,
): Promise<E.Either<Failure, AuditSubject | undefined>> => {
  const rows = await vault.events.auditSubjects(year, { programId })();
  if (E.isLeft(rows)) return rows;
  if (rows.right.length > 0) return E.right(undefined);
  const living = known === undefined ? await livingNumber(vault, programId) : E.right(known);
  if (E.isLeft(living)) return living;
  const number = living.right ?? (await numberOfEarlierYear(vault, year, programId));
  if (number === undefined) return E.right(undefined);
  const row = await auditSubject(vault, year, programId, number);
  // A clock that goes back into a year that was disposed of: its entries name nobody any more.
  return E.isLeft(row) && row.left.kind === 'erased' ? E.right(undefined) : row;
};

/** Rows that this process has seen written, so that it need not ask again; bounded. */
const mostRemembered = 100_000;

/** The programs that are known to have a row in a year: entries are of one year, but for a moment at its turn. */
const rememberedRows = () => {
  let remembered = { year: 0, programs: new Set<Uuid>() };
  return (year: number): Set<Uuid> => {
    const isOfUse = remembered.year === year && remembered.programs.size <= mostRemembered;
    if (!isOfUse) remembered = { year, programs: new Set() };
    return remembered.programs;
  };
};

/**
 * Gives the audit subjects that an entry about some programs must write with it: those without a row in the year yet.
 *
 * `written` is to be called when they are.
 */
export const subjectRows = (vault: Vault & Reach) => {
  const remembered = rememberedRows();
  return {
    missing: async (
      year: number,
      programs: readonly Uuid[],
      known?: string,
    ): Promise<E.Either<Failure, readonly AuditSubject[]>> => {
      const rows: AuditSubject[] = [];
      const there = remembered(year);
      for (const programId of programs) {
        if (there.has(programId)) continue;
        const row = await missingRow(vault, year, programId, known);
        if (E.isLeft(row)) return row;
        if (row.right !== undefined) rows.push(row.right);
      }
      return E.right(rows);
    },
    written: (year: number, programs: readonly Uuid[]): void => {
      const there = remembered(year);
      for (const programId of programs) there.add(programId);
    },
  };
};
export type SubjectRows = ReturnType<typeof subjectRows>;

/** The program ids that an input names, for the log entry of one that went no further. */
export const programsNamed = (data: unknown): readonly Uuid[] => {
  const programId = (data as { readonly programId?: Uuid } | null)?.programId;
  return programId === undefined ? [] : [programId];
};
