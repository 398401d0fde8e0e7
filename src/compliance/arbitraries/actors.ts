import fc from 'fast-check';
import type { Actor } from '../../access/actor.ts';
import { Actor as ActorSchema } from '../../access/actor.ts';
import { anyOf } from './shapes.ts';

/**
 * Actors as a host attests them: staff, residents, platform offices and systems, authenticated in any way. The residents have numbers that
 * nobody living has.
 *
 * @example
 * fc.assert(fc.asyncProperty(anyActor(), async (actor) => (await folja.view({ view: 'units' }, actor)) !== undefined));
 */
export const anyActor = (kind?: Actor['kind']): fc.Arbitrary<Actor> => {
  const kinds = ActorSchema.options.filter(({ shape }) => kind === undefined || shape.kind.value === kind);
  return fc.oneof(...kinds.map((schema) => anyOf<Actor>(schema)));
};
