import { join } from 'node:path';
import { floorIn } from '../floor.ts';
import { callsOfUnit, sendOne } from '../model.ts';
import { inTurn } from '../rounds.ts';
import { rateRow } from '../rows.ts';
import { openStore } from '../stores.ts';
import { crowdOf } from './crowd.ts';
import { inDirectory } from './directory.ts';
import type { Params, Task } from './task.ts';

/** Bare appends of the floor in a round. */
const barely = { usual: 1_000, quick: 300 };
/** The least units of the library in a round: two whole lives. */
const least = { usual: 300, quick: 60 };
const scatteredInQuick = 8;
/** Commands that do not count, so that what is measured is code that has run for a while. */
const warming = { usual: 3_000, quick: 320 };
const warmedAtOnce = 64;

/** Two crowds are not to be of the same residents. */
const apartInSeeds = 100_000;

/** Commands and looks that are in flight where both come. */
const mixedAtOnce = 64;

const named = (atOnce: number): string => (atOnce === 1 ? 'commands, one at a time' : `commands, ${atOnce} in flight`);

const measure = ({ rounds, isQuick, seed, atOnce = 1 }: Params, tell: Parameters<Task>[1], isMixed: boolean) =>
  inDirectory(async (directory) => {
    const floor = floorIn(directory);
    const { folja } = await openStore({ programs: 0, directory: join(directory) });
    for (const call of callsOfUnit) await sendOne(folja, call);
    const amount = isQuick ? 'quick' : 'usual';
    await crowdOf(folja, warmedAtOnce, seed).send(Math.ceil(warming[amount] / warmedAtOnce));
    const crowd = crowdOf(folja, atOnce, seed + apartInSeeds);
    await crowd.scatter(isQuick ? scatteredInQuick : undefined);
    const each = Math.max(1, Math.ceil(least[amount] / atOnce));
    const paired = await inTurn(
      () => floor.append(barely[amount]),
      () => (isMixed ? crowd.mix(each) : crowd.send(each)),
      { rounds },
      tell,
    );
    await folja.close();
    floor.close();
    const bare = { name: 'bare one-event append' };
    const work = isMixed ? `70 % views, 30 % commands, ${atOnce} in flight` : named(atOnce);
    const unit = isMixed ? 'calls/s' : 'commands/s';
    return [rateRow({ section: 'commands', work, unit, floor: bare }, paired)];
  });

/** Complete commands of whole lives, so many in flight. */
export const commandTask: Task = (params, tell) => measure(params, tell, false);

/** Views and commands of whole lives together. */
export const mixedTask: Task = (params, tell) => measure({ ...params, atOnce: mixedAtOnce }, tell, true);
