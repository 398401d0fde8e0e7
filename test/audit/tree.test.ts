import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { emptyFrontier, grow, type Hash, rootOver } from '../../src/audit/merkle.ts';
import {
  catchUpTree,
  frontierOf,
  growTree,
  headOf,
  prepareTree,
  rootIn,
  rootText,
  tilesOf,
} from '../../src/audit/tree.ts';
import type { Engine } from '../../src/eventStore/engine.ts';
import { inMemoryStore } from '../../src/index.ts';
import { masterKey, right } from '../eventStore/builders.ts';
import { someEvents } from '../eventStore/events.ts';

/** A store with a tree that grows with every append, or with none unless told. */
const aStore = async ({ grows = true } = {}): Promise<Engine> => {
  const engine = await inMemoryStore().open(masterKey, (db) => {
    prepareTree(db);
    return { inline: (...given) => (grows ? growTree(db, ...given) : undefined), committed: () => undefined };
  });
  onTestFinished(engine.events.close);
  return engine;
};

const add = async ({ events }: Engine, count: number): Promise<void> => {
  if (count > 0) await right(events.append('program-a', 'any', someEvents(count)));
};

const leavesOf = ({ events }: Engine): Promise<readonly Hash[]> => right(events.leaves(0, 1_000_000));
const rootOfLeaves = (leaves: readonly Hash[]): string => rootText(rootOver(grow(emptyFrontier, leaves).peaks));

/** All that the tables hold. */
const tablesOf = ({ readModels }: Engine) => ({
  head: headOf(readModels),
  peaks: frontierOf(readModels).peaks.map(rootText),
  tiles: [1, 2].map((level) => tilesOf(readModels, level, 0, 1_000).map(rootText)),
});

describe('the tree in its tables', () => {
  test('P15 holds the frontier and each whole tile of 256 leaves, however it grew', async () => {
    const [grown, behind] = [await aStore(), await aStore({ grows: false })];
    for (const count of [1, 254, 1, 1, 300, 700, 3]) await add(grown, count);
    const leaves = await leavesOf(grown);
    const { head, tiles } = tablesOf(grown);
    expect(head).toEqual({ length: 1260, root: rootOfLeaves(leaves) });
    const whole = [0, 256, 512, 768].map((from) => rootOfLeaves(leaves.slice(from, from + 256)));
    expect(tiles).toEqual([whole, []]);
    expect(headOf(behind.readModels)).toEqual({ length: 0, root: rootOfLeaves([]) });
  });

  test('P15 is brought up to the end in slices, and then grows by itself', async () => {
    const engine = await aStore({ grows: false });
    await add(engine, 5_000);
    await right(() => catchUpTree(engine.events, engine.readModels));
    const leaves = await leavesOf(engine);
    expect(headOf(engine.readModels)).toEqual({ length: 5_000, root: rootOfLeaves(leaves) });
    expect(tablesOf(engine).tiles[0]).toHaveLength(19);
    const [events] = [await right(engine.events.readAll(0, 1))];
    growTree(engine.readModels, [{ ...(events[0] as (typeof events)[number]), position: 5_001 }], leaves.slice(0, 1));
    expect(headOf(engine.readModels).length).toBe(5_001);
  });

  test('does nothing while it is behind', async () => {
    const engine = await aStore({ grows: false });
    await add(engine, 3);
    const events = await right(engine.events.readAll(2, 1));
    growTree(engine.readModels, events, (await leavesOf(engine)).slice(2));
    expect(headOf(engine.readModels).length).toBe(0);
  });

  test('P15 has a tile of 65,536 leaves', async () => {
    const engine = await aStore({ grows: false });
    const leaves = Array.from({ length: 65_536 }, (_, index) => Buffer.alloc(32, index));
    const [event] = await (async () => {
      await add(engine, 1);
      return right(engine.events.readAll(0, 1));
    })();
    if (event === undefined) throw new Error('there is one');
    engine.readModels.transaction(() => growTree(engine.readModels, [event], leaves))();
    const { tiles, head } = tablesOf(engine);
    expect(tiles[0]).toHaveLength(256);
    expect(tiles[1]).toEqual([head.root]);
    expect(head.root).toBe(rootOfLeaves(leaves));
  });

  test('P15 gives the root over any stretch that a proof asks for, also where its tiles are gone', async () => {
    const engine = await aStore();
    await add(engine, 1_500);
    const leaves = await leavesOf(engine);
    const tree = { events: engine.events, db: engine.readModels };
    const ask = async (length: number): Promise<void> => {
      expect(rootText(await right(() => rootIn(tree, [0, length])))).toBe(rootOfLeaves(leaves.slice(0, length)));
      if (length <= 1_024) return;
      const tail = leaves.slice(1_024, length);
      expect(rootText(await right(() => rootIn(tree, [1_024, length])))).toBe(rootOfLeaves(tail));
    };
    await fc.assert(fc.asyncProperty(fc.nat(1_500), ask), { numRuns: 30 });
    engine.readModels.exec('DELETE FROM audit_tiles WHERE number % 2 = 1');
    await fc.assert(fc.asyncProperty(fc.nat(1_500), ask), { numRuns: 30 });
    expect(await rootIn(tree, [0, 1_501])).toMatchObject({ left: { kind: 'damaged' } });
  });
});
