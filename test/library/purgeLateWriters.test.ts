import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { inMemoryStore } from '../../src/eventStore/inMemory.ts';
import { all } from '../../src/projections/projection.ts';
import { anEvent } from '../eventStore/events.ts';
import { aStartedProgram, end, purge, start, theConversation, theProgram, tobak, uuid } from './given.ts';
import { lifeBeforePurge, lifesProgram, live, type Step, thePurge } from './life.ts';
import { at, disa, maternity, resident, tolvan } from './people.ts';
import { codeOf, open, openIn, rightOf, type World } from './world.ts';

const seed = Number(process.env.FOLJA_SEED ?? 1177);
const runs = Number(process.env.FOLJA_RUNS ?? 1_000);

/** What is left of a purged program, and was left right after its purge: none of it may come back. */
const leftOf = async ({ engine, events }: World, programId: string) => {
  const stream = await events(`program-${programId}`);
  const { keyId } = { keyId: '', ...(stream[0]?.data as object) };
  const parts = rightOf(await engine.events.sealedParts(stream.map(({ position }) => position))(), 'reading');
  const opened = await engine.keys.open(keyId)();
  const rows = ['programs', 'messages', 'modules', 'outbox'].flatMap((table) =>
    all(engine.readModels, `SELECT 1 FROM ${table} WHERE program_id = ?`, programId),
  );
  return { head: stream.at(-1)?.type, length: stream.length, parts: parts.size, opened, rows: rows.length };
};

/** Each command of a life that was about the program, which its sender may be late with. */
const late = lifeBeforePurge().filter(({ data }) => 'programId' in data && data.programId === lifesProgram);

describe(`a thousand late writers, of seed ${seed}`, () => {
  const again = fc.record({ step: fc.constantFrom(...late), as: fc.constantFrom('the same', 'a new one') });
  const idOf = ({ id }: Step, as: string, number: number): string => (as === 'the same' ? id : uuid(100_000 + number));

  test('P12 R242 E8 bring back no key, no part, no row and no event of a purged program', async () => {
    const world = await open(inMemoryStore(), '');
    await live(world, [...lifeBeforePurge(), ...thePurge]);
    const before = await leftOf(world, lifesProgram);
    const counts = new Map<string, number>();
    let number = 0;
    const property = fc.asyncProperty(again, async ({ step, as }) => {
      number += 1;
      world.clock.later(60_000);
      const { type, data, actor } = step;
      const result = await world.execute(type, data, actor, idOf(step, as, number));
      const told = `${as}: ${codeOf(result)}`;
      counts.set(told, (counts.get(told) ?? 0) + 1);
      if (as === 'a new one') expect(E.isRight(result) ? result.right.events : []).toEqual([]);
      if (number % 50 === 0) expect(await leftOf(world, lifesProgram)).toEqual(before);
    });
    await fc.assert(property, { seed, numRuns: runs, endOnFailure: true });
    expect(await leftOf(world, lifesProgram)).toEqual(before);
    expect(before).toMatchObject({ head: 'purged', parts: 0, rows: 0, opened: { left: { kind: 'erased' } } });
    expect([...counts.keys()]).toEqual(expect.arrayContaining(['a new one: program-purged']));
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(runs);
  });
});

describe('a late writer in SQLite', () => {
  test('P12 P3 P4 E8 with a stale revision is refused, and an append made before gives its first result and no flesh', async () => {
    const world = await aStartedProgram('in SQLite');
    const { events } = world.engine;
    const stream = `program-${theProgram}`;
    const { length } = await world.events(stream);
    const mine = anEvent({ type: 'program-opened', data: {}, flesh: { sealed: Buffer.from('sealed long ago') } });
    rightOf(await events.append(stream, length - 1, [mine])(), 'an append');
    await end(world, theProgram);
    await purge(world, theProgram);
    const before = await leftOf(world, theProgram);
    const other = anEvent({ type: 'program-opened', data: {}, flesh: { sealed: Buffer.from('sealed too late') } });
    for (const expected of [length - 1, length, 'no-stream'] as const)
      expect(await events.append(stream, expected, [other])()).toMatchObject({ left: { kind: 'revision-conflict' } });
    const again = rightOf(await events.append(stream, length - 1, [mine])(), 'the append again');
    expect(again.map(({ id }) => id)).toEqual([mine.id]);
    expect(await leftOf(world, theProgram)).toEqual(before);
    expect(before).toMatchObject({ parts: 0, rows: 0, head: 'purged' });
  });

  test('P12 E8 in a second library on the same files, which has the key open, finds it destroyed', async () => {
    const world = await aStartedProgram('in SQLite');
    const second = await openIn(world.directory, { clock: world.clock });
    const reply = { programId: theProgram, conversationId: theConversation, body: 'Tack!' };
    await second.does('reply', reply, resident(tolvan));
    await end(world, theProgram);
    expect((await purge(world, theProgram)).erasure).toBe('erased');
    const [started] = await second.events(`program-${theProgram}`);
    const { keyId } = { keyId: '', ...(started?.data as object) };
    expect(await second.engine.keys.open(keyId)()).toMatchObject({ left: { kind: 'erased' } });
    expect(await second.fails('reply', reply, resident(tolvan))).toMatchObject({ kind: 'refused' });
    expect(await leftOf(second, theProgram)).toMatchObject({ head: 'purged', parts: 0, rows: 0 });
  });

  test('P12 E8 an old row of the outbox is not delivered, and goes', async () => {
    const delivered: object[] = [];
    const deliver = async (one: object): Promise<void> => void delivered.push(one);
    const world = await aStartedProgram('in SQLite', { deliver });
    const neighbor = await start(world, tobak, disa);
    await end(world, theProgram);
    const read = 'SELECT * FROM outbox WHERE program_id = ?';
    const rows = all<Record<string, string | number | null>>(world.engine.readModels, read, theProgram);
    expect(rows.length).toBeGreaterThan(0);
    await purge(world, theProgram);
    const old = new Sqlite(join(world.directory, 'unit.db'));
    for (const row of rows) {
      const names = Object.keys(row);
      const values = names.map((name) => row[name]);
      old
        .prepare(`INSERT INTO outbox (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
        .run(...values);
    }
    old.close();
    await world.folja.tick();
    expect(JSON.stringify(delivered)).not.toContain(theProgram);
    expect(await leftOf(world, theProgram)).toMatchObject({ rows: 0, parts: 0 });
    expect((await world.sees({ view: 'overview', tab: 'mine' }, at(maternity, 'b'))).rows).toMatchObject([
      { programId: neighbor },
    ]);
  });
});
