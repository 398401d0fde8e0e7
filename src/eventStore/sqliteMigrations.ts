import type { Database } from 'better-sqlite3';

/** SQL that makes a file of one version into one of the next, by the version that it has. */
export type Migrations = Readonly<Record<number, string>>;

const versionOf = (db: Database): number => Number(db.pragma('user_version', { simple: true }));

/** Takes a file up, version by version, each in a transaction of its own; another process may have been first. */
export const migrate = (
  db: Database,
  { migrations = {}, userVersion }: { readonly migrations?: Migrations; readonly userVersion: number },
): void => {
  const step = db.transaction(() => {
    const version = versionOf(db);
    if (version === userVersion) return;
    db.exec(migrations[version] ?? '');
    db.pragma(`user_version = ${version + 1}`);
  });
  while (versionOf(db) < userVersion) step.immediate();
};
