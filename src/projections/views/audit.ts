import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { Core } from '../../access/core.ts';
import { HsaId, Uuid, WrittenPersonalNumber } from '../../domain/identifiers.ts';
import { Instant } from '../../domain/time.ts';
import type { AuditRow } from '../auditLog.ts';
import { type AuditFilter, auditRows, programsOfEntries } from '../auditSearch.ts';
import { checkpoint } from '../checkpoints.ts';
import { namesIn } from '../staff.ts';
import { cut, limitOf, openTexts, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';
import { goneYears, type Numbers, numbersOf, type Persons, personIn, upToDate } from './auditSubjects.ts';

const Query = z.strictObject({
  view: z.literal('audit'),
  perspective: z.enum(['provider', 'owner']),
  careProviderId: HsaId.optional(),
  unitId: HsaId.optional(),
  programId: Uuid.optional(),
  personalNumber: WrittenPersonalNumber.optional(),
  hsaId: HsaId.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  ...paging,
});
type Query = z.infer<typeof Query>;

const subjectsOf = async (
  core: Core,
  { query, personalNumber }: { query: Query; personalNumber: string | undefined },
) => {
  if (personalNumber !== undefined) return personIn(core, personalNumber);
  return E.right(query.programId === undefined ? undefined : { programIds: [query.programId], persons: [] });
};

const filterOf = (query: Query, about: Persons | undefined, without: readonly number[]): AuditFilter => ({
  actorProvider: query.perspective === 'provider' ? query.careProviderId : undefined,
  owner: query.perspective === 'owner' ? query.careProviderId : undefined,
  unitId: query.unitId,
  actor: query.hsaId,
  from: query.from,
  to: query.to,
  programIds: narrowed(about?.programIds, query.programId),
  persons: query.programId === undefined ? about?.persons : [],
  without: query.personalNumber === undefined ? undefined : without,
});

const narrowed = (programIds: readonly Uuid[] | undefined, only: Uuid | undefined): readonly Uuid[] | undefined =>
  only === undefined ? programIds : programIds?.filter((programId) => programId === only);

type Found = {
  readonly row: AuditRow;
  /** The programs that the entry is about; only those of the person who was asked for. */
  readonly programs: readonly Uuid[];
  /** True when the entry names the person who was asked for, without a program. */
  readonly isAboutPerson: boolean;
  readonly nameAt: number | undefined;
};

type Subject = { readonly programId?: Uuid; readonly personalNumber?: string };

const subjects = (
  { row, programs, isAboutPerson }: Found,
  { personalNumber }: Query,
  numberOf: Numbers,
): readonly Subject[] => {
  const named = programs.map((programId): Subject => {
    const number = numberOf(row.year, programId);
    return { programId, ...(number === undefined ? {} : { personalNumber: number }) };
  });
  const isNamed = named.some((subject) => subject.personalNumber === personalNumber);
  return isAboutPerson && personalNumber !== undefined && !isNamed ? [...named, { personalNumber }] : named;
};

const present = (found: Found, query: Query, name: string | undefined, numberOf: Numbers) => {
  const { row } = found;
  const { seq, at, actor, role, unitId, careProviderId, method, assurance, activity, action, purpose, outcome } = row;
  return {
    ...{ seq, at, actor },
    ...(name === undefined ? {} : { name }),
    ...(role === null ? {} : { role }),
    ...(unitId === null ? {} : { unitId }),
    ...(careProviderId === null ? {} : { careProviderId }),
    ...(method === null ? {} : { authentication: { method, assurance } }),
    ...{ activity, action, purpose },
    subjects: subjects(found, query, numberOf),
    outcome,
    ...(row.code === null ? {} : { code: row.code }),
    ...(row.count === null ? {} : { count: row.count }),
  };
};

/** Lists show many residents at once: who asks about one is not told of the others. */
const find = (db: Database, filter: AuditFilter, rows: readonly AuditRow[]): readonly Found[] => {
  const seqs = rows.map(({ seq }) => seq);
  const [programsOf, nameOf] = [programsOfEntries(db, seqs, filter.programIds), namesIn(db)];
  return rows.map((row) => ({
    row,
    programs: programsOf(row.seq),
    isAboutPerson: row.person !== null && (filter.persons?.includes(row.person) ?? false),
    nameAt: row.unitId === null ? undefined : nameOf({ unitId: row.unitId, hsaId: row.actor }),
  }));
};

/** The audit log: who did what, when, about whom; of a provider's own staff, or of a provider's own information (R248, PDL 4:3). */
export const audit: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const { core } = asking;
    const before = readCursor('audit', query, Number.MAX_SAFE_INTEGER);
    if (E.isLeft(before)) return before;
    const ready = await upToDate(asking);
    if (E.isLeft(ready)) return ready;
    const about = await subjectsOf(core, { query, personalNumber: query.personalNumber });
    if (E.isLeft(about)) return about;
    const filter = filterOf(query, about.right, goneYears(asking));
    const { page, asOf } = snapshot(asking, (db) => {
      const { rows: shown, next } = cut(
        'audit',
        auditRows(db, filter, before.right, limitOf(query) + 1),
        query,
        ({ seq }) => seq,
      );
      return { page: { rows: find(db, filter, shown), next }, asOf: checkpoint(db, 'audit') };
    });
    const text = await openTexts(
      asking,
      page.rows.map(({ nameAt }) => nameAt),
    );
    if (E.isLeft(text)) return text;
    const numbers = await numbersOf(
      core,
      page.rows.flatMap(({ row: { year }, programs }) => programs.map((programId) => ({ year, programId }))),
    );
    if (E.isLeft(numbers)) return numbers;
    const rows = page.rows.map((entry) => present(entry, query, text.right(entry.nameAt, 'name'), numbers.right));
    const programs = [...new Set(page.rows.flatMap((entry) => entry.programs))];
    return E.right({ answer: pageOf(rows, page.next, asOf), programs, asOf });
  },
};
