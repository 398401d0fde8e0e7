import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { progressOn } from '../../scripts/progress.ts';
import { apart } from '../apart.ts';
import { machineNow, sqliteVersion } from '../machine.ts';
import { median, type Paired, perSecond } from '../rounds.ts';
import { sixWorks, type WorkName } from '../sixWorks.ts';
import type { PeerJob } from './peerProcess.ts';
import { peers } from './peers.ts';

const help = `Measures other event stores on SQLite on six works, each beside the same floor in the same run.

  npm run bench:peers                   11 rounds, some minutes
  npm run bench:peers -- --quick        3 rounds: under a minute
  npm run bench:peers -- --json FILE    writes everything that was measured as JSON`;

const { values } = parseArgs({
  options: {
    ...{ quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    ...{ rounds: { type: 'string' }, json: { type: 'string' } },
  },
});

const usual = { rounds: 11, amounts: { commits: 300, replayed: 50_000, caughtUp: 3_000 } };
const quick = { rounds: 3, amounts: { commits: 100, replayed: 5_000, caughtUp: 1_000 } };

/** What one peer came to in one work, or why it came to nothing. */
type Measured = {
  readonly peer: string;
  readonly work: WorkName;
  readonly perSecond?: number;
  readonly floorPerSecond?: number;
  readonly ratio?: number;
  readonly peakBytes?: number;
  readonly why?: string;
};

const summed = ({ floor, work }: Paired) => {
  const [rates, floors] = [work.map(perSecond), floor.map(perSecond)];
  return {
    ...{ perSecond: median(rates), floorPerSecond: median(floors) },
    ratio: median(rates.map((rate, index) => rate / (floors[index] ?? Number.NaN))),
  };
};

/** As a host would run them; Act writes a line for each command otherwise. */
Object.assign(process.env, { NODE_ENV: 'production', LOG_LEVEL: 'error' });

const here = new URL('peerProcess.ts', import.meta.url);

const measure = async ({ peer, work, rounds, amounts }: PeerJob, tell: Parameters<typeof apart>[2]) => {
  try {
    const { result, peakBytes } = await apart<PeerJob, Paired>(here, { peer, work, rounds, amounts }, tell);
    return { peer, work, peakBytes, ...summed(result) };
  } catch (error) {
    return { peer, work, why: error instanceof Error ? error.message : String(error) };
  }
};

const jobs = (): readonly PeerJob[] => {
  const { rounds, amounts } = values.quick ? quick : usual;
  return Object.values(sixWorks).flatMap((work) =>
    peers
      .filter(({ works }) => works[work] !== undefined)
      .map(({ name }) => ({ peer: name, work, rounds: Number(values.rounds ?? rounds), amounts })),
  );
};

const rate = (number: number): string => Math.round(number).toLocaleString('en').replaceAll(',', ' ');

const cellOf = (one: Measured | undefined): string => {
  if (one === undefined) return '-';
  return one.ratio === undefined || one.perSecond === undefined
    ? 'failed'
    : `${one.ratio.toFixed(2)} (${rate(one.perSecond)}/s)`;
};

const tableOf = (measured: readonly Measured[]): string => {
  const table = new Table({
    head: ['work', 'floor', ...peers.map(({ name }) => name)],
    style: { head: [], border: [] },
  });
  for (const work of Object.values(sixWorks)) {
    const ofWork = measured.filter((one) => one.work === work);
    const floors = ofWork.flatMap(({ floorPerSecond }) => (floorPerSecond === undefined ? [] : [floorPerSecond]));
    const cells = peers.map(({ name }) => cellOf(ofWork.find(({ peer }) => peer === name)));
    table.push([work, floors.length === 0 ? '-' : `${rate(median(floors))}/s`, ...cells]);
  }
  return table.toString();
};

const main = async (): Promise<void> => {
  const machine = machineNow(sqliteVersion());
  const all = jobs();
  const progress = progressOn(process.stderr, 'peers');
  const measured: Measured[] = [];
  for (const [index, job] of all.entries()) {
    const note = `${job.peer}: ${job.work}`;
    progress(index, all.length, note);
    measured.push(await measure(job, (done, total) => progress(index + done / total, all.length, note)));
  }
  progress(all.length, all.length);
  const loadAfter = loadavg()[0] ?? Number.NaN;
  console.log(
    `${machine.cores} cores, load ${machine.load.toFixed(1)} before and ${loadAfter.toFixed(1)} after; Node ${machine.node}, SQLite ${machine.sqlite} in the floor`,
  );
  console.log(tableOf(measured));
  console.log(
    'Each: the ratio to the floor in the same run, the median of rounds in turn; - where it has no such work.',
  );
  for (const { peer, work, why } of measured)
    if (why !== undefined) console.log(`Not measured: ${peer}: ${work}: ${why}`);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ machine, loadAfter, measured }, undefined, 2)}\n`);
  if (measured.some(({ why }) => why !== undefined)) process.exitCode = 1;
};

if (values.help) console.log(help);
else await main();
