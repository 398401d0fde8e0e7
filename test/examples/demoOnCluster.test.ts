import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOptions } from '../../examples/demo/options.ts';
import type { Scan } from '../../examples/demo/scan.ts';
import type { Act, Shown } from '../../examples/demo/stage.ts';
import type { Sum } from '../../examples/demo/sum.ts';
import { build, root, runNode } from './running.ts';

type Document = {
  readonly acts: readonly Act[];
  readonly tables: readonly Shown[];
  readonly scans: readonly Scan[];
  readonly sum: Sum;
};

const folder = mkdtempSync(join(tmpdir(), 'folja-demo-cluster-'));
const demo = (...args: readonly string[]) => runNode(join(root, 'examples/demo/demo.ts'), args, { cwd: folder });

afterAll(() => rmSync(folder, { recursive: true }));

describe('the demo on a model of a cluster', () => {
  let document: Document;

  beforeAll(async () => {
    await build();
    const { stdout, ...ended } = await demo('--json', '--eventstore');
    expect(ended).toEqual({ code: 0, stderr: '' });
    document = JSON.parse(stdout);
  });

  test('has acts and tables that all came out as expected', () => {
    const all = [...document.acts, ...document.tables];
    expect(all.filter(({ outcome, expected }) => outcome !== expected)).toEqual([]);
    expect(all.length).toBeGreaterThan(150);
    expect(document.sum.asExpected).toBe(true);
  });

  test('R246 has a purge that is pending until the server was scavenged, and says what for', () => {
    const purging = document.acts
      .map(({ what, outcome }) => ({ what, outcome }))
      .slice(document.acts.findIndex(({ what }) => what === 'purges, by a disposal decision'));
    expect(purging.slice(0, 4)).toEqual([
      { what: 'purges, by a disposal decision', outcome: 'ok: erasure-pending' },
      { what: 'sends it again: the answer got lost', outcome: 'repeated' },
      { what: 'lets 1 server scavenge what was deleted', outcome: 'ok' },
      { what: 'sends it once more: is it erased now?', outcome: 'ok: erased' },
    ]);
    const waits = document.tables.find(({ title }) => title.startsWith('Gallring'));
    expect(waits?.rows.map((row) => row.slice(1))).toEqual([['RA-MS/2026-17', 'erasure-pending', 'scavenge']]);
  });

  test('found no personal text in the files of the node, nor in anything that the server holds', () => {
    expect(document.scans).toHaveLength(2);
    for (const { found, control, texts, files } of document.scans) {
      expect(found).toEqual([]);
      expect(texts).toBeGreaterThan(45);
      expect(control).toEqual({ planted: 2 * texts, found: 2 * texts });
      const held = files.find(({ name }) => /^all \d{3} records of the server$/.test(name));
      expect(held?.bytes).toBeGreaterThan(100_000);
      expect(files.map(({ name }) => name)).toContain('node.db');
    }
  });
});

describe('the place of the demo', () => {
  test('is one machine, or a cluster without a password on the command line', () => {
    expect(readOptions([])).not.toHaveProperty('eventstore');
    expect(readOptions(['--eventstore'])).toHaveProperty('eventstore', '');
    const connection = 'esdb://127.0.0.1:2113?tls=false';
    expect(readOptions(['--json', `--eventstore=${connection}`])).toMatchObject({ json: true, eventstore: connection });
  });

  test.each([
    ['http://127.0.0.1:2113', 'The demo cannot play there'],
    ['esdb://', 'The demo cannot play there'],
    ['esdb://folja:secret@127.0.0.1:2113', 'A password is never given on the command line'],
    ['folja:secret@127.0.0.1:2113', 'A password is never given on the command line'],
  ])('is not %s, which is refused in one sentence without any of it', (connection, beginning) => {
    const sentence = readOptions([`--eventstore=${connection}`]);
    expect(sentence).toMatch(new RegExp(`^${beginning}`));
    expect(sentence).not.toMatch(/127|secret|http/);
  });
});
