import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredEvent } from '../../../src/eventStore/eventStore.ts';
import { anEvent } from '../events.ts';
import { modelServer } from '../modelServer/modelServer.ts';
import { live, type Move, moves, type Run, type SendAgain } from './faultySequences.ts';

const runs = Number(process.env.FOLJA_FAULT_RUNS ?? 50);
const seed = Number(process.env.FOLJA_SEED ?? 20_261_122);

const contentOf = ({ data }: StoredEvent): string => (data as { readonly content?: string }).content ?? '';

/** What is in a log more than once, by what was asked for. */
const repeated = (log: readonly StoredEvent[]): readonly string[] => {
  const contents = log.map(contentOf).filter((content) => content !== '');
  return contents.filter((content, index) => contents.indexOf(content) < index);
};

const positionsOf = (log: readonly StoredEvent[]): readonly number[] => log.map(({ position }) => position);

const lostOf = ({ acknowledged, logs }: Run): readonly string[] =>
  acknowledged.filter(({ id, position }) => !logs.every((log) => log[position - 1]?.id === id)).map(({ id }) => id);

const gapsOf = (log: readonly StoredEvent[]): readonly string[] =>
  log
    .filter(
      ({ stream, revision, position }) =>
        revision !== log.slice(0, position - 1).filter((one) => one.stream === stream).length,
    )
    .map(({ id }) => id);

const judge = (run: Run): void => {
  expect(run.stuck).toBe(0);
  expect(lostOf(run)).toEqual([]);
  expect(run.logs[0]).toEqual(run.logs[1]);
  expect(run.leaves[0]).toEqual(run.leaves[1]);
  const [log = []] = run.logs;
  expect(repeated(log)).toEqual([]);
  expect(gapsOf(log)).toEqual([]);
  expect(positionsOf(log)).toEqual(log.map((_, index) => index + 1));
  const acknowledgedIds = new Set(run.acknowledged.map(({ id }) => id));
  expect(run.refused.filter((id) => !acknowledgedIds.has(id) && log.some((event) => event.id === id))).toEqual([]);
};

describe('a cluster that cuts, delays, keeps silent, repeats and has no leader', () => {
  /** Most of a run is waiting, so several are lived at once, each on a server of its own. */
  const atOnce = 10;
  let servers: readonly Awaited<ReturnType<typeof modelServer>>[] = [];
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  beforeAll(async () => {
    servers = await Promise.all(Array.from({ length: atOnce }, () => modelServer()));
    process.on('unhandledRejection', listen);
  });
  afterAll(async () => {
    process.off('unhandledRejection', listen);
    for (const server of servers) await server.close();
  });

  const metFaults = new Map<string, number>();
  const lived = async (given: readonly Move[], sendAgain: SendAgain, place = 0): Promise<Run> => {
    const run = await live(servers[place] as (typeof servers)[number], given, sendAgain);
    for (const fault of run.happened) metFaults.set(fault, (metFaults.get(fault) ?? 0) + 1);
    return run;
  };

  test(`F17 P1 P2 P3 P4 P5 P6 I05 loses nothing acknowledged, does nothing twice and settles every call (${runs} sequences, seed ${seed})`, async () => {
    const sequences = fc.array(moves, { minLength: atOnce, maxLength: atOnce });
    await fc.assert(
      fc.asyncProperty(sequences, async (given) => {
        const ran = await Promise.all(given.map((one, place) => lived(one, (events) => events, place)));
        for (const run of ran) judge(run);
      }),
      { numRuns: Math.ceil(runs / atOnce), seed, endOnFailure: true },
    );
    expect(unhandled).toEqual([]);
    expect(servers.flatMap(({ errors }) => errors)).toEqual([]);
    expect([...metFaults.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(runs);
    console.log(`F17: what went wrong in ${runs} sequences:`, Object.fromEntries([...metFaults].sort()));
  }, 3_600_000);

  test('control: sent again as another append, what was written unseen is there twice', async () => {
    const asNew: SendAgain = (events) => events.map((event) => ({ ...event, id: anEvent().id }));
    const given: readonly Move[] = [
      {
        node: 0,
        stream: 'access',
        length: 1,
        flesh: false,
        twice: false,
        faults: Array.from({ length: 12 }, () => ({ rpc: 'Append', stream: '', fault: { kind: 'commit-in-silence' } })),
      },
    ];
    const run = await lived(given, asNew);
    expect(run.happened).toContain('commit-in-silence');
    expect(repeated(run.logs[0] ?? [])).not.toEqual([]);
  });
});
