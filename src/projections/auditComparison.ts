import type { Database } from 'better-sqlite3';
import type { StoredEvent } from '../eventStore/eventStore.ts';
import { auditLog } from './auditLog.ts';
import { checkpoint } from './checkpoints.ts';
import { all, one, run } from './projection.ts';

/** An entry of the read model that is not what the events say. */
type EntryProblem = { readonly kind: 'entry'; readonly seq: number; readonly position?: string };

type Row = { readonly seq: number; readonly position: number };

/** Entries kept of what was compared, so that the events of one command still find their entry. */
const keptEntries = 256;

const entriesIn = (db: Database, from: number, to: number): readonly Row[] =>
  all<Row>(db, 'SELECT * FROM audit_entries WHERE seq > ? AND seq <= ? ORDER BY seq', from, to);

const programsIn = (db: Database, from: number, to: number): ReadonlyMap<number, string> => {
  const rows = all<{ readonly seq: number; readonly about: string }>(
    db,
    `SELECT seq, json_group_array(json_array(program_id, owner, owner_unit, used, first_of_owner) ORDER BY program_id) AS about
      FROM audit_entry_programs WHERE seq > ? AND seq <= ? GROUP BY seq`,
    ...[from, to],
  );
  return new Map(rows.map(({ seq, about }) => [seq, about]));
};

/** The entries of a stretch as texts, by seq. */
const textsIn = (db: Database, from: number, to: number): ReadonlyMap<number, string> => {
  const programs = programsIn(db, from, to);
  return new Map(
    entriesIn(db, from, to).map((row) => [row.seq, `${JSON.stringify(row)} ${programs.get(row.seq) ?? '[]'}`]),
  );
};

const lastSeq = (db: Database): number =>
  one<{ readonly seq: number | null }>(db, 'SELECT MAX(seq) AS seq FROM audit_entries')?.seq ?? 0;

const insertStatement = (names: readonly string[]): string =>
  'INSERT INTO audit_entries ('.concat(names.join(', '), ') VALUES (', names.map(() => '?').join(', '), ')');

/** An entry whose events cannot be read is taken as it is, so that those after it keep their numbers. */
const adopt = (live: Database, beside: Database, to: number): void => {
  for (;;) {
    const next = one<Row>(live, 'SELECT * FROM audit_entries WHERE seq = ?', lastSeq(beside) + 1);
    if (next === undefined || next.position > to) return;
    run(beside, insertStatement(Object.keys(next)), ...(Object.values(next) as (string | number | null)[]));
  }
};

const handle = (beside: Database, event: StoredEvent): void => {
  const on = auditLog.on as Readonly<Record<string, ((db: Database, event: StoredEvent) => void) | undefined>>;
  if (Object.hasOwn(on, event.type)) on[event.type]?.(beside, event);
};

const isComparable = (live: Database): boolean => {
  const kept = one<{ readonly version: number }>(live, 'SELECT version FROM projections WHERE name = ?', auditLog.name);
  return kept?.version === auditLog.version;
};

const positionOf = (db: Database, seq: number): { readonly position?: string } => {
  const row = one<Row>(db, 'SELECT * FROM audit_entries WHERE seq = ?', seq);
  return row === undefined ? {} : { position: String(row.position) };
};

/**
 * Holds the entries of the audit log against the events as they are gone through: what the read model says must be what is made of them anew, in a
 * database beside it. Only what the read model has seen is compared, and nothing where it is of another version.
 */
export const comparingEntries = (live: Database, beside: Database) => {
  beside.exec(auditLog.schema);
  const upTo = isComparable(live) ? checkpoint(live, 'audit') : 0;
  let compared = 0;
  const problemsUpTo = (seq: number): readonly EntryProblem[] => {
    const [made, kept] = [textsIn(beside, compared, seq), textsIn(live, compared, seq)];
    const seqs = [...new Set([...made.keys(), ...kept.keys()])].sort((one, other) => one - other);
    return seqs
      .filter((entry) => made.get(entry) !== kept.get(entry))
      .map((entry) => ({ kind: 'entry', seq: entry, ...positionOf(beside, entry) }));
  };
  return {
    /** An event in the newest shape of its type. */
    seen: (event: StoredEvent): void => {
      if (event.position <= upTo) handle(beside, event);
    },
    lost: (_from: number, to: number): void => {
      if (upTo > 0) adopt(live, beside, Math.min(to, upTo));
    },
    problems: (): readonly EntryProblem[] => {
      const seq = lastSeq(beside);
      const problems = problemsUpTo(seq);
      compared = seq;
      run(beside, 'DELETE FROM audit_entries WHERE seq <= ?', seq - keptEntries);
      run(beside, 'DELETE FROM audit_entry_programs WHERE seq <= ?', seq - keptEntries);
      return problems;
    },
    /** Entries that nothing was made of, asked when the events have been gone through. */
    beyond: (): readonly EntryProblem[] => {
      if (upTo === 0) return [];
      const rows = entriesIn(live, lastSeq(beside), Number.MAX_SAFE_INTEGER);
      return rows
        .filter(({ position }) => position <= upTo)
        .map(({ seq, position }) => ({ kind: 'entry', seq, position: String(position) }));
    },
  };
};
