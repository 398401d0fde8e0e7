import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { lives, worldsOf } from '../../src/compliance/lives.ts';
import { exploring } from '../../src/compliance/living/exploring.ts';
import { type Erased, type Remains, remnantsIn } from '../../src/compliance/living/remnants.ts';
import { rules } from '../../src/compliance/rules/rules.ts';
import { standardSetting } from '../../src/compliance/setting.ts';
import type { Trace } from '../../src/compliance/trace.ts';
import { lies } from './lies.ts';
import { copyOf, type Spoiled } from './spoiling.ts';
import { memoryGrounds } from './stores.ts';

const passes = (id: string, trace: Trace): boolean =>
  rules
    .filter((rule) => rule.id === id)
    .every(({ check }) => {
      try {
        check(trace);
        return true;
      } catch {
        return false;
      }
    });

/** A copy of the first run in which there is something to lie about, with the lie. */
/** A run with the lie told in it; undefined when nothing of the kind happened there. */
const spoil = (trace: Trace, tell: (trace: Spoiled) => unknown): Trace | undefined => {
  const copy = copyOf(trace);
  try {
    tell(copy);
    return copy as unknown as Trace;
  } catch {
    return undefined;
  }
};

/** Whether the lie is found in some run: what is a lie in one may by chance be true in another. */
const isFound = (id: string, traces: readonly Trace[], tell: (trace: Spoiled) => unknown): boolean =>
  traces.some((trace) => {
    const spoiled = spoil(trace, tell);
    return spoiled !== undefined && passes(id, trace) && !passes(id, spoiled);
  });

describe('the checks of the invariants', () => {
  const traces: Trace[] = [];
  beforeAll(async () => {
    const seed = 20_260_302;
    const explore = exploring(memoryGrounds, standardSetting.templates);
    const some = fc.sample(fc.noBias(lives(60, worldsOf(8, seed))), { numRuns: 30, seed });
    for (const life of some) traces.push(await explore(life));
  }, 120_000);

  test('are of every invariant, by its number', () => {
    const numbers = Array.from({ length: 28 }, (_, index) => `I${String(index + 1).padStart(2, '0')}`);
    const named = rules.map(({ id }) => id).filter((id) => id.startsWith('I'));
    expect(named.sort()).toEqual(numbers);
  });

  test('have each at least one lie to find', () => {
    const untold = rules.filter((rule) => !lies.some(([id]) => rule.id === id));
    expect(untold.map(({ id }) => id)).toEqual([]);
  });

  test.each(lies)('%s finds %s', (id, _, tell) => {
    expect(isFound(id, traces, tell)).toBe(true);
  });
});

describe('the search for what a purge left behind', () => {
  const erased: Erased = { programId: 'p1', keyId: 'k1', bytes: [Buffer.from('sealed bytes')] };
  const clean: Remains = { tables: new Map(), files: [], events: '[]', keys: new Set(), served: new Set() };
  const left: readonly (readonly [string, Partial<Remains>])[] = [
    ['a row', { tables: new Map([['messages', [{ program_id: 'p1' }]]]) }],
    ['sealed bytes in a file', { files: [Buffer.from('a page of sealed bytes and more')] }],
    ['a key that still opens', { keys: new Set(['k1']) }],
    ['a sealed part that is still served', { served: new Set(['p1']) }],
    ['a text in an event', { events: '["Namn canary-1-x"]' }],
    ['a text in a read model', { tables: new Map([['programs', [{ name: 'Namn canary-1-x' }]]]) }],
    ['a number in a file', { files: [Buffer.from('a page with 198503149802 in it')] }],
  ];

  test.each(left)('I21 finds %s', (_, remains) => {
    const texts = ['canary-1-x', '198503149802'];
    expect(remnantsIn(clean, [erased], texts)).toEqual([]);
    expect(remnantsIn({ ...clean, ...remains }, [erased], texts)).toHaveLength(1);
  });
});
