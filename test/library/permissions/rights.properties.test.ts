import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seed } from '../../compliance/seed.ts';
import { grant } from '../given.ts';
import { maternity } from '../people.ts';
import type { World } from '../world.ts';
import { has, roles } from './oracle.ts';
import { anything, changes, ends, gained, handovers, keyOf, type Move, panel, rightsOf } from './rights.ts';
import { reached, type Situation, situations } from './situations.ts';
import { allRoles, someone } from './whoever.ts';

const ongoing = situations.find(({ name }) => name === 'is ongoing') as Situation;

/** A place in a list of moves, from which the first is made that is accepted. */
type Step = { readonly from: number; readonly among: readonly Move[] };
const step = fc.record({
  from: fc.nat(1_000),
  among: fc.oneof(
    { weight: 4, arbitrary: fc.constant(handovers) },
    { weight: 2, arbitrary: fc.constant(changes) },
    { weight: 2, arbitrary: fc.constant(anything) },
  ),
});
const steps = fc.record({
  ongoing: fc.array(step, { minLength: 4, maxLength: 12, size: 'max' }),
  ending: fc.array(fc.record({ from: fc.nat(100), among: fc.constant(ends) }), { maxLength: 3 }),
});

const mostTried = 42;

/** Makes the first move of a step that changes something; gives none where none does. */
const make = async ({ execute, clock }: World, { from, among }: Step): Promise<readonly Move[]> => {
  for (let tried = 0; tried < mostTried; tried += 1) {
    const move = among[(from + tried) % among.length] as Move;
    clock.later(60_000);
    const answer = await execute(move.type, move.data, move.actor);
    if (answer._tag === 'Right' && answer.right.events.length > 0) return [move];
  }
  return [];
};

test('R009 R040 PDL 4:2 whatever is done by those who give no rights, nobody has more rights than before, but who is handed a program, or made responsible for it', async () => {
  const before = await rightsOf(await reached(ongoing), panel, ongoing);
  const seen = { made: 0, raised: 0 };
  await fc.assert(
    fc.asyncProperty(steps, async (wanted) => {
      const world = await reached(ongoing);
      const made: Move[] = [];
      for (const one of [...wanted.ongoing, ...wanted.ending]) made.push(...(await make(world, one)));
      const raised = gained(before, await rightsOf(world, panel, ongoing));
      seen.made += made.length;
      seen.raised += raised.length;
      expect(raised.filter((right) => !made.some(({ gives }) => gives(right))).map(keyOf)).toEqual([]);
    }),
    { seed, numRuns: 6 },
  );
  console.info(
    `permissions: ${seen.made} accepted acts raised ${seen.raised} rights, each by a handover or a new clinician`,
  );
  expect(seen.raised).toBeGreaterThan(0);
});

test('R013 R014 R038 a grant gives rights to whom it names, those of the role, and to nobody else', async () => {
  const world = await reached(ongoing);
  const staff = panel.filter((who) => who.kind === 'staff' && who.unitId === maternity.unitId);
  const plain = someone(`plain on ${maternity.unitId}`);
  for (const role of allRoles) {
    const before = await rightsOf(world, staff, ongoing);
    await grant(world, maternity, 'plain', role);
    const raised = gained(before, await rightsOf(world, staff, ongoing));
    expect(raised.length).toBeGreaterThan(0);
    expect(raised.filter(({ who, act }) => who !== plain || !has(roles[role], act)).map(keyOf)).toEqual([]);
  }
});
