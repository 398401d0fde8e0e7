/** A process that measures one work of one peer beside the floor. */
import { doingJobs } from '../apart.ts';
import { floorIn } from '../floor.ts';
import { inTurn, type Paired, type Tell } from '../rounds.ts';
import { sixWorks, type WorkName } from '../sixWorks.ts';
import { inDirectory } from '../works/directory.ts';
import type { Amounts } from '../works/task.ts';
import { peers } from './peers.ts';

/** What is to be measured. */
export type PeerJob = {
  readonly peer: string;
  readonly work: WorkName;
  readonly rounds: number;
  readonly amounts: Amounts;
};

const floorSide = (work: WorkName, floor: ReturnType<typeof floorIn>, { commits, replayed, caughtUp }: Amounts) => {
  if (work === sixWorks.command) floor.fillStreams();
  if (work === sixWorks.replay) floor.fill(replayed);
  if (work === sixWorks.catchUp) floor.fill(caughtUp);
  return {
    [sixWorks.one]: () => floor.append(commits),
    [sixWorks.ten]: () => floor.appendTens(commits),
    [sixWorks.command]: () => floor.command(commits),
    [sixWorks.inline]: () => floor.appendProjected(commits),
    [sixWorks.replay]: floor.replay,
    [sixWorks.catchUp]: floor.catchUp,
  }[work];
};

const measure = ({ peer, work, rounds, amounts }: PeerJob, tell: Tell): Promise<Paired> =>
  inDirectory(async (directory) => {
    const making = peers.find(({ name }) => name === peer)?.works[work];
    if (making === undefined) throw new Error(`${peer} has no such work`);
    const floor = floorIn(directory);
    const ready = await making(directory, amounts);
    const paired = await inTurn(floorSide(work, floor, amounts), ready.work, { rounds }, tell);
    await ready.end();
    floor.close();
    return paired;
  });

doingJobs(measure);
