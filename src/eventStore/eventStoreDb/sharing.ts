import * as E from 'fp-ts/lib/Either.js';
import type { Sharing } from '../engine.ts';
import type { StoreError } from '../eventStore.ts';
import { setUpError } from '../setUpError.ts';
import type { Told } from '../tidings.ts';
import { takeDuties } from './duties.ts';
import { type Node, storeErrorOf, streamOf, tell, timeLeft } from './node.ts';
import { purgingOn } from './purging.ts';
import { reach } from './reaching.ts';

/** What nodes tell once only: whoever is second learns that it is told. */
const onceOnly: readonly string[] = ['deadline-noted', 'notifications-begun'];

const waitForEver = 2 ** 30;

/** Tells what is told once only; where another was first, waits until this node has applied what that told. */
const tellOnce = async (node: Node, told: Told): Promise<E.Either<StoreError, 'told' | 'other'>> => {
  const until = Date.now() + node.deadline;
  const said = await tell(node, told, -1);
  if (E.isLeft(said) || said.right === 'told') return said;
  const first = await node.cluster.read(streamOf(told), { limit: 1 });
  if (E.isLeft(first)) return E.left(storeErrorOf(first.left));
  const place = first.right[0]?.place;
  const isApplied = place !== undefined && (await reach(node, place, timeLeft(until)));
  return isApplied ? said : E.left({ kind: 'unavailable', retry: true });
};

/** What a node offers besides its store. */
export const sharingOf = (node: Node): Sharing => ({
  reached: async (position) => {
    const { log } = node;
    const isThere = (): boolean => log.closing === undefined && log.tables.lastPosition() >= position;
    const look = (): true | undefined => (isThere() ? true : undefined);
    if ((await node.follower.until(look, waitForEver)) !== true)
      throw setUpError('The store was closed before this node showed that position.');
  },
  tell: (told) => async () => (onceOnly.includes(told.type) ? tellOnce(node, told) : tell(node, told)),
  takeDuties: (duties) => takeDuties(node, duties),
  ...purgingOn(node),
});
