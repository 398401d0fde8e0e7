/** Brings the files of an earlier version up to date as the library does, but for the transaction. */

import { join, parse } from 'node:path';
import Sqlite from 'better-sqlite3';
import { eventStoreMigrations } from '../src/eventStore/sqliteSchema.ts';
import { keyFileMigrations } from '../src/privacy/sqliteKeyFile.ts';

const { path } = JSON.parse(process.argv[2] ?? '{}') as { readonly path: string };
const { dir, name, ext } = parse(path);

const migrate = (file: string, text = ''): void => {
  const db = new Sqlite(file);
  const statements = text.split(';').filter((statement) => statement.trim() !== '');
  for (const statement of statements) db.exec(statement);
  db.pragma('user_version = 2');
  db.close();
};

migrate(path, eventStoreMigrations[1]);
migrate(join(dir, `${name}.keys${ext}`), keyFileMigrations[1]);
