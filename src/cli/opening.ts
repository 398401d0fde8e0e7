import { existsSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import type { Problem } from '../access/problem.ts';
import type { Policy } from '../domain/policy.ts';
import { type Folja, openFolja } from '../folja.ts';
import { sqliteStore } from '../sqlite.ts';
import { objectIn, readText } from './files.ts';
import { readMasterKeys } from './masterKey.ts';
import type { LibraryOptions, StoreOptions } from './options.ts';
import { unavailableError } from './stopping.ts';
import type { Terminal } from './terminal.ts';

/** A mistyped path is not to become a new store. */
export const requireStore = ({ store }: Pick<StoreOptions, 'store'>): void => {
  if (!existsSync(store)) throw unavailableError(`There is no store at ${store}: give the path of one.`);
};

/** The region's policy out of a file. */
export const readPolicyFile = async (terminal: Terminal, path: string | undefined): Promise<Partial<Policy>> =>
  path === undefined ? {} : (objectIn(await readText(terminal, path, 'policy'), 'policy') as Partial<Policy>);

/** Whether an older copy of the log is taken for what it is, instead of being refused. */
type Accepting = { readonly acceptOlder?: true };

/** Opens the library on a store that is there, works with it, and closes it whatever happens. */
export const withFolja = async <A>(
  terminal: Terminal,
  options: LibraryOptions,
  work: (folja: Folja) => Promise<A>,
  accepting: Accepting = {},
): Promise<A> => {
  requireStore(options);
  const { store, keys, anchors, policy, quiet } = options;
  const masterKey = await readMasterKeys(terminal, options);
  const folja = await openFolja({
    store: sqliteStore({
      path: store,
      ...(keys === undefined ? {} : { keysPath: keys }),
      ...(anchors === undefined ? {} : { anchorPath: anchors }),
      ...accepting,
    }),
    masterKey: { current: masterKey.current, previous: masterKey.previous ?? [] },
    policy: await readPolicyFile(terminal, policy),
    clock: terminal.now,
    ...(quiet === true ? {} : { logger: { warn: (message) => terminal.err(`${message}\n`) } }),
  });
  try {
    return await work(folja);
  } finally {
    await folja.close();
  }
};

/** What the library gave, or its problem as an error that the command ends with. */
export const given = <A>(result: E.Either<Problem, A>): A => {
  if (E.isRight(result)) return result.right;
  throw Object.assign(new Error(result.left.kind), { problem: result.left });
};
