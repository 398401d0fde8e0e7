import type { ProgramStreamEvent } from '../../domain/program/state.ts';
import type { StoredEvent } from '../../eventStore/eventStore.ts';

/** An event of a program with its personal part opened; without one where it is erased. */
export type Opened<Type extends ProgramStreamEvent['type'] = ProgramStreamEvent['type']> = Omit<
  StoredEvent,
  'type' | 'data'
> &
  (Extract<ProgramStreamEvent, { readonly type: Type }> extends infer Event
    ? Event extends { readonly type: string; readonly data: unknown }
      ? {
          readonly type: Event['type'];
          readonly data: Event['data'];
          readonly sealed: Event extends { readonly sealed: infer Sealed } ? Partial<Sealed> : undefined;
        }
      : never
    : never);

/** The events of some types, in order. */
export const ofType = <Type extends ProgramStreamEvent['type']>(
  events: readonly Opened[],
  ...types: readonly Type[]
): readonly Opened<Type>[] => (events as readonly Opened<Type>[]).filter(({ type }) => types.includes(type));

/** The last event of a type, if there is one. */
export const lastOf = <Type extends ProgramStreamEvent['type']>(
  events: readonly Opened[],
  type: Type,
): Opened<Type> | undefined => ofType(events, type).at(-1);

/** An optional field: left out where there is nothing to say. */
export const given = <Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };
