import type fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aStartedProgram, theProgram } from '../library/given.ts';
import { at, auditor, expert, maternity, office, region, resident, system, tolvan } from '../library/people.ts';
import { commandActs, moving, viewActs } from '../library/permissions/acts.ts';
import { masterKey, monday, type StoreKind, stores, type World } from '../library/world.ts';
import { expectEither, expectTyped, type Outcome, tryAll } from './trying.ts';
import { anyBut, canary, hostile, type Make, oneOf, together } from './values.ts';

const b = at(maternity, 'b');
const actors = [b, at(maternity, 'ba'), at(maternity, 'ia'), resident(tolvan), region, office, expert, auditor];

/** Not those that would end what the others are tried on. */
const commands = commandActs
  .filter(({ what }) => !moving.includes(what) && !['end-program', 'dispose-log-year'].includes(what))
  .map(({ what, about }) => ({ type: what, data: about(theProgram), id: '0195d3a0-0000-7000-8000-000000000777' }));
const queries = viewActs.map(({ what, about }) => ({ view: what, ...about(theProgram) }));

const anyActor = anyBut(...actors, system('clock'));
const head = { length: 1, root: 'ab'.repeat(32), origin: theProgram, at: monday, signature: 'AA==' };
const noProgress = { onProgress: () => undefined };
const never = (value: unknown) => value as never;

/** How input enters an opened library: what is given, how it is called, and what may come of it. */
type Entry = {
  readonly name: string;
  readonly values: fc.Arbitrary<Make>;
  readonly call: (world: World, value: unknown) => unknown;
  readonly expected: (outcome: Outcome) => void;
  /** Where a try that gets through is slow. */
  readonly usual?: number;
};

const pairCall =
  (call: (world: World, one: never, other: never) => unknown): Entry['call'] =>
  (world, value) => {
    const [one, other] = value as readonly [never, never];
    return call(world, one, other);
  };

const answering: readonly Entry[] = [
  {
    name: 'execute, as the command',
    values: anyBut(...commands),
    call: ({ folja }, value) => folja.execute(never(value), b),
    expected: expectEither,
  },
  {
    name: 'execute, as the actor',
    values: anyActor,
    call: ({ folja }, value) => folja.execute({ type: 'sign-in', data: { unitId: maternity.unitId } }, never(value)),
    expected: expectEither,
  },
  {
    name: 'execute, as a command and an actor of any kind',
    values: together(anyBut(...commands), oneOf(...actors)),
    call: pairCall(({ folja }, command, actor) => folja.execute(command, actor)),
    expected: expectEither,
  },
  {
    name: 'view, as the query',
    values: together(anyBut(...queries), oneOf(...actors)),
    call: pairCall(({ folja }, query, actor) => folja.view(query, actor)),
    expected: expectEither,
  },
  {
    name: 'view, as the actor',
    values: anyActor,
    call: ({ folja }, value) => folja.view({ view: 'units' }, never(value)),
    expected: expectEither,
  },
];

const rejecting: readonly Entry[] = [
  {
    name: 'audit.inclusionProof, as the number',
    values: anyBut(1, 2),
    call: ({ folja }, value) => folja.audit.inclusionProof(never(value)),
    expected: expectTyped,
  },
  {
    name: 'audit.inclusionProof, as the actor',
    values: anyActor,
    call: ({ folja }, value) => folja.audit.inclusionProof(1, never(value)),
    expected: expectTyped,
  },
  {
    name: 'audit.consistencyProof',
    values: together(anyBut(head), anyBut(head)),
    call: pairCall(({ folja }, from, to) => folja.audit.consistencyProof(from, to)),
    expected: expectTyped,
  },
  {
    name: 'audit.verify',
    values: anyBut(noProgress),
    call: ({ folja }, value) => folja.audit.verify(never(value)),
    expected: expectTyped,
    usual: 40,
  },
  {
    name: 'rebuild',
    values: together(anyBut(noProgress), anyActor),
    call: pairCall(({ folja }, options, actor) => folja.rebuild(options, actor)),
    expected: expectTyped,
  },
  {
    name: 'rebuild, as the library itself',
    values: anyBut(noProgress),
    call: ({ folja }, value) => folja.rebuild(never(value)),
    expected: expectTyped,
    usual: 20,
  },
  {
    name: 'rotateMasterKey, as the key',
    values: together(anyBut({ id: 'next', key: new Uint8Array(32) }), anyActor),
    call: pairCall(({ folja }, next, actor) => folja.rotateMasterKey(next, actor)),
    expected: expectTyped,
  },
  {
    name: 'rotateMasterKey, as its options',
    values: anyBut(noProgress),
    call: ({ folja }, value) => folja.rotateMasterKey({ id: 'master', key: masterKey }, region, never(value)),
    expected: expectTyped,
    usual: 100,
  },
  {
    name: 'caughtUp',
    values: anyBut('1', '9999999999999999'),
    call: ({ folja }, value) => folja.caughtUp(never(value)),
    expected: expectTyped,
  },
  {
    name: 'subscribe',
    values: hostile,
    call: async ({ folja, does }, value) => {
      const stop = folja.subscribe(never(value));
      await does('sign-in', { unitId: maternity.unitId }, b);
      stop();
    },
    expected: expectTyped,
  },
];

const replayed: readonly Entry[] = [
  {
    name: 'replay, as its options',
    values: anyBut(
      { until: { at: monday } },
      { until: { position: '9' } },
      { until: { position: '9' }, ...noProgress },
    ),
    call: async ({ folja }, value) => (await folja.replay(never(value), b)).close(),
    expected: expectTyped,
  },
  {
    name: 'replay, as the actor',
    values: anyActor,
    call: async ({ folja }, value) => (await folja.replay({ until: { position: '9' } }, never(value))).close(),
    expected: expectTyped,
  },
];

const tryEntry = async (kind: StoreKind, { values, call, expected, usual }: Entry): Promise<void> => {
  const warnings: string[] = [];
  const world = await aStartedProgram(kind, { logger: { warn: (message) => void warnings.push(message) } });
  await tryAll(values, (value) => call(world, value), expected, usual);
  expect(warnings.filter((warning) => !warning.startsWith('A subscriber failed'))).toEqual([]);
  expect(JSON.stringify(warnings)).not.toContain(canary);
  await world.does('sign-in', { unitId: maternity.unitId }, b);
};

describe.each(stores)('any value that enters a library %s', (kind) => {
  test.each(answering.map((entry) => [entry.name, entry] as const))(
    'R287 is answered with an Either, whose problem has nothing of it: %s',
    (_, entry) => tryEntry(kind, entry),
  );

  test.each([...rejecting, ...replayed].map((entry) => [entry.name, entry] as const))(
    'R287 is refused with a typed error at most, which has nothing of it: %s',
    (_, entry) => tryEntry(kind, entry),
  );

  test('R287 is answered with an Either by a replay', async () => {
    const world = await aStartedProgram(kind);
    const replay = await world.folja.replay({ until: { at: monday } }, b);
    await tryAll(anyBut(...queries), (value) => replay.view(never(value), b), expectEither, 150);
    await tryAll(anyActor, (value) => replay.view({ view: 'units' }, never(value)), expectEither, 150);
    await replay.close();
  });
});
