import { describe, expect, test } from 'vitest';
import {
  aNodeOf,
  becomes,
  certificatesOn,
  keyOf,
  leftIn,
  leftOn,
  nameOf,
  nothingLeft,
  stateOn,
  twoNodes,
} from './clusters.ts';
import { purge, theProgram } from './given.ts';
import { at, maternity, region, tolvan } from './people.ts';
import { aDirectory } from './world.ts';

const pending = (...waitingFor: readonly string[]) => ({ erasure: 'erasure-pending', waitingFor });

describe('a purge on one of two nodes of a cluster', () => {
  test('P12 R240 R242 is cleaned by both, and erased on both after a scavenge, with one certificate', async () => {
    const { server, one, two } = await twoNodes();
    const keyId = await keyOf(one);
    expect(leftIn(one.directory, keyId)).not.toEqual([]);
    expect(leftOn(server, keyId)).toMatchObject({ key: 1 });
    expect(leftOn(server, keyId).sealed).toBeGreaterThan(0);
    const receipt = await purge(one, theProgram);
    expect(receipt).toMatchObject({ erasure: 'erasure-pending' });
    await one.folja.caughtUp(receipt.position);
    await two.folja.caughtUp(receipt.position);
    for (const world of [one, two])
      await becomes(async () => stateOn(world), expect.objectContaining(pending('scavenge')));
    for (const { directory } of [one, two]) expect(leftIn(directory, keyId)).toEqual([]);
    expect(await certificatesOn(one)).toEqual([]);
    expect(leftOn(server, keyId).sealed).toBeGreaterThan(0);
    expect(await one.folja.cluster?.scavenge({}, region)).toEqual({ servers: 1 });
    expect(leftOn(server, keyId)).toEqual(nothingLeft);
    for (const world of [one, two]) await becomes(async () => (await stateOn(world)).erasure, 'erased');
    for (const world of [one, two]) expect(await certificatesOn(world)).toHaveLength(1);
    expect((await certificatesOn(one))[0]?.data).toMatchObject({ programs: [theProgram], keyId, parts: 3 });
  });

  test('P12 waits for a node that is closed, by its name, until that one opens and has cleaned', async () => {
    const { server, one, two } = await twoNodes();
    const keyId = await keyOf(one);
    const name = nameOf(two);
    await two.close();
    await purge(one, theProgram);
    expect(await stateOn(one)).toMatchObject(pending(name, 'scavenge'));
    await one.folja.cluster?.scavenge();
    await becomes(async () => (await stateOn(one)).waitingFor, [name]);
    expect(leftIn(two.directory, keyId)).not.toEqual([]);
    expect(await certificatesOn(one)).toEqual([]);
    const again = await aNodeOf(server, { directory: two.directory, clock: one.clock });
    for (const world of [one, again]) await becomes(async () => (await stateOn(world)).erasure, 'erased');
    expect(leftIn(two.directory, keyId)).toEqual([]);
    expect(await certificatesOn(one)).toHaveLength(1);
  });

  test('P12 R248 waits no longer for a node that is retired, which the log says; one that comes back cleans', async () => {
    const { server, one, two } = await twoNodes();
    const keyId = await keyOf(one);
    const gone = one.engine.sharing?.nodes().find(({ isThis }) => !isThis)?.nodeId ?? '';
    await two.close();
    await purge(one, theProgram);
    await one.folja.cluster?.scavenge();
    expect((await stateOn(one)).erasure).toBe('erasure-pending');
    expect(await one.folja.cluster?.retire(gone, region)).toBe(true);
    await becomes(async () => (await stateOn(one)).erasure, 'erased');
    const operated = (await one.events()).filter(({ type }) => type === 'operated').map(({ data }) => data);
    expect(operated).toContainEqual({ what: 'retire-node', node: gone });
    expect(leftIn(two.directory, keyId)).not.toEqual([]);
    const again = await aNodeOf(server, { directory: two.directory, clock: one.clock });
    expect(leftIn(two.directory, keyId)).toEqual([]);
    expect((await stateOn(again)).erasure).toBe('erased');
    expect(await certificatesOn(again)).toHaveLength(1);
  });

  test('P12 P10 leaves nothing in a node that is built from nothing while servers still show what was deleted', async () => {
    const { server, one } = await twoNodes();
    const keyId = await keyOf(one);
    await purge(one, theProgram);
    expect(leftOn(server, keyId).sealed).toBeGreaterThan(0);
    const directory = aDirectory();
    const three = await aNodeOf(server, { directory, clock: one.clock });
    expect(leftIn(directory, keyId)).toEqual([]);
    await becomes(async () => stateOn(three), expect.objectContaining(pending('scavenge')));
    expect(await three.misses({ view: 'program', programId: theProgram }, at(maternity, 'b'))).toMatchObject({
      code: 'program-purged',
    });
    await three.folja.cluster?.scavenge();
    for (const world of [one, three]) await becomes(async () => (await stateOn(world)).erasure, 'erased');
    expect(await certificatesOn(three)).toHaveLength(1);
  });

  test('P12 P10 is known as erased to a node that is built from nothing afterwards, which certifies nothing again', async () => {
    const { server, one } = await twoNodes();
    await purge(one, theProgram);
    await one.folja.cluster?.scavenge();
    await becomes(async () => (await stateOn(one)).erasure, 'erased');
    const three = await aNodeOf(server, { clock: one.clock });
    expect((await stateOn(three)).erasure).toBe('erased');
    expect(await certificatesOn(three)).toHaveLength(1);
    expect(JSON.stringify(await three.events())).not.toContain(tolvan.personalNumber);
  });

  test('P12 is not told as erased where nothing is ever scavenged (control)', async () => {
    const { one, two } = await twoNodes();
    await purge(one, theProgram);
    for (const world of [one, two])
      await becomes(async () => stateOn(world), expect.objectContaining(pending('scavenge')));
    await purge(one, theProgram);
    expect(await stateOn(one)).toMatchObject(pending('scavenge'));
    expect([...(await certificatesOn(one)), ...(await certificatesOn(two))]).toEqual([]);
  });
});
