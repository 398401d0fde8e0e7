import type { Registered } from '../privacy/registered.ts';

/** How a purge cleans each table of an event store's file, or why it has nothing to clean there; its view and its guards among them. */
export const storeTables: Registered = {
  meta: { keeps: 'the id of the store' },
  streams: { keeps: 'names of streams: random ids, and the public ids of units and templates' },
  events: { keeps: 'the skeleton, in which nothing personal is' },
  event_rows: { keeps: 'shows events with the names of their streams' },
  flesh: { step: 'eraseFlesh empties the rows of a program' },
  audit_subjects: { keeps: 'whom entries of the log are about, sealed by year, until retention is over' },
  erasures: { step: 'finishErasure deletes the row' },
  events_stay_as_they_are: { guards: 'events' },
  events_stay: { guards: 'events' },
  events_are_not_replaced: { guards: 'events' },
  streams_stay_as_they_are: { guards: 'streams' },
  streams_stay: { guards: 'streams' },
};

/** Tells the file of a node of a cluster from all other SQLite files: "FOLN". */
export const nodeApplicationId = 0x464f4c4e;

/** How a purge cleans each of a node's own tables, or why it has nothing to clean there. */
export const nodeTables: Registered = {
  node_facts: { keeps: 'the random id of the node' },
  followed: { keeps: 'a place in the log of the cluster' },
  voided: { keeps: 'places in streams' },
  lone_flesh: { keeps: 'random ids of events whose flesh has come and they have not' },
  key_names: { keeps: 'ids of keys, by what they are for' },
  key_ring: { keeps: 'ids of keys, and of the master key that wraps each' },
  closed_epochs: { keeps: 'ids of master keys' },
  nodes: { keeps: 'random ids of nodes' },
  cleanings: { step: 'finishErasure deletes the rows' },
  erased_streams: { keeps: 'names of streams: random ids' },
  scavenges: { keeps: 'random ids of scavenges' },
};
