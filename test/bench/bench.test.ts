import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const script = fileURLToPath(new URL('../../bench/bench.ts', import.meta.url));
const run = promisify(execFile);
const bench = (...args: readonly string[]) => run(process.execPath, [script, ...args]);

const Report = z.strictObject({
  machine: z.strictObject({
    ...{ cores: z.int(), load: z.number(), node: z.string(), sqlite: z.string(), platform: z.string() },
  }),
  loadAfter: z.number(),
  seed: z.int(),
  rounds: z.int(),
  rows: z.array(
    z.object({
      ...{ section: z.string(), work: z.string(), unit: z.string(), rounds: z.int(), peakBytes: z.number() },
      ...{ median: z.number(), slowest: z.number(), fastest: z.number(), ratio: z.number() },
      floor: z.object({ name: z.string(), median: z.number() }),
      targets: z.array(z.strictObject({ says: z.string(), isMet: z.boolean() })),
    }),
  ),
  failed: z.array(z.unknown()),
});

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'folja-bench-test-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the bench as a command', () => {
  test('prints one table, writes it as JSON, and keeps its stores for another run', async () => {
    const [json, kept] = [join(directory, 'report.json'), join(directory, 'kept')];
    const options = ['--quick', '--sizes', '4,8', '--rounds', '1', '--only', 'open,bytes', '--json', json];
    const { stdout } = await bench(...options, '--keep', kept);
    const report = Report.parse(JSON.parse(readFileSync(json, 'utf8')));
    expect(report.rows.map(({ section }) => section)).toEqual(['open', 'open', 'bytes', 'bytes']);
    expect(report.failed).toEqual([]);
    for (const { work } of report.rows) expect(stdout).toContain(work);
    expect(stdout).toMatch(/\d of 1 targets are met\./);
    const again = await bench('--sizes', '4,8', '--only', 'bytes', '--from', kept);
    expect(again.stderr).not.toContain('filling');
    expect(again.stdout).toContain('bytes on disk of an event, 8 programs');
  });

  test('says in a sentence what it cannot use', async () => {
    const refused = await bench('--fast').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 2, stderr: "Unknown option '--fast': --help says what there is.\n" });
    const missing = await bench('--from', join(directory, 'nowhere')).catch((error: unknown) => error);
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no filled store of 1000') });
  });
});
