import { afterAll, describe, expect, test } from 'vitest';
import { tolvan } from '../people.ts';
import { commandActs } from './acts.ts';
import { differences, isSent, remembering, shownTo, told, unlogged } from './comparing.ts';
import { type Situation, situations } from './situations.ts';
import { whoever } from './whoever.ts';

const runsIn = remembering(commandActs);
const [none] = situations as [Situation];
const counted = { cells: 0, refused: 0 };

afterAll(() =>
  console.info(
    `permissions: ${counted.cells} cells of ${whoever.length} actors × ${commandActs.length} commands × ${situations.length} states, ${counted.refused} of them refused`,
  ),
);

describe.each(situations)('a program that $name', (situation) => {
  test('R009–R041 R185–R211 R231–R239 D8 D9 D24 PDL 4:2 takes each command from whom the texts say, and from nobody else', async () => {
    const runs = await runsIn(situation);
    expect(differences(runs, situation)).toEqual([]);
    const tried = runs.flatMap((run) => run.tried);
    expect(tried).toHaveLength(whoever.length * commandActs.length);
    counted.cells += tried.length;
    counted.refused += tried.filter(({ outcome }) => outcome !== 'allowed').length;
  });

  test('R248 leaves one entry in the audit log for each command, with the code of each refusal', async () => {
    const runs = await runsIn(situation);
    expect(unlogged(runs)).toEqual([]);
    expect(runs.flatMap(({ entries }) => entries.filter(isSent))).toHaveLength(whoever.length * commandActs.length);
  });

  test('R040 R207 PDL 4:2 is to strangers what no program is, to the byte, whatever they send', async () => {
    const runs = await runsIn(situation);
    const { compared, differing } = told(runs, situation, await runsIn(none));
    expect(differing).toEqual([]);
    expect(compared).toBeGreaterThan(800);
    expect(shownTo(runs, situation, [situation.programId, tolvan.personalNumber, tolvan.name])).toEqual([]);
  });
});
