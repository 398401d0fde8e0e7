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

const isWithin = (part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean =>
  [...part].every((member) => whole.has(member));

describe('any events in any order', () => {
  test('R246 make a program what they can, and nothing of a purged one', () => {
    folding(program, programHistories, (after, event, before) => {
      if (before.status === 'purged') expect(after).toBe(before);
      if (before.status === 'absent' && event.type !== 'started') expect(after).toBe(before);
      if (after.status === 'ongoing') expect(before.status === 'ended').toBe(false);
    });
  });

  test('R142 R145 I09 I10 make of a form, a comment and a duty something that never goes back', () => {
    const rank = { none: 0, draft: 1, unread: 2, opened: 3 };
    folding(program, programHistories, (after, _, before) => {
      if (!('forms' in before && 'forms' in after)) return;
      for (const [form, state] of before.forms)
        expect(rank[after.forms.get(form) ?? 'none']).toBeGreaterThanOrEqual(rank[state]);
      for (const id of before.comments.keys()) expect(after.comments.has(id)).toBe(true);
      expect(isWithin(before.documented, after.documented)).toBe(true);
      expect(isWithin(before.clearedFlags, after.clearedFlags)).toBe(true);
    });
  });

  test('R139 I09 make of a section something that never loses its color', () => {
    const rank = { none: 0, yellow: 1, green: 2 };
    folding(program, programHistories, (after, _, before) => {
      if (!('modules' in before && 'modules' in after)) return;
      for (const [moduleId, { sections }] of before.modules)
        for (const [sectionId, color] of sections) {
          const later = after.modules.get(moduleId)?.sections.get(sectionId) ?? 'none';
          expect(rank[later]).toBeGreaterThanOrEqual(rank[color]);
        }
    });
  });

  test('R219 R220 I25 make of a plan one that keeps what is filled in, and every schedule that it has had', () => {
    folding(program, programHistories, (after, event, before) => {
      if (!('plans' in before && 'plans' in after) || event.type === 'activity-plan-created') return;
      for (const [id, { registered, eras }] of before.plans) {
        expect(isWithin(registered, after.plans.get(id)?.registered ?? new Set())).toBe(true);
        expect(after.plans.get(id)?.eras.length).toBeGreaterThanOrEqual(eras.length);
      }
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
