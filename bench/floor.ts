import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** How large the data of an event of the floor is, as JSON: the same for everything that is compared with it. */
const payloadBytes = 250;
const few = {
  programId: '0195d3a0-0000-7000-8000-000000000001',
  messageId: '0195d3a0-0000-7000-8000-000000000002',
  from: 'resident',
  count: 7,
  text: '',
};
export const payload = { ...few, text: 'x'.repeat(payloadBytes - JSON.stringify(few).length) };

/** An event of the floor, as it is written down. */
type Row = {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly body: string;
};

const schema = `
CREATE TABLE events (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  stream TEXT NOT NULL,
  revision INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  at TEXT NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (stream, revision)
) STRICT;
CREATE TABLE read_model (stream TEXT PRIMARY KEY, events INTEGER NOT NULL, position INTEGER NOT NULL) STRICT;
CREATE TABLE checkpoints (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
`;

const open = (directory: string): Database.Database => {
  const db = new Database(join(directory, 'floor.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(schema);
  return db;
};

const statementsOf = (db: Database.Database) => ({
  insert: db.prepare('INSERT INTO events (stream, revision, id, type, at, body) VALUES (?, ?, ?, ?, ?, ?)'),
  stream: db.prepare<[string], Row>('SELECT * FROM events WHERE stream = ? ORDER BY revision'),
  page: db.prepare<[number, number], Row>('SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?'),
  project: db.prepare(
    'INSERT INTO read_model (stream, events, position) VALUES (?, 1, ?) ' +
      'ON CONFLICT (stream) DO UPDATE SET events = events + 1, position = excluded.position',
  ),
  checkpoint: db.prepare('INSERT OR REPLACE INTO checkpoints (name, position) VALUES (?, ?)'),
});

/** How many streams take turns in what is appended. */
export const streams = 20;
/** How many events a stream has that is loaded for a command. */
export const streamLength = 100;
/** Events in a page of a replay, and of a catch-up. */
export const replayPage = 1_000;
export const catchUpPage = 500;

/** What a fold makes of an event; its result is kept, so that the work is not left out. */
type Folded = { readonly events: number; readonly letters: number };
export const nothingFolded: Folded = { events: 0, letters: 0 };
export const fold = ({ events, letters }: Folded, { text }: { readonly text?: string }): Folded => ({
  events: events + 1,
  letters: letters + (text?.length ?? 0),
});

/** The whole event, as a store would give it to its host. */
const eventOf = ({ body, ...row }: Row) => ({ ...row, data: JSON.parse(body) as typeof payload });

const foldRows = (rows: readonly Row[], from: Folded): Folded =>
  rows.reduce((folded, row) => fold(folded, eventOf(row).data), from);

type Statements = ReturnType<typeof statementsOf>;

const readOn = (page: Statements['page'], size: number, seen: (rows: readonly Row[], last: number) => void): void => {
  for (let after = 0; ; ) {
    const rows = page.all(after, size);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.position;
    seen(rows, after);
  }
};

/** Appends to its own streams in turn; what it knows of their ends it keeps itself. */
const appendingTo = ({ insert, project }: Statements) => {
  const revisions = new Map<string, number>();
  let turn = 0;
  const appendTo = (stream: string): number => {
    const revision = revisions.get(stream) ?? 0;
    revisions.set(stream, revision + 1);
    const at = new Date().toISOString();
    return Number(insert.run(stream, revision, randomUUID(), 'noted', at, JSON.stringify(payload)).lastInsertRowid);
  };
  const next = (): string => {
    turn += 1;
    return `stream-${turn % streams}`;
  };
  return {
    next,
    appendTo,
    append: (): number => appendTo(next()),
    appendProjected: (): void => {
      const stream = next();
      project.run(stream, appendTo(stream));
    },
  };
};

const times = (count: number, work: () => unknown): number => {
  for (let done = 0; done < count; done += 1) work();
  return count;
};

/**
 * The floor: the same works by statements that were written by hand and prepared once, on better-sqlite3 itself, in a file with WAL and
 * synchronous = FULL. It checks nothing, and proves nothing. Each function gives back how many units it did.
 */
export const floorIn = (directory: string) => {
  const db = open(directory);
  const statements = statementsOf(db);
  const { append, appendTo, appendProjected, next } = appendingTo(statements);
  const together = (count: number, work: () => unknown) => db.transaction(() => times(count, work));
  const tenAtOnce = together(10, append);
  const projected = db.transaction(appendProjected);
  const passing = (size: number, afterPage: (last: number) => void): number => {
    let folded = nothingFolded;
    readOn(statements.page, size, (rows, last) => {
      folded = foldRows(rows, folded);
      afterPage(last);
    });
    return folded.events;
  };
  return {
    path: db.name,
    fill: (events: number): number => together(events, append)(),
    fillStreams: (): number => together(streams * streamLength, append)(),
    append: (commits: number): number => times(commits, append),
    appendTens: (commits: number): number => times(commits, tenAtOnce) * 10,
    appendProjected: (commits: number): number => times(commits, projected),
    /** Loads a stream, folds it, decides, and appends an event. */
    command: (commits: number): number =>
      times(commits, () => {
        const stream = next();
        if (foldRows(statements.stream.all(stream), nothingFolded).events > 0) appendTo(stream);
      }),
    replay: (): number => passing(replayPage, () => undefined),
    /** Writes nothing but its checkpoint, after each page. */
    catchUp: (): number => passing(catchUpPage, (last) => statements.checkpoint.run('bench', last)),
    close: (): void => void db.close(),
  };
};
export type Floor = ReturnType<typeof floorIn>;
