import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fill } from '../library/rebuilds.ts';
import { aDirectory, openIn } from '../library/world.ts';

const script = fileURLToPath(new URL('verifyingProcess.ts', import.meta.url));

/** How many mebibytes the objects of the process may take, of which the library itself takes most. */
const room = 24;

const verified = (path: string, isKeeping: 'keeping' | 'passing') => {
  const limits = [`--max-old-space-size=${room}`, '--max-semi-space-size=1'];
  const { status, stdout } = spawnSync(process.execPath, [...limits, script, path, isKeeping], {
    ...{ encoding: 'utf8', cwd: dirname(path), env: {} },
  });
  const found = status === 0 ? (JSON.parse(stdout) as { readonly ok: boolean; readonly entries: number }) : undefined;
  return { hasEnded: status === 0, ...found };
};

const few = 40;
const many = few * 4;

const filledWith = async (programs: number): Promise<string> => {
  const directory = aDirectory();
  const world = await openIn(directory);
  await fill(world, programs);
  await world.log();
  await world.close();
  return join(directory, 'unit.db');
};

describe('the verification of a log that is four times as long', () => {
  test('P11 needs no more room, nor does the comparison of the read models', async () => {
    const path = await filledWith(many);
    const whole = { hasEnded: true, ok: true, compared: { kind: 'compared', differences: [] } };
    expect(verified(path, 'passing')).toMatchObject(whole);
    expect(verified(path, 'passing').entries).toBeGreaterThan(many * 25);
    // Control: the same that keeps what it has seen has no room for so many.
    expect(verified(path, 'keeping')).toEqual({ hasEnded: false });
    expect(verified(await filledWith(few), 'keeping')).toMatchObject(whole);
  }, 120_000);
});
