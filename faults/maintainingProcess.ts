/** Appends, empties the write-ahead log and writes both files anew, again and again until it is killed; says what it begins and what it has ended. */

import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { join, parse } from 'node:path';
import Sqlite from 'better-sqlite3';
import { applySettings } from '../src/eventStore/sqliteSettings.ts';
import { importedEvents } from './appending.ts';
import { withLibrary } from './looking.ts';
import { programs } from './region.ts';

type Told = { readonly path: string; readonly without?: 'journals' };
const { path, without } = JSON.parse(process.argv[2] ?? '{}') as Told;

const say = (line: string): void => void writeSync(1, `${line}\n`);

const { dir, name, ext } = parse(path);

const vacuum = (db: Sqlite.Database): void => {
  const before = db.pragma('journal_mode', { simple: true });
  if (without === 'journals') db.pragma('journal_mode = memory');
  db.exec('VACUUM');
  if (without === 'journals') db.pragma(`journal_mode = ${before}`);
};

/** So much that whatever lies behind it has to move when the file is written anew. */
const much = { count: 2, bytes: 100_000 };

await withLibrary(path, async ({ engine: { events, readModels } }) => {
  const keys = new Sqlite(join(dir, `${name}.keys${ext}`));
  applySettings(keys, { journalMode: 'persist', synchronous: 'extra' });
  const works: Readonly<Record<string, () => unknown>> = {
    'writing the events anew': () => vacuum(readModels),
    'emptying the log': () => events.scrub()(),
    'writing the keys anew': () => vacuum(keys),
  };
  say('open');
  for (;;) {
    for (const [what, work] of Object.entries(works)) {
      const id = randomUUID();
      const result = await events.append(`program-${programs[1]}`, 'stream-exists', importedEvents(id, much))();
      say(JSON.stringify({ id, outcome: result._tag === 'Right' ? 'done' : result.left.kind }));
      say(what);
      await work();
      say('done');
    }
  }
});
