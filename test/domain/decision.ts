import * as E from 'fp-ts/lib/Either.js';
import { expect } from 'vitest';
import type { By } from '../../src/domain/actors.ts';
import type { Circumstances, Decider, Happened, RefusalCode } from '../../src/domain/decider.ts';
import type { Instant } from '../../src/domain/time.ts';

type Message = { readonly type: string; readonly data: unknown };

/** An event of history. It happened at the usual instant, by the usual actor, unless it says otherwise. */
export type Given<Event extends Message> = Event extends unknown
  ? { readonly type: Event['type']; readonly data: Event['data']; readonly at?: Instant; readonly by?: By }
  : never;

/** Given/when/then for one decider, in usual circumstances and with usual facts; a test says what differs. */
export const decisionsOf = <State, Command, Event extends Message, Facts>(
  { initial, evolve, decide }: Decider<State, Command, Event, Facts>,
  usual: Circumstances,
  usualFacts: NoInfer<Facts>,
) => {
  const fold = (...history: readonly Given<Event>[]): State =>
    history.reduce<State>((state, { at = usual.at, by = usual.by, ...event }) => {
      return evolve(state, { ...event, at, by } as Happened<Event>);
    }, initial);
  const given = (...history: readonly Given<Event>[]) => ({
    when: (command: Command, circumstances: Partial<Circumstances> = {}, facts: Partial<Facts> = {}) => {
      const decided = decide(command, fold(...history), { ...usual, ...circumstances }, { ...usualFacts, ...facts });
      return {
        thenEvents: (...events: readonly Event[]) => expect(decided).toStrictEqual(E.right(events)),
        thenNothing: () => expect(decided).toStrictEqual(E.right([])),
        thenRefused: (code: RefusalCode) => expect(decided).toStrictEqual(E.left({ kind: 'refused', code })),
        thenInvalid: (path: string, code: string) =>
          expect(decided).toStrictEqual(E.left({ kind: 'invalid', issues: [{ path, code }] })),
      };
    },
  });
  return { fold, given };
};
