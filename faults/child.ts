import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A process of this folder: what it says, line by line, and how it is told things, stopped and killed. */
export type Child = {
  readonly pid: number;
  /** The lines that it has said so far; none where they are not kept. */
  readonly lines: readonly string[];
  readonly say: (line: string) => void;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Resolves when it says so, and is false where it ends before. */
  readonly says: (line: string) => Promise<boolean>;
  /** Calls the listener with every line from now on. */
  readonly onLine: (listener: (line: string) => void) => void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
};

type Given = {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** False for one that says so much that only listeners hear it. */
  readonly keepsLines?: boolean;
  /** A program that runs it, with what it takes before the command. */
  readonly under?: readonly string[];
};

const commandOf = (file: string, { args = [], under = [] }: Given): readonly [string, readonly string[]] => {
  const [first, ...rest] = [...under, process.execPath, '--no-warnings', join(import.meta.dirname, file), ...args];
  return [first as string, rest];
};

const endOf = async (process: ChildProcess): Promise<number | NodeJS.Signals | null> => {
  const [code, signal] = await once(process, 'close');
  return code ?? signal;
};

/** Starts a process of this folder; what it complains of is seen. */
export const aChild = (file: string, given: Given = {}): Child => {
  const [command, args] = commandOf(file, given);
  const env = { ...process.env, ...given.env };
  const started = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
  const ended = endOf(started);
  const kill = (): void => void started.kill('SIGKILL');
  process.once('exit', kill);
  void ended.then(() => process.off('exit', kill));
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  createInterface({ input: started.stdout }).on('line', (line) => {
    if (given.keepsLines !== false) lines.push(line);
    for (const listener of listeners) listener(line);
  });
  // Who has been killed hears nothing any more.
  started.stdin.on('error', () => undefined);
  const says = (wanted: string): Promise<boolean> =>
    new Promise((resolve) => {
      if (lines.includes(wanted)) resolve(true);
      listeners.add((line) => line === wanted && resolve(true));
      ended.then(() => resolve(lines.includes(wanted)));
    });
  return {
    ...{ pid: started.pid ?? 0, lines, says, ended },
    say: (line) => void started.stdin.write(`${line}\n`),
    signal: (signal) => void started.kill(signal),
    onLine: (listener) => void listeners.add(listener),
  };
};
