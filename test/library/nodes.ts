import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { onTestFinished } from 'vitest';
import type { Anchor } from '../../src/audit/anchors.ts';
import type { Actor, CommandInput, Folja, Notification, Problem, Receipt } from '../../src/index.ts';
import { masterKey, monday } from './world.ts';

/** What an answer is that never came, for its process was killed. */
export const lost = 'lost';
type Lost = typeof lost;

/** A node of a cluster in a process of its own. */
export type NodeProcess = {
  readonly execute: (command: CommandInput, actor: Actor) => Promise<E.Either<Problem, Receipt> | Lost>;
  readonly view: Folja['view'];
  readonly caughtUp: (position: string) => Promise<unknown>;
  readonly tick: () => Promise<unknown>;
  readonly position: () => Promise<number>;
  readonly head: () => Promise<Anchor>;
  readonly clock: (instant: string) => Promise<unknown>;
  /** Kills it; gives the signal that it ended by. */
  readonly kill: () => Promise<NodeJS.Signals | null>;
  /** Lets it end; gives its exit code. */
  readonly close: () => Promise<number | null>;
};

/** Where a node is to run: the same again for one that was killed. */
export type NodePlace = {
  readonly connection: string;
  readonly path: string;
  /** Told of every notification that the node hands over. */
  readonly onDelivered?: (notification: Notification) => void;
};

type Line = { number?: number; answer?: unknown; delivered?: Notification; isOpen?: true };
type Asked = Map<number, (answer: unknown) => void>;

const listen = (child: ChildProcess, asked: Asked, { onDelivered }: NodePlace): Promise<boolean> =>
  new Promise((resolve) => {
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    lines.on('line', (text) => {
      const { number, answer, delivered, isOpen } = JSON.parse(text) as Line;
      if (isOpen) resolve(true);
      if (delivered !== undefined) onDelivered?.(delivered);
      if (number === undefined) return;
      asked.get(number)?.(answer);
      asked.delete(number);
    });
    child.once('close', () => {
      for (const settle of asked.values()) settle(lost);
      asked.clear();
      resolve(false);
    });
  });

const begin = (place: NodePlace): ChildProcess => {
  const { connection, path } = place;
  const given = { connection, path, key: Buffer.from(masterKey).toString('hex'), at: monday };
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const program = join(import.meta.dirname, 'nodeProcess.ts');
  const child = spawn(process.execPath, ['--no-warnings', program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  // What is written to one that was killed meanwhile is lost with it.
  child.stdin?.on('error', () => undefined);
  return child;
};

/** Begins a process, which is killed at the latest when the test is over; what is asked of it waits until it is open. */
export const startNode = (place: NodePlace): NodeProcess & { readonly isOpen: Promise<boolean> } => {
  const child = begin(place);
  const asked: Asked = new Map();
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  onTestFinished(() => void child.kill('SIGKILL'));
  const isOpen = listen(child, asked, place);
  let last = 0;
  const ask = <A>(what: string, ...given: readonly unknown[]): Promise<A> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve(lost as A);
      last += 1;
      asked.set(last, resolve as (answer: unknown) => void);
      child.stdin?.write(`${JSON.stringify({ number: last, what, given })}\n`);
    });
  return {
    isOpen,
    execute: (command, actor) => ask('execute', command, actor),
    view: (query, actor) => ask('view', query, actor),
    caughtUp: (position) => ask('caughtUp', position),
    tick: () => ask('tick'),
    position: async () => (await ask<{ readonly right: number }>('position')).right,
    head: () => ask('head'),
    clock: (instant) => ask('clock', instant),
    kill: async () => {
      child.kill('SIGKILL');
      return (await ended)[1];
    },
    close: async () => {
      child.stdin?.end();
      return (await ended)[0];
    },
  };
};

/** Waits until all nodes show what any of them does, and nothing more comes: gives the head of each. */
export const headsOf = async (nodes: readonly Pick<NodeProcess, 'position' | 'caughtUp' | 'head'>[]) => {
  for (let still = '', times = 0; times < 200; times += 1) {
    const last = String(Math.max(...(await Promise.all(nodes.map((node) => node.position())))));
    await Promise.all(nodes.map((node) => node.caughtUp(last)));
    const heads = await Promise.all(nodes.map((node) => node.head()));
    if (JSON.stringify(heads) === still) return heads;
    still = JSON.stringify(heads);
    await wait(50);
  }
  throw new Error('the nodes never came to rest');
};

/** The receipt of a command that is to succeed. */
export const receiptFrom = async (
  { execute }: Pick<NodeProcess, 'execute'>,
  command: CommandInput,
  actor: Actor,
): Promise<Receipt> => {
  const answer = await execute(command, actor);
  if (answer === lost || E.isLeft(answer)) throw new Error(`${command.type} was to succeed: ${JSON.stringify(answer)}`);
  return answer.right;
};
