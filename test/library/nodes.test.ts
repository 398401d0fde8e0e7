import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CommandInput } from '../../src/index.ts';
import { aServer } from './clusters.ts';
import { lifeBeforePurge, type Step, thePurge } from './life.ts';
import { headsOf, type NodeProcess, receiptFrom, startNode } from './nodes.ts';
import { childHealth, type TestUnit } from './people.ts';
import { type Asked, answersTo, asked } from './replays.ts';
import { aDirectory } from './world.ts';

/** The day on which both nodes are looked at: what a look leaves in the log is told by it. */
const lookingDay = '2026-03-04';
const dayAfter = '2026-03-05T08:00:00.000Z';

/** The views that show what looking leaves in the log. */
const ofTheLog = ['access-report', 'audit', 'log-export', 'log-checks'];

type Page = { readonly rows?: readonly unknown[]; readonly next?: string };

/** An answer without what looking has left in the log. */
const withoutLooks = (answer: unknown): unknown => {
  const { rows, next: _, ...rest } = answer as Page;
  return { ...rest, rows: rows?.filter((row) => !JSON.stringify(row).includes(lookingDay)) };
};

/** Every question to a unit's staff, to the resident and to the offices; of the log in pages that hold all of it. */
const questionsTo = (unit: TestUnit): readonly Asked[] =>
  asked(unit).map((one) => (ofTheLog.includes(one.ask.view) ? { ...one, ask: { ...one.ask, limit: 200 } } : one));

/** What all views show on a node. */
const seenOn = async ({ view }: NodeProcess, unit: TestUnit): Promise<Readonly<Record<string, unknown>>> => {
  const answers = Object.entries(await answersTo(view, questionsTo(unit)));
  const isOfLog = (name: string): boolean => ofTheLog.some((shown) => name.startsWith(`${shown} `));
  return Object.fromEntries(answers.map(([name, answer]) => [name, isOfLog(name) ? withoutLooks(answer) : answer]));
};

/** Both nodes show the same in every view, and have the same log. */
const expectEqual = async (nodes: readonly [NodeProcess, NodeProcess], unit: TestUnit): Promise<void> => {
  await headsOf(nodes);
  const [here, there] = await Promise.all([seenOn(nodes[0], unit), seenOn(nodes[1], unit)]);
  expect(there).toEqual(here);
  const [one, other] = await headsOf(nodes);
  expect(other).toEqual(one);
};

/** Sends each step to another node than the one before. */
const liveOn = async (nodes: readonly [NodeProcess, NodeProcess], first: number, steps: readonly Step[]) => {
  for (const [index, { type, data, actor, id }] of steps.entries())
    await receiptFrom(nodes[(first + index) % 2] as NodeProcess, { type, data, id } as CommandInput, actor);
};

const seed = Number(process.env.FOLJA_SEED ?? 1177);
/** From which node on a life is lived: from each of them where all is asked for, else from one by the seed. */
const beginnings = process.env.FOLJA_KILLS === 'all' ? [0, 1] : [seed % 2];

describe('two nodes in processes of their own', () => {
  test.each(beginnings)(
    'P10 I18 I21 show one life in which each command goes to the other node, from node %i on',
    async (first) => {
      const { connection } = await aServer();
      const start = () => startNode({ connection, path: join(aDirectory(), 'node.db') });
      const nodes = [start(), start()] as const;
      expect(await Promise.all(nodes.map(({ isOpen }) => isOpen))).toEqual([true, true]);
      const life = lifeBeforePurge();
      const ending = life.findIndex(({ type }) => type === 'end-program');
      await liveOn(nodes, first, life.slice(0, ending));
      for (const { clock } of nodes) await clock(`${lookingDay}T08:00:00.000Z`);
      await expectEqual(nodes, childHealth);
      for (const { clock } of nodes) await clock(dayAfter);
      await liveOn(nodes, first + ending, life.slice(ending));
      await liveOn(nodes, first, thePurge);
      for (const { clock } of nodes) await clock(`${lookingDay}T09:00:00.000Z`);
      await expectEqual(nodes, childHealth);
      expect(await Promise.all(nodes.map(({ close }) => close()))).toEqual([0, 0]);
    },
    300_000,
  );
});
