import { expect, test } from 'vitest';
import { commandActs, viewActs } from './acts.ts';
import { type Cell, cellsOf, differences, tryAll, unlogged } from './comparing.ts';
import { expected } from './oracle.ts';
import { type Situation, situations } from './situations.ts';
import type { Someone } from './whoever.ts';

const everyCell = cellsOf([...commandActs, ...viewActs]);

/** In what way somebody has nothing to do with a program: there are several, and each is found out in its own way. */
const strangeness = (who: Someone, { handover }: Situation): string => {
  if (who.kind === 'resident') return who.is;
  if (who.kind !== 'staff') return who.kind;
  return Object.entries(handover ?? {}).find(([, unit]) => unit === who.unitId)?.[0] ?? 'elsewhere';
};

const kindOf = ({ act, who }: Cell, situation: Situation): string => {
  const outcome = expected(act, who, situation);
  const way = outcome === 'unknown-program' && situation.status !== 'none' ? ` ${strangeness(who, situation)}` : '';
  return `${act.kind} ${act.name}: ${outcome}${way}`;
};

/** For each command and view, the first cell of each outcome that the texts give it in any state. */
const sampled = (): ReadonlyMap<Situation, readonly Cell[]> => {
  const seen = new Set<string>();
  const isNew = (cell: Cell, situation: Situation): boolean => {
    const kind = kindOf(cell, situation);
    return !seen.has(kind) && seen.add(kind).has(kind);
  };
  // The program that does not exist comes last: everywhere else more is decided.
  return new Map(
    situations.toReversed().map((situation) => [situation, everyCell.filter((cell) => isNew(cell, situation))]),
  );
};

const sample = sampled();

test.each(situations)(
  'R009–R041 R248 D24 PDL 4:2 in SQLite too, a program that $name is for whom the texts say, and each refusal is logged',
  async (situation) => {
    const cells = sample.get(situation) ?? [];
    const runs = await tryAll(cells, situation, 'in SQLite');
    expect(differences(runs, situation)).toEqual([]);
    expect(unlogged(runs)).toEqual([]);
    expect(runs.flatMap(({ tried }) => tried)).toHaveLength(cells.length);
  },
);

test('R009 the sample in SQLite has each outcome of each command and view', () => {
  const drawn = [...sample].flatMap(([situation, cells]) => cells.map((cell) => kindOf(cell, situation)));
  console.info(`permissions: ${drawn.length} cells of the product in SQLite`);
  const all = new Set(situations.flatMap((situation) => everyCell.map((cell) => kindOf(cell, situation))));
  expect(drawn.toSorted()).toEqual([...all].toSorted());
});
