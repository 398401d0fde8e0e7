import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tagWith } from '../../src/privacy/residentIndex.ts';
import { aStartedProgram, end, purge, theConversation, theProgram } from './given.ts';
import { at, maternity, resident, tolvan } from './people.ts';
import { aDirectory, masterKey, openIn, rightOf, type World } from './world.ts';

const first = { id: 'master', key: masterKey };
const second = { id: 'second', key: new Uint8Array(32).fill(2) };
const clinician = at(maternity, 'b');

const readIfThere = (path: string): Buffer => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0));

/** A full copy of a store's files, taken while nobody writes. */
const copyOf = async ({ directory, close }: World): Promise<string> => {
  await close();
  const copy = aDirectory();
  cpSync(directory, copy, { recursive: true });
  return copy;
};

const bodies = async ({ sees }: World): Promise<readonly unknown[]> =>
  (await sees({ view: 'conversation', programId: theProgram, conversationId: theConversation }, clinician)).rows.map(
    ({ body }) => body,
  );

const own = async ({ sees }: World): Promise<readonly unknown[]> =>
  (await sees({ view: 'my-programs' }, resident(tolvan))).rows.map(({ programId }) => programId);

describe('a full copy of both files from before a purge', () => {
  test('P13 E6 opens nothing once the master key it was made under is gone', async () => {
    const world = await aStartedProgram('in SQLite');
    await end(world, theProgram);
    const copy = await copyOf(world);
    const again = await openIn(world.directory);
    expect((await purge(again, theProgram)).erasure).toBe('erased');
    await again.folja.rotateMasterKey(second);
    await again.close();
    const newer = aDirectory();
    cpSync(copy, newer, { recursive: true });
    await expect(openIn(newer, { masterKey: { current: second } })).rejects.toThrow(
      'The master key is not the one this key file was made with',
    );
    // The control: with the earlier master key, which the host was to destroy, the copy shows everything.
    expect(await bodies(await openIn(copy))).toEqual(['Hur gör jag?']);
  });

  test('P13 E6 cannot be asked for a person with the index key of today', async () => {
    const world = await aStartedProgram('in SQLite');
    const copy = await copyOf(world);
    const again = await openIn(world.directory);
    const before = rightOf(await again.engine.keys.epochs()(), 'epochs');
    await again.folja.rotateMasterKey(second);
    const after = rightOf(await again.engine.keys.epochs()(), 'epochs');
    expect([before.map(({ id }) => id), after.map(({ id }) => id)]).toEqual([['master'], ['second']]);
    const number = tolvan.personalNumber;
    const [index = ''] = rightOf(await again.engine.keys.everNamed('index')(), 'the index key');
    const key = rightOf(await again.engine.keys.open(index)(), 'the index key');
    const tag = tagWith(index, key, number).subarray(16);
    const isIn = (directory: string): boolean =>
      ['unit.db', 'unit.db-wal'].some((name) => readIfThere(join(directory, name)).includes(tag));
    expect([isIn(copy), isIn(again.directory)]).toEqual([false, true]);
  });
});

describe('a rotation that was stopped', () => {
  test('P13 after the index got its key is gone on with, by whoever knows both master keys', async () => {
    const world = await aStartedProgram('in SQLite');
    rightOf(await world.engine.keys.renew('index')(), 'a new index key');
    await world.close();
    const again = await openIn(world.directory, { masterKey: { current: second, previous: [first] } });
    expect(await own(again)).toEqual([theProgram]);
    expect((await again.folja.rotateMasterKey(second)).rewrapped).toBeGreaterThan(0);
    await again.close();
    const last = await openIn(world.directory, { masterKey: { current: second } });
    expect([await own(last), await bodies(last)]).toEqual([[theProgram], ['Hur gör jag?']]);
  });

  test('P13 after the keys were wrapped finds residents at the next open, and destroys the earlier index key', async () => {
    const world = await aStartedProgram('in SQLite');
    const { keys } = world.engine;
    const old = rightOf(await keys.named('index')(), 'the index key');
    rightOf(await keys.renew('index')(), 'a new index key');
    rightOf(await keys.rewrap(second)(), 'wrapping');
    await world.close();
    const again = await openIn(world.directory, { masterKey: { current: second, previous: [first] } });
    expect(rightOf(await again.engine.keys.isDestroyed(old)(), 'the earlier key')).toBe(true);
    expect(rightOf(await again.engine.keys.remnants(old)(), 'its remnants')).toBe(0);
    expect([await own(again), await bodies(again)]).toEqual([[theProgram], ['Hur gör jag?']]);
  });
});
