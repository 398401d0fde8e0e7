import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { derivedId } from '../../src/access/ids.ts';
import type { Actor } from '../../src/index.ts';
import { seed } from '../compliance/seed.ts';
import { theConversation, theProgram } from '../library/given.ts';
import { at, idAt, maternity, resident, tolvan } from '../library/people.ts';
import { aMinute, type World } from '../library/world.ts';
import { rejects } from './fixtures.ts';
import { aSharedHost, type Nodes, rowsOf, settled, someNodes } from './nodes.ts';

const programId = theProgram;
const runs = Number(process.env.FOLJA_RUNS ?? 8);

const names = ['one', 'other'] as const;
type Name = (typeof names)[number];

/** What may happen on two nodes, in any order. */
type Step =
  | { readonly kind: 'write' | 'tick' | 'close' | 'tick-and-close'; readonly node: Name }
  | { readonly kind: 'tick-both' | 'cut' | 'later' | 'purge' }
  | { readonly kind: 'refuse'; readonly times: number }
  | { readonly kind: 'untold'; readonly times: number };

const node = fc.constantFrom(...names);
const times = fc.integer({ min: 1, max: 3 });
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ arbitrary, weight });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    weighted(6, fc.record({ kind: fc.constant('write' as const), node })),
    weighted(
      4,
      fc.record({ kind: fc.constantFrom('tick' as const, 'close' as const, 'tick-and-close' as const), node }),
    ),
    weighted(5, fc.record({ kind: fc.constantFrom('tick-both' as const, 'cut' as const, 'later' as const) })),
    weighted(4, fc.record({ kind: fc.constantFrom('refuse' as const, 'untold' as const), times })),
    weighted(1, fc.record({ kind: fc.constant('purge' as const) })),
  ),
  { minLength: 10, maxLength: 30 },
);

/** So long that what was written has most often fallen to one of the nodes. */
const aWhile = () => new Promise<void>((resolve) => setTimeout(resolve, 40));

/** Two nodes, any of which may be closed at the moment, and a host that refuses so many. */
const aSchedule = (nodes: Nodes) => {
  let refusals = 0;
  const host = aSharedHost(() => {
    refusals -= 1;
    return refusals >= 0 ? rejects() : undefined;
  });
  const opened = new Map<Name, World>();
  const nodeAt = async (name: Name): Promise<World> => {
    const known = opened.get(name);
    if (known !== undefined) return known;
    const world = await nodes.open(name, { deliver: host.deliverAt(name) });
    opened.set(name, world);
    return world;
  };
  const close = async (name: Name): Promise<void> => {
    await opened.get(name)?.close();
    opened.delete(name);
  };
  const refuse = (times: number): void => {
    refusals = times;
  };
  const both = async () => [await nodeAt('one'), await nodeAt('other')] as const;
  return { nodes, host, at: nodeAt, close, refuse, both, purge: { isDone: false, given: 0 } };
};
type Schedule = ReturnType<typeof aSchedule>;

/** Sends a command until it is done, always as the same: the connection may be cut at the moment. */
const insist = async (world: World, type: string, data: object, actor: Actor): Promise<string> => {
  const id = randomUUID();
  for (let times = 0; times < 20; times += 1) {
    const sent = await world.execute(type, data, actor, id);
    if (E.isRight(sent)) return sent.right.position;
    if (sent.left.kind === 'refused') throw new Error(`${type} was refused: ${sent.left.code}`);
  }
  throw new Error(`${type} never came through`);
};

const write = async ({ at: nodeAt, purge }: Schedule, node: Name): Promise<void> => {
  const data = { programId, conversationId: theConversation, body: 'Tack' };
  if (!purge.isDone) await insist(await nodeAt(node), 'reply', data, resident(tolvan));
};

const purgeProgram = async ({ both, purge, host }: Schedule): Promise<void> => {
  if (purge.isDone) return;
  const [one, other] = await both();
  const ending = { reason: 'avslutad-enligt-plan', residentAware: true, notifyResident: false };
  await insist(one, 'end-program', { programId, ...ending }, at(maternity, 'b'));
  const position = await insist(
    one,
    'purge-program',
    { programId, disposalDecision: 'RA-2026/1' },
    at(maternity, 'da'),
  );
  await other.folja.caughtUp(position);
  purge.isDone = true;
  purge.given = host.given.length;
};

const tickOn = async (worlds: readonly World[]): Promise<void> => {
  await aWhile();
  await Promise.all(worlds.map(({ folja }) => folja.tick()));
};

const untold = ({ nodes }: Schedule, count: number): void =>
  nodes.server.faults.next({ rpc: 'Append', stream: 'folja-settled', times: count, fault: { kind: 'unavailable' } });

const take = async (schedule: Schedule, step: Step): Promise<void> => {
  const { nodes, at: nodeAt, close, refuse, both } = schedule;
  switch (step.kind) {
    case 'write':
      return write(schedule, step.node);
    case 'tick':
      return tickOn([await nodeAt(step.node)]);
    case 'close':
      return close(step.node);
    case 'tick-and-close':
      void tickOn([await nodeAt(step.node)]);
      await aWhile();
      return close(step.node);
    case 'tick-both':
      return tickOn(await both());
    case 'cut':
      return nodes.server.cutAll();
    case 'later':
      return nodes.clock.later(90 * aMinute);
    case 'purge':
      return purgeProgram(schedule);
    case 'refuse':
      return refuse(step.times);
    case 'untold':
      return untold(schedule, step.times);
  }
};

/** Everything comes back, and time goes on until nothing is to be tried any more. */
const settle = async ({ nodes, refuse, both }: Schedule): Promise<readonly [World, World]> => {
  nodes.server.faults.clear();
  refuse(0);
  const worlds = await both();
  for (let times = 0; times < 4; times += 1) {
    await Promise.all(worlds.map(({ folja }) => folja.tick()));
    nodes.clock.later(90 * aMinute);
  }
  await settled(worlds);
  return worlds;
};

/** The ids that a host may be given: one for each message, which follows from the message. */
const expectedIn = async ({ events }: World): Promise<readonly string[]> =>
  (await events(`program-${programId}`))
    .filter(({ type, cause }) => type === 'message-sent' && cause.command === 'reply')
    .map(({ id }) => derivedId(id, `${idAt(maternity, 'b')} email`));

describe(`any schedule of two nodes, of seed ${seed}`, () => {
  test('P7 P9 P12 R172 hands over each notification, under one id, and none of a program that is purged', async () => {
    const seen = { given: 0, purged: 0, again: 0 };
    const property = fc.asyncProperty(steps, async (taken) => {
      const schedule = aSchedule(await someNodes());
      for (const step of taken) await take(schedule, step);
      const [one, other] = await settle(schedule);
      const { host, purge } = schedule;
      const expected = await expectedIn(one);
      const given = new Set(host.ids());
      expect(expected).toEqual(expect.arrayContaining([...given]));
      if (purge.isDone) expect(host.given).toHaveLength(purge.given);
      else expect([...given].toSorted()).toEqual(expected.toSorted());
      expect(rowsOf(one).map(({ id, state }) => [id, state])).toEqual(
        purge.isDone ? [] : rowsOf(one).map(({ id }) => [id, 'delivered']),
      );
      expect(rowsOf(other)).toEqual(rowsOf(one));
      seen.given += given.size;
      seen.again += host.given.length - given.size;
      seen.purged += purge.isDone ? 1 : 0;
      await Promise.all([one.close(), other.close()]);
    });
    await fc.assert(property, { seed, numRuns: runs, endOnFailure: true });
    expect(seen.given).toBeGreaterThan(0);
    expect(seen.again).toBeGreaterThan(0);
    expect(seen.purged).toBeGreaterThan(0);
  }, 600_000);
});
