import fc from 'fast-check';
import { Authentication } from '../../domain/actors.ts';
import { type Duty, dutyCauses, Policy } from '../../domain/policy.ts';
import { roles } from '../people.ts';
import { anyCode, anyHsaId, anySlug, anyText, anyWrittenNumber } from './names.ts';
import { pools } from './templates.ts';

const professions = fc.subarray([...pools.professions], { minLength: 1 });

/** For each role anybody, or some professions. */
const professionsByRole = fc
  .tuple(...roles.map((role) => fc.option(professions, { freq: 2 }).map((list) => [role, list] as const)))
  .map((pairs) => Object.fromEntries(pairs.filter(([, list]) => list !== null)) as Policy['professionsByRole']);

const duty: fc.Arbitrary<Duty> = fc.record(
  {
    event: fc.constantFrom(...dutyCauses),
    unitKind: fc.constantFrom(...pools.unitKinds),
    code: anyCode,
    attribute: anyText(40),
    registers: fc.boolean(),
  },
  { requiredKeys: ['event'] },
);

const maintenance = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 700 }))
  .map(([defaultDays, more]) => ({ defaultDays, maxDays: defaultDays + more }));

const flagTypes = ['message', 'comment', 'form', 'activity-missed', 'time-expired', 'handover'];

const severities = fc.dictionary(fc.constantFrom(...flagTypes), fc.constantFrom('info' as const, 'action' as const), {
  noNullPrototype: true,
});

/** All but `system`, which a region may leave out. */
const required = [
  ...(['id', 'testIdentifiers', 'testResidents', 'requiredAssignment', 'professionsByRole', 'staffMethods'] as const),
  ...(['minimumAssurance', 'handover', 'starting', 'ending', 'maintenance', 'answerWithinDays', 'twoYears'] as const),
  ...(['severities', 'auditYears', 'reviewBeforeMajor', 'statistics', 'duties'] as const),
];

/**
 * Policies of regions, each of which `openFolja` takes: every value that a region may choose.
 *
 * @example
 * fc.assert(fc.asyncProperty(anyPolicy(), async (policy) => (await openFolja({ store: inMemoryStore(), masterKey, policy })).close()));
 */
export const anyPolicy = (): fc.Arbitrary<Policy> =>
  fc
    .record(
      {
        id: anySlug,
        testIdentifiers: fc.boolean(),
        testResidents: fc.array(anyWrittenNumber, { maxLength: 3 }),
        requiredAssignment: anyText(30),
        professionsByRole,
        staffMethods: fc.shuffledSubarray([...Authentication.shape.method.options], { minLength: 1 }),
        minimumAssurance: fc.constantFrom(...([2, 3, 4] as const)),
        handover: fc.record({
          initiator: fc.constantFrom(...(['resident-administrator', 'clinician-or-resident-administrator'] as const)),
        }),
        starting: fc.record({ byResidentAdministrator: fc.boolean() }),
        ending: fc.record({ byResidentAdministrator: fc.boolean() }),
        maintenance,
        answerWithinDays: fc.integer({ min: 1, max: 60 }),
        twoYears: fc.record({ days: fc.integer({ min: 30, max: 1_000 }), warnDays: fc.integer({ min: 1, max: 90 }) }),
        severities,
        auditYears: fc.integer({ min: 5, max: 30 }),
        reviewBeforeMajor: fc.boolean(),
        statistics: fc.record({ smallestCount: fc.nat({ max: 10 }) }),
        duties: fc.array(duty, { maxLength: 8 }),
        system: fc.record(
          { id: anyHsaId, name: anyText(40), informationType: anySlug },
          { requiredKeys: ['id', 'name'] },
        ),
      },
      { requiredKeys: [...required] },
    )
    .filter((policy) => Policy.safeParse(policy).success);
