import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { sqliteStore } from '../../src/sqlite.ts';
import { aStartedProgram, end, purge, theConversation, theProgram } from './given.ts';
import { at, auditor, maternity, resident, tolvan } from './people.ts';
import { aDirectory, open, type World } from './world.ts';

const parts = { events: 'unit.db', keys: 'unit.keys.db' };
type Part = keyof typeof parts;
const refused = (code: string) => ({ kind: 'refused', code });

const openAgain = (directory: string, acceptOlder = false): Promise<World> =>
  open(sqliteStore({ path: join(directory, 'unit.db'), ...(acceptOlder ? { acceptOlder } : {}) }), directory);

/** Files as they were when a program had ended, and a directory in which it was purged after that. */
const purgedSince = async () => {
  const [backup, first] = [aDirectory(), await aStartedProgram('in SQLite')];
  await end(first, theProgram);
  const { directory } = first;
  await first.close();
  cpSync(directory, backup, { recursive: true });
  const world = await openAgain(directory);
  const [started] = await world.events(`program-${theProgram}`);
  const { keyId } = { keyId: '', ...(started?.data as object) };
  expect((await purge(world, theProgram)).erasure).toBe('erased');
  await world.close();
  return { directory, backup, keyId };
};

/** Puts some of the older files back. */
const putBack = (directory: string, backup: string, which: readonly Part[]): void => {
  for (const part of which) {
    for (const end of ['-wal', '-shm', '-journal']) rmSync(join(directory, parts[part] + end), { force: true });
    cpSync(join(backup, parts[part]), join(directory, parts[part]));
  }
};

const holding = (directory: string, needle: Buffer): readonly string[] =>
  readdirSync(directory).filter(
    (name) => name.startsWith('unit.db') && readFileSync(join(directory, name)).includes(needle),
  );

/** What can be seen of the purged program: nothing, by anyone. */
const expectErased = async (world: World, keyId: string): Promise<void> => {
  const { sees, misses, engine, directory } = world;
  const [clinician, administrator] = [at(maternity, 'b'), at(maternity, 'da')];
  for (const tab of ['mine', 'all', 'ended'])
    expect((await sees({ view: 'overview', tab }, clinician)).rows).toEqual([]);
  expect((await sees({ view: 'purge-list' }, administrator)).rows).toEqual([]);
  expect((await sees({ view: 'my-programs' }, resident(tolvan))).rows).toEqual([]);
  for (const query of [
    { view: 'program' },
    { view: 'timeline' },
    { view: 'conversations' },
    { view: 'conversation', conversationId: theConversation },
  ])
    expect(await misses({ ...query, programId: theProgram }, clinician)).toEqual(refused('program-purged'));
  expect(await sees<object>({ view: 'purge', programId: theProgram }, administrator)).toMatchObject({
    erasure: 'erased',
  });
  expect(await engine.keys.open(keyId)()).toMatchObject({ left: { kind: 'erased' } });
  const stream = await world.events(`program-${theProgram}`);
  expect(stream.filter(({ type }) => type === 'purged')).toHaveLength(1);
  expect(await engine.events.sealedParts(stream.map(({ position }) => position))()).toMatchObject({ right: new Map() });
  expect(holding(directory, Buffer.from(`01${keyId}`, 'hex'))).toEqual([]);
};

let purged: Awaited<ReturnType<typeof purgedSince>>;
beforeEach(async () => {
  purged = await purgedSince();
});

describe('an older copy that is put back after a purge', () => {
  test.each<[string, readonly Part[]]>([
    ['of the events and the keys', ['events', 'keys']],
    ['of the events', ['events']],
    ['of the keys', ['keys']],
  ])('P12 R240 R242 E6 %s gives back nothing: the ledger purges it again, and says so', async (_what, which) => {
    const { directory, backup, keyId } = purged;
    putBack(directory, backup, which);
    if (which.includes('events')) expect(holding(directory, Buffer.from(`01${keyId}`, 'hex'))).toEqual(['unit.db']);
    const world = await openAgain(directory, which.includes('events'));
    await expectErased(world, keyId);
    const actions = (await world.sees({ view: 'audit', perspective: 'provider', limit: 200 }, auditor)).rows;
    expect(actions.filter(({ action }) => action === 'finish-erasures')).toHaveLength(1);
    expect(actions.filter(({ action }) => action === 'certify-erasure')).toHaveLength(1);
    await world.close();
    await expectErased(await openAgain(directory), keyId);
  });

  test('P12 E6 keeps the purge as it was: the same event, its time and its decision', async () => {
    const { directory, backup } = purged;
    const before = await openAgain(directory);
    const event = (await before.events(`program-${theProgram}`)).at(-1);
    await before.close();
    putBack(directory, backup, ['events']);
    const world = await openAgain(directory, true);
    const { position: _, ...same } = (await world.events(`program-${theProgram}`)).at(-1) ?? {};
    expect(event).toMatchObject(same);
    expect(same).toMatchObject({ type: 'purged', data: { disposalDecision: 'RA-2026/1' } });
  });

  test('P12 E6 control: gives all of it back where the ledger is lost too', async () => {
    const { directory, backup } = purged;
    putBack(directory, backup, ['events', 'keys']);
    rmSync(join(directory, 'unit.anchors'), { recursive: true });
    const { sees } = await openAgain(directory);
    const { rows } = await sees({ view: 'overview', tab: 'ended' }, at(maternity, 'b'));
    expect(rows).toMatchObject([{ programId: theProgram, name: tolvan.name }]);
    const messages = { view: 'conversation', programId: theProgram, conversationId: theConversation } as const;
    expect((await sees(messages, at(maternity, 'b'))).rows).toMatchObject([{ body: 'Hur gör jag?' }]);
  });
});
