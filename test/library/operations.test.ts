import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { mayOperate, type OperationName } from '../../src/domain/permissions.ts';
import type { Actor, Problem } from '../../src/index.ts';
import { aStartedProgram } from './given.ts';
import { at, auditor, expert, maternity, office, region, resident, system, tolvan } from './people.ts';
import { stores, type World } from './world.ts';

/** Everybody that a host may name, by what the oracle below calls them. */
const actors: Readonly<Record<string, Actor>> = {
  staff: at(maternity, 'da'),
  resident: resident(tolvan),
  region,
  office,
  expert,
  auditor,
  clock: system('clock'),
  directory: system('directory'),
  delivery: system('delivery'),
};
const everybody = Object.keys(actors);

/** Who may do what, written from the documents and not from the table. */
const oracle: Readonly<Record<OperationName, readonly string[]>> = {
  rebuild: ['region'],
  'rotate-master-key': ['region'],
  'prove-inclusion': ['auditor'],
  replay: everybody,
  'list-nodes': ['region'],
  'retire-node': ['region'],
  scavenge: ['region'],
};

/** What there is on a cluster only has tests of its own (clusterOperations.test.ts). */
type OfEveryStore = Exclude<OperationName, 'list-nodes' | 'retire-node' | 'scavenge'>;

const calls: Readonly<Record<OfEveryStore, (world: World, by: Actor) => Promise<unknown>>> = {
  rebuild: ({ folja }, by) => folja.rebuild({}, by),
  'rotate-master-key': ({ folja }, by) => folja.rotateMasterKey({ id: 'next', key: randomBytes(32) }, by),
  'prove-inclusion': ({ folja }, by) => folja.audit.inclusionProof(1, by),
  replay: async ({ folja }, by) => (await folja.replay({ until: { position: '1' } }, by)).close(),
};

const outcomeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    ({ problem }: { readonly problem: Problem }) => (problem.kind === 'refused' ? problem.code : problem.kind),
  );

const operations = Object.keys(calls) as readonly OfEveryStore[];

test('R248 every operation has its row', () => {
  expect(Object.keys(oracle).toSorted()).toEqual(Object.keys(mayOperate).toSorted());
});

describe.each(stores)('what is done with an opened library in somebody’s name, %s', (kind) => {
  test.each(operations)('R248 R251 PDL 4:2 is for whom it is for, and each try is an entry: %s', async (operation) => {
    for (const name of everybody) {
      const world = await aStartedProgram(kind);
      const by = actors[name] as Actor;
      const expected = oracle[operation].includes(name) ? 'done' : 'not-permitted';
      expect([name, await outcomeOf(calls[operation](world, by))]).toEqual([name, expected]);
      const last = (await world.log()).findLast(({ action }) => action === operation);
      expect(last).toMatchObject({ outcome: expected === 'done' ? 'allowed' : 'refused' });
    }
  });

  test('R248 P14 an actor that is none does nothing, and leaves an entry without a copy', async () => {
    const world = await aStartedProgram(kind);
    const nobody = { kind: 'staff', name: 'Hemliga Hilda' } as unknown as Actor;
    expect(await outcomeOf(calls.rebuild(world, nobody))).toBe('invalid');
    expect((await world.log()).findLast(({ action }) => action === 'rebuild')).toMatchObject({
      outcome: 'refused',
      code: 'invalid',
      actor: 'unknown',
    });
    expect(JSON.stringify(await world.events())).not.toContain('Hilda');
  });
});
