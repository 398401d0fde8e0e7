import type { Policy } from '../../domain/policy.ts';
import type { Engine } from '../../eventStore/engine.ts';
import type { Folja } from '../../folja.ts';
import { insideOf } from '../../inside.ts';
import type { Event } from '../shown.ts';
import type { Given, Ground } from './grounds.ts';

/** An opened library, with the store beneath it to look into. */
export type Opened = { readonly folja: Folja; readonly engine: Engine; readonly policy: Policy };

/** Opens the library on a ground, and looks beneath. */
export const openOn = async (
  ground: Ground,
  clock: Given['clock'],
  deliver: Given['deliver'] = async () => undefined,
): Promise<Opened> => {
  const folja = await ground.open({ clock, deliver });
  const inside = insideOf(folja);
  if (inside === undefined)
    throw new Error('open is to give what openFolja gave, as it is: the properties look beneath it.');
  return { folja, ...inside };
};

/** What a store operation gives. */
export const right = async <A>(task: () => Promise<{ readonly right: A } | { readonly left: unknown }>): Promise<A> => {
  const result = await task();
  if ('left' in result) throw new Error(`the store said ${JSON.stringify(result.left)}`);
  return result.right;
};

/** All events of a store, or those after a position. */
export const eventsOf = async ({ engine }: Pick<Opened, 'engine'>, after = 0): Promise<readonly Event[]> =>
  (await right(engine.events.readAll(after, 1_000_000))) as readonly unknown[] as readonly Event[];
