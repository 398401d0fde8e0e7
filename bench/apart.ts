import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Tell } from './rounds.ts';

type Said<Result> =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'result'; readonly result: Result; readonly peakBytes: number }
  | { readonly kind: 'failed'; readonly message: string };

/** What came of a job in a process of its own, and the most memory that the process ever had. */
export type Apart<Result> = { readonly result: Result; readonly peakBytes: number };

/**
 * The most memory that this process had since its program was started. The system's own count for a process (`maxRSS`) begins with that of
 * the process which started it, so it is asked only where there is nothing else.
 */
const peakBytes = (): number => {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kibibytes !== undefined) return Number(kibibytes) * 1_024;
  } catch {
    // Not on Linux.
  }
  return process.resourceUsage().maxRSS * 1_024;
};

/** Does a job in a process of its own, where nothing else takes time or memory; rejects with what it failed with. */
export const apart = <Job extends object, Result>(file: URL, job: Job, tell: Tell): Promise<Apart<Result>> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(file), { serialization: 'advanced', execArgv: [] });
    let outcome: Apart<Result> | undefined;
    let failure = 'ended before it was done';
    child.on('message', (said: Said<Result>) => {
      if (said.kind === 'progress') tell(said.done, said.total);
      else if (said.kind === 'failed') failure = said.message;
      else outcome = { result: said.result, peakBytes: said.peakBytes };
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (outcome === undefined) reject(new Error(`${failure} (${signal ?? `exit ${code}`})`));
      else resolve(outcome);
    });
    child.send(job);
  });

/** In the process of a job: does it, and says how far it has come and what came of it. */
export const doingJobs = <Job, Result>(work: (job: Job, tell: Tell) => Promise<Result>): void => {
  const say = (said: Said<Result>, then?: () => void): void => void process.send?.(said, undefined, undefined, then);
  process.once('message', async (job: Job) => {
    try {
      const result = await work(job, (done, total) => say({ kind: 'progress', done, total }));
      say({ kind: 'result', result, peakBytes: peakBytes() }, () => process.exit(0));
    } catch (error) {
      say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }, () => process.exit(1));
    }
  });
};
