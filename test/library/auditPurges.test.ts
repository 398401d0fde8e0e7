import { describe, expect, test } from 'vitest';
import { rootText } from '../../src/audit/tree.ts';
import { verifyConsistency, verifyLog } from '../../src/verifier.ts';
import { seed } from '../compliance/seed.ts';
import { aRegion, end, purge, start, tobak } from './given.ts';
import { tolvan } from './people.ts';
import { rightOf, type World } from './world.ts';

const programs = 200;

/** A generator of numbers that gives the same ones for a seed (mulberry32). */
const numbersFrom = (given: number) => {
  let state = given;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

const leavesOf = async ({ engine }: World): Promise<readonly string[]> =>
  rightOf(await engine.events.leaves(0, 1_000_000)(), 'the leaves').map(rootText);

const linesOf = async ({ engine }: World): Promise<readonly string[]> =>
  rightOf(await engine.events.evidence(0, 1_000_000)(), 'the rows').map(({ body }) => body);

describe('200 random purges', () => {
  test('P12 P15 A-tests: leave every leaf and every root as it was, and the log valid after each', async () => {
    const world = await aRegion('in memory');
    const below = numbersFrom(seed);
    const alive: string[] = [];
    for (let number = 0; number < programs; number += 1) {
      const programId = await start(world, tobak, tolvan);
      await end(world, programId, { readableUntil: undefined });
      alive.push(programId);
    }
    const { publicKey, ...first } = await world.folja.audit.head();
    let [head, leaves] = [first, await leavesOf(world)];
    const heads = [first];
    for (let purged = 1; purged <= programs; purged += 1) {
      const [programId = ''] = alive.splice(below(alive.length), 1);
      expect((await purge(world, programId)).erasure).toBe('erased');
      const after = await leavesOf(world);
      expect(after.slice(0, leaves.length).join()).toBe(leaves.join());
      const { publicKey: _key, ...next } = await world.folja.audit.head();
      [head, leaves] = [next, after];
      heads.push(next);
      if (purged % 50 === 0) expect((await world.folja.audit.verify()).problems).toEqual([]);
    }
    const { proof } = await world.folja.audit.consistencyProof(first, head);
    expect(verifyConsistency(first, head, proof)).toBe(true);
    const { ok, proven } = verifyLog(await linesOf(world), heads, publicKey);
    expect({ ok, proven, heads: heads.length }).toEqual({ ok: true, proven: head.length, heads: programs + 1 });
    process.stdout.write(`${programs} purges, seed ${seed}, ${leaves.length} leaves\n`);
  });
});
