import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyFrontier, grow, rootOver } from '../../src/audit/merkle.ts';
import { growingTree, headOf, prepareTree, rootText } from '../../src/audit/tree.ts';
import type { Prepared } from '../../src/eventStore/eventStore.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { aDirectory, masterKey, right } from '../eventStore/builders.ts';
import { someEvents } from '../eventStore/events.ts';

type Failing = 'nothing' | 'an append' | 'the transaction' | 'the commit';

/** A store whose tree grows once for all appends of a transaction, and where something fails when it is told to. */
const aStore = async (told: { fails: Failing }) => {
  const prepare = (db: Parameters<typeof prepareTree>[0]): Prepared => {
    prepareTree(db);
    db.exec(
      'CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT;' +
        'CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED) STRICT',
    );
    const { grow: add, settle, undone } = growingTree(db);
    return {
      inline: (events, leaves) => {
        const isSecond = events[0]?.stream === 'program-b';
        if (isSecond && told.fails === 'the transaction') db.exec('ROLLBACK');
        if (isSecond && ['an append', 'the transaction'].includes(told.fails))
          throw new Error('the read model is wrong');
        if (told.fails === 'the commit') db.exec('INSERT INTO children VALUES (1)');
        add(events, leaves);
      },
      ...{ settle, undone, committed: () => undefined },
    };
  };
  const engine = await sqliteStore({ path: join(aDirectory(), 'unit.db') }).open(masterKey, prepare);
  const together = (count: number) =>
    Promise.all(
      ['program-a', 'program-b', 'program-c'].map((stream) =>
        engine.events
          .append(stream, 'any', someEvents(count))()
          .then(({ _tag }) => _tag),
      ),
    );
  const close = async (): Promise<void> => {
    await engine.events.close();
    engine.keys.close();
  };
  return { engine, together, close };
};

/** That the tree is the one over the leaves that lie in the log. */
const expectTreeOfLog = async ({ engine }: Awaited<ReturnType<typeof aStore>>, length: number): Promise<void> => {
  const leaves = await right(engine.events.leaves(0, 1_000));
  const root = rootText(rootOver(grow(emptyFrontier, leaves).peaks));
  expect(headOf(engine.readModels)).toEqual({ length, root });
  expect(leaves).toHaveLength(length);
};

describe('the tree that grows once for all appends of a transaction', () => {
  test('P15 has the leaves of all of them, one transaction after the other', async () => {
    const store = await aStore({ fails: 'nothing' });
    expect(await store.together(2)).toEqual(['Right', 'Right', 'Right']);
    await expectTreeOfLog(store, 6);
    expect(await store.together(1)).toEqual(['Right', 'Right', 'Right']);
    await expectTreeOfLog(store, 9);
    await store.close();
  });

  test.each([
    ['an append', ['Right', 'Left', 'Right'], 4],
    ['the transaction', ['Left', 'Left', 'Left'], 0],
    ['the commit', ['Left', 'Left', 'Left'], 0],
  ] as const)('P1 P15 has no leaf of what was undone because %s failed', async (fails, results, length) => {
    const told: { fails: Failing } = { fails };
    const store = await aStore(told);
    expect(await store.together(2)).toEqual(results);
    await expectTreeOfLog(store, length);
    told.fails = 'nothing';
    expect(await store.together(1)).toEqual(['Right', 'Right', 'Right']);
    await expectTreeOfLog(store, length + 3);
    await store.close();
  });

  test('P15 has no leaf of events that could not be added, whatever comes next in the same transaction', async () => {
    const { engine, close } = await aStore({ fails: 'nothing' });
    const { readModels: db, events } = engine;
    const stored = await right(events.append('program-a', 'any', someEvents(2)));
    const before = headOf(db);
    const leaves = await right(events.leaves(0, 2));
    const next = stored.map((event, index) => ({ ...event, position: 3 + index }));
    const { grow: add, settle } = growingTree(db);
    db.exec("CREATE TEMP TRIGGER failing BEFORE UPDATE ON audit_frontier BEGIN SELECT RAISE(ABORT, 'no'); END");
    add(next, leaves);
    expect(settle).toThrow('no');
    db.exec('DROP TRIGGER failing');
    settle();
    expect(headOf(db)).toEqual(before);
    await close();
  });
});
