import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { sqliteErrorOf, withRetry } from '../../src/eventStore/sqliteFile.ts';

const sqliteError = (code: string): unknown => new Sqlite.SqliteError('text of no interest', code);

describe('what SQLite throws', () => {
  test.each([
    ['SQLITE_BUSY', 'busy'],
    ['SQLITE_BUSY_SNAPSHOT', 'busy'],
    ['SQLITE_BUSY_RECOVERY', 'busy'],
    ['SQLITE_FULL', 'full'],
    ['SQLITE_IOERR_FSYNC', 'io'],
    ['SQLITE_CANTOPEN', 'io'],
    ['SQLITE_READONLY_DIRECTORY', 'readonly'],
    ['SQLITE_CORRUPT_VTAB', 'corrupt'],
    ['SQLITE_NOTADB', 'corrupt'],
    ['SQLITE_CONSTRAINT_UNIQUE', 'constraint'],
    ['SQLITE_ERROR', 'other'],
  ])('%s is %s', (code, kind) => {
    expect(sqliteErrorOf(sqliteError(code))).toBe(kind);
  });

  test.each([undefined, null, 'SQLITE_BUSY', { code: 'SQLITE_BUSY' }, new Error('text')])('%j is other', (error) => {
    expect(sqliteErrorOf(error)).toBe('other');
  });
});

describe('work on a locked file', () => {
  const failing = (times: number, code: string) => {
    const calls = { count: 0 };
    return {
      calls,
      work: (): string => {
        calls.count += 1;
        if (calls.count <= times) throw sqliteError(code);
        return 'done';
      },
    };
  };

  test('is done again until the lock is gone', async () => {
    expect(await withRetry(failing(5, 'SQLITE_BUSY').work)).toBe('done');
  });

  test('is given up after as many attempts as asked for', async () => {
    const { calls, work } = failing(5, 'SQLITE_BUSY');
    await expect(withRetry(work, 3)).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
    expect(calls.count).toBe(3);
  });

  test('is not done again for any other reason', async () => {
    const { calls, work } = failing(5, 'SQLITE_FULL');
    await expect(withRetry(work)).rejects.toMatchObject({ code: 'SQLITE_FULL' });
    expect(calls.count).toBe(1);
  });
});
