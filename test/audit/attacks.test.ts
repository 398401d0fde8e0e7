import { createSecretKey, randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AnchorSink, SignedHead } from '../../src/audit/anchors.ts';
import { anchorsInMemory } from '../../src/audit/anchors.ts';
import { eventIn } from '../../src/audit/evidence.ts';
import { publicKeyOf, signHead, signingKeyOf } from '../../src/audit/heads.ts';
import { consistencyRanges, rootOf } from '../../src/audit/merkle.ts';
import { growTree, prepareTree } from '../../src/audit/tree.ts';
import { verifying } from '../../src/audit/verifying.ts';
import type { EventStore, Evidence } from '../../src/eventStore/eventStore.ts';
import { memoryDatabase } from '../../src/eventStore/memoryDatabase.ts';
import { inMemoryStore } from '../../src/index.ts';
import { verifyConsistency, verifyLog } from '../../src/verifier.ts';
import { masterKey, right } from '../eventStore/builders.ts';
import { type Attacked, type Body, covered, fieldChanges, leafOf, moves, tally, textOf } from './attacks.ts';
import { someViews } from './views.ts';

const entries = 200;
const store = '0195d3a0-0000-7000-8000-000000000001';
const at = '2026-03-02T08:00:00.000Z';
const signing = signingKeyOf(createSecretKey(randomBytes(32)));
const publicKey = publicKeyOf(signing);
const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');

const rootTo = (bodies: readonly Body[], length = bodies.length): string =>
  hex(rootOf(bodies.slice(0, length).map(leafOf)));
const headOver = (bodies: readonly Body[], length = bodies.length, key = signing): SignedHead =>
  signHead(key, store, { length, root: rootTo(bodies, length) }, at);

let rows: readonly Evidence[] = [];
let bodies: readonly Body[] = [];
let heads: readonly SignedHead[] = [];

beforeAll(async () => {
  const { events } = await inMemoryStore().open(masterKey, () => ({
    inline: () => undefined,
    committed: () => undefined,
  }));
  await right(events.append('access-one', 'any', someViews(entries / 2)));
  await right(events.append('access-two', 'any', someViews(entries / 2)));
  rows = await right(events.evidence(0, 1_000));
  await events.close();
  bodies = rows.map(({ body }) => JSON.parse(body));
  heads = [headOver(bodies, entries / 2), headOver(bodies)];
});

/** A store as an attacker left its rows, with the tree and the anchors that it had. */
const left = async (after: readonly Evidence[], anchors: AnchorSink) => {
  const db = await memoryDatabase();
  prepareTree(db);
  growTree(
    db,
    [{ position: 1 } as never],
    rows.map(({ digest }) => digest),
  );
  const events = {
    id: store,
    evidence: (from: number, limit: number) => async () =>
      E.right(after.filter(({ position }) => position > from).slice(0, limit)),
    lastPosition: () => async () => E.right(after.at(-1)?.position ?? 0),
  } as unknown as EventStore;
  const found = await verifying({ events, db, anchors, publicKey });
  db.close();
  return found;
};

/** The rows after an attack by somebody who changes rows, and nothing that follows from them. */
const naively = ({ kind, at: index, bodies: after }: Attacked): readonly Evidence[] => {
  const [row, next] = [rows[index] as Evidence, rows[index + 1] as Evidence];
  const behind = { position: entries + 1, revision: entries };
  switch (kind) {
    case 'deletion':
      return rows.toSpliced(index, 1);
    case 'insertion':
      return [...rows, { ...row, ...behind, body: textOf(after[index] as Body), digest: leafOf(after[index] as Body) }];
    case 'duplicate':
      return [...rows, { ...row, ...behind }];
    case 'swap':
      return rows
        .with(index, { ...row, body: next.body, digest: next.digest })
        .with(index + 1, { ...next, body: row.body, digest: row.digest });
    default:
      return rows.slice(0, index);
  }
};

describe('a log of 200 entries', () => {
  test('P15 is found whole by both verifiers, and proven to its end', async () => {
    const verdict = verifyLog(bodies.map(textOf), heads, publicKey);
    expect(verdict).toEqual({ ok: true, findings: [], length: entries, root: rootTo(bodies), proven: entries });
    expect((await left(rows, anchorsInMemory())).problems).toEqual([]);
  });

  test('P11 P15 A-tests: whoever changes rows is found by the digests, the columns and the tree, without any anchor', async () => {
    const counts = tally();
    for (const { kind, at: index, bodies: after } of fieldChanges(bodies)) {
      const row = { ...(rows[index] as Evidence), body: textOf(after[index] as Body) };
      counts.count(kind, eventIn(row).problems.includes('digest'));
    }
    for (const attack of moves(bodies).filter(({ at: index }) => index % 8 === 3))
      counts.count(attack.kind, !(await left(naively(attack), anchorsInMemory())).ok);
    process.stdout.write(counts.text('changed rows'));
    expect(counts.sum().found).toBe(counts.sum().tried);
    expect(counts.sum().tried).toBeGreaterThan(1_800);
  });

  test('P15 A-tests: whoever also recomputes digests, tiles and frontier is found by a signed head, at every place before it', () => {
    const counts = tally();
    // The last event written once more comes after the head, so that it is another's to find.
    const covering = moves(bodies).filter(({ kind, at: index }) => kind !== 'duplicate' || index < entries - 1);
    // Half of the fields at each place, the other half at the next; all with FOLJA_RUNS.
    const fields = fieldChanges(bodies).filter((_, index) => process.env.FOLJA_RUNS !== undefined || index % 2 === 0);
    for (const attack of [...fields, ...covering.map((move) => ({ ...move, bodies: covered(move.bodies) }))])
      counts.count(attack.kind, !verifyLog(attack.bodies.map(textOf), heads.slice(1), publicKey).ok);
    process.stdout.write(counts.text('recomputed logs'));
    expect(counts.sum().found).toBe(counts.sum().tried);
    expect(counts.sum().tried).toBeGreaterThan(1_800);
  });

  test('A-tests: the same attacks are not found where no head was kept (control)', () => {
    const counts = tally();
    for (const attack of moves(bodies).filter(({ at: index }) => index % 10 === 0))
      counts.count(attack.kind, !verifyLog(covered(attack.bodies).map(textOf), [], publicKey).ok);
    process.stdout.write(counts.text('recomputed logs without heads'));
    expect(counts.sum().found).toBe(0);
  });

  test('P15 is told to be unproven after the last head, where changes are not found', () => {
    const [first] = heads as readonly [SignedHead];
    const after = covered(bodies.with(150, { ...(bodies[150] as Body), policy: 'forged' })).map(textOf);
    const verdict = verifyLog(after, [first], publicKey);
    expect(verdict).toMatchObject({ ok: true, length: entries, proven: entries / 2 });
  });

  test('P15 A-tests: a fork is found by its head, and no proof leads from the one to the other', () => {
    const forked = covered([...bodies.slice(0, 150), ...bodies.slice(151), bodies[150] as Body]);
    const [mine, theirs] = [headOver(bodies), headOver(forked)];
    expect(verifyLog(bodies.map(textOf), [mine, theirs], publicKey).findings).toEqual([
      { kind: 'root', length: entries },
    ]);
    const earlier = headOver(bodies, 170);
    const proof = consistencyRanges(170, entries).map(([from, to]) => hex(rootOf(forked.slice(from, to).map(leafOf))));
    expect(verifyConsistency(headOver(forked, 170), theirs, proof)).toBe(true);
    expect(verifyConsistency(earlier, theirs, proof)).toBe(false);
    expect(verifyConsistency(mine, theirs, [])).toBe(false);
  });

  test('P15 A-tests: heads that were signed again with another key are found', () => {
    const forged = covered(bodies.toSpliced(10, 1));
    const own = signingKeyOf(createSecretKey(randomBytes(32)));
    const again = [headOver(forged, 50, own), headOver(forged, forged.length, own)];
    expect(verifyLog(forged.map(textOf), again, publicKey).findings.map(({ kind }) => kind)).toEqual([
      'signature',
      'signature',
    ]);
    expect(verifyLog(forged.map(textOf), again, publicKeyOf(own)).ok).toBe(true);
  });

  test('P11 P15 the library tells what is wrong, and where, for each kind of attack at once', async () => {
    const anchors = anchorsInMemory();
    for (const head of heads) anchors.keep(head);
    anchors.note({ length: entries, root: rootTo(bodies) });
    anchors.publish(publicKey);
    const changed = rows.map((row) => {
      if (row.position === 7) return { ...row, body: row.body.replace('units', 'uNits') };
      if (row.position === 9) return { ...row, revision: 77 };
      if (row.position === 11) return { ...row, body: 'no event' };
      if (row.position === 13) return { ...row, sealed: Buffer.of(1) };
      return row;
    });
    const { problems, entries: checked } = await left(changed.toSpliced(19, 2), anchors);
    expect(checked).toBe(entries - 2);
    const found = problems.map(({ kind, position }) => `${kind} ${position}`);
    const expected = [
      'digest 7',
      'place 9',
      'revision 9',
      'digest 11',
      'shape 11',
      'flesh 13',
      'gap 20',
      'head 100',
      'head 200',
      'anchor 200',
      'frontier 200',
    ];
    expect(found).toEqual(expect.arrayContaining(expected));
  });
});
