import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { PendingErasure } from './eventStore.ts';
import { occurrencesBeside, occurrencesIn, occurrencesInPages, type Pages, pagesInLog } from './remnants.ts';
import type { Tables } from './sqliteTables.ts';
import type { Work } from './sqliteWriter.ts';

/** Where something lay that this process has erased, so that it need not read the whole file to see that it is gone. */
type Trace = {
  /** Undefined where it lay is not known: another process erased it, or wrote at the same time. */
  readonly pages: Pages | undefined;
  readonly tags: readonly Uint8Array[];
  /** How many remnants were found when it was last looked for them. */
  readonly found: number;
};

const logOf = ({ name }: Database): string => `${name}-wal`;

/** The pages of the last commit; undefined when another process has written meanwhile, or the log cannot be read. */
const pagesOfCommit = (db: Database, isAlone: () => boolean): Pages | undefined => {
  try {
    const pages = pagesInLog(logOf(db));
    return isAlone() ? pages : undefined;
  } catch {
    return undefined;
  }
};

const together = (one: Pages | undefined, other: Pages | undefined): Pages | undefined =>
  one === undefined || other === undefined
    ? undefined
    : { size: one.size, numbers: new Set([...one.numbers, ...other.numbers]) };

/**
 * Looks where the erasure wrote, the index of residents among it, and in the write-ahead log. That index can leave a copy of an entry on another of
 * its pages when SQLite merges two: a keyed hash, whose key is renewed with each rotation of the master key.
 */
const looking =
  (db: Database) =>
  async ({ pages, tags }: Trace, envelope: Uint8Array): Promise<number> => {
    const needles = [envelope, ...tags];
    const counts =
      pages === undefined
        ? needles.map((needle) => occurrencesIn(db.name, needle))
        : [occurrencesInPages(db.name, pages, needles)];
    const inFile = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    return inFile + occurrencesBeside(logOf(db), needles);
  };

const unknown: Trace = { pages: undefined, tags: [], found: 0 };

/** What a key sealed begins with the version of the envelope and the id of the key (privacy/sealing.ts). */
const envelopeOf = ({ keyId }: Pick<PendingErasure, 'keyId'>): Buffer => Buffer.from(`01${keyId}`, 'hex');

/** What an erasure met in its transaction. */
type Met = { readonly version: number | undefined; readonly tags: readonly Uint8Array[]; readonly isFirst: boolean };

/** An erasure of a stream's flesh, and what is noted of it right after its commit. */
type FleshErasure = { readonly work: Work<void>; readonly afterwards: () => void };

/**
 * Erases what lies beside the log of an opened file, and looks for what is left of it, byte by byte. The index of residents is made anew where
 * that was not enough, and where it cannot be known: something was erased by a process that has ended.
 */
export const eraserIn = (db: Database, tables: Tables) => {
  const traces = new Map<string, Trace>();
  const version = db.prepare<[], number>('PRAGMA data_version').pluck();
  const countRemnants = looking(db);
  const erase = (stream: string): Met => {
    const known = traces.get(stream);
    const isFirst = tables.partsErased(stream) === 0;
    const met = { version: version.get(), tags: tables.tagsOf(stream), isFirst };
    tables.countErased(stream, tables.eraseFlesh(stream));
    if (known === undefined ? !isFirst : known.found > 0) tables.indexTagsAnew();
    return met;
  };
  const note = (stream: string, { version: before, tags, isFirst }: Met): void => {
    const pages = pagesOfCommit(db, () => version.get() === before);
    const known = traces.get(stream);
    if (known === undefined) traces.set(stream, { pages: isFirst ? pages : undefined, tags, found: 0 });
    else traces.set(stream, { ...known, pages: together(known.pages, pages), tags: [...known.tags, ...tags] });
  };
  return {
    erasing: (stream: string): FleshErasure => {
      let met: Met | undefined;
      return {
        work: () => {
          met = erase(stream);
          return E.right(undefined);
        },
        afterwards: () => (met === undefined ? undefined : note(stream, met)),
      };
    },
    remnants: async (erasure: Pick<PendingErasure, 'stream' | 'keyId'>): Promise<number> => {
      const trace = traces.get(erasure.stream) ?? unknown;
      const found = await countRemnants(trace, envelopeOf(erasure));
      traces.set(erasure.stream, { ...trace, found });
      return found;
    },
    forget: (stream: string): void => void traces.delete(stream),
  };
};
