/** Brings the files of an earlier version up to date as the library does, but for the transaction. */

import { join, parse } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Migrations } from '../src/eventStore/sqliteMigrations.ts';
import { eventStoreMigrations, eventStoreUserVersion } from '../src/eventStore/sqliteSchema.ts';
import { keyFileMigrations, keyFileUserVersion } from '../src/privacy/sqliteKeyFile.ts';

const { path } = JSON.parse(process.argv[2] ?? '{}') as { readonly path: string };
const { dir, name, ext } = parse(path);

const migrate = (file: string, texts: Migrations, version: number): void => {
  const db = new Sqlite(file);
  const statements = Object.values(texts).flatMap((text) => text.split(';'));
  for (const statement of statements) if (statement.trim() !== '') db.exec(statement);
  db.pragma(`user_version = ${version}`);
  db.close();
};

migrate(path, eventStoreMigrations, eventStoreUserVersion);
migrate(join(dir, `${name}.keys${ext}`), keyFileMigrations, keyFileUserVersion);
