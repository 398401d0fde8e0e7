import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Uuid } from '../domain/identifiers.ts';
import type { Encoded } from './codec.ts';
import type { AuditSubject, Evidence, Flesh, SealedPart, StaleTag, StoredEvent, StoreError } from './eventStore.ts';
import { erasureTables } from './sqliteErasureTables.ts';
import {
  eventOf,
  eventsOf,
  evidenceOf,
  pageOf,
  type StoredRow,
  sealedPartOf,
  streamOf,
  type TextRow,
  uuidBytes,
  uuidText,
} from './storedRow.ts';

/** An event as it was just written, and its leaf in the audit tree. */
export type Written = { readonly event: StoredEvent; readonly leaf: Uint8Array };

type FleshRow = StoredRow & { readonly sealed: Buffer };
type SealedRow = TextRow & { readonly sealed: string };
type SkeletonRow = StoredRow & { readonly sealed: null };
type SubjectRow = {
  readonly year: number;
  readonly program_id: Buffer;
  readonly person: Buffer;
  readonly sealed: Buffer;
};

const idsAsJson = (ids: readonly Uuid[]): string => JSON.stringify(ids.map((id) => uuidBytes(id).toString('hex')));

const subjectOf = ({ year, program_id, person, sealed }: SubjectRow): AuditSubject => ({
  year,
  programId: uuidText(program_id),
  person,
  sealed,
});

// Bytes are read as hexadecimal digits: better-sqlite3 makes a text in a fraction of the time of a buffer.
const readingEvents = (db: Database) => {
  const stream = db.prepare<[string, number], TextRow>(
    'SELECT position, stream, revision, lower(hex(id)) AS id, body, lower(hex(digest)) AS digest FROM event_rows ' +
      'WHERE stream = ? AND revision >= ? ORDER BY revision',
  );
  const page = db.prepare<[number, number], TextRow>(
    'SELECT position, stream, revision, lower(hex(id)) AS id, body, lower(hex(digest)) AS digest FROM event_rows ' +
      'WHERE position > ? ORDER BY position LIMIT ?',
  );
  const byId = db.prepare<[string], TextRow>(
    'SELECT position, stream, revision, lower(hex(id)) AS id, body, lower(hex(digest)) AS digest FROM event_rows ' +
      'WHERE event_rows.id IN (SELECT unhex(value) FROM json_each(?)) ORDER BY position',
  );
  const isThere = db.prepare<[Buffer], number>('SELECT 1 FROM events WHERE id = ?').pluck();
  const head = db
    .prepare<[string], number>(
      'SELECT revision FROM events WHERE stream = (SELECT id FROM streams WHERE name = ?) ORDER BY revision DESC LIMIT 1',
    )
    .pluck();
  const last = db.prepare<[], number>('SELECT position FROM events ORDER BY position DESC LIMIT 1').pluck();
  return {
    stream: (name: string, from: number) => streamOf(stream.all(name, from), name, from),
    page: (after: number, limit: number) => pageOf(page.all(after, limit), after),
    /** Mostly nothing is found: that is told by the index of ids alone. */
    find: (ids: readonly Uuid[]): ReturnType<typeof eventsOf> =>
      ids.some((id) => isThere.get(uuidBytes(id)) !== undefined) ? eventsOf(byId.all(idsAsJson(ids))) : E.right([]),
    headOf: (name: string): number => head.get(name) ?? -1,
    lastPosition: (): number => last.get() ?? 0,
  };
};

/** Leaves and rows as they lie. Every event of a store is in the audit tree, so a leaf's index is its position less one. */
const readingLeaves = (db: Database) => {
  const leaves = db
    .prepare<[number, number], Buffer>('SELECT digest FROM events WHERE position > ? ORDER BY position LIMIT ?')
    .pluck();
  const evidence = db.prepare<[number, number], FleshRow | SkeletonRow>(
    'SELECT r.*, f.sealed FROM event_rows r LEFT JOIN flesh f ON f.position = r.position ' +
      'WHERE r.position > ? ORDER BY r.position LIMIT ?',
  );
  return {
    leaves: (from: number, limit: number): readonly Uint8Array[] => leaves.all(from, limit),
    evidence: (after: number, limit: number): E.Either<StoreError, readonly Evidence[]> =>
      E.traverseArray((row: FleshRow | SkeletonRow) => evidenceOf(row, row.sealed ?? undefined))(
        evidence.all(after, limit),
      ),
  };
};

const writingEvents = (db: Database) => {
  const addStream = db.prepare<[string]>('INSERT INTO streams (name) VALUES (?) ON CONFLICT (name) DO NOTHING');
  const addEvent = db.prepare<[number, Buffer, string, Buffer, string]>(
    'INSERT INTO events (stream, revision, id, body, digest) SELECT id, ?, ?, ?, ? FROM streams WHERE name = ?',
  );
  const insertFlesh = db.prepare<[number, ...(Uint8Array | null)[]]>(
    'INSERT INTO flesh (position, sealed, mark, tag) VALUES (?, ?, ?, ?)',
  );
  const addFlesh = (position: number, { sealed, mark, tag }: Flesh): void =>
    void insertFlesh.run(position, sealed ?? null, mark ?? null, tag ?? null);
  const addEncoded = (
    { id: name, stream, revision }: Pick<StoredEvent, 'id' | 'stream' | 'revision'>,
    { body, digest }: Encoded,
    flesh: Flesh | undefined,
  ): E.Either<StoreError, Written> => {
    const id = uuidBytes(name);
    const position = Number(addEvent.run(revision, id, body, digest, stream).lastInsertRowid);
    if (flesh !== undefined) addFlesh(position, flesh);
    return E.map((event: StoredEvent): Written => ({ event, leaf: digest }))(
      eventOf({ position, stream, revision, id, body, digest }),
    );
  };
  return {
    addStream: (name: string): void => void addStream.run(name),
    /** Adds an event that is encoded already, at the place that it names itself. */
    addEncoded,
    addFlesh,
  };
};

const fleshTable = (db: Database) => {
  // Nothing but the order of the joins tells SQLite that the positions are few and streams are many.
  const sealed = db.prepare<[string], SealedRow>(
    'SELECT e.position, s.name AS stream, e.revision, lower(hex(e.id)) AS id, e.body, lower(hex(e.digest)) AS digest, ' +
      'hex(f.sealed) AS sealed FROM json_each(?) wanted CROSS JOIN flesh f ON f.position = wanted.value ' +
      'CROSS JOIN events e ON e.position = f.position CROSS JOIN streams s ON s.id = e.stream WHERE f.sealed IS NOT NULL',
  );
  const mark = db
    .prepare<[Buffer], Buffer | null>(
      'SELECT f.mark FROM flesh f JOIN events e ON e.position = f.position WHERE e.id = ?',
    )
    .pluck();
  return {
    sealedParts: (positions: readonly number[]): E.Either<StoreError, ReadonlyMap<number, SealedPart>> =>
      pipe(
        sealed.all(JSON.stringify(positions)),
        E.traverseArray((row) => sealedPartOf(row, Buffer.from(row.sealed, 'hex'))),
        E.map((parts) => new Map(parts)),
      ),
    markOf: (id: Uuid): Uint8Array | undefined => mark.get(uuidBytes(id)) ?? undefined,
  };
};

const tagIndex = (db: Database) => {
  const streamsWithTag = db
    .prepare<[Uint8Array], string>(
      'SELECT r.stream FROM flesh f JOIN event_rows r ON r.position = f.position ' +
        'WHERE f.tag = ? GROUP BY r.stream ORDER BY min(f.position)',
    )
    .pluck();
  // Tags begin with the id of their key, so those of other keys lie before and after those of one.
  const stale = db.prepare<{ from: Buffer; to: Buffer; limit: number }, StaleTag>(
    'SELECT r.position, r.stream FROM (SELECT position FROM flesh WHERE tag < @from UNION ALL ' +
      'SELECT position FROM flesh WHERE tag > @to LIMIT @limit) f JOIN event_rows r ON r.position = f.position ORDER BY r.position',
  );
  const retag = db.prepare<[Uint8Array, number]>('UPDATE flesh SET tag = ? WHERE position = ? AND tag IS NOT NULL');
  return {
    streamsWithTag: (tag: Uint8Array): readonly string[] => streamsWithTag.all(tag),
    staleTags: (keyId: string, limit: number): readonly StaleTag[] => {
      const from = Buffer.from(keyId, 'hex');
      return stale.all({ from, to: Buffer.concat([from, Buffer.alloc(64, 0xff)]), limit });
    },
    retag: (position: number, tag: Uint8Array): void => void retag.run(tag, position),
  };
};

const subjectTable = (db: Database) => {
  const add = db.prepare<[number, Buffer, Uint8Array, Uint8Array]>(
    'INSERT INTO audit_subjects (year, program_id, person, sealed) VALUES (?, ?, ?, ?) ON CONFLICT (year, program_id) DO NOTHING',
  );
  const all = db.prepare<[number], SubjectRow>('SELECT * FROM audit_subjects WHERE year = ? ORDER BY program_id');
  const ofProgram = db.prepare<[number, Buffer], SubjectRow>(
    'SELECT * FROM audit_subjects WHERE year = ? AND program_id = ?',
  );
  const removeYear = db.prepare<[number]>('DELETE FROM audit_subjects WHERE year = ?');
  const ofPerson = db.prepare<[number, Uint8Array], SubjectRow>(
    'SELECT * FROM audit_subjects WHERE year = ? AND person = ? ORDER BY program_id',
  );
  const rowsOf = (
    year: number,
    of?: { readonly programId: Uuid } | { readonly person: Uint8Array },
  ): readonly SubjectRow[] => {
    if (of === undefined) return all.all(year);
    return 'programId' in of ? ofProgram.all(year, uuidBytes(of.programId)) : ofPerson.all(year, of.person);
  };
  return {
    addSubject: ({ year, programId, person, sealed }: AuditSubject): void =>
      void add.run(year, uuidBytes(programId), person, sealed),
    eraseAuditYear: (year: number): number => removeYear.run(year).changes,
    auditSubjects: (...of: Parameters<typeof rowsOf>): readonly AuditSubject[] => rowsOf(...of).map(subjectOf),
  };
};

/** The statements over an event store's tables, each prepared once; values are only ever bound. */
export const tablesOf = (db: Database) => ({
  ...readingEvents(db),
  ...readingLeaves(db),
  ...writingEvents(db),
  ...fleshTable(db),
  ...tagIndex(db),
  ...erasureTables(db),
  ...subjectTable(db),
});

/** What can be done with an event store's tables. */
export type Tables = ReturnType<typeof tablesOf>;
