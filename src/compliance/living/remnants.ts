import type { Database } from 'better-sqlite3';
import type { Engine } from '../../eventStore/engine.ts';
import type { Row, Tables } from '../shown.ts';
import { right } from './opened.ts';

/** What belonged to a program that was purged, as it was right before. */
export type Erased = {
  readonly programId: string;
  readonly keyId: string;
  /** The sealed texts, and the fingerprints of the commands. */
  readonly bytes: readonly Buffer[];
};

/** Everything in which something could have been left. */
export type Remains = {
  readonly tables: Tables;
  readonly files: readonly Buffer[];
  readonly events: string;
  /** The keys that still open. */
  readonly keys: ReadonlySet<string>;
  /** The programs of which a sealed part is still served. */
  readonly served: ReadonlySet<string>;
};

const named = (db: Database): readonly string[] =>
  db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .pluck()
    .all();

/** Where events are kept, and what lies sealed beside them. */
const kept = [
  ...['streams', 'events', 'flesh', 'audit_subjects', 'erasures', 'store', 'meta'],
  // What a node of a cluster knows of the cluster: random ids, names of streams, and how far it has come.
  ...['node_facts', 'followed', 'voided', 'lone_flesh', 'key_names', 'key_ring', 'closed_epochs', 'nodes', 'cleanings'],
  ...['erased_streams', 'scavenges'],
];

/** All rows of all tables of a database, but those in which events and what lies sealed beside them are kept. */
export const dump = (db: Database): Tables => {
  const tables = named(db).filter((name) => !kept.includes(name));
  return new Map(tables.map((name) => [name, db.prepare<[], Row>('SELECT * FROM '.concat(name)).all()]));
};

/** Where a purged program may still be named: the record of the purge, and the audit log. */
const mayName = ['purged_programs', 'audit_entry_programs', 'audit_owners'];

const ofPurged = ({ tables }: Remains, { programId }: Erased): readonly string[] =>
  [...tables]
    .filter(([name, rows]) => !mayName.includes(name) && rows.some((row) => JSON.stringify(row).includes(programId)))
    .map(([name]) => `a row of ${programId} in ${name}`);

const bytesOf = ({ files }: Remains, { programId, bytes }: Erased): readonly string[] =>
  bytes.some((part) => files.some((file) => file.includes(part))) ? [`sealed bytes of ${programId} in a file`] : [];

const keyOf = ({ keys, served }: Remains, { keyId, programId }: Erased): readonly string[] => [
  ...(keys.has(keyId) ? [`the key of ${programId}`] : []),
  ...(served.has(programId) ? [`a sealed part of ${programId}`] : []),
];

/** Where a personal text lies in clear: nowhere, before a purge and after. */
const inClear = ({ tables, files, events }: Remains, texts: readonly string[]): readonly string[] => {
  const rows = JSON.stringify([...tables]);
  return texts.flatMap((text) => [
    ...(rows.includes(text) ? [`${text} in a read model`] : []),
    ...(events.includes(text) ? [`${text} in an event`] : []),
    ...(files.some((file) => file.includes(text)) ? [`${text} in a file`] : []),
  ]);
};

/** What is left of purged programs, and what lies in clear. */
export const remnantsIn = (
  remains: Remains,
  erased: readonly Erased[],
  texts: readonly string[],
): readonly string[] => [
  ...erased.flatMap((one) => [...ofPurged(remains, one), ...bytesOf(remains, one), ...keyOf(remains, one)]),
  ...inClear(remains, texts),
];

/** What belongs to a program now, to be looked for when it is purged. */
export const belongings = async ({ events }: Engine, programId: string): Promise<Erased> => {
  const stream = await right(events.read(`program-${programId}`));
  const parts = await right(events.sealedParts(stream.map(({ position }) => position)));
  const bytes = [...parts.values()].map(({ sealed }) => Buffer.from(sealed));
  for (const { id } of stream) {
    const mark = await right(events.markOf(id));
    if (mark !== undefined) bytes.push(Buffer.from(mark));
  }
  const { keyId = '' } = (stream[0]?.data ?? {}) as { keyId?: string };
  return { programId, keyId, bytes };
};

/** Gathers everything in which something could have been left. */
export const remainsOf = async (
  engine: Engine,
  files: readonly Buffer[],
  erased: readonly Erased[],
): Promise<Remains> => {
  const keys = new Set<string>();
  const served = new Set<string>();
  for (const { keyId, programId } of erased) {
    if ('right' in (await engine.keys.open(keyId)())) keys.add(keyId);
    if ((await belongings(engine, programId)).bytes.length > 0) served.add(programId);
  }
  const events = JSON.stringify(await right(engine.events.readAll(0, 100_000)));
  return { tables: dump(engine.readModels), files, events, keys, served };
};
