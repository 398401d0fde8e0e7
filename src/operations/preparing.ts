import type { Database } from 'better-sqlite3';
import type { Anchor } from '../audit/anchors.ts';
import { growingTree, headOf, prepareTree } from '../audit/tree.ts';
import type { Prepared } from '../eventStore/eventStore.ts';
import type { Logger } from '../foljaOptions.ts';
import { beginSharedOutbox, hear } from '../projections/notifications/hearing.ts';
import { requireRegistered } from '../projections/register.ts';
import { prepareReadModels } from '../projections/runner.ts';

/** Runs with every append: the tree over the log and the read models move in its transaction, and its head goes where it is kept after. */
export const preparing =
  (committed: (headNow: () => Anchor) => void, logger: Logger | undefined) =>
  (readModels: Database): Prepared => {
    prepareTree(readModels);
    const { move, ...models } = prepareReadModels(readModels);
    requireRegistered(readModels);
    const tree = growingTree(readModels);
    const both = (work: 'settle' | 'undone') => (): void => {
      tree[work]();
      models[work]();
    };
    return {
      inline: (events, leaves) => {
        move(events);
        tree.grow(events, leaves);
      },
      settle: both('settle'),
      undone: both('undone'),
      committed: () => committed(() => headOf(readModels)),
      hear: (told, after) => hear(readModels, told, after),
      beginShared: () => beginSharedOutbox(readModels),
      warn: (message) => logger?.warn(message),
    };
  };
