import fc from 'fast-check';
import type { z } from 'zod';
import { type Command, type CommandType, commandSchemas } from '../../commands/catalog.ts';
import { viewQueries } from '../../projections/viewing.ts';
import { anyOf } from './shapes.ts';

const types = Object.keys(commandSchemas) as readonly CommandType[];

const ofType = (type: CommandType): fc.Arbitrary<Command> =>
  anyOf(commandSchemas[type] as z.ZodType<unknown>).map((data) => ({ type, data }) as Command);

/**
 * Commands as a host sends them, of one type or of any: of the right shape, about ids that nobody has. What comes of them is the
 * library's to say; that it says something, and never fails, is a host's to test.
 *
 * @example
 * fc.assert(fc.asyncProperty(anyCommand(), anyActor(), async (command, actor) => {
 *   const answer = await folja.execute(command, actor);
 *   return answer._tag === 'Right' || answer.left.kind !== 'failed';
 * }));
 */
export const anyCommand = (type?: CommandType): fc.Arbitrary<Command> =>
  type === undefined ? fc.oneof(...types.map(ofType)) : ofType(type);

/** A question to a view, with the fields that the view takes. */
export type Query = { readonly view: string; readonly [field: string]: unknown };

/**
 * Questions as a host asks them, of one view or of any: of the right shape, and from the first page on.
 *
 * @example
 * fc.assert(fc.asyncProperty(anyQuery('statistics'), async (query) => (await folja.view(query, regionalTeam))._tag === 'Right'));
 */
export const anyQuery = (view?: string): fc.Arbitrary<Query> => {
  const names = view === undefined ? [...viewQueries.keys()] : [view];
  const schemas = names.flatMap((name) => viewQueries.get(name) ?? []);
  if (schemas.length === 0) throw new TypeError(`there is no view ${view}`);
  return fc.oneof(...schemas.map((schema) => anyOf(schema) as fc.Arbitrary<Query>));
};
