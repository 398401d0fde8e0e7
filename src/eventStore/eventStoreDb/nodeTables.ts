import type { Database } from 'better-sqlite3';
import { uuidBytes } from '../storedRow.ts';
import type { Place } from './cluster.ts';
import { nodeKeysOf } from './nodeKeys.ts';
import type { ArrivedTold } from './records.ts';
import { toldTag } from './records.ts';

type PlaceRow = {
  readonly commit: number;
  readonly prepare: number;
  readonly lastingCommit: number | null;
  readonly lastingPrepare: number | null;
};

/**
 * How far a node has come, and from where it may begin again. The two differ: a server that is asked for what comes after a record which a scavenge
 * has removed passes over the next one, so a node begins again only from a record that nobody ever removes.
 */
const following = (db: Database) => {
  const row = db.prepare<[], PlaceRow>(
    'SELECT commit_position AS "commit", prepare_position AS "prepare", lasting_commit AS lastingCommit, ' +
      'lasting_prepare AS lastingPrepare FROM followed',
  );
  const move = db.prepare<[bigint, bigint, bigint | null, bigint | null]>(
    'INSERT INTO followed (only, commit_position, prepare_position, lasting_commit, lasting_prepare) VALUES (1, ?, ?, ?, ?) ' +
      'ON CONFLICT (only) DO UPDATE SET commit_position = excluded.commit_position, prepare_position = excluded.prepare_position, ' +
      'lasting_commit = COALESCE(excluded.lasting_commit, lasting_commit), ' +
      'lasting_prepare = COALESCE(excluded.lasting_prepare, lasting_prepare)',
  );
  return {
    /** Up to where the log of the cluster has been applied; undefined at first. */
    place: (): Place | undefined => {
      const found = row.get();
      return found === undefined ? undefined : { commit: BigInt(found.commit), prepare: BigInt(found.prepare) };
    },
    /** From where to ask for more; undefined for the beginning. */
    lastingPlace: (): Place | undefined => {
      const { lastingCommit, lastingPrepare } = row.get() ?? { lastingCommit: null, lastingPrepare: null };
      return lastingCommit === null || lastingPrepare === null
        ? undefined
        : { commit: BigInt(lastingCommit), prepare: BigInt(lastingPrepare) };
    },
    moveTo: ({ commit, prepare }: Place, lasting: Place | undefined): void =>
      void move.run(commit, prepare, lasting?.commit ?? null, lasting?.prepare ?? null),
  };
};

const facts = (db: Database) => {
  const fact = db.prepare<[string], string>('SELECT value FROM node_facts WHERE name = ?').pluck();
  const add = db.prepare<[string, string]>(
    'INSERT INTO node_facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING',
  );
  return {
    fact: (name: string): string | undefined => fact.get(name),
    /** What was noted first stays. */
    addFact: (name: string, value: string): void => void add.run(name, value),
  };
};

/** Places in streams where the cluster holds an event that is none: its id was taken by an earlier one of another stream. */
const voids = (db: Database) => {
  const add = db.prepare<[string, number]>('INSERT INTO voided (stream, revision) VALUES (?, ?)');
  const last = db.prepare<[string], number | null>('SELECT max(revision) FROM voided WHERE stream = ?').pluck();
  const all = db.prepare<[string], number>('SELECT revision FROM voided WHERE stream = ?').pluck();
  return {
    addVoid: (stream: string, revision: number): void => void add.run(stream, revision),
    /** The last voided revision of a stream, -1 for none. */
    lastVoid: (stream: string): number => last.get(stream) ?? -1,
    voidsOf: (stream: string): readonly number[] => all.all(stream),
  };
};

const loneFlesh = (db: Database) => {
  const add = db.prepare<[string, string, string]>(
    'INSERT INTO lone_flesh (event_id, stream, since) VALUES (?, ?, ?) ON CONFLICT (event_id) DO NOTHING',
  );
  const remove = db.prepare<[string]>('DELETE FROM lone_flesh WHERE event_id = ?');
  const older = db
    .prepare<[string, number], string>('SELECT DISTINCT stream FROM lone_flesh WHERE since < ? ORDER BY stream LIMIT ?')
    .pluck();
  const removeStream = db.prepare<[string]>('DELETE FROM lone_flesh WHERE stream = ?');
  return {
    addLoneFlesh: (eventId: string, stream: string, since: string): void => void add.run(eventId, stream, since),
    /** The event of some flesh has come. */
    joinFlesh: (eventId: string): void => void remove.run(eventId),
    /** Streams of flesh that came before an instant, and whose events have not. */
    loneStreams: (before: string, limit: number): readonly string[] => older.all(before, limit),
    forgetLoneStream: (stream: string): void => void removeStream.run(stream),
  };
};

type ErasureNews = Extract<
  ArrivedTold,
  { type: 'node-opened' | 'node-retired' | 'node-cleaned' | 'stream-erased' | 'scavenge-begun' | 'scavenge-done' }
>;

/** A node of the cluster, as all know it. */
export type NodeRow = { readonly nodeId: string; readonly openedAt: string; readonly retiredAt: string | null };

const nodesOf = (db: Database) => {
  const open = db.prepare<[string, string]>(
    'INSERT INTO nodes (node_id, opened_at) VALUES (?, ?) ON CONFLICT (node_id) DO UPDATE SET opened_at = excluded.opened_at, retired_at = NULL',
  );
  const retire = db.prepare<[string, string]>('UPDATE nodes SET retired_at = ? WHERE node_id = ?');
  const clean = db.prepare<[string, string]>(
    'INSERT INTO cleanings (stream, node_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const all = db.prepare<[], NodeRow>(
    'SELECT node_id AS nodeId, opened_at AS openedAt, retired_at AS retiredAt FROM nodes ORDER BY opened_at, node_id',
  );
  const uncleaned = db
    .prepare<[string], string>(
      'SELECT node_id FROM nodes n WHERE retired_at IS NULL AND NOT EXISTS ' +
        '(SELECT 1 FROM cleanings c WHERE c.stream = ? AND c.node_id = n.node_id) ORDER BY node_id',
    )
    .pluck();
  const forget = db.prepare<[string]>('DELETE FROM cleanings WHERE stream = ?');
  return {
    open,
    retire,
    clean,
    allNodes: () => all.all(),
    uncleaned: (stream: string) => uncleaned.all(stream),
    forgetCleanings: (stream: string): void => void forget.run(stream),
  };
};

const scavengesOf = (db: Database) => {
  const erased = db.prepare<[string, number]>(
    'INSERT INTO erased_streams (stream, commit_position) VALUES (?, ?) ON CONFLICT (stream) DO NOTHING',
  );
  const begin = db.prepare<[string, number]>(
    'INSERT INTO scavenges (scavenge, begun) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const finish = db.prepare<[number, string]>('UPDATE scavenges SET done = ? WHERE scavenge = ? AND done IS NULL');
  const at = db.prepare<[string], number>('SELECT commit_position FROM erased_streams WHERE stream = ?').pluck();
  const since = db
    .prepare<[number], number>('SELECT EXISTS (SELECT 1 FROM scavenges WHERE begun > ? AND done IS NOT NULL)')
    .pluck();
  return {
    erased,
    begin,
    finish,
    /** Whether the key and the flesh of a stream are tombstoned, as far as this node has heard. */
    isTombstoned: (stream: string): boolean => at.get(stream) !== undefined,
    /** Whether every server has finished a scavenge that began after that. */
    isScavenged: (stream: string): boolean => {
      const place = at.get(stream);
      return place !== undefined && since.get(place) === 1;
    },
  };
};

const erasures = (db: Database) => {
  const { open, retire, clean, ...nodes } = nodesOf(db);
  const { erased, begin, finish, ...scavenges } = scavengesOf(db);
  const applyErasureNews = ({ type, data, commit }: ErasureNews): unknown => {
    switch (type) {
      case 'node-opened':
        return open.run(data.nodeId, data.at);
      case 'node-retired':
        return retire.run(data.at, data.nodeId);
      case 'node-cleaned':
        return clean.run(data.stream, data.nodeId);
      case 'stream-erased':
        return erased.run(data.stream, commit);
      case 'scavenge-begun':
        return begin.run(data.scavenge, commit);
      case 'scavenge-done':
        return finish.run(commit, data.scavenge);
    }
  };
  return { ...nodes, ...scavenges, applyErasureNews };
};

const tags = (db: Database) => {
  const retag = db.prepare<[Buffer, Buffer]>(
    'UPDATE flesh SET tag = ? WHERE position = (SELECT position FROM events WHERE id = ?) AND tag IS NOT NULL',
  );
  return {
    applyTag: ({ data }: Extract<ArrivedTold, { type: 'resident-tagged' }>): void =>
      void retag.run(toldTag(data), uuidBytes(data.event)),
  };
};

/** The statements over what a node knows besides its copy of the log, each prepared once. */
export const nodeTablesOf = (db: Database) => ({
  ...following(db),
  ...facts(db),
  ...voids(db),
  ...loneFlesh(db),
  ...nodeKeysOf(db),
  ...erasures(db),
  ...tags(db),
});

/** What can be done with a node's own tables. */
export type NodeTables = ReturnType<typeof nodeTablesOf>;
