import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { passingDatabase } from '../../src/eventStore/memoryDatabase.ts';

const program = join(import.meta.dirname, 'passingProcess.ts');
const written = 96;

/** By how many mebibytes a process grows that writes so many: one of its own, for room that others have left would be used first. */
const growthOf = (kind: 'passing' | 'in memory'): number => {
  const printed = execFileSync(process.execPath, ['--no-warnings', program, kind, String(written)], {
    encoding: 'utf8',
  });
  const { grown, held } = JSON.parse(printed) as { readonly grown: number; readonly held: number };
  expect(held).toBeGreaterThanOrEqual(written);
  return grown;
};

describe('a database for rows that are looked at once', () => {
  test('takes no more memory than its cache, however much is written', () => {
    expect(growthOf('passing')).toBeLessThan(written / 2);
  });

  test('control: one in memory takes as much as is written', () => {
    expect(growthOf('in memory')).toBeGreaterThan((written * 3) / 4);
  });

  test('has no name that anybody could open it by', async () => {
    const db = await passingDatabase();
    expect([db.name, db.memory]).toEqual(['', true]);
    db.close();
  });
});
