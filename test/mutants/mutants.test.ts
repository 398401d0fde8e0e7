import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mutants } from '../../mutants/catalog.ts';
import { hunt, huntAll, huntByTests } from '../../mutants/hunting.ts';
import { isCaught, isQuiet } from '../../mutants/report.ts';

const seed = Number(process.env.FOLJA_SEED ?? 1177);

const occurrences = ({ file, from }: (typeof mutants)[number]): number =>
  readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8').split(from).length - 1;

describe('the mutants of the library', () => {
  test('are at least forty, each with a name of its own', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(40);
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  });

  test.each(mutants)('$id changes one place that is there', (mutant) => {
    expect(mutant.from).not.toBe('');
    expect(mutant.to).not.toBe(mutant.from);
    expect(occurrences(mutant)).toBe(1);
  });

  test('name tests that are there', () => {
    const named = mutants.flatMap(({ tests = [] }) => tests);
    expect(named).not.toEqual([]);
    expect(named.filter((file) => !existsSync(new URL(`../${file}`, import.meta.url)))).toEqual([]);
  });

  test('I06 I21 P2 some are caught by the compliance properties; npm run test:mutants hunts all', async () => {
    const some = mutants.filter(({ id }) => ['key-not-destroyed', 'ack-before-write'].includes(id));
    const caught = await huntAll(some, { runs: 40, seed }, () => undefined);
    expect(caught).toHaveLength(some.length);
    expect(caught.filter((one) => !isCaught(one))).toEqual([]);
  });

  test('P3 some are caught by the tests that they name, which do not fail without them (control)', async () => {
    const some = mutants.filter(({ id }) => id === 'version-not-looked-at');
    const [caught] = await huntAll(some, { runs: 1, seed }, () => undefined);
    expect(caught?.by).toEqual([expect.stringMatching(/^eventStore\/knownStreams\.test\.ts: P3 /)]);
    expect(isQuiet(await huntByTests(undefined, ['eventStore/knownStreams.test.ts']))).toBe(true);
  });

  test('control: no rule fails on the library as it is', async () => {
    expect(await hunt(undefined, { runs: 3, seed })).toEqual({ by: [], lived: 3, broke: false });
  });
});
