import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { residentsOf } from '../../src/access/residents.ts';
import type { SealedPart } from '../../src/eventStore/eventStore.ts';
import { aDirectory } from '../eventStore/builders.ts';
import { storeOf, type Vault } from './residentStores.ts';

const [one, other] = ['191212121212', '200101309821'];

/** The residents of a vault, counting how often a number was opened; where programs are many, all have the first one's resident. */
const counted = ({ events, keys }: Vault, areMany = false) => {
  let count = 0;
  const sealedParts: Vault['events']['sealedParts'] = (positions) => {
    count += 1;
    if (!areMany) return events.sealedParts(positions);
    return async () =>
      E.map((parts: ReadonlyMap<number, SealedPart>) => {
        const first = parts.get(1);
        return new Map(first === undefined ? [] : positions.map((position) => [position, first]));
      })(await events.sealedParts([1])());
  };
  return { residents: residentsOf({ events: { ...events, sealedParts }, keys }), opened: () => count };
};

/** Whether the memory of a process that has asked for a resident holds some texts afterwards. */
const inMemory = (number: string, texts: readonly string[], ...args: readonly string[]): readonly boolean[] => {
  const to = join(aDirectory(), 'memory.heapsnapshot');
  const parts = JSON.stringify([...number].map((digit) => digit.charCodeAt(0)));
  const program = join(import.meta.dirname, 'residentsProcess.ts');
  execFileSync(process.execPath, ['--no-warnings', program, '--parts', parts, '--to', to, ...args]);
  const memory = readFileSync(to);
  return texts.map((text) => memory.includes(JSON.stringify(text)));
};

describe('the residents of programs', () => {
  test('I11 are told from others the first time and every time after it, whoever asks first', async () => {
    for (const order of [
      [one, other, one, other],
      [other, one, other, one],
    ]) {
      const { residents, opened } = counted(await storeOf([one]));
      const told: unknown[] = [];
      for (const number of order) told.push(await residents.isOf(1, number));
      expect(told).toEqual(order.map((number) => E.right(number === one)));
      expect(opened()).toBe(1);
    }
  });

  test('I11 are nobody where no program has started', async () => {
    const residents = residentsOf(await storeOf([one]));
    expect(await residents.isOf(2, one)).toEqual(E.right(false));
  });

  test('are remembered up to a bound', async () => {
    const most = 10_000;
    const { residents, opened } = counted(await storeOf([one]), true);
    for (let start = 1; start <= most + 1; start += 1) await residents.isOf(start, one);
    expect(opened()).toBe(most + 1);
    await residents.isOf(most + 1, one);
    expect(opened()).toBe(most + 1);
    await residents.isOf(1, one);
    expect(opened()).toBe(most + 2);
  }, 60_000);

  test('R249 are remembered without their numbers, and without a hash that could be tried out', () => {
    const hashed = ['base64', 'base64url', 'hex'].map((encoding) =>
      createHash('sha256')
        .update(one)
        .digest(encoding as 'hex'),
    );
    const sought = [one, ...hashed];
    expect(inMemory(one, sought)).toEqual(sought.map(() => false));
  }, 60_000);

  test('R249 would be found in the memory where their numbers were kept (control)', () => {
    expect(inMemory(one, [one], '--keeps', 'yes')).toEqual([true]);
  }, 60_000);
});
