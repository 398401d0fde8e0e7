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
