import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { EventStore, NewEvent, StoredEvent } from '../../../src/eventStore/eventStore.ts';
import { aDirectory, right } from '../builders.ts';
import { anEvent } from '../events.ts';
import { aPrefix, openNodeAt, realCluster } from './clusterBuilders.ts';

/**
 * A program that is called with `kill-leader`, which ends the leading server with SIGKILL, or with `start`, which starts every server that does not
 * run; each prints the server's name.
 */
const servers = process.env.FOLJA_EVENTSTORE_NODES;
const rounds = Number(process.env.FOLJA_KILLS ?? 3);
const seed = Number(process.env.FOLJA_SEED ?? Date.now() % 100_000);

const isSkipped = servers === undefined || realCluster === undefined;
if (isSkipped)
  console.log(
    'Skipped: the death of a leader needs FOLJA_EVENTSTORE, and FOLJA_EVENTSTORE_NODES that kills and starts.',
  );

const run = promisify(execFile);
const ask = async (what: 'kill-leader' | 'start'): Promise<string> => (await run(servers ?? '', [what])).stdout.trim();

/** Numbers between 0 and 1 that a seed decides (mulberry32). */
const drawn = (from: number): (() => number) => {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

type Met = { readonly acknowledged: StoredEvent[]; slowest: number; unknown: number; unavailable: number };

const patience = 120_000;

/** Sends the same append until it is known to be written, as a host does. */
const write = async (events: EventStore, stream: string, given: readonly NewEvent[], met: Met): Promise<void> => {
  const begun = Date.now();
  while (Date.now() - begun < patience) {
    const written = await events.append(stream, 'any', given)();
    if (E.isRight(written)) {
      met.acknowledged.push(...written.right);
      met.slowest = Math.max(met.slowest, Date.now() - begun);
      return;
    }
    if (written.left.kind === 'unknown') met.unknown += 1;
    else if (written.left.kind === 'unavailable') met.unavailable += 1;
    else throw new Error(`an append was refused: ${JSON.stringify(written.left)}`);
    await wait(100);
  }
  throw new Error(`an append was not written within ${patience} ms`);
};

/** What was acknowledged and is not in a log at its place, or more than once. */
const wrongIn = (acknowledged: readonly StoredEvent[], log: readonly StoredEvent[]): readonly string[] => {
  const times = new Map<string, number>();
  for (const { id } of log) times.set(id, (times.get(id) ?? 0) + 1);
  return acknowledged.flatMap(({ id, position }) =>
    log[position - 1]?.id === id && times.get(id) === 1 ? [] : [`${id} at ${position}`],
  );
};

const wholeLog = async (events: EventStore): Promise<readonly StoredEvent[]> => {
  const log: StoredEvent[] = [];
  for (;;) {
    const page = await right(events.readAll(log.length, 1_000));
    if (page.length === 0) return log;
    log.push(...page);
  }
};

describe.skipIf(isSkipped)(`a cluster whose leader is killed ${rounds} times while nodes write, seed ${seed}`, () => {
  const timeout = 120_000 * (rounds + 1);

  test('F17 loses nothing that it has acknowledged, and has nothing twice', { timeout }, async () => {
    const random = drawn(seed);
    const prefix = aPrefix();
    const open = () =>
      openNodeAt({ connection: realCluster ?? '', readModelPath: join(aDirectory(), 'node.db'), prefix });
    const nodes = [await open(), await open()];
    const met: Met = { acknowledged: [], slowest: 0, unknown: 0, unavailable: 0 };
    let isOver = false;
    const writer = async (at: number): Promise<void> => {
      const { engine } = nodes[at % nodes.length] ?? (await open());
      for (let count = 0; !isOver; count += 1) {
        const flesh = { mark: Buffer.from(`${at} ${count}`) };
        await write(engine.events, `program-${at}`, [anEvent({ flesh }), anEvent()], met);
      }
    };
    const writers = Promise.all([0, 1, 2, 3, 4, 5].map(writer));
    const killed: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await wait(2_000 + random() * 3_000);
      const before = met.acknowledged.length;
      killed.push(await ask('kill-leader'));
      // The other two have chosen a leader, and go on, before the third comes back.
      for (const begun = Date.now(); met.acknowledged.length < before + 50; await wait(50))
        if (Date.now() - begun > patience) throw new Error('nothing was written after the death of a leader');
      await ask('start');
    }
    isOver = true;
    await writers;
    const fresh = await open();
    const log = await wholeLog(fresh.engine.events);
    const { acknowledged, ...rest } = met;
    console.log(`${acknowledged.length} events acknowledged, ${log.length} in the log; killed`, killed, rest);
    expect(killed.filter((name) => name !== '')).toHaveLength(rounds);
    expect(wrongIn(acknowledged, log)).toEqual([]);
    expect(log).toHaveLength(acknowledged.length);
    // The control: one event fewer in the log is found.
    expect(wrongIn(acknowledged, [...log.slice(0, 9), ...log.slice(10)])).not.toEqual([]);
    const last = log.length;
    const leaves: unknown[] = [];
    for (const { engine, close } of [...nodes, fresh]) {
      await engine.sharing?.reached(last);
      leaves.push(await right(engine.events.leaves(0, last)));
      await close();
    }
    expect(leaves[1]).toEqual(leaves[0]);
    expect(leaves[2]).toEqual(leaves[0]);
  });
});
