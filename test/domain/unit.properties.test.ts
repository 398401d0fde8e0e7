import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Happened } from '../../src/domain/decider.ts';
import type { UnitCommand } from '../../src/domain/unit/commands.ts';
import { type UnitEvent, unitEvents } from '../../src/domain/unit/events.ts';
import { holders, type Unit } from '../../src/domain/unit/state.ts';
import { type UnitFacts, unit } from '../../src/domain/unit/unit.ts';
import { expectSameInTwoParts, expectStorable } from './folding.ts';
import { midwife, nurse, secretary, staff, usual } from './people.ts';
import { administrator, commands, directoryFacts, keyId, named, roles, unitId } from './units.ts';

const runs = { numRuns: 300 };
const circumstances = { ...usual, by: staff(secretary, 'authorization-administrator') };
type Step = {
  readonly command: UnitCommand;
  readonly ongoing: number;
  readonly templateUnitKinds: string[] | undefined;
};

const people = fc.constantFrom(secretary, midwife, nurse);
const role = fc.constantFrom(...roles);
const templateIds = fc.option(fc.subarray(['tobakshjalpen', 'lar-dig-om-amning']), { nil: undefined });
const onStaff = people.map((hsaId) => ({ unitId, hsaId }));
const onTemplate = fc.constantFrom('tobakshjalpen', 'lar-dig-om-amning').map((templateId) => ({ unitId, templateId }));
const facts = fc
  .record({ hsaId: people, assigned: fc.boolean(), trained: fc.boolean() })
  .map(({ hsaId, assigned, trained }) =>
    named(directoryFacts(hsaId, { ...(assigned ? {} : { assignments: [] }), ...(trained ? {} : { trainings: [] }) })),
  );

const bodies: { readonly [Type in UnitCommand['type']]: fc.Arbitrary<Extract<UnitCommand, { type: Type }>['data']> } = {
  'activate-unit': fc
    .oneof(facts, fc.constant(named(administrator())))
    .map((first) => ({ ...commands['activate-unit'].data, administrator: first })),
  'change-unit': fc.constantFrom<(typeof commands)['change-unit']['data']>(
    { unitId },
    { unitId, name: 'Linden', answerWithinDays: 3 },
    { unitId, kind: 'bvc', validTo: '2026-12-31' },
    { unitId, validTo: null, welcomeText: { templateId: 'tobakshjalpen', text: 'Hej!' } },
  ),
  'deactivate-unit': fc.constant({ unitId }),
  'enable-template': onTemplate,
  'disable-template': onTemplate,
  'register-staff': facts.map((member) => ({ unitId, staff: member })),
  'grant-role': fc
    .record({ hsaId: people, role, limit: templateIds })
    .map(({ limit, ...rest }) => ({ unitId, ...rest, ...(limit === undefined ? {} : { templateIds: limit }) })),
  'revoke-role': fc.record({ hsaId: people, role }).map((rest) => ({ unitId, ...rest })),
  'deactivate-staff': onStaff,
  'reactivate-staff': onStaff,
  'set-notifications': fc
    .boolean()
    .map((receive) => ({ unitId, receive, channels: ['email' as const], flagTypes: ['message'] })),
};
const anyCommand = fc.oneof(
  ...Object.entries(bodies).map(([type, body]) => ({
    weight: type === 'deactivate-unit' ? 1 : 4,
    arbitrary: (body as fc.Arbitrary<unknown>).map((data) => ({ type, data }) as UnitCommand),
  })),
);
const steps: fc.Arbitrary<readonly Step[]> = fc
  .array(
    fc.record({
      command: anyCommand,
      ongoing: fc.nat(1),
      templateUnitKinds: fc.constantFrom<Step['templateUnitKinds'][]>([], ['bmm'], ['bvc'], undefined),
    }),
    { maxLength: 60, size: 'max' },
  )
  .map((rest) => [{ command: commands['activate-unit'], ongoing: 0, templateUnitKinds: [] }, ...rest]);

const decideOn = (state: Unit, { command, ongoing, templateUnitKinds }: Step) => {
  const given: UnitFacts = { keyId, ongoing, templateUnitKinds, sameName: true, unpurged: 0 };
  return unit.decide(command, state, circumstances, given);
};
const happened = ({ type, data }: UnitEvent) =>
  ({ type, data, at: usual.at, by: circumstances.by }) as Happened<UnitEvent>;

const livesOf = (all: readonly Step[]) => {
  let state: Unit = unit.initial;
  return all.map((step) => {
    const before = state;
    const decision = decideOn(before, step);
    const events = E.isRight(decision) ? decision.right : [];
    state = events.map(happened).reduce(unit.evolve, before);
    return { ...step, step, before, decision, events, after: state };
  });
};
type Decided = ReturnType<typeof livesOf>[number];
const alwaysEach = (holds: (step: Decided) => void) =>
  fc.assert(
    fc.property(steps, (all) => {
      for (const step of livesOf(all)) holds(step);
    }),
    runs,
  );

describe('a unit, whatever is commanded', () => {
  test('adds nothing when an accepted command is given again', () => {
    alwaysEach(({ step, decision, after }) => {
      if (E.isLeft(decision)) return;
      const again = decideOn(after, step);
      const isActive = step.command.type === 'activate-unit';
      expect(again).toEqual(isActive ? E.left({ kind: 'refused', code: 'unit-already-active' }) : E.right([]));
    });
  });

  test('R012 R049 R050 I01 has a permission administrator at every instant while it is active', () => {
    alwaysEach(({ after }) => {
      if (after.status === 'active') expect(holders(after, 'authorization-administrator')).not.toEqual([]);
    });
  });

  test('R012 I01 grants its first role to a permission administrator', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const first = livesOf(all).flatMap(({ events }) => events.filter(({ type }) => type === 'role-granted'))[0];
        expect(first).toMatchObject({ data: { role: 'authorization-administrator' } });
      }),
      runs,
    );
  });

  test('R052 I02 grants roles to those only who have the assignment at that instant', () => {
    alwaysEach(({ events, after }) => {
      for (const { type, data } of events) {
        if (type !== 'role-granted' || after.status === 'absent') continue;
        expect(after.staff.get(data.hsaId)).toMatchObject({ active: true, assignments: ['VoB SJF'] });
      }
    });
  });

  test('D23 is not deactivated while programs are ongoing', () => {
    alwaysEach(({ events, ongoing }) => {
      if (events.some(({ type }) => type === 'unit-deactivated')) expect(ongoing).toBe(0);
    });
  });

  test('R048 changes nothing while it is inactive, but by an activation', () => {
    alwaysEach(({ before, events }) => {
      if (before.status !== 'inactive' || events.length === 0) return;
      expect(events[0]?.type).toBe('unit-activated');
    });
  });

  test('decides only what may be stored, and leaves its state alone while it decides', () => {
    alwaysEach(({ step, before, decision, events }) => {
      const copy = structuredClone(before);
      expect(decideOn(before, step)).toEqual(decision);
      expect(before).toEqual(copy);
      for (const event of events) expectStorable(unitEvents, event);
    });
  });

  test('R055 keeps no name of its staff outside what is sealed', () => {
    alwaysEach(({ events }) => {
      const skeleton = JSON.stringify(events.map(({ type, data }) => ({ type, data })));
      for (const name of ['Ulf Ek', 'Mia Ask', 'Ida Lind']) expect(skeleton).not.toContain(name);
    });
  });

  test('is the same folded in two parts as at once', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (all, cut) =>
        expectSameInTwoParts(
          unit,
          livesOf(all).flatMap(({ events }) => events.map(happened)),
          cut,
        ),
      ),
      runs,
    );
  });
});
