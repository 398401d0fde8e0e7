import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { applySettings, type SqliteSettings } from '../../eventStore/sqliteSettings.ts';
import { type Registered, strangeIn } from '../../privacy/registered.ts';
import { type Finding, findingsAbout, sizeText } from './finding.ts';

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Whether somebody besides the owner may read or write what is there. */
const isOpenToOthers = (path: string): boolean =>
  process.platform !== 'win32' && ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0;

const openToOthers = 'others than its owner may read it: take that away';

/** What an SQLite file of a store is like: its size, its settings, its tables, and whether its pages are whole. */
export const fileFindings = (
  about: string,
  db: Database,
  settings: SqliteSettings,
  registered: Registered,
): readonly Finding[] => {
  const found = findingsAbout(about);
  const refused = applySettings(db, settings);
  const checked = String(db.pragma('integrity_check(1)', { simple: true }));
  const strange = strangeIn(db, about, registered);
  const journal = settings.journalMode === 'wal' ? '-wal' : '-journal';
  return [
    found('path', db.name, isOpenToOthers(db.name) ? openToOthers : undefined),
    found('size', sizeText(sizeOf(db.name))),
    found(`size of ${journal}`, sizeText(sizeOf(`${db.name}${journal}`))),
    found('schema version', Number(db.pragma('user_version', { simple: true }))),
    found(
      'settings',
      refused.length === 0 ? 'as they are to be' : `not taken: ${refused.join(', ')}`,
      refused.length === 0 ? undefined : 'SQLite did not take a setting: keep the file on a local disk',
    ),
    found('tables and guards', strange === undefined ? 'as they are to be' : 'not as they are to be', strange),
    found(
      'pages',
      checked === 'ok' ? 'whole' : 'damaged',
      checked === 'ok' ? undefined : 'the file is damaged: restore it from a backup',
    ),
  ];
};

/** How much lies in a directory. */
export const directorySize = (path: string): number =>
  readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
