import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { derivedId } from '../../access/ids.ts';
import type { Refusal } from '../../domain/decider.ts';
import { HsaId } from '../../domain/identifiers.ts';
import type { Policy } from '../../domain/policy.ts';
import { Instant } from '../../domain/time.ts';
import {
  type EntryProgram,
  type ExportRow,
  entriesIn,
  type LeftOut,
  leftOutIn,
  programsIn,
  type Stretch,
} from '../auditExport.ts';
import { checkpoint } from '../checkpoints.ts';
import { type StaffRow, staffRow } from '../staff.ts';
import { unitRow } from '../units.ts';
import {
  type Asking,
  cursorAt,
  cut,
  type Opening,
  openTexts,
  pageOf,
  readCursor,
  snapshot,
  type View,
} from '../view.ts';
import { type Numbers, numbersOf, upToDate } from './auditSubjects.ts';
import type { AuditEvent } from './logExport/auditCodes.ts';
import { auditEventOf } from './logExport/auditEvent.ts';
import type { ExportedEntry } from './logExport/entry.ts';
import { type NationalLog, nationalLog } from './logExport/national.ts';

const name = 'log-export';

/** The national log service takes no more in one call. */
const most = 500;

const Query = z.strictObject({
  view: z.literal(name),
  format: z.enum(['inera', 'fhir']),
  perspective: z.enum(['provider', 'owner']),
  careProviderId: HsaId,
  from: Instant.optional(),
  to: Instant.optional(),
  limit: z.int().min(1).max(most).optional(),
  cursor: z.string().max(512).optional(),
});
type Query = z.infer<typeof Query>;

const invalid = (path: string, code: string): E.Either<Refusal, never> =>
  E.left({ kind: 'invalid', issues: [{ path, code }] });

/** Where a page begins, and where the export that it belongs to ends: what is logged meanwhile is for the next. */
type Begin = { readonly after: number; readonly through: number | undefined };

const beginOf = (query: Query): E.Either<Refusal, Begin> => {
  const key = readCursor(name, query, '0');
  if (E.isLeft(key)) return key;
  const [, after, through] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(key.right) ?? [];
  if (after === undefined) return invalid('query.cursor', 'invalid-value');
  return E.right({ after: Number(after), through: through === undefined ? undefined : Number(through) });
};

type Found = {
  readonly row: ExportRow;
  readonly programs: readonly EntryProgram[];
  readonly staff: StaffRow | undefined;
};

const stretchOf = (query: Query, { after, through }: Begin, asOf: number): Stretch => {
  const { format, perspective, careProviderId, from, to } = query;
  return {
    filter: { [perspective === 'provider' ? 'actorProvider' : 'owner']: careProviderId, from, to },
    after,
    through: Math.min(through ?? asOf, asOf),
    onlyNational: format === 'inera',
  };
};

/** An owner is told of the own information only, also where an entry is about others' as well. */
const foundIn = (db: Database, row: ExportRow, { perspective, careProviderId }: Query): Found => ({
  row,
  programs: programsIn(db, row.seq, perspective === 'owner' ? careProviderId : undefined),
  staff: row.kind === 'staff' && row.unitId !== null ? staffRow(db, row.unitId, row.actor) : undefined,
});

const unitNames = (db: Database, found: readonly Found[]): ReadonlyMap<HsaId, string> => {
  const named = found.flatMap(({ row, programs }) => [row.unitId, ...programs.map(({ ownerUnit }) => ownerUnit)]);
  const known = [...new Set(named)].flatMap((unitId) => (unitId === null ? [] : (unitRow(db, unitId) ?? [])));
  return new Map(known.map((unit) => [unit.unitId, unit.name]));
};

const sized = ({ limit = most }: Query) => ({ limit });

const find = (asking: Asking, query: Query, begin: Begin) =>
  snapshot(asking, (db) => {
    const asOf = checkpoint(db, 'audit');
    const stretch = stretchOf(query, begin, asOf);
    const rows = entriesIn(db, stretch, sized(query).limit + 1);
    const key = ({ position }: ExportRow): string => `${position}-${stretch.through}`;
    const page = cut(name, rows, sized(query), key);
    const last = page.rows.at(-1)?.position ?? begin.after;
    const through = page.next === undefined ? stretch.through : last;
    const found = page.rows.map((row) => foundIn(db, row, query));
    // Where only entries until an instant are asked for, those after it are still to come.
    const resume = query.to === undefined ? through : last;
    return {
      asOf,
      found,
      resume,
      next: page.next,
      leftOut: leftOutOf(db, { ...stretch, through }),
      names: unitNames(db, found),
    };
  });

const leftOutOf = (db: Database, stretch: Stretch): LeftOut =>
  stretch.onlyNational ? leftOutIn(db, stretch) : { refused: 0, withoutUnit: 0, withoutProgram: 0 };

type Opened = {
  readonly text: Opening['text'];
  readonly numberOf: Numbers;
  readonly names: ReadonlyMap<HsaId, string>;
};

const entryOf = ({ row, programs, staff }: Found, { text, numberOf, names }: Opened): ExportedEntry => {
  const staffName = text(staff?.namePosition, 'name');
  return {
    logId: derivedId(row.eventId, 'log'),
    row,
    programs: programs.map((program) => {
      const personalNumber = numberOf(row.year, program.programId);
      return personalNumber === undefined ? program : { ...program, personalNumber };
    }),
    ...(staffName === undefined ? {} : { name: staffName }),
    ...(staff === undefined
      ? {}
      : { facts: { profession: staff.profession, assignments: JSON.parse(staff.assignments) as readonly string[] } }),
    unitName: (unitId) => names.get(unitId),
  };
};

const rowsOf = (
  entries: readonly ExportedEntry[],
  { format }: Query,
  { system, requiredAssignment }: Policy,
): readonly (NationalLog | AuditEvent)[] =>
  format === 'inera' && system !== undefined
    ? entries.flatMap((entry) => nationalLog(entry, system, requiredAssignment))
    : entries.map((entry) => auditEventOf(entry, system));

/**
 * The audit log for other systems, oldest first: as the national log service takes it, or as FHIR AuditEvents (R248, PDL 4:3). The same
 * entry has the same id each time, so what is sent again can be told.
 */
export const logExport: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const { core } = asking;
    if (query.format === 'inera' && core.policy.system === undefined) return invalid('policy.system', 'missing');
    const begin = beginOf(query);
    if (E.isLeft(begin)) return begin;
    const ready = await upToDate(asking);
    if (E.isLeft(ready)) return ready;
    const { asOf, found, resume, next, leftOut, names } = find(asking, query, begin.right);
    const text = await openTexts(
      asking,
      found.map(({ staff }) => staff?.namePosition),
    );
    if (E.isLeft(text)) return text;
    const numberOf = await numbersOf(
      core,
      found.flatMap(({ row: { year }, programs }) => programs.map(({ programId }) => ({ year, programId }))),
    );
    if (E.isLeft(numberOf)) return numberOf;
    const opened = { text: text.right, numberOf: numberOf.right, names };
    const rows = rowsOf(
      found.map((one) => entryOf(one, opened)),
      query,
      core.policy,
    );
    const programs = [...new Set(found.flatMap((one) => one.programs.map(({ programId }) => programId)))];
    const answer = { ...pageOf(rows, next, asOf), leftOut, resume: cursorAt(name, String(resume)) };
    return E.right({ answer, programs, asOf });
  },
};
