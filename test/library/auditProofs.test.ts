import { describe, expect, test } from 'vitest';
import { publicKeyOfStore } from '../../src/audit/signing.ts';
import { verifyConsistency, verifyHead, verifyInclusion } from '../../src/verifier.ts';
import { approve, aStartedProgram, end, offer, purge, theHandover, theProgram } from './given.ts';
import { at, auditor, childHealth, maternity, region } from './people.ts';
import { rightOf, stores, type World } from './world.ts';

/** What a promise was rejected with. */
const rejection = (promise: Promise<unknown>): Promise<{ readonly message: string; readonly problem: unknown }> =>
  promise.then(
    () => {
      throw new Error('it was not to succeed');
    },
    (error) => error,
  );

const operations = async ({ events }: World): Promise<readonly unknown[]> =>
  (await events()).flatMap(({ type, data, by }) => (type === 'operated' ? [{ data, by: by.kind }] : []));

/** A history in which a command made several events, and a program is gone. */
const aLife = async (world: World): Promise<void> => {
  await offer(world, theProgram, childHealth, theHandover);
  await approve(world, theProgram, theHandover, childHealth);
  await end(world, theProgram, {}, childHealth);
  await purge(world, theProgram, childHealth);
  await world.sees({ view: 'overview', tab: 'all' }, at(maternity, 'b'));
};

describe.each(stores)('the log %s', (kind) => {
  test('P15 R251 gives a signed head that the public key verifies, keeps it, and logs that it was asked for', async () => {
    const world = await aStartedProgram(kind);
    const { publicKey, ...head } = await world.folja.audit.head();
    expect(verifyHead(head, publicKey)).toBe(true);
    expect(head.length).toBe((await world.events()).length - 1);
    expect(world.engine.anchors.heads(1)).toEqual([head]);
    expect(world.engine.anchors.publicKey()).toBe(publicKey);
    expect(rightOf(await publicKeyOfStore(world.engine.keys), 'the key')).toBe(publicKey);
    const { length, root } = head;
    expect(await operations(world)).toEqual([{ data: { what: 'sign-head', length, root }, by: 'system' }]);
    expect((await world.log()).filter(({ action }) => action === 'sign-head')).toHaveLength(1);
  });

  test('P15 R251 proves of every entry that it is in the log, with all events of its command', async () => {
    const world = await aStartedProgram(kind);
    await aLife(world);
    const entries = await world.log();
    const stored = await world.events();
    const several = new Set<number>();
    for (const { seq, action } of entries) {
      const { leaves, head, length, root } = await world.folja.audit.inclusionProof(seq as number);
      expect(verifyHead(head, head.publicKey)).toBe(true);
      expect({ length: head.length, root: head.root }).toEqual({ length, root });
      for (const leaf of leaves) {
        expect(verifyInclusion(leaf, head)).toBe(true);
        const event = JSON.parse(leaf.event);
        expect(event.cause.command).toBe(action);
        expect({ ...event, position: leaf.index + 1 }).toEqual(stored[leaf.index]);
        expect(verifyInclusion({ ...leaf, event: leaf.event.replace('"at":"2026', '"at":"2025') }, head)).toBe(false);
      }
      several.add(leaves.length);
    }
    expect([...several].sort()).toEqual(expect.arrayContaining([1, 2, 3]));
    const proven = (await operations(world)).filter((entry) => JSON.stringify(entry).includes('prove-inclusion'));
    expect(proven).toHaveLength(entries.length);
  });

  test('P15 proves that a later head continues an earlier one, through a purge', async () => {
    const world = await aStartedProgram(kind);
    const first = await world.folja.audit.head();
    await aLife(world);
    const second = await world.folja.audit.head();
    const { proof } = await world.folja.audit.consistencyProof(first, second);
    expect(verifyConsistency(first, second, proof)).toBe(true);
    expect(verifyConsistency({ ...first, root: second.root }, second, proof)).toBe(false);
    const same = await world.folja.audit.consistencyProof(first, first);
    expect(verifyConsistency(first, first, same.proof)).toBe(true);
  });

  test('P15 proves nothing between heads that are none of its own, or the wrong way round', async () => {
    const world = await aStartedProgram(kind);
    const first = await world.folja.audit.head();
    const second = await world.folja.audit.head();
    const { consistencyProof } = world.folja.audit;
    const invalid = (path: string, code: string) => ({ kind: 'invalid', issues: [{ path, code }] });
    const tried: readonly (readonly [object, object, string, string])[] = [
      [{ ...first, root: second.root }, second, 'from', 'not-of-this-log'],
      [first, { ...second, length: 1_000_000 }, 'to', 'not-of-this-log'],
      [second, first, 'to', 'shorter'],
      [{}, second, 'from', 'head'],
      [first, { length: -1, root: 'x' }, 'to', 'head'],
    ];
    for (const [from, to, path, code] of tried)
      expect((await rejection(consistencyProof(from, to))).problem).toEqual(invalid(path, code));
    const { problem } = await rejection(world.folja.audit.inclusionProof(1_000_000));
    expect(problem).toEqual(invalid('seq', 'unknown-entry'));
  });

  test('R248 proves an entry for the log auditor and not for staff, and logs both', async () => {
    const world = await aStartedProgram(kind);
    await world.folja.audit.inclusionProof(1, auditor);
    const { problem, message } = await rejection(world.folja.audit.inclusionProof(1, at(maternity, 'b')));
    expect(problem).toMatchObject({ kind: 'refused' });
    expect(message).not.toMatch(/\d{8}/);
    expect((await rejection(world.folja.audit.inclusionProof(1, region))).problem).toMatchObject({ kind: 'refused' });
    const asked = (await world.log()).filter(({ action }) => action === 'prove-inclusion');
    expect(asked.map(({ outcome }) => outcome)).toEqual(['allowed', 'refused', 'refused']);
  });

  test('P11 P15 is verified as a whole after a life and a purge, and the verification is logged', async () => {
    const world = await aStartedProgram(kind);
    await aLife(world);
    await world.folja.audit.head();
    const last = (await world.events()).length;
    const steps: number[] = [];
    const found = await world.folja.audit.verify({ onProgress: (done) => steps.push(done) });
    expect(found).toEqual({ ok: true, problems: [], entries: last, root: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(steps.at(-1)).toBe(last);
    expect((await operations(world)).at(-1)).toEqual({
      data: { what: 'verify', count: 0, length: last, root: found.root },
      by: 'system',
    });
    expect((await world.folja.audit.verify()).ok).toBe(true);
  });

  test('P15 has the same leaves, heads and tree after a rebuild', async () => {
    const world = await aStartedProgram(kind);
    await aLife(world);
    const before = await world.folja.audit.head();
    await world.folja.rebuild();
    const after = await world.folja.audit.head();
    const { proof } = await world.folja.audit.consistencyProof(before, after);
    expect(verifyConsistency(before, after, proof)).toBe(true);
    expect((await world.folja.audit.verify()).problems).toEqual([]);
  });
});
