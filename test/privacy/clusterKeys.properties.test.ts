import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import type { KeyId } from '../../src/privacy/keys.ts';
import { aPlace, aServer, type KeyNode, openKeyNode, type Place, surely } from './clusterKeysNodes.ts';
import { bytesOf, first, second } from './keyFiles.ts';

const seed = Number(process.env.FOLJA_SEED ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env.FOLJA_RUNS ?? 10);

const faults = ['cut-before-commit', 'cut-after-commit', 'no-leader-known', 'unavailable'] as const;
const names = ['index', 'commands'] as const;

type Step = {
  readonly call: 'take' | 'named' | 'renew' | 'destroy' | 'rewrap';
  readonly at: number;
  readonly name: (typeof names)[number];
  readonly fault: (typeof faults)[number] | undefined;
  readonly times: number;
};

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    call: fc.constantFrom('take', 'named', 'renew', 'destroy', 'rewrap'),
    at: fc.nat({ max: 1 }),
    name: fc.constantFrom(...names),
    fault: fc.constantFrom(...faults, undefined),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 3, maxLength: 12 },
);

type Life = {
  readonly place: Place;
  readonly nodes: readonly KeyNode[];
  readonly known: Map<KeyId, Buffer>;
  readonly destroyed: Set<KeyId>;
  readonly seen: Set<string>;
};

/** Does one thing while something fails; gives the key that came of it. */
const act = async (life: Life, { call, at, name }: Step): Promise<KeyId | undefined> => {
  const { keys } = life.nodes[at] as KeyNode;
  const victim = [...life.known.keys()].find((id) => !life.destroyed.has(id));
  switch (call) {
    case 'take':
      return surely(keys.take());
    case 'rewrap':
      return void (await surely(keys.rewrap(second)));
    case 'destroy':
      if (victim !== undefined) await surely(keys.destroy(victim));
      if (victim !== undefined) life.destroyed.add(victim);
      return undefined;
    default:
      return surely(keys[call](name));
  }
};

const live = async (life: Life, step: Step): Promise<void> => {
  const { server, prefix } = life.place;
  const before = server.faults.happened.length;
  const stream = step.call === 'destroy' ? `${prefix}keys-` : prefix;
  if (step.fault !== undefined)
    server.faults.next({ rpc: 'any', stream, times: step.times, fault: { kind: step.fault } });
  const id = await act(life, step);
  server.faults.clear();
  for (const { fault } of server.faults.happened.slice(before)) life.seen.add(fault);
  const { keys } = life.nodes[step.at] as KeyNode;
  if (id !== undefined && !life.destroyed.has(id)) life.known.set(id, await bytesOf(keys, id));
};

const check = async ({ nodes, known, destroyed }: Life, after: KeyNode): Promise<void> => {
  for (const [id, bytes] of known) {
    if (destroyed.has(id)) expect(await after.keys.open(id)()).toEqual(E.left({ kind: 'erased' }));
    else expect(await bytesOf(after.keys, id)).toEqual(bytes);
  }
  for (const name of names) {
    const ever = await Promise.all([...nodes, after].map(({ keys }) => surely(keys.everNamed(name))));
    expect(new Set(ever.map(([current]) => current)).size).toBe(1);
  }
};

test(`F17 any sequence of calls on two nodes, with faults in between, leaves all nodes with the same keys (seed ${seed})`, async () => {
  const server = await aServer();
  const seen = new Set<string>();
  const given = { current: first, previous: [second] };
  const lived = fc.asyncProperty(steps, async (planned) => {
    const place = aPlace(server);
    const nodes = [await openKeyNode(place, given), await openKeyNode(place, given)];
    const life: Life = { place, nodes, known: new Map(), destroyed: new Set(), seen };
    for (const step of planned) await live(life, step);
    const isRotated = planned.some(({ call }) => call === 'rewrap');
    const after = await openKeyNode(place, { current: isRotated ? second : first });
    await check(life, after);
    for (const one of [...nodes, after]) await one.close();
  });
  await fc.assert(lived, { seed, numRuns });
  expect([...seen].sort()).toEqual([...faults].sort());
}, 240_000);
