import fc from 'fast-check';
import type { Actor, CommandInput, Receipt } from '../../src/index.ts';
import { amning, startOf, tobak, uuid } from './given.ts';
import { at, childHealth, disa, idAt, majken, maternity, resident, type TestUnit, tolvan } from './people.ts';

/** A command of a random life, by whoever would send it; `place` says from which node on it is sent, and `twice` whether through both at once. */
export type Sent = {
  readonly command: CommandInput & { readonly id: string };
  readonly actor: Actor;
  readonly node: 0 | 1;
  readonly twice: boolean;
};

const persons = [tolvan, disa, majken];

/** The programs that all commands are about: one of each person. */
const programs: readonly string[] = persons.map((_, number) => uuid(500 + number));

/** How each of them begins. */
export const starts: readonly (readonly [CommandInput, Actor])[] = persons.map((person, number) => [
  { type: 'start-program', data: startOf(tobak, person, { programId: programs[number] }), id: uuid(550 + number) },
  at(maternity, 'b'),
]);

type Choice = {
  readonly number: number;
  readonly which: number;
  readonly unit: TestUnit;
  readonly member: 'b' | 'b2';
};
type Making = (choice: Choice) => readonly [type: string, data: object, actor: Actor];

const other = (unit: TestUnit): TestUnit => (unit === maternity ? childHealth : maternity);
const programOf = ({ which }: Choice): string => programs[which] as string;
const personOf = ({ which }: Choice) => persons[which] as typeof tolvan;
const makings: readonly (readonly [weight: number, make: Making])[] = [
  [
    4,
    (choice) => [
      'start-conversation',
      { programId: programOf(choice), conversationId: uuid(10_000 + choice.number), subject: 'Hej', body: 'Hej' },
      resident(personOf(choice)),
    ],
  ],
  [
    2,
    (choice) => [
      'raise-flag',
      { programId: programOf(choice), severity: 'info', text: 'Ring' },
      at(choice.unit, choice.member),
    ],
  ],
  [
    4,
    (choice) => [
      'change-clinician',
      { programId: programOf(choice), clinician: idAt(choice.unit, choice.member), reason: 'semester' },
      at(choice.unit, 'ia'),
    ],
  ],
  [
    4,
    (choice) => [
      'initiate-handover',
      {
        ...{ programId: programOf(choice), toUnit: other(choice.unit).unitId, residentInformed: true },
      },
      at(choice.unit, 'ia'),
    ],
  ],
  [
    4,
    (choice) => [
      'approve-handover',
      {
        ...{ programId: programOf(choice), clinician: idAt(choice.unit, choice.member) },
      },
      at(choice.unit, 'ia'),
    ],
  ],
  [1, (choice) => ['withdraw-handover', { programId: programOf(choice) }, at(choice.unit, 'ia')]],
  [
    2,
    (choice) => [
      'set-current-module',
      { programId: programOf(choice), moduleId: 'steg-1' },
      at(choice.unit, choice.member),
    ],
  ],
  [1, (choice) => ['start-program', startOf(amning, personOf(choice)), at(maternity, choice.member)]],
];

const choices = fc.record({
  which: fc.nat(persons.length - 1),
  unit: fc.constantFrom(maternity, childHealth),
  member: fc.constantFrom('b' as const, 'b2' as const),
  making: fc.oneof(...makings.map(([weight, make]) => ({ weight, arbitrary: fc.constant(make) }))),
  node: fc.constantFrom(0 as const, 1 as const),
  twice: fc.nat(3).map((number) => number === 0),
});

/** Rounds of so many commands each, the same for the same seed. */
export const roundsOf = (seed: number, rounds: number, size: number): readonly (readonly Sent[])[] => {
  const drawn = fc.sample(fc.noBias(choices), { seed, numRuns: rounds * size });
  const sent = drawn.map(({ making, node, twice, ...choice }, number): Sent => {
    const [type, data, actor] = making({ ...choice, number });
    return { command: { type, data, id: uuid(20_000 + number) }, actor, node, twice };
  });
  return Array.from({ length: rounds }, (_, round) => sent.slice(round * size, (round + 1) * size));
};

const answering = ['approve-handover', 'withdraw-handover'];

/** A command about a handover as it is sent: about the last one that was offered of its program, as far as is known. */
export const addressed = (sent: Sent, receipts: readonly Receipt[]): Sent => {
  const { command } = sent;
  if (!answering.includes(command.type)) return sent;
  const { programId } = command.data as { readonly programId: string };
  const offer = receipts.findLast(({ ids }) => ids.programId === programId && ids.handoverId !== undefined);
  const handoverId = offer?.ids.handoverId ?? uuid(699);
  return { ...sent, command: { ...command, data: { ...command.data, handoverId } } };
};
