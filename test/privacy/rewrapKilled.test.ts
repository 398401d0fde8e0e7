import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import type { KeyId, KeyStore, MasterKey } from '../../src/privacy/keys.ts';
import { bytesOf, first, openAt, rightOf, second, somewhere, takeMany } from './keyFiles.ts';
import { source } from './realFiles.ts';

const root = new URL('../../', import.meta.url);
/** Five slices. */
const count = 640;
const seed = Number(process.env.FOLJA_SEED ?? Date.now() % 2 ** 31);

/** A process of its own that wraps all keys anew, and after each slice waits until it may go on. */
const program = (path: string, { current, previous = [] }: MasterKey): string => `
  import { readSync, writeSync } from 'node:fs';
  import { openSqliteKeys } from ${source('privacy/sqliteKeys.ts')};
  const keyOf = ([id, byte]) => ({ id, key: new Uint8Array(32).fill(byte) });
  const [current, ...previous] = ${JSON.stringify([current, ...previous].map(({ id, key }) => [id, key[0]]))}.map(keyOf);
  const { keys } = await openSqliteKeys({ path: ${JSON.stringify(path)}, masterKey: { current, previous } });
  const slice = () => {
    writeSync(1, '.');
    readSync(0, Buffer.alloc(1));
  };
  await keys.rewrap(keyOf(['second', 2]), slice)();
  setInterval(() => {}, 1_000);`;

/** Lets it take so many slices and go on, and kills it a moment later, wherever it then is. */
const killed = async (code: string, slices: number, milliseconds: number): Promise<void> => {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], { cwd: root });
  for (let slice = 0; slice < slices; slice += 1) {
    await once(child.stdout, 'data');
    child.stdin.write('.');
  }
  await wait(milliseconds);
  child.kill('SIGKILL');
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
};

const bytesOfAll = (keys: KeyStore, ids: readonly KeyId[]): Promise<readonly Buffer[]> =>
  Promise.all(ids.map((id) => bytesOf(keys, id)));

test(`P12 P13 a process that is killed while it wraps keys anew loses none, and another goes on (seed ${seed})`, async () => {
  const path = somewhere();
  const keys = await openAt(path);
  const ids = await takeMany(keys, count);
  const before = await bytesOfAll(keys, ids);
  const gone = ids[0] ?? '';
  await rightOf(keys.destroy(gone));
  keys.close();
  const given = [
    { current: first },
    { current: second, previous: [first] },
    { current: first, previous: [second] },
  ] as const;
  const delays = fc.sample(fc.integer({ min: 0, max: 20 }), { numRuns: given.length, seed });
  for (const [index, masterKey] of given.entries()) {
    await killed(program(path, masterKey), 1, delays[index] ?? 0);
    const after = await openAt(path, { current: second, previous: [first] });
    const epochs = await rightOf(after.epochs());
    const old = epochs.find(({ id }) => id === 'first')?.keys ?? 0;
    // Each was killed in its second slice or after it, the last one perhaps behind all of them.
    expect(old).toBeLessThanOrEqual(count - 128 * (index + 1));
    if (index < 2) expect(old).toBeGreaterThanOrEqual(count - 1 - 256 * (index + 1));
    expect(await bytesOfAll(after, ids.slice(1))).toEqual(before.slice(1));
    expect(await after.open(gone)()).toEqual(E.left({ kind: 'erased' }));
    after.close();
  }
  const last = await openAt(path, { current: first, previous: [second] }).catch(() => undefined);
  await rightOf((last ?? (await openAt(path, { current: second }))).rewrap(second));
  last?.close();
  const end = await openAt(path, { current: second });
  expect((await rightOf(end.epochs())).map(({ id }) => id)).toEqual(['second']);
  expect(await bytesOfAll(end, ids.slice(1))).toEqual(before.slice(1));
});
