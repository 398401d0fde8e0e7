import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendSurely } from '../../src/privacy/clusterKeysTelling.ts';
import type { KeyId } from '../../src/privacy/keys.ts';
import type { CallFault } from '../eventStore/modelServer/faults.ts';
import { type ModelServer, modelServer } from '../eventStore/modelServer/modelServer.ts';
import { aPlace, type KeyNode, openKeyNode, type Place, surely } from './clusterKeysNodes.ts';
import { bytesOf, first, rightOf, second, takeMany } from './keyFiles.ts';

let server: ModelServer;
beforeAll(async () => {
  server = await modelServer();
});
afterAll(async () => {
  await server.close();
  expect(server.errors).toEqual([]);
});

/** What is done while something fails, and what must be so after it on a node that is new. */
type Doing = (opened: KeyNode, fail: () => void) => Promise<(after: KeyNode) => Promise<void>>;

const opensOn = async (after: KeyNode, before: KeyNode, ids: readonly KeyId[]): Promise<void> => {
  for (const id of ids) expect(await bytesOf(after.keys, id)).toEqual(await bytesOf(before.keys, id));
};

const taking: Doing = async (opened, fail) => {
  fail();
  const ids = [await surely(opened.keys.take()), ...(await takeMany(opened.keys, 20))];
  expect(new Set(ids).size).toBe(21);
  return (after) => opensOn(after, opened, ids);
};

const naming: Doing = async (opened, fail) => {
  fail();
  const id = await surely(opened.keys.named('index'));
  return async (after) => {
    expect(await rightOf(after.keys.everNamed('index'))).toEqual([id]);
    expect(await rightOf(after.keys.named('index'))).toBe(id);
    await opensOn(after, opened, [id]);
  };
};

const renewing: Doing = async (opened, fail) => {
  const oldest = await rightOf(opened.keys.named('index'));
  fail();
  const id = await surely(opened.keys.renew('index'));
  return async (after) => {
    const ids = await rightOf(after.keys.everNamed('index'));
    expect([ids[0], ids.at(-1)]).toEqual([id, oldest]);
    expect(await rightOf(opened.keys.everNamed('index'))).toEqual(ids);
    await opensOn(after, opened, ids);
  };
};

const destroying: Doing = async (opened, fail) => {
  const [id = '', kept = ''] = await takeMany(opened.keys, 2);
  await bytesOf(opened.keys, id);
  fail();
  await surely(opened.keys.destroy(id));
  await surely(opened.keys.destroy(id));
  return async (after) => {
    for (const { keys } of [opened, after]) expect(await keys.open(id)()).toEqual(E.left({ kind: 'erased' }));
    expect(after.node.tables.epochOfKey(id)).toBeUndefined();
    await opensOn(after, opened, [kept]);
  };
};

const rewrapping =
  (isAtEnd: boolean): Doing =>
  async (opened, fail) => {
    const ids = await takeMany(opened.keys, 20);
    const before = await Promise.all(ids.map((id) => bytesOf(opened.keys, id)));
    if (!isAtEnd) fail();
    let hasFailed = false;
    const wrapping = opened.keys.rewrap(second, (done, total) => {
      if (isAtEnd && !hasFailed && done === total) {
        hasFailed = true;
        fail();
      }
    });
    await surely(wrapping);
    return async (after) => {
      expect(await Promise.all(ids.map((id) => bytesOf(after.keys, id)))).toEqual(before);
      expect((await rightOf(after.keys.epochs())).map(({ id }) => id)).toEqual(['second']);
      const lying = await Promise.all(ids.map((id) => after.node.cluster.read(`keys-${id}`)));
      expect(lying.map((one) => E.isRight(one) && one.right.length)).toEqual(ids.map(() => 1));
    };
  };

type Row = readonly [title: string, rpc: 'Append' | 'Tombstone', stream: (prefix: string) => string, doing: Doing];

const rows: readonly Row[] = [
  ['the key of take', 'Append', (prefix) => `${prefix}keys-`, taking],
  ['what take tells', 'Append', (prefix) => `${prefix}folja-keys`, taking],
  ['the key of named', 'Append', (prefix) => `${prefix}keys-`, naming],
  ['the name of named', 'Append', (prefix) => `${prefix}folja-keyname-`, naming],
  ['the key of renew', 'Append', (prefix) => `${prefix}keys-`, renewing],
  ['what renew tells of its key', 'Append', (prefix) => `${prefix}folja-keys`, renewing],
  ['the name of renew', 'Append', (prefix) => `${prefix}folja-keyname-`, renewing],
  ['the tombstone of destroy', 'Tombstone', (prefix) => `${prefix}keys-`, destroying],
  ['what destroy tells', 'Append', (prefix) => `${prefix}folja-keys`, destroying],
  ['the master key that rewrap opens', 'Append', (prefix) => `${prefix}folja-epochs`, rewrapping(false)],
  ['a wrapping of rewrap', 'Append', (prefix) => `${prefix}keys-`, rewrapping(false)],
  ['what rewrap leaves to the next scavenge', 'Append', (prefix) => `$$${prefix}keys-`, rewrapping(false)],
  ['what rewrap tells', 'Append', (prefix) => `${prefix}folja-keys`, rewrapping(false)],
  ['the master key that rewrap closes', 'Append', (prefix) => `${prefix}folja-epochs`, rewrapping(true)],
];

const kinds: readonly Exclude<CallFault['kind'], 'not-leader'>[] = [
  'cut-before-commit',
  'cut-after-commit',
  'commit-in-silence',
];

describe.each(kinds)('F17 %s', (kind) => {
  test.each(rows)('at %s loses nothing, and again is harmless', async (_, rpc, stream, doing) => {
    const place = aPlace(server, 3_000);
    const opened = await openKeyNode(place, { current: first });
    const before = server.faults.happened.length;
    const fault = kind === 'commit-in-silence' ? { kind } : ({ kind } as CallFault);
    const check = await doing(opened, () => server.faults.next({ rpc, stream: stream(place.prefix), fault }));
    expect(server.faults.happened.slice(before).map((one) => one.fault)).toEqual([kind]);
    const isSecond = (await rightOf(opened.keys.epochs())).some(({ id }) => id === 'second');
    await check(await openKeyNode(place, { current: isSecond ? second : first }));
  });
});

describe('an append of which nobody knows whether it was written', () => {
  const record = () => ({ id: randomUUID(), type: 'test', data: {}, metadata: {} });
  const cut = ({ prefix }: Place): void =>
    server.faults.next({ rpc: 'Append', stream: `${prefix}test`, fault: { kind: 'cut-after-commit' } });
  const closed = new AbortController();
  closed.abort();

  test.each([
    ['is tried again until that is known', new AbortController().signal, 'committed'],
    ['stays so where it is not tried again: the control', closed.signal, 'unknown'],
  ])('%s', async (_, signal, outcome) => {
    const place = aPlace(server);
    const { node } = await openKeyNode(place);
    cut(place);
    const appending = { stream: 'test', expected: -1, records: [record()] };
    const appended = await appendSurely({ node, closed: signal }, appending, Date.now() + 2_000);
    expect(appended.kind).toBe(outcome);
    // Another record is not taken for it: the control of what makes the same one harmless.
    expect(await node.cluster.append('test', -1, [record()])).toEqual({ kind: 'conflict', actual: 0 });
    expect(await node.cluster.append('test', -1, appending.records)).toEqual({ kind: 'committed', revision: 0 });
  });
});
