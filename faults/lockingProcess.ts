import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import Sqlite from 'better-sqlite3';

// A process of its own that takes the write lock of an SQLite file, or the whole file, in the middle of a transaction that has written, and
// keeps it until it is told to let go. With --once it writes and commits at once, if it is let.
const { values } = parseArgs({
  options: { path: { type: 'string' }, whole: { type: 'boolean' }, once: { type: 'boolean' } },
});
const db = new Sqlite(values.path ?? '', { fileMustExist: true, timeout: values.once ? 0 : 5_000 });
// SQLite writes nothing where nothing changes, so a row comes and goes.
const write = (): void => {
  db.exec("INSERT INTO meta (name, value) VALUES ('lock', 'held'); DELETE FROM meta WHERE name = 'lock'");
};
const say = (line: string): void => void writeSync(1, `${line}\n`);

const writeOnce = (): string => {
  try {
    db.transaction(write).immediate();
    return 'written';
  } catch {
    return 'kept out';
  }
};

if (values.once) {
  say(writeOnce());
  db.close();
} else {
  db.exec(values.whole ? 'BEGIN EXCLUSIVE' : 'BEGIN IMMEDIATE');
  write();
  say('locked');
  createInterface({ input: process.stdin })
    .once('line', () => {
      db.exec('COMMIT');
      db.close();
      say('let go');
    })
    .once('line', () => process.stdin.destroy());
}
