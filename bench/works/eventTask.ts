import { floorIn } from '../floor.ts';
import { inTurn } from '../rounds.ts';
import { rateRow } from '../rows.ts';
import { sixWorks } from '../sixWorks.ts';
import { inDirectory } from './directory.ts';
import { eventWorks } from './eventWorks.ts';
import type { Amounts, Task } from './task.ts';

const usual: Amounts = { commits: 1_000, replayed: 200_000, caughtUp: 60_000 };
const few: Amounts = { commits: 300, replayed: 10_000, caughtUp: 1_500 };

/** What the floor does is the same, but for the last: its catch-up keeps a checkpoint and writes no rows. */
const floorName = (work: string): string => (work === sixWorks.catchUp ? 'bare catch-up' : 'the same by hand');

/** One of the six works of the event store, beside the same work done by hand. */
export const eventTask: Task = ({ rounds, isQuick, work = '', amounts = isQuick ? few : usual }, tell) =>
  inDirectory(async (directory) => {
    const making = eventWorks.get(work);
    if (making === undefined) throw new Error(`there is no work ${work}`);
    const floor = floorIn(directory);
    const done = await making(directory, floor, amounts);
    const paired = await inTurn(done.floor, done.work, { rounds }, tell);
    await done.end();
    floor.close();
    return [rateRow({ section: 'events', work, unit: 'events/s', floor: { name: floorName(work) } }, paired)];
  });
