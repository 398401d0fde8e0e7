import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dutiesGroup, takeDuties } from '../../../src/eventStore/eventStoreDb/duties.ts';
import { tell } from '../../../src/eventStore/eventStoreDb/node.ts';
import { eventRecord } from '../../../src/eventStore/eventStoreDb/records.ts';
import { eventually, right } from '../builders.ts';
import { anEvent, someEvents } from '../events.ts';
import type { ModelServer } from '../modelServer/modelServer.ts';
import { aNode, aServer, holdingBack, type TestNode } from './purgingNodes.ts';

const aStream = (): string => `program-${randomUUID()}`;

/** What has fallen to a node, and is done with where that is asked for. */
const takingOn = ({ node }: TestNode, finishes: boolean | (() => boolean) = true) => {
  const taken: string[] = [];
  const early: string[] = [];
  const warnings: string[] = [];
  let drops = 0;
  const isDone = typeof finishes === 'function' ? finishes : () => finishes;
  const stop = takeDuties(node, {
    take: (duty) => {
      taken.push(duty.cause);
      const found = node.log.tables.find([duty.cause]);
      if (!('right' in found) || found.right.length === 0) early.push(duty.cause);
      if (isDone()) duty.done();
    },
    drop: () => {
      drops += 1;
    },
    warn: (message) => void warnings.push(message),
  });
  onTestFinished(stop);
  return { taken, early, warnings, stop, drops: () => drops };
};

const writes = async ({ events }: TestNode, count: number, stream = aStream()): Promise<readonly string[]> => {
  const written = someEvents(count);
  await right(events.append(stream, 'any', written));
  return written.map(({ id }) => id);
};

/** What the group has given to somebody who is not done with it. */
const stateOf = ({ cluster }: ModelServer) =>
  [...cluster.groups.values()].find(({ name }) => name === dutiesGroup)?.state();
const nothingIsOut = (server: ModelServer): boolean => {
  const { outstanding = -1, retries = -1 } = stateOf(server) ?? {};
  return outstanding === 0 && retries === 0;
};

const aDeadline = (flag: string) =>
  ({
    type: 'deadline-noted',
    data: { programId: randomUUID(), what: 'module one', flag, about: 'time-expired', at: '2026-03-04T08:00:00.000Z' },
  }) as const;

describe('the duties of one node', () => {
  test('are the events of programs and templates and the deadlines, from the first on, and nothing else', async () => {
    const server = await aServer();
    const one = await aNode(server);
    const before = await writes(one, 2);
    const duties = takingOn(one);
    const after = [...(await writes(one, 3)), ...(await writes(one, 1, 'template-tobak'))];
    await writes(one, 1, 'unit-one');
    await writes(one, 1, 'access-one');
    const flag = randomUUID();
    await tell(one.node, aDeadline(flag), -1);
    await eventually(() => duties.taken.length === 7);
    expect(duties.taken).toEqual([...before, ...after, flag]);
    expect(duties.early).toEqual([flag]);
    await eventually(() => nothingIsOut(server));
    expect(duties.warnings).toEqual([]);
  });

  test('come when the node has applied what they are about, and not before', async () => {
    const server = await aServer();
    const writer = await aNode(server);
    const back = holdingBack();
    const late = await aNode(server, { over: back.over });
    const duties = takingOn(late);
    await eventually(() => stateOf(server) !== undefined);
    back.hold();
    const ids = await writes(writer, 3);
    await eventually(() => stateOf(server)?.outstanding === 3);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(duties.taken).toEqual([]);
    expect(late.node.log.tables.lastPosition()).toBe(0);
    back.release();
    await eventually(() => duties.taken.length === 3);
    expect(duties.taken).toEqual(ids);
    expect(duties.early).toEqual([]);
  });

  test('are not what Folja did not write, nor an event whose id was taken', async () => {
    const server = await aServer();
    const one = await aNode(server);
    const event = anEvent();
    await right(one.events.append(aStream(), 'no-stream', [event]));
    const other = aStream();
    const writing = { attempt: randomUUID(), at: 0, of: 1 };
    await one.node.cluster.append(other, -1, [eventRecord(event, other, 0, writing)]);
    const foreign = { id: randomUUID(), type: 'message-sent', data: { id: 'mine' }, metadata: {} };
    await one.node.cluster.append(aStream(), -1, [foreign]);
    await one.node.cluster.append(`folja-deadline-${randomUUID()}`, -1, [{ ...foreign, id: randomUUID() }]);
    const duties = takingOn(one);
    const [last] = await writes(one, 1);
    await eventually(() => duties.taken.includes(last ?? '') && nothingIsOut(server));
    expect(duties.taken).toEqual([event.id, last]);
    expect(one.node.tables.lastVoid(other)).toBe(0);
  });

  test('fall to it again when its connection was lost, but for those that it was done with', async () => {
    const server = await aServer();
    const one = await aNode(server);
    let number = 0;
    const isFirst = (): boolean => {
      number += 1;
      return number === 1;
    };
    const duties = takingOn(one, isFirst);
    const [, ...open] = await writes(one, 4);
    await eventually(() => duties.taken.length === 4 && stateOf(server)?.outstanding === 3);
    server.faults.next({ rpc: 'Consume', stream: '$all', times: 1, fault: { kind: 'drop', after: 0 } });
    await eventually(() => duties.taken.length === 7);
    expect(server.faults.happened).toMatchObject([{ rpc: 'Consume', fault: 'drop' }]);
    expect(duties.taken.slice(4).toSorted()).toEqual(open.toSorted());
    expect(duties.drops()).toBe(1);
  });

  test('are taken up again when the server was gone for a while', async () => {
    const server = await aServer();
    const one = await aNode(server);
    const duties = takingOn(one, false);
    const ids = await writes(one, 3);
    await eventually(() => duties.taken.length === 3);
    await server.close();
    await eventually(() => duties.drops() > 0);
    const again = await aServer({ port: server.port, cluster: server.cluster });
    await eventually(() => duties.taken.length === 6, 20_000);
    expect(duties.taken.slice(3).toSorted()).toEqual(ids.toSorted());
    expect(again.calls.Consume).toBeGreaterThan(0);
  });

  test('wait, with one warning, while the cluster does not let it make a group', async () => {
    const server = await aServer();
    const one = await aNode(server, { deadline: 400 });
    server.faults.next({ rpc: 'CreateGroup', times: 1_000, fault: { kind: 'access-denied' } });
    const duties = takingOn(one);
    const ids = await writes(one, 2);
    await eventually(() => server.faults.happened.length > 2);
    expect(duties.warnings).toHaveLength(1);
    expect(duties.taken).toEqual([]);
    server.faults.clear();
    await eventually(() => duties.taken.length === 2);
    expect(duties.taken).toEqual(ids);
    expect(duties.warnings).toHaveLength(1);
  });
});

describe('the duties of two nodes', () => {
  test('P7 fall each to one of them', async () => {
    const server = await aServer();
    const [one, two] = [await aNode(server), await aNode(server)];
    const [ofOne, ofTwo] = [takingOn(one), takingOn(two)];
    await eventually(() => stateOf(server)?.consumers === 2);
    const ids = [...(await writes(one, 10)), ...(await writes(two, 10))];
    await eventually(() => ofOne.taken.length + ofTwo.taken.length === 20);
    await eventually(() => nothingIsOut(server));
    expect([...ofOne.taken, ...ofTwo.taken].toSorted()).toEqual(ids.toSorted());
    expect(ofOne.taken.length).toBeGreaterThan(0);
    expect(ofTwo.taken.length).toBeGreaterThan(0);
  });

  test('P9 fall to the other when one stops, and nothing comes to it any more', async () => {
    const server = await aServer();
    const [one, two] = [await aNode(server), await aNode(server)];
    const ofOne = takingOn(one, false);
    const ids = await writes(one, 5);
    await eventually(() => ofOne.taken.length === 5);
    const ofTwo = takingOn(two);
    await eventually(() => stateOf(server)?.consumers === 2);
    expect(ofTwo.taken).toEqual([]);
    ofOne.stop();
    await eventually(() => ofTwo.taken.length === 5);
    expect(ofTwo.taken.toSorted()).toEqual(ids.toSorted());
    const more = await writes(one, 3);
    await eventually(() => ofTwo.taken.length === 8);
    expect(ofTwo.taken.slice(5)).toEqual(more);
    expect(ofOne.taken).toHaveLength(5);
  });
});
