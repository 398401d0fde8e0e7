import type { Place } from './cluster.ts';
import type { Node } from './node.ts';

/** Whether a node has applied the log of its cluster up to a place. */
const hasReached = ({ tables }: Pick<Node, 'tables'>, { commit, prepare }: Place): boolean => {
  const place = tables.place();
  if (place === undefined) return false;
  return place.commit > commit || (place.commit === commit && place.prepare >= prepare);
};

/** Waits until a node has applied the log up to a place; false when it has not in time. */
export const reach = async (
  node: Pick<Node, 'tables' | 'follower'>,
  place: Place,
  milliseconds: number,
): Promise<boolean> => {
  const look = (): true | undefined => (hasReached(node, place) ? true : undefined);
  return (await node.follower.until(look, milliseconds)) === true;
};
