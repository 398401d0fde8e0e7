import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { aStore, asAuditor, folja, secrets } from '../cli/running.ts';
import { masterKey } from '../library/world.ts';
import { expectTypedError, foundIn, toldBy } from './judging.ts';
import { outcomeOf, runsOf, seed } from './trying.ts';
import { canary } from './values.ts';

const key = Buffer.from('hemlig-nyckel'.padEnd(32, 'x'));
const hidden = [
  ...secrets,
  'kanarief',
  'hemlig-nyckel',
  key.toString('hex'),
  key.toString('base64'),
  'BwcHBwcH',
  '07070707',
];

type Files = Awaited<ReturnType<typeof aStore>>;
const names = [
  'unit.db',
  'unit.keys.db',
  'unit.anchors/latest',
  'unit.anchors/heads.jsonl',
  'unit.anchors/public-key.pem',
];
const tables = ['events', 'meta', 'programs', 'flesh', 'checkpoints', 'streams'];

/** Ways to spoil the files of a store, each with texts that are in no message. */
const damages: readonly ((files: Files, name: string, number: number) => void)[] = [
  ({ directory }, name) => rmSync(join(directory, name), { force: true }),
  ({ directory }, name, number) =>
    writeFileSync(join(directory, name), `${canary} ${secrets.join()}`.repeat(number % 200)),
  ({ directory }, name, number) => {
    const bytes = readFileSync(join(directory, name));
    for (let at = number % 97; at < bytes.length; at += 997) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    writeFileSync(join(directory, name), bytes);
  },
  ({ directory }, name, number) => {
    const bytes = readFileSync(join(directory, name));
    writeFileSync(join(directory, name), bytes.subarray(0, number % (bytes.length + 1)));
  },
  ({ directory }) => copyFileSync(join(directory, 'unit.keys.db'), join(directory, 'unit.db')),
  ({ path }, _, number) => {
    const file = new Sqlite(path);
    file.pragma('foreign_keys = OFF');
    file.exec(`ALTER TABLE ${tables[number % tables.length]} RENAME TO "${canary}"`);
    file.close();
  },
];

const masterKeys: readonly unknown[] = [
  masterKey,
  key,
  key.subarray(1),
  'hemlig-nyckel',
  { current: { id: canary, key } },
];
const tries = fc.record({
  damage: fc.nat(damages.length - 1),
  name: fc.constantFrom(...names),
  number: fc.nat(10_000),
  master: fc.nat(masterKeys.length - 1),
});
type Try = typeof tries extends fc.Arbitrary<infer One> ? One : never;

const spoiled = async ({ damage, name, number }: Try): Promise<Files> => {
  const files = await aStore();
  await outcomeOf(() => damages[damage]?.(files, name, number));
  return files;
};

describe('files and keys that are not as they are to be', () => {
  test('P11 16.5.1 are told without anything that is personal or secret', async () => {
    let failures = 0;
    await fc.assert(
      fc.asyncProperty(tries, async (one) => {
        const { path } = await spoiled(one);
        const outcome = await outcomeOf(async () => {
          const opened = await openFolja({
            store: sqliteStore({ path }),
            masterKey: masterKeys[one.master] as Uint8Array,
          });
          await opened.close();
        });
        if (!('thrown' in outcome)) return;
        failures += 1;
        expectTypedError(outcome.thrown);
        expect(foundIn(toldBy(outcome.thrown), hidden)).toEqual([]);
      }),
      { numRuns: runsOf(100), seed },
    );
    expect(failures).toBeGreaterThan(30);
  });

  test('P14 16.5.1 are told by the command without anything that is personal or secret', async () => {
    const codes = new Set<number>();
    await fc.assert(
      fc.asyncProperty(tries, async (one) => {
        const { open, store } = await spoiled(one);
        const calls = [
          ['doctor', ...store],
          ['verify', ...store],
          ['stats', ...store],
          ['head', ...open],
        ];
        for (const args of [...calls, ['audit', ...open, '--perspective', 'owner', ...asAuditor, '--limit', '0']]) {
          const { out, err, code } = await folja(args);
          codes.add(code);
          expect(foundIn(out + err, hidden)).toEqual([]);
        }
      }),
      { numRuns: runsOf(25), seed },
    );
    expect([...codes].toSorted()).toEqual([0, 1, 2, 3]);
  });
});
