import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { onTestFinished } from 'vitest';
import type { Engine } from '../../src/eventStore/engine.ts';
import type { Inline, Prepared, StoreError } from '../../src/eventStore/eventStore.ts';
import type { MasterKey } from '../../src/privacy/keys.ts';

/** The read models that a test asks for: their tables, and what moves them. */
export type Prepare = (readModels: Database) => Inline;

/** A store under test. */
export type Opened = {
  readonly engine: Engine;
  /** Closes it and opens it again; absent where nothing outlives a close. */
  readonly reopen?: () => Promise<Opened>;
  readonly close: () => Promise<void>;
};

/** How a suite opens an empty store. */
export type Open = (prepare?: Prepare) => Promise<Opened>;

/** Read models that move with nothing. */
export const noReadModels: Prepare = () => () => {};

/** The read models of a test as a store takes them; nothing happens after a commit unless told. */
export const asPrepared =
  (prepare: Prepare, committed: () => void = () => {}) =>
  (readModels: Database): Prepared => ({ inline: prepare(readModels), committed });

/** The master key of every test of one process. */
export const masterKey: MasterKey = { current: { id: 'master', key: randomBytes(32) } };

/** What a store operation gives; fails the test when it is an error. */
export const right = async <A>(task: TaskEither<unknown, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(`the store said ${JSON.stringify(result.left)}`);
  return result.right;
};

/** The error that a store operation gives; fails the test when it succeeds. */
export const left = async (task: TaskEither<StoreError, unknown>): Promise<StoreError> => {
  const result = await task();
  if (E.isRight(result)) throw new Error(`the store said yes: ${JSON.stringify(result.right)}`);
  return result.left;
};

/** An empty directory that is gone after the test. */
export const aDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'folja-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

/** Waits until something holds; fails the test when it does not within the time. */
export const eventually = async (holds: () => boolean, milliseconds = 10_000): Promise<void> => {
  const end = performance.now() + milliseconds;
  while (!holds()) {
    if (performance.now() > end) throw new Error('it never came to hold');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};
