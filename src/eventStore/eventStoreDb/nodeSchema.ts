import { eventStoreSchema } from '../sqliteSchema.ts';

/** Version of the tables below. */
export const nodeUserVersion = 1;

/**
 * The file of a node: the tables of an event store, filled from the cluster, and what the node must know besides. Positions in the cluster's log
 * are its commit positions. Nothing in it is there only: without it, a node builds itself anew.
 */
export const nodeSchema = `${eventStoreSchema}
CREATE TABLE node_facts (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE followed (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  commit_position INTEGER NOT NULL,
  prepare_position INTEGER NOT NULL,
  lasting_commit INTEGER,
  lasting_prepare INTEGER
) STRICT;

CREATE TABLE voided (
  stream TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (stream, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE lone_flesh (
  event_id TEXT PRIMARY KEY,
  stream TEXT NOT NULL,
  since TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX lone_flesh_by_age ON lone_flesh (since);

CREATE TABLE key_names (
  name TEXT NOT NULL,
  renewal INTEGER NOT NULL,
  key_id TEXT NOT NULL,
  PRIMARY KEY (name, renewal)
) STRICT, WITHOUT ROWID;

CREATE TABLE key_ring (
  key_id TEXT PRIMARY KEY,
  epoch TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX key_ring_by_epoch ON key_ring (epoch);

CREATE TABLE closed_epochs (
  epoch TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE nodes (
  node_id TEXT PRIMARY KEY,
  opened_at TEXT NOT NULL,
  retired_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE cleanings (
  stream TEXT NOT NULL,
  node_id TEXT NOT NULL,
  PRIMARY KEY (stream, node_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE erased_streams (
  stream TEXT PRIMARY KEY,
  commit_position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE scavenges (
  scavenge TEXT PRIMARY KEY,
  begun INTEGER NOT NULL,
  done INTEGER
) STRICT, WITHOUT ROWID;
`;
