import { expect } from 'vitest';
import type { z } from 'zod';
import type { Decider, Happened } from '../../src/domain/decider.ts';

type Message = { readonly type: string; readonly data: unknown; readonly sealed?: unknown };
type Shapes = Readonly<Record<string, { readonly data: z.ZodType; readonly sealed?: z.ZodType }>>;

/** Folds a history at once, and in two parts; both must come to the same. */
export const expectSameInTwoParts = <State, Event extends Message>(
  { initial, evolve }: Pick<Decider<State, never, Event, never>, 'initial' | 'evolve'>,
  history: readonly Happened<Event>[],
  cut: number,
): void => {
  const at = cut % (history.length + 1);
  const half = history.slice(0, at).reduce(evolve, initial);
  expect(history.slice(at).reduce(evolve, structuredClone(half))).toEqual(history.reduce(evolve, initial));
};

/** An event as it may be stored: it fits its schema as it is, and JSON holds all of it. */
export const expectStorable = (shapes: Shapes, event: Message): void => {
  const shape = shapes[event.type];
  expect(shape?.data.parse(event.data)).toStrictEqual(event.data);
  expect(shape?.sealed?.parse(event.sealed)).toStrictEqual(event.sealed);
  expect(JSON.parse(JSON.stringify(event))).toStrictEqual(event);
};
