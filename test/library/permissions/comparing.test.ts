import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { tolvan } from '../people.ts';
import { viewActs } from './acts.ts';
import { cellsOf, differences, shownTo, told, tryAll, unlogged } from './comparing.ts';
import { type Situation, situations } from './situations.ts';

const acts = viewActs.filter(({ name }) => name === 'program' || name === 'profile');
const none = situations.find(({ status }) => status === 'none') as Situation;
const ongoing = situations.find(({ name }) => name === 'is ongoing') as Situation;

/** What came of a few cells of the product, and the same about a program that does not exist. */
const aFewCells = async () => {
  const [runs, without] = [await tryAll(cellsOf(acts), ongoing), await tryAll(cellsOf(acts), none)];
  const [{ tried, entries } = { tried: [], entries: [] }] = runs;
  return { tried, entries, runs, without };
};

test('R009 R207 R248 PDL 4:2 the comparison finds an outcome, an answer or an entry that is not as it is to be', async () => {
  const { tried, entries, runs, without } = await aFewCells();
  expect([differences(runs, ongoing), unlogged(runs), told(runs, ongoing, without).differing]).toEqual([[], [], []]);

  const missing = [{ tried, entries: entries.slice(1) }];
  const counted = [{ tried, entries: entries.map((entry) => ({ ...entry, count: 2 })) }];
  const recoded = [{ tried, entries: entries.map((entry) => ({ ...entry, code: 'invalid' })) }];
  expect(unlogged(missing)).toHaveLength(1);
  expect(unlogged(counted)).toHaveLength(tried.length);
  expect(unlogged(recoded)).toHaveLength(tried.length);

  const unknown = tried.filter(({ outcome }) => outcome === 'unknown-program');
  expect(unknown.length).toBeGreaterThan(5);
  const details = E.left({ kind: 'refused', code: 'unknown-program', details: { purged: false } } as const);
  const hinting = [{ tried: unknown.map((one) => ({ ...one, answer: details })), entries }];
  expect(told(hinting, ongoing, without).differing).toHaveLength(unknown.length);

  const naming = [{ tried: unknown.map((one) => ({ ...one, answer: E.right({ name: tolvan.name }) })), entries }];
  expect(shownTo(naming, ongoing, [tolvan.name])).toHaveLength(unknown.length);
  expect(shownTo(runs, ongoing, [tolvan.name])).toEqual([]);

  const open = [{ tried: unknown.map((one) => ({ ...one, outcome: 'allowed' })), entries }];
  expect(differences(open, ongoing)).toHaveLength(unknown.length);
});
