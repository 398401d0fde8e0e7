import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { aDirectory } from '../library/world.ts';

const program = join(import.meta.dirname, 'hardenedProcess.ts');

const run = async (...flags: readonly string[]): Promise<readonly string[]> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', ...flags, program, aDirectory()]);
  return stdout.trim().split('\n');
};

const all = [
  'lar-dig-om-amning Right',
  'tobakshjalpen Right',
  'unit Right',
  'units Right',
  'hostile Right',
  'whole true',
];

describe('a process in which', () => {
  test.each([
    ['nothing is hardened (control)', []],
    ['__proto__ throws', ['--disable-proto=throw']],
    ['__proto__ throws and no intrinsic can be changed', ['--disable-proto=throw', '--frozen-intrinsics']],
  ])('15.3.6 %s can use all of the library', async (_, flags) => {
    expect((await run(...flags)).toSorted()).toEqual(all.toSorted());
  });

  test('__proto__ throws, and intrinsics are frozen, where that is asked for (control)', async () => {
    const code =
      "try { ({}).__proto__; } catch { console.log('throws'); } console.log(Object.isFrozen(Array.prototype));";
    const given = ['--no-warnings', '--disable-proto=throw', '--frozen-intrinsics', '-e', code];
    expect((await promisify(execFile)(process.execPath, given)).stdout).toBe('throws\ntrue\n');
  });
});
