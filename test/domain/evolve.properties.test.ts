import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decider, Happened } from '../../src/domain/decider.ts';
import { handover } from '../../src/domain/handover/handover.ts';
import { program } from '../../src/domain/program/program.ts';
import { latestVersion, template } from '../../src/domain/template/template.ts';
import { unit } from '../../src/domain/unit/unit.ts';
import { programHistories, templateHistories, unitHistories } from './anyEvents.ts';
import { expectSameInTwoParts } from './folding.ts';

type Message = { readonly type: string; readonly data: unknown };
const runs = { numRuns: 200 };

/** Folds any events in any order, looking at each state on the way. */
const folding = <State, Command, Event extends Message, Facts>(
  { initial, evolve }: Decider<State, Command, Event, Facts>,
  histories: fc.Arbitrary<readonly Happened<Event>[]>,
  holds: (after: State, event: Happened<Event>, before: State) => void,
) =>
  fc.assert(
    fc.property(histories, fc.nat(), (history, cut) => {
      history.reduce<State>((before, event) => {
        const copy = structuredClone(before);
        const after = evolve(before, event);
        expect(before).toEqual(copy);
        holds(after, event, before);
        return after;
      }, initial);
      expectSameInTwoParts({ initial, evolve }, history, cut);
    }),
    runs,
  );

describe('any events in any order', () => {
  test('R246 make a program what they can, and nothing of a purged one', () => {
    folding(program, programHistories, (after, event, before) => {
      if (before.status === 'purged') expect(after).toBe(before);
      if (before.status === 'absent' && event.type !== 'started') expect(after).toBe(before);
      if (after.status === 'ongoing') expect(before.status === 'ended').toBe(false);
    });
  });

  test('R205 make of a program’s handovers what they can', () => {
    folding(handover, programHistories, (after, event) => {
      if (event.type === 'handover-initiated') {
        expect(after.handovers.get(event.data.handoverId)?.outcome).toBe('pending');
      }
    });
  });

  test('R048 make a unit what they can, once it is activated', () => {
    folding(unit, unitHistories, (after, event, before) => {
      if (before.status === 'absent') expect(after.status === 'absent').toBe(event.type !== 'unit-activated');
    });
  });

  test('R263 R265 make a template of what is published', () => {
    folding(template, templateHistories, (after) => {
      const latest = latestVersion(after);
      const newest = after.versions.map(({ major, minor }) => major * 10 + minor).toSorted((one, other) => other - one);
      expect(latest === undefined ? undefined : latest.major * 10 + latest.minor).toBe(newest[0]);
    });
  });
});
