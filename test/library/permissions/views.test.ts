import { afterAll, describe, expect, test } from 'vitest';
import { tolvan } from '../people.ts';
import { viewActs } from './acts.ts';
import { differences, remembering, shownTo, told, unlogged } from './comparing.ts';
import { type Situation, situations } from './situations.ts';
import { whoever } from './whoever.ts';

const runsIn = remembering(viewActs);
const [none] = situations as [Situation];
const counted = { cells: 0, refused: 0 };

afterAll(() =>
  console.info(
    `permissions: ${counted.cells} cells of ${whoever.length} actors × ${viewActs.length} views × ${situations.length} states, ${counted.refused} of them refused`,
  ),
);

describe.each(situations)('a program that $name', (situation) => {
  test('R016 R022 R023 R151 R195 R231–R237 D12 D15 PDL 4:2 shows each view to whom the texts say, and to nobody else', async () => {
    const runs = await runsIn(situation);
    expect(differences(runs, situation)).toEqual([]);
    const tried = runs.flatMap((run) => run.tried);
    expect(tried).toHaveLength(whoever.length * viewActs.length);
    counted.cells += tried.length;
    counted.refused += tried.filter(({ outcome }) => outcome !== 'allowed').length;
  });

  test('R248 leaves one entry in the audit log for each view, with the code of each refusal', async () => {
    const runs = await runsIn(situation);
    expect(unlogged(runs)).toEqual([]);
    expect(runs.flatMap(({ entries }) => entries)).toHaveLength(whoever.length * viewActs.length);
  });

  test('R040 R207 I21 I26 is to strangers what no program is, to the byte, whatever they ask', async () => {
    const runs = await runsIn(situation);
    const { compared, differing } = told(runs, situation, await runsIn(none));
    expect(differing).toEqual([]);
    expect(compared).toBeGreaterThan(300);
    expect(shownTo(runs, situation, [situation.programId, tolvan.personalNumber, tolvan.name])).toEqual([]);
  });
});
