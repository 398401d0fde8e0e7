import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seed } from '../compliance/seed.ts';
import { aStartedProgram, end, offer, theConversation, theHandover, theProgram } from './given.ts';
import { aHost, choose, turnOn } from './host.ts';
import { at, childHealth, idAt, maternity, resident, type TestUnit, tolvan } from './people.ts';
import { aDay, type World } from './world.ts';

const programId = theProgram;
const parent = resident(tolvan);
const place = { programId, moduleId: 'steg-1' };

/** Things that happen in a program, each of which somebody may be told of; the deadline passes when the clock is moved. */
const happenings: readonly ((world: World) => Promise<unknown>)[] = [
  ({ does }) => does('reply', { programId, conversationId: theConversation, body: 'Tack' }, parent),
  ({ does }) => does('comment', { ...place, sectionId: 'avsnitt-1', text: 'Svårt' }, parent),
  ({ does }) => does('submit-form', { ...place, formId: 'fragor', answers: {} }, parent),
  ({ does }) => does('activate-module', { programId, moduleId: 'steg-2', days: 1 }, at(maternity, 'b')),
  (world) => offer(world, programId, childHealth, theHandover),
];

const types = ['message', 'comment', 'form', 'time-expired', 'handover', 'new-version', 'manual'];
const preferences = fc.record({
  receive: fc.boolean(),
  channels: fc.subarray(['email', 'sms']),
  flagTypes: fc.subarray(types),
});

describe('any choices of any staff', () => {
  const people: readonly (readonly [TestUnit, string])[] = [
    [maternity, 'b'],
    [maternity, 'ia'],
    [childHealth, 'ia'],
  ];

  test('I28 R158 R161 R162 R163 are what they are notified by, and everything chosen that happens is', async () => {
    const chosen = fc.array(preferences, { minLength: people.length, maxLength: people.length });
    const sayThat = async (choices: readonly { receive: boolean; channels: string[]; flagTypes: string[] }[]) => {
      const host = aHost();
      const world = await aStartedProgram('in memory', { deliver: host.deliver });
      for (const [index, [unit, member]] of people.entries()) {
        const { flagTypes = [], ...how } = choices[index] ?? {};
        await choose(world, member, flagTypes, { unit, ...how });
      }
      for (const happen of happenings) await happen(world);
      world.clock.later(2 * aDay);
      await world.folja.tick();
      const happened: Readonly<Record<string, readonly string[]>> = {
        [idAt(maternity, 'b')]: ['message', 'comment', 'form', 'time-expired'],
        [idAt(childHealth, 'ia')]: ['handover'],
      };
      for (const [index, [unit, member]] of people.entries()) {
        const hsaId = idAt(unit, member);
        const { receive = false, channels = [], flagTypes = [] } = choices[index] ?? {};
        const types = receive ? flagTypes.filter((type) => happened[hsaId]?.includes(type)) : [];
        const expected = types.flatMap((type) => channels.map((channel) => `${channel} ${type}`));
        const told = host.taken.filter(({ to }) => to.kind === 'staff' && to.hsaId === hsaId);
        expect(told.map(({ channel, about }) => `${channel} ${about}`).toSorted()).toEqual(expected.toSorted());
      }
      await world.close();
    };
    await fc.assert(fc.asyncProperty(chosen, sayThat), { seed, numRuns: 12 });
  });

  test('I19 D7 of a resident are what the end is told by, exactly when the box is ticked', async () => {
    const channels = fc.subarray(['inbox', 'sms', 'email']);
    const sayThat = async (on: string[], notifyResident: boolean) => {
      const host = aHost();
      const world = await aStartedProgram('in memory', { deliver: host.deliver });
      await turnOn(world, programId, parent, ...on);
      await end(world, programId, { notifyResident });
      await world.folja.tick();
      expect(host.taken.map(({ channel }) => channel).toSorted()).toEqual(
        notifyResident ? ['platform', ...on].toSorted() : [],
      );
      await world.close();
    };
    await fc.assert(fc.asyncProperty(channels, fc.boolean(), sayThat), { seed, numRuns: 6 });
  });
});
