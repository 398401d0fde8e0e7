import { appendedAtRandom } from './appendedAtRandom.ts';
import { backedUp } from './backedUp.ts';
import { clockTurned, machineClockTurned } from './clockTurned.ts';
import { contended } from './contended.ts';
import { damagedFile } from './damagedFile.ts';
import { damagedLog } from './damagedLog.ts';
import { diskFull } from './diskFull.ts';
import { exhausted } from './exhausted.ts';
import { failingWrites } from './failingWrites.ts';
import type { Fault } from './fault.ts';
import { killedAtWrites } from './killedAtWrites.ts';
import { killedWhileAppending } from './killedWhileAppending.ts';
import { killedWhileCatchingUp } from './killedWhileCatchingUp.ts';
import { killedWhileMaintaining } from './killedWhileMaintaining.ts';
import { killedWhileMigrating } from './killedWhileMigrating.ts';
import { killedWhilePurging } from './killedWhilePurging.ts';
import { lockedByAnother } from './lockedByAnother.ts';
import { lostLog } from './lostLog.ts';
import { powerLoss } from './powerLoss.ts';
import { unwritable } from './unwritable.ts';

/** Every fault that is tried, in the order of the list. */
export const faults: readonly Fault[] = [
  killedWhileAppending,
  killedAtWrites,
  powerLoss,
  diskFull,
  failingWrites,
  unwritable,
  lockedByAnother,
  contended,
  damagedFile,
  lostLog,
  damagedLog,
  clockTurned,
  killedWhilePurging,
  killedWhileMaintaining,
  killedWhileCatchingUp,
  backedUp,
  exhausted,
  killedWhileMigrating,
  appendedAtRandom,
  machineClockTurned,
];
