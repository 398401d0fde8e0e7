import type { Migrations } from './sqliteMigrations.ts';

/** Tells an event store from all other SQLite files: "FOLJ". */
export const eventStoreApplicationId = 0x464f4c4a;

/** Version of the tables below. */
export const eventStoreUserVersion = 2;

/**
 * The tables of the event store. Events are only ever added: a row can be neither changed, removed nor replaced. What can be erased,
 * the flesh, lies beside them.
 */
export const eventStoreSchema = `
CREATE TABLE streams (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE events (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  stream INTEGER NOT NULL REFERENCES streams (id),
  revision INTEGER NOT NULL,
  id BLOB NOT NULL UNIQUE,
  body TEXT NOT NULL,
  digest BLOB NOT NULL,
  UNIQUE (stream, revision)
) STRICT;

CREATE VIEW event_rows AS
  SELECT e.position, s.name AS stream, e.revision, e.id, e.body, e.digest
  FROM events e JOIN streams s ON s.id = e.stream;

CREATE TABLE flesh (
  position INTEGER PRIMARY KEY REFERENCES events (position),
  sealed BLOB,
  mark BLOB,
  tag BLOB
) STRICT;
CREATE INDEX flesh_by_tag ON flesh (tag) WHERE tag IS NOT NULL;

CREATE TABLE audit_subjects (
  year INTEGER NOT NULL,
  program_id BLOB NOT NULL,
  person BLOB NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (year, program_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_subjects_by_person ON audit_subjects (year, person);

CREATE TABLE erasures (
  stream TEXT PRIMARY KEY,
  key_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  stage TEXT NOT NULL DEFAULT 'fenced',
  parts INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TRIGGER events_stay_as_they_are BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;

CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END;

CREATE TRIGGER events_are_not_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE position = NEW.position)
  OR EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND revision = NEW.revision)
BEGIN SELECT RAISE(ABORT, 'an event is never replaced'); END;

CREATE TRIGGER streams_stay_as_they_are BEFORE UPDATE ON streams
BEGIN SELECT RAISE(ABORT, 'a stream is never renamed'); END;

CREATE TRIGGER streams_stay BEFORE DELETE ON streams
BEGIN SELECT RAISE(ABORT, 'a stream is never removed'); END;
`;

/** How a file of an earlier version becomes one of the next, by the version it has. */
export const eventStoreMigrations: Migrations = {
  1: `
    ALTER TABLE erasures ADD COLUMN stage TEXT NOT NULL DEFAULT 'fenced';
    ALTER TABLE erasures ADD COLUMN parts INTEGER NOT NULL DEFAULT 0;
  `,
};
