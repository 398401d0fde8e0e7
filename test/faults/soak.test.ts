import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aStore, masterKey } from '../../faults/region.ts';
import { lostOf } from '../../faults/soak/checking.ts';
import { judged } from '../../faults/soak/judging.ts';
import { readOptions } from '../../faults/soak/options.ts';
import { jumpFrom, planned } from '../../faults/soak/plan.ts';
import { seeded } from '../../simulation/random.ts';
import type { Problem } from '../../src/index.ts';

const program = join(import.meta.dirname, '../../faults/soak.ts');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folja-soak-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const soak = async (...args: readonly string[]): Promise<{ readonly code: number; readonly printed: string }> => {
  const env = { ...process.env, TMPDIR: folder };
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const child = spawn(process.execPath, ['--no-warnings', program, ...args], { stdio: [...stdio], env });
  let printed = '';
  child.stdout.on('data', (bytes: Buffer) => {
    printed += bytes.toString();
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, printed };
};

describe('a store that several processes use for some seconds', () => {
  test('P2 P3 loses nothing that was acknowledged, answers cleanly, and leaves no files', async () => {
    const { code, printed } = await soak('--minutes', '0.04', '--json');
    const found = JSON.parse(printed);
    expect(found).toMatchObject({ lost: 0, verified: { ok: true } });
    expect(found.unclean).toEqual({});
    expect(found.acknowledged).toBeGreaterThan(0);
    expect(found.kills).toBeGreaterThan(0);
    expect(found.jumps).toBeGreaterThan(0);
    expect(code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  }, 180_000);
});

describe('what was acknowledged', () => {
  test('control: is lost where it is not in the log, or elsewhere than was said', async () => {
    const { path, remove } = await aStore();
    const nowhere = { id: '0195d3a0-0000-7000-8000-00000000dead', stream: 'program-none', revision: 0, position: 1 };
    expect(await lostOf(path, masterKey, [nowhere, nowhere])).toMatchObject({ lost: 1 });
    remove();
  });
});

describe('an answer', () => {
  const past: Problem = {
    kind: 'invalid',
    issues: [{ path: 'command.data.from', code: 'day' }],
  };

  test('of invalid days is clean only where the clock jumped after they were taken from it', () => {
    expect(judged(past, true)).toEqual({ outcome: 'overtaken by the clock', isUnclean: false });
    expect(judged(past, false)).toEqual({ outcome: 'invalid', isUnclean: true });
  });

  test('of what is unknown, or of what failed for good, is unclean whatever the clock did', () => {
    for (const hasJumped of [true, false]) {
      expect(judged({ kind: 'unknown' } as Problem, hasJumped).isUnclean).toBe(true);
      expect(judged({ kind: 'unavailable', retry: false } as Problem, hasJumped).isUnclean).toBe(true);
      expect(judged({ kind: 'unavailable', retry: true } as Problem, hasJumped).isUnclean).toBe(false);
    }
  });
});

describe('the command line of the soak', () => {
  test.each([['--minutes', '0'], ['--minutes', 'some'], ['--minutes'], ['--seed', 'x'], ['--hours', '1'], ['ten']])(
    'is told in a sentence what is wrong with %s %s',
    (...args) => {
      expect(readOptions(args.filter((arg) => arg !== undefined))).toMatch(/^\S.*\.$/);
    },
  );

  test('ends with 2 when it is wrong', async () => {
    expect((await soak('--hours', '1')).code).toBe(2);
  });

  test('gives ten minutes unless told', () => {
    expect(readOptions([])).toMatchObject({ minutes: 10, keep: false, json: false });
  });
});

describe('the plan of a soak', () => {
  test('is the same for the same seed, in the order of time, and has everything even when short', () => {
    const plan = planned(3_000, seeded(1));
    expect(planned(3_000, seeded(1))).toEqual(plan);
    expect(plan.map(({ at }) => at)).toEqual(plan.map(({ at }) => at).toSorted((one, other) => one - other));
    expect(new Set(plan.map(({ what }) => what))).toEqual(new Set(['kill', 'jump', 'rebuild', 'rotate']));
    expect(plan.every(({ at }) => at > 0 && at < 3_000)).toBe(true);
  });

  test('brings a clock back that was far away', () => {
    expect(jumpFrom(3_652 * 86_400_000, seeded(1))).toBe(-3_652 * 86_400_000);
  });
});
