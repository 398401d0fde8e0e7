import { describe, expect, test } from 'vitest';
import { at, maternity } from '../library/people.ts';
import { aDay, aMinute, type Rows, type World } from '../library/world.ts';
import { plan, rejects, remindersOf } from './fixtures.ts';
import { alone, aSharedHost, messageBy, rowsOf, settled, someNodes, tickUntil, twoNodes } from './nodes.ts';

const anHour = 60 * aMinute;

describe('two nodes of a cluster that both deliver', () => {
  test('P7 R172 hand over each notification once, whichever of them wrote', async () => {
    const { host, one, other, both } = await twoNodes();
    for (let number = 0; number < 20; number += 1) await messageBy(number % 2 === 0 ? one : other);
    await settled(both);
    await tickUntil(both, () => undefined);
    expect(host.given).toHaveLength(20);
    expect(new Set(host.ids()).size).toBe(20);
    expect(new Set(host.given.map(({ node }) => node)).size).toBe(2);
    expect(rowsOf(one).map(({ state }) => state)).toEqual(Array.from({ length: 20 }, () => 'delivered'));
    expect(rowsOf(other)).toEqual(rowsOf(one));
  });

  test('P7 R172 would each hand over everything if they did not share it: the control', async () => {
    const { host, one, other, both } = await twoNodes(undefined, alone);
    const position = await messageBy(one);
    await other.folja.caughtUp(position);
    await tickUntil(both, () => expect(host.given).toHaveLength(2));
    expect(new Set(host.ids()).size).toBe(1);
  });

  test('R172 try again what was not taken, on the node to which it fell, with the same id', async () => {
    const refused = new Set<string>();
    const { nodes, host, one, both } = await twoNodes((id) => {
      if (refused.has(id)) return undefined;
      refused.add(id);
      return rejects();
    });
    for (let number = 0; number < 4; number += 1) await messageBy(one);
    await tickUntil(both, () => expect(host.given).toHaveLength(4));
    nodes.clock.later(anHour);
    await settled(both);
    expect(host.given).toHaveLength(8);
    const nodeOf = new Map(host.given.map(({ id, node }) => [id, node]));
    expect(nodeOf.size).toBe(4);
    for (const { id, node } of host.given) expect(node).toBe(nodeOf.get(id));
  });

  test('R172 hand over what fell to them though their clocks were not called for eight days', async () => {
    const { nodes, host, one, both } = await twoNodes();
    for (let number = 0; number < 4; number += 1) await messageBy(one);
    // Until each message has fallen to one of them.
    await new Promise((resolve) => setTimeout(resolve, 500));
    nodes.clock.later(8 * aDay);
    await settled(both);
    expect(host.given).toHaveLength(4);
  });

  test('R172 show what was given up as undelivered on both, and hand it over no more', async () => {
    const { nodes, host, one, other, both } = await twoNodes(rejects);
    for (let number = 0; number < 2; number += 1) await messageBy(one);
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      await tickUntil(both, () => expect(host.given).toHaveLength(2 * attempt));
      nodes.clock.later(2 * anHour);
    }
    await settled(both);
    const shown = async ({ sees }: World) => (await sees<Rows>({ view: 'undelivered' }, at(maternity, 'ia'))).rows;
    expect(await shown(one)).toMatchObject([
      { state: 'dead', attempts: 10 },
      { state: 'dead', attempts: 10 },
    ]);
    expect(await shown(other)).toEqual(await shown(one));
    nodes.clock.later(aDay);
    await tickUntil(both, () => undefined);
    expect(host.given).toHaveLength(20);
  });
});

describe('two nodes of a cluster whose clocks are called at once', () => {
  test('P7 R170 R172 remind of each occasion once, and tell the resident once', async () => {
    const { nodes, host, one, other, both } = await twoNodes();
    const { position } = await plan(one);
    await other.folja.caughtUp(position);
    nodes.clock.at('2026-03-03T20:00:00.000Z');
    await Promise.all(both.map(({ folja }) => folja.tick()));
    await settled(both);
    const reminders = await remindersOf(one);
    expect(reminders.map(({ data }) => (data as { readonly due: string }).due).toSorted()).toEqual([
      '2026-03-03T01:30:00.000Z',
      '2026-03-03T19:00:00.000Z',
    ]);
    expect(await remindersOf(other)).toEqual(reminders);
    expect(host.given).toHaveLength(2);
    expect(new Set(host.ids()).size).toBe(2);
  });
});

describe('a node that builds itself from nothing', () => {
  test('P10 R172 has the same rows as the others, and hands over nothing that was', async () => {
    const { nodes, host, one, both } = await twoNodes();
    for (let number = 0; number < 3; number += 1) await messageBy(one);
    await settled(both);
    const third = await nodes.open('third', { deliver: host.deliverAt('third') });
    expect(rowsOf(third)).toEqual(rowsOf(one));
    await tickUntil([...both, third], () => undefined);
    expect(host.given).toHaveLength(3);
    for (let number = 0; number < 9; number += 1) await messageBy(third);
    await settled([...both, third]);
    expect(host.given).toHaveLength(12);
    expect(new Set(host.ids()).size).toBe(12);
    expect(host.given.some(({ node }) => node === 'third')).toBe(true);
  });

  test('R172 is what remains when all others are gone, and takes over what they had', async () => {
    const { nodes, host, one, other } = await twoNodes(() => rejects());
    await messageBy(one);
    await tickUntil([one, other], () => expect(host.given).toHaveLength(1));
    await Promise.all([one.close(), other.close()]);
    const last = aSharedHost();
    const third = await nodes.open('third', { deliver: last.deliverAt('third') });
    await settled([third]);
    expect(last.ids()).toEqual(host.ids());
  });
});

describe('nodes of which none delivers', () => {
  test('R172 let notifications lapse after a week, each by itself, also one that delivers later', async () => {
    const nodes = await someNodes();
    const one = await nodes.open('one');
    const other = await nodes.open('other');
    await messageBy(one);
    nodes.clock.later(6 * aDay);
    await other.folja.caughtUp(await messageBy(one));
    for (const { folja } of [one, other]) await folja.tick();
    expect(rowsOf(other).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    nodes.clock.later(aDay);
    for (const { folja } of [one, other]) await folja.tick();
    for (const world of [one, other]) expect(rowsOf(world).map(({ state }) => state)).toEqual(['lapsed', 'waiting']);
    const host = aSharedHost();
    const third = await nodes.open('third', { deliver: host.deliverAt('third') });
    await settled([one, other, third]);
    expect(host.ids()).toEqual([rowsOf(one)[1]?.id]);
    expect(rowsOf(third).map(({ state }) => state)).toEqual(['lapsed', 'delivered']);
    expect(rowsOf(one)).toEqual(rowsOf(third));
  });

  test('R172 leave everything to the one that does', async () => {
    const nodes = await someNodes();
    const host = aSharedHost();
    const silent = await nodes.open('silent');
    const telling = await nodes.open('telling', { deliver: host.deliverAt('telling') });
    for (let number = 0; number < 3; number += 1) await messageBy(silent);
    await settled([silent, telling]);
    expect(host.given).toHaveLength(3);
    expect(rowsOf(silent)).toEqual(rowsOf(telling));
  });
});
