import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { EventStoreDbStoreOptions } from '../../../src/eventStoreDb.ts';
import { aDirectory, left, type Opened, right } from '../builders.ts';
import { anEvent, someEvents } from '../events.ts';
import { modelServer } from '../modelServer/modelServer.ts';
import { aPrefix, openNodeAt } from './clusterBuilders.ts';

let server: Awaited<ReturnType<typeof modelServer>>;
beforeAll(async () => {
  server = await modelServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.close();
});

type Node = Opened & { readonly options: EventStoreDbStoreOptions };

const aNode = async (
  prefix: string,
  onProgress = (_done: number, _total: number): unknown => undefined,
): Promise<Node> => {
  const options = {
    connection: server.connection,
    readModelPath: join(aDirectory(), 'node.db'),
    prefix,
    deadline: 3_000,
    onProgress,
  };
  const opened = await openNodeAt(options);
  onTestFinished(opened.close);
  return { ...opened, options };
};

const twoNodes = async () => {
  const prefix = aPrefix();
  return { prefix, one: await aNode(prefix), other: await aNode(prefix) };
};

const leavesOf = async ({ engine }: Opened): Promise<readonly string[]> =>
  (await right(engine.events.leaves(0, 1_000))).map((leaf) => Buffer.from(leaf).toString('hex'));

const logOf = ({ engine }: Opened) => right(engine.events.readAll(0, 1_000));

describe('two nodes of one cluster', () => {
  test('P7 count the same positions, and have the same leaves in the audit tree', async () => {
    const { one, other } = await twoNodes();
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([
        right(one.engine.events.append(`program-one-${round}`, 'no-stream', someEvents(2))),
        right(other.engine.events.append(`program-other-${round}`, 'no-stream', someEvents(3))),
        right(one.engine.events.append('access-one', 'any', [anEvent()])),
        right(other.engine.events.append('access-other', 'any', [anEvent()])),
      ]);
    }
    await Promise.all([one, other].map(({ engine }) => engine.sharing?.reached(35)));
    expect(await logOf(one)).toEqual(await logOf(other));
    expect(await leavesOf(one)).toEqual(await leavesOf(other));
    expect((await logOf(one)).map(({ position }) => position)).toEqual(
      Array.from({ length: 35 }, (_, index) => index + 1),
    );
  });

  test('P8 read what the other was told is written, whatever they have seen themselves', async () => {
    const { one, other } = await twoNodes();
    await right(one.engine.events.append('unit-a', 'no-stream', [anEvent()]));
    for (let revision = 0; revision < 20; revision += 1) {
      const [writer, reader] = revision % 2 === 0 ? [one, other] : [other, one];
      const [written] = await right(writer.engine.events.append('unit-a', revision, [anEvent()]));
      expect((await right(reader.engine.events.read('unit-a'))).at(-1)).toEqual(written);
    }
  });

  test('P3 that write at one revision: one wins, and the other is told the true revision', async () => {
    const { one, other } = await twoNodes();
    for (let round = 0; round < 10; round += 1) {
      const stream = `program-${round}`;
      const results = await Promise.all(
        [one, other].map(({ engine }) => engine.events.append(stream, 'no-stream', someEvents(2))()),
      );
      expect(results.filter(({ _tag }) => _tag === 'Right')).toHaveLength(1);
      const lost = results.find(({ _tag }) => _tag === 'Left');
      expect(lost).toMatchObject({ left: { kind: 'revision-conflict', stream, actual: 1 } });
    }
  });

  test('P4 that send the same events at once: both get the first result, and they are there once', async () => {
    const { one, other } = await twoNodes();
    for (let round = 0; round < 10; round += 1) {
      const events = someEvents(2).map((event) => ({ ...event, flesh: { mark: Buffer.from('mark') } }));
      const results = await Promise.all(
        [one, other].map(({ engine }) => right(engine.events.append(`program-${round}`, 'no-stream', events))),
      );
      expect(results[0]).toEqual(results[1]);
    }
    expect(await logOf(one)).toHaveLength(20);
  });

  test('P4 of which one was told that its events are new is told so by the store of one node only', async () => {
    const { one, other } = await twoNodes();
    for (let round = 0; round < 10; round += 1) {
      const events = someEvents(1);
      const asked = new Set<number>();
      const asking = (node: number) => ({ holds: () => asked.add(node).has(node) });
      const results = await Promise.all([
        one.engine.events.append(`program-${round}`, 'no-stream', events, asking(0))(),
        other.engine.events.append(`program-${round}`, 'no-stream', events, asking(1))(),
      ]);
      const asNew = results.filter(({ _tag }, node) => _tag === 'Right' && asked.has(node));
      expect(asNew).toHaveLength(1);
    }
  });

  test('P4 I05 that write events of one id to two streams: the first in the log counts on every node, the other is void', async () => {
    const { prefix, one, other } = await twoNodes();
    let voided = 0;
    for (let round = 0; round < 10; round += 1) {
      const id = randomUUID();
      const results = await Promise.all([
        one.engine.events.append(`program-a${round}`, 'no-stream', [anEvent({ id }), anEvent()])(),
        other.engine.events.append(`program-b${round}`, 'no-stream', [anEvent({ id }), anEvent()])(),
      ]);
      const lost = results.flatMap((result) => (result._tag === 'Left' ? [result.left] : []));
      expect(lost).toEqual([{ kind: 'id-reused', id }]);
      voided =
        server.log.records().filter(({ stream }) => stream.startsWith(`${prefix}program-`)).length - 2 * (round + 1);
      for (const stream of [`program-a${round}`, `program-b${round}`])
        await right(
          one.engine.events.append(
            stream,
            (await right(one.engine.events.read(stream))).length === 0 ? 'no-stream' : 1,
            [anEvent()],
          ),
        );
    }
    expect(voided).toBeGreaterThan(0);
    const last = (await logOf(one)).length;
    await other.engine.sharing?.reached(last);
    expect(await logOf(one)).toEqual(await logOf(other));
    expect(await leavesOf(one)).toEqual(await leavesOf(other));
  });

  test('of which a new one has built itself from nothing has the same log, the same leaves and the same flesh', async () => {
    const { prefix, one } = await twoNodes();
    for (let number = 0; number < 30; number += 1)
      await right(
        one.engine.events.append(
          `program-${number}`,
          'no-stream',
          someEvents(3).map((event) => ({
            ...event,
            flesh: { sealed: Buffer.from(event.id), mark: Buffer.from('mark') },
          })),
        ),
      );
    const told: (readonly [done: number, total: number])[] = [];
    const built = await aNode(prefix, (done, total) => told.push([done, total]));
    const [, total = 0] = told.at(-1) ?? [];
    expect(total).toBeGreaterThan(0);
    expect(told.at(-1)).toEqual([total, total]);
    expect(told.every(([done], index) => done <= total && done >= (told[index - 1]?.[0] ?? 0))).toBe(true);
    expect(await logOf(built)).toEqual(await logOf(one));
    expect(await leavesOf(built)).toEqual(await leavesOf(one));
    const positions = Array.from({ length: 90 }, (_, index) => index + 1);
    expect(await right(built.engine.events.sealedParts(positions))).toEqual(
      await right(one.engine.events.sealedParts(positions)),
    );
  });
});

describe('a node', () => {
  test.each(['cut-after-commit', 'cut-before-commit', 'commit-in-silence', 'no fault'] as const)(
    'P1 P4 P5 writes entries that wait together in one go, each with its own result and once: %s',
    async (kind) => {
      const { prefix, one } = await twoNodes();
      const [before, faults] = [server.calls.Append, server.faults.happened.length];
      const times = kind === 'commit-in-silence' ? 1 : 2;
      if (kind !== 'no fault')
        server.faults.next({ rpc: 'Append', stream: `${prefix}access-`, times, fault: { kind } });
      const entries = Array.from({ length: 40 }, () => [anEvent({ flesh: { mark: Buffer.from('mark') } })]);
      const twice = anEvent();
      const results = await Promise.all([
        ...entries.map((events) => right(one.engine.events.append('access-one', 'any', events))),
        right(one.engine.events.append('access-one', 'any', [twice])),
        right(one.engine.events.append('access-one', 'any', [twice])),
        left(one.engine.events.append('access-one', 'any', [anEvent()], { heads: { 'unit-a': 3 } })),
      ]);
      const written = results.flatMap((result) => (Array.isArray(result) ? result.map(({ id }) => id) : []));
      expect(written).toEqual([...entries.flat(), twice, twice].map(({ id }) => id));
      expect(results.at(-1)).toEqual({ kind: 'heads-moved' });
      const log = await logOf(one);
      expect(log.map(({ revision }) => revision)).toEqual(Array.from({ length: 41 }, (_, index) => index));
      expect(new Set(log.map(({ id }) => id)).size).toBe(41);
      expect(server.faults.happened.length - faults).toBe(kind === 'no fault' ? 0 : times);
      // One append for the flesh of each, and a few for the entries.
      expect(server.calls.Append - before - 40).toBeLessThan(20);
    },
  );

  test('that was closed while flesh was erased and servers were scavenged misses nothing of what came after', async () => {
    const { one, other } = await twoNodes();
    let closed: Opened = other;
    for (let round = 0; round < 5; round += 1) {
      const stream = `program-${round}`;
      const event = anEvent({ flesh: { sealed: Buffer.from('sealed'), mark: Buffer.from('mark') } });
      await right(one.engine.events.append(stream, 'no-stream', [event]));
      await closed.engine.sharing?.reached(2 * round + 1);
      await closed.close();
      await right(one.engine.events.append('access-one', 'any', [anEvent()]));
      await right(one.engine.events.eraseFlesh(stream));
      server.log.scavenge();
      closed = await openNodeAt(other.options);
      expect(await logOf(closed)).toEqual(await logOf(one));
    }
    await closed.close();
  });

  test('keeps its file for itself, and says so to another process that wants it', async () => {
    const node = await aNode(aPrefix());
    await expect(openNodeAt(node.options)).rejects.toThrow(
      /are used by another process: give each node a file of its own/,
    );
  });

  test('P11 that knows more than its cluster is not opened, and says what to do', async () => {
    const prefix = aPrefix();
    const node = await aNode(prefix);
    await right(node.engine.events.append('program-a', 'no-stream', [anEvent()]));
    await node.close();
    const older = await modelServer();
    onTestFinished(older.close);
    const storeId = server.log.records().find(({ stream }) => stream === `${prefix}folja-store`);
    older.log.append(`${prefix}folja-store`, 'any', storeId === undefined ? [] : [storeId]);
    await expect(openNodeAt({ ...node.options, connection: older.connection })).rejects.toThrow(
      /an older copy of it was put back/,
    );
  });

  test('of another store is not opened with the file of this one', async () => {
    const node = await aNode(aPrefix());
    await node.close();
    await expect(openNodeAt({ ...node.options, prefix: aPrefix() })).rejects.toThrow(/belongs to another store/);
  });

  test('passes over what others have written into its streams, and goes on behind it', async () => {
    const { prefix, one, other } = await twoNodes();
    await right(one.engine.events.append('program-a', 'no-stream', [anEvent()]));
    server.log.append(`${prefix}program-a`, 'any', [
      {
        id: randomUUID(),
        type: 'foreign',
        data: Buffer.from('{}'),
        metadata: Buffer.from('{}'),
        isJson: true,
      } as never,
    ]);
    expect(await right(other.engine.events.append('program-a', 0, [anEvent()]))).toMatchObject([{ position: 2 }]);
    await one.engine.sharing?.reached(2);
    expect(await logOf(one)).toEqual(await logOf(other));
  });

  test('answers nothing when its cluster is gone, and works again when it is back', async () => {
    const port = server.port;
    const own = await modelServer();
    const directory = aDirectory();
    const options = { connection: own.connection, readModelPath: join(directory, 'node.db'), deadline: 1_500 };
    const node = await openNodeAt(options);
    onTestFinished(node.close);
    await right(node.engine.events.append('program-a', 'no-stream', [anEvent()]));
    await own.close();
    expect(port).not.toBe(own.port);
    expect(await left(node.engine.events.read('unit-a'))).toMatchObject({ kind: 'unavailable' });
    expect(['unavailable', 'unknown']).toContain(
      (await left(node.engine.events.append('program-a', 0, [anEvent()]))).kind,
    );
    const back = await modelServer({ port: own.port, cluster: own.cluster });
    onTestFinished(back.close);
    const event = anEvent();
    await expect
      .poll(() => node.engine.events.append('program-b', 'no-stream', [event])(), { timeout: 10_000 })
      .toMatchObject({ _tag: 'Right' });
  });
});
