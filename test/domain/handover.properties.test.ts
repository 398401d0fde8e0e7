import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { handover } from '../../src/domain/handover/handover.ts';
import { program } from '../../src/domain/program/program.ts';
import { tobakshjalpen } from '../../src/templates/tobakshjalpen.ts';
import { expectSameInTwoParts } from './folding.ts';
import { approved, denied, handedOver, withdrawn } from './handovers.ts';
import { childUnit, nurse, usual } from './people.ts';
import { type Decided, type Life, livesOf, stepsOn } from './programLives.ts';
import { handoverInitiated } from './programs.ts';

const runs = { numRuns: 300 };
const lives = (steps: Parameters<typeof livesOf>[1]) => livesOf(tobakshjalpen, steps);
const alwaysEach = (holds: (step: Decided) => void) =>
  fc.assert(
    fc.property(stepsOn(tobakshjalpen), (steps) => {
      for (const step of lives(steps)) holds(step);
    }),
    runs,
  );

type Event = Parameters<typeof program.evolve>[1];
const afterwards = (life: Life, ...events: readonly Pick<Event, 'type' | 'data'>[]) =>
  events.map((event) => ({ ...event, at: usual.at, by: usual.by }) as Event).reduce(program.evolve, life.program);

/** The reached states in which a program is ongoing and no handover is pending. */
const alwaysFree = (holds: (life: Life) => void) =>
  alwaysEach(({ after }) => {
    if (after.program.status === 'ongoing' && after.program.pendingHandover === undefined) holds(after);
  });
const pendingIn = ({ handovers }: Life) =>
  [...handovers.handovers].filter(([, { outcome }]) => outcome === 'pending').map(([id]) => id);
const typesOf = ({ decision }: Decided) => (E.isRight(decision) ? decision.right.map(({ type }) => type) : []);

describe('the handovers of a program, whatever is commanded', () => {
  test('R205 I15 are pending one at a time, and the program knows which', () => {
    alwaysEach(({ after }) => {
      const { program: state } = after;
      expect(pendingIn(after).length).toBeLessThanOrEqual(1);
      if (state.status === 'ongoing') expect(state.pendingHandover).toBe(pendingIn(after)[0]);
    });
  });

  test('R239 D3 are not pending once it has ended', () => {
    alwaysEach(({ after }) => {
      if (after.handovers.program === 'ended' || after.handovers.program === 'purged') {
        expect(pendingIn(after)).toEqual([]);
      }
    });
  });

  test('R201 R207 I15 move it by their approval only, which assigns a clinician and moves it at once', () => {
    alwaysEach((step) => {
      const moved = step.before.handovers.unitId !== step.after.handovers.unitId;
      const types = typesOf(step);
      if (types[0] === 'started') return;
      expect(moved).toBe(types.includes('handed-over'));
      expect(types.includes('handover-approved')).toBe(types.includes('handed-over'));
      if (types.includes('handed-over')) expect(types).toEqual(['handover-approved', 'handed-over']);
    });
  });

  test('R040 R188 I15 are decided by the receiver, and withdrawn by the sender', () => {
    alwaysEach((step) => {
      const [type] = typesOf(step);
      const [id = ''] = pendingIn(step.before);
      if (type === 'handover-withdrawn') expect(step.by.unitId).toBe(step.before.handovers.unitId);
      if (type !== 'handover-approved' && type !== 'handover-denied') return;
      expect(step.by.unitId).toBe(step.before.handovers.handovers.get(id)?.toUnit);
    });
  });

  test('R207 agree with the program on where it is and whether it is ongoing', () => {
    alwaysEach(({ after: { program: state, handovers } }) => {
      expect(handovers.program).toBe(state.status);
      if (state.status !== 'absent') expect(handovers.unitId).toBe(state.unitId);
    });
  });

  test('are the same folded in two parts as at once', () => {
    fc.assert(
      fc.property(stepsOn(tobakshjalpen), fc.nat(), (steps, cut) =>
        expectSameInTwoParts(handover, lives(steps).at(-1)?.after.history ?? [], cut),
      ),
      runs,
    );
  });
});

describe('an ongoing program, in whatever state', () => {
  test.each([
    ['denied', denied()],
    ['withdrawn', withdrawn()],
  ])('R204 D2 I16 is as it was when a handover is %s', (_, event) => {
    alwaysFree((life) => {
      expect(afterwards(life, handoverInitiated(), event)).toEqual(life.program);
    });
  });

  test('R208 R270 I18 keeps all but its unit and clinician when it is handed over', () => {
    alwaysFree((life) => {
      expect(afterwards(life, handoverInitiated(), approved(), handedOver())).toEqual({
        ...life.program,
        unitId: childUnit,
        clinician: nurse,
      });
    });
  });

  test('R210 keeps all but its clinician when that is changed', () => {
    alwaysFree((life) => {
      const change = { type: 'clinician-changed' as const, data: { from: '', to: nurse, reason: 'illness' } };
      expect(afterwards(life, change)).toEqual({ ...life.program, clinician: nurse });
    });
  });
});
