import type { Database } from 'better-sqlite3';
import type { HsaId, Uuid } from '../domain/identifiers.ts';
import { type Instant, startOfDay } from '../domain/time.ts';
import type { AuditRow } from './auditLog.ts';
import { all, one } from './projection.ts';

/** What the audit log may be searched by. */
export type AuditFilter = {
  readonly actorProvider?: HsaId | undefined;
  readonly owner?: HsaId | undefined;
  readonly unitId?: HsaId | undefined;
  readonly actor?: string | undefined;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  /** Entries about one of these programs, or by one of these persons. */
  readonly programIds?: readonly Uuid[] | undefined;
  readonly persons?: readonly string[] | undefined;
  /** No entries of these years: those that no longer tell whom their entries are about. */
  readonly without?: readonly number[] | undefined;
};

/** The columns of an entry, named as its type has them. */
export const entryColumns = `audit_entries.seq AS seq, at, year, actor, role, unit_id AS unitId, care_provider_id AS careProviderId, method,
  assurance, activity, action, purpose, outcome, code, count, person`;

/** A condition of a search, with the values that it binds. */
type Condition = readonly [text: string, ...values: readonly (string | number)[]];

const ofOwner =
  'EXISTS (SELECT 1 FROM audit_entry_programs AS other WHERE other.seq = audit_entries.seq AND other.owner = ?)';
/** What is asked for by a person does not reach into a year that was disposed of, through programs that later years know. */
const inLivingYear = 'year NOT IN (SELECT value FROM json_each(?))';

/** Where entries are found, one after the other by their numbers, and what they must be; `seq` is the number by which they are found. */
type Source = { readonly from: string; readonly seq: string; readonly conditions: readonly Condition[] };

/** Where an index finds the entries, the other conditions are not to be asked of another one: a plus before a column says so. */
const filters = {
  found: {
    actorProvider: '+care_provider_id = ?',
    unitId: '+unit_id = ?',
    actor: '+actor = ?',
    from: '+at >= ?',
    to: '+at <= ?',
  },
  sought: {
    actorProvider: 'care_provider_id = ?',
    unitId: 'unit_id = ?',
    actor: 'actor = ?',
    from: 'at >= ?',
    to: 'at <= ?',
  },
} as const;

const conditionsOf = (filter: AuditFilter, texts: (typeof filters)[keyof typeof filters]): readonly Condition[] => [
  ...(['actorProvider', 'unitId', 'actor', 'from', 'to'] as const).flatMap((name): readonly Condition[] => {
    const value = filter[name];
    return value === undefined ? [] : [[texts[name], value]];
  }),
  ...(filter.without === undefined ? [] : ([[inLivingYear, JSON.stringify(filter.without)]] as const)),
];

const fromPrograms = 'audit_entry_programs AS about CROSS JOIN audit_entries ON audit_entries.seq = about.seq';

/** Entries about a program are found where others than residents used it, and where they did not. */
const sourcesOf = (filter: AuditFilter): readonly Source[] => {
  const { owner, programIds, persons = [] } = filter;
  const found = conditionsOf(filter, filters.found);
  const ofOwners: readonly Condition[] = owner === undefined ? [] : [[ofOwner, owner]];
  if (programIds === undefined) return [sourceOf(filter)];
  return [
    ...programIds.flatMap((programId) =>
      [0, 1].map((used): Source => {
        const one: Condition = ['about.program_id = ? AND about.used = ?', programId, used];
        return { from: fromPrograms, seq: 'about.seq', conditions: [one, ...ofOwners, ...found] };
      }),
    ),
    ...persons.map((person): Source => {
      const one: Condition = ['person = ?', person];
      return { from: 'audit_entries', seq: 'audit_entries.seq', conditions: [one, ...ofOwners, ...found] };
    }),
  ];
};

/** Where entries are found that are asked for by no program and no person. */
export const sourceOf = (filter: AuditFilter): Source => {
  if (filter.owner === undefined)
    return { from: 'audit_entries', seq: 'audit_entries.seq', conditions: conditionsOf(filter, filters.sought) };
  const one: Condition = ['about.owner = ? AND about.first_of_owner = 1', filter.owner];
  return { from: fromPrograms, seq: 'about.seq', conditions: [one, ...conditionsOf(filter, filters.found)] };
};

/** Entries before a sequence number, newest first. The text is put together from the fixed conditions above; values are bound. */
const rowsIn = (db: Database, { from, seq, conditions }: Source, before: number, limit: number): readonly AuditRow[] =>
  all<AuditRow>(
    db,
    `SELECT ${entryColumns} FROM ${from} WHERE ${seq} < ? AND ${conditions.map(([text]) => text).join(' AND ') || '1'}
     ORDER BY ${seq} DESC LIMIT ?`,
    ...[before, ...conditions.flatMap(([, ...bound]) => bound), limit],
  );

/** Entries before a sequence number, newest first: of each place where they are found no more than are asked for. */
export const auditRows = (db: Database, filter: AuditFilter, before: number, limit: number): readonly AuditRow[] => {
  const [first, ...others] = sourcesOf(filter).map((source) => rowsIn(db, source, before, limit));
  if (others.length === 0) return first ?? [];
  const bySeq = new Map([...(first ?? []), ...others.flat()].map((row) => [row.seq, row]));
  return [...bySeq.values()].toSorted((one, other) => other.seq - one.seq).slice(0, limit);
};

type Named = { readonly seq: number; readonly programId: Uuid };

const programsNamed = `SELECT seq, program_id AS programId FROM json_each(?) CROSS JOIN audit_entry_programs ON seq = value`;

/** The programs that some entries are about, by the entry; only those that are given, where any are. */
export const programsOfEntries = (
  db: Database,
  seqs: readonly number[],
  only?: readonly Uuid[],
): ((seq: number) => readonly Uuid[]) => {
  const entries = JSON.stringify(seqs);
  const rows =
    only === undefined
      ? all<Named>(db, programsNamed, entries)
      : all<Named>(
          db,
          `${programsNamed} AND +program_id IN (SELECT value FROM json_each(?))`,
          entries,
          JSON.stringify(only),
        );
  const named = Map.groupBy(rows, ({ seq }) => seq);
  return (seq) => (named.get(seq) ?? []).map(({ programId }) => programId);
};

/** The first entry from an instant on: years begin one after the other, so that no other is read. */
const yearFrom = 'SELECT year FROM audit_entries WHERE at >= ? ORDER BY at LIMIT 1';

/** Years are written with four figures; nothing is after the last of them. */
const endOf = (year: number): Instant => (year < 9999 ? startOfDay(`${year + 1}-01-01`.padStart(10, '0')) : 'after');

/** The years in which there are entries: whose keys name persons. */
export const auditYears = (db: Database): readonly number[] => {
  const years: number[] = [];
  const next = (from: Instant): number | undefined => one<{ readonly year: number }>(db, yearFrom, from)?.year;
  for (let year = next(''); year !== undefined && year > (years.at(-1) ?? -1); year = next(endOf(year)))
    years.push(year);
  return years;
};

/** Whether anything was logged from one instant to another, both included. */
export const hasEntryBetween = (db: Database, from: Instant, to: Instant): boolean =>
  one(db, 'SELECT 1 FROM audit_entries WHERE at >= ? AND at <= ? LIMIT 1', from, to) !== undefined;

/** One use of a resident's information by others: when, where from, by what kind of actor, and what was done. */
export type AccessRow = {
  readonly seq: number;
  readonly at: Instant;
  readonly kind: string;
  readonly action: string;
  readonly unitId: HsaId | null;
  /** The provider that acted; of those who belong to none, the one whose information it was. */
  readonly careProviderId: HsaId;
};

/** Between which instants, the second not included. */
type Period = { readonly from?: Instant | undefined; readonly before?: Instant | undefined };

/** Of one program; read from its newest entry on. */
const accessOfOne = `SELECT entry.seq, at, kind, action, unit_id AS unitId, care_provider_id AS actorProvider, owner
  FROM audit_entry_programs AS about CROSS JOIN audit_entries AS entry ON entry.seq = about.seq
  WHERE about.program_id = ? AND about.used = 1 AND about.seq < ?
  AND at >= COALESCE(?, at) AND (? IS NULL OR at < ?) AND ${inLivingYear}
  ORDER BY about.seq DESC LIMIT ?`;

type OfOne = Omit<AccessRow, 'careProviderId'> & {
  readonly actorProvider: HsaId | null;
  readonly owner: HsaId | null;
};

/** An entry about several of the programs is one use; the provider is then the first of those whose information it was. */
const joined = (uses: readonly OfOne[]): readonly AccessRow[] => {
  const bySeq = new Map<number, AccessRow>();
  for (const { actorProvider, owner, ...use } of uses) {
    const [known, provider] = [bySeq.get(use.seq)?.careProviderId, actorProvider ?? owner ?? ''];
    const isFirst = known === undefined || known === '' || (provider !== '' && provider < known);
    if (isFirst) bySeq.set(use.seq, { ...use, careProviderId: provider });
  }
  return [...bySeq.values()].toSorted((one, other) => other.seq - one.seq);
};

/**
 * What others than residents did or saw of some programs, before a sequence number, newest first. A repeated command is among it, for an
 * export made again is seen again; what was refused is not, nor the library's own word that an erasure is complete.
 */
export const accessRows = (
  db: Database,
  { programIds, without }: { readonly programIds: readonly Uuid[]; readonly without: readonly number[] },
  period: Period,
  before: number,
  limit: number,
): readonly AccessRow[] => {
  const [from, until, gone] = [period.from ?? null, period.before ?? null, JSON.stringify(without)];
  const uses = programIds.flatMap((programId) =>
    all<OfOne>(db, accessOfOne, programId, before, from, until, until, gone, limit),
  );
  return joined(uses).slice(0, limit);
};
