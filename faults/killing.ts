import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** How a process ended, and the lines that it had said until then. */
export type Ended = { readonly killed: boolean; readonly code: number | null; readonly lines: readonly string[] };

/** A process that is to meet a fault: a file of this folder, and what it is told. */
export type Started = {
  readonly file: string;
  readonly told: object;
  /** What it runs under, such as strace with its options. */
  readonly under?: readonly string[];
};

/** What was compiled once, for every process that starts: most of their time goes there. */
const compiled = join(import.meta.dirname, '../node_modules/.cache/folja-faults');

type Kill = () => void;

const linesOf = (text: string): readonly string[] => text.split('\n').slice(0, -1);

/**
 * Runs a process to its end and kills whatever is left of it. `onLine` is given each line that it says and how to kill it; what was said is also
 * what was acknowledged, for a line is written before the process goes on.
 */
export const runToEnd = async (
  { file, told, under = [] }: Started,
  onLine: (line: string, kill: Kill) => void = () => undefined,
  onStart: (kill: Kill) => void = () => undefined,
): Promise<Ended> => {
  const [program, ...args] = [
    ...under,
    ...[process.execPath, '--no-warnings', join(import.meta.dirname, file), JSON.stringify(told)],
  ];
  // A group of its own, so that a tracer and what it traces end together.
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
  const child = spawn(program as string, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true, env });
  const kill = (): void => {
    try {
      process.kill(-(child.pid as number), 'SIGKILL');
    } catch {
      // It had ended by itself.
    }
  };
  process.once('exit', kill);
  let [text, seen] = ['', 0];
  child.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString();
    const lines = linesOf(text);
    for (const line of lines.slice(seen)) onLine(line, kill);
    seen = lines.length;
  });
  onStart(kill);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  process.off('exit', kill);
  return { killed: signal === 'SIGKILL', code, lines: linesOf(text) };
};

/** When a process is killed: some milliseconds after it was started, or after it has said something so many times. */
export type Moment = { readonly after: number; readonly line?: RegExp; readonly times?: number };

/** Kills a process at a moment, if it has not ended before. */
export const runKilled = async (started: Started, { after, line, times = 1 }: Moment): Promise<Ended> => {
  const timers: NodeJS.Timeout[] = [];
  const killLater = (kill: Kill): void => void timers.push(setTimeout(kill, after));
  let left = times;
  const ended = await runToEnd(
    started,
    (said, kill) => {
      if (line?.test(said) !== true) return;
      left -= 1;
      if (left === 0) killLater(kill);
    },
    (kill) => (line === undefined ? killLater(kill) : undefined),
  );
  for (const timer of timers) clearTimeout(timer);
  return ended;
};

/** Kills a process at a moment by which it has not come to its end: an earlier one where it was too late. */
export const runKilledInTime = async (
  started: () => Started,
  moment: Moment,
  isInTime: (lines: readonly string[]) => boolean,
): Promise<Ended & { readonly happened: boolean }> => {
  const ended = await runKilled(started(), moment);
  const happened = ended.killed && isInTime(ended.lines);
  if (happened || moment.after < 1) return { ...ended, happened };
  return runKilledInTime(started, { ...moment, after: moment.after / 2 }, isInTime);
};
