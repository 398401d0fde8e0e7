import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StoreError } from '../eventStore/eventStore.ts';
import type { Anchor, AnchorSink } from './anchors.ts';
import { rootIn, rootText } from './tree.ts';

/** An anchor that the log does not continue: it has become shorter, or is another log up to there. */
export type Break = { readonly kind: 'shorter' | 'altered'; readonly length: number; readonly anchor: Anchor };

/** How many of the newest heads are looked through for the longest: processes that sign at once may keep theirs in another order. */
const newestHeads = 16;

const anchorsOf = (anchors: AnchorSink): readonly Anchor[] => {
  const [longest] = [...anchors.heads(newestHeads)].sort((one, other) => other.length - one.length);
  return [anchors.latest(), longest]
    .filter((anchor) => anchor !== undefined)
    .sort((one, other) => other.length - one.length);
};

/**
 * Holds the log against the anchor and the newest signed head: the first that it does not continue, undefined where it continues both. A lost
 * write-ahead log and an older copy are noticed by nothing else (P11).
 */
export const breakOf = async (
  tree: { readonly events: EventStore; readonly db: Database },
  anchors: AnchorSink,
): Promise<E.Either<StoreError, Break | undefined>> => {
  // Anchors first: what another process commits meanwhile makes the log longer, never shorter.
  const known = anchorsOf(anchors);
  const last = await tree.events.lastPosition()();
  if (E.isLeft(last)) return last;
  const length = last.right;
  for (const anchor of known) {
    if (anchor.length > length) return E.right({ kind: 'shorter', length, anchor });
    const root = await rootIn(tree, [0, anchor.length]);
    if (E.isLeft(root)) return root;
    if (rootText(root.right) !== anchor.root) return E.right({ kind: 'altered', length, anchor });
  }
  return E.right(undefined);
};
