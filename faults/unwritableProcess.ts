/** Opens a store, under another user where it is told to, and says what came of it: that it is open, or the error. */

import { writeSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { openAt } from './region.ts';

type Told = {
  readonly path: string;
  readonly user?: number;
  /** Whether SQLite alone opens it. */
  readonly isBare: boolean;
};

const { path, user, isBare } = JSON.parse(process.argv[2] ?? '{}') as Told;

const openBare = (): void => {
  const db = new Sqlite(path);
  db.exec('BEGIN IMMEDIATE; ROLLBACK');
  db.close();
};

// What is loaded later is read as the user too: everything that is needed is here by now.
if (user !== undefined) {
  process.setgid?.(user);
  process.setuid?.(user);
}
try {
  if (isBare) openBare();
  else await (await openAt(path)).close();
  writeSync(1, `${JSON.stringify({ isOpen: true })}\n`);
} catch (error) {
  const { name, message } = error as Error;
  writeSync(1, `${JSON.stringify({ isOpen: false, name, message })}\n`);
}
