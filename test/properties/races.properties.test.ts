import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/access/actor.ts';
import type { Command } from '../../src/commands/catalog.ts';
import type { Folja } from '../../src/folja.ts';
import { testNumber } from '../domain/personalNumbers.ts';
import { checkP10 } from './checks/answers.ts';
import { checkI05, checkI06, checkI13, checkI15, checkI20, checkPurges } from './checks/histories.ts';
import { checkI01, checkI02, checkI03, checkI04 } from './checks/units.ts';
import { eventsOf, type Opened, openOn } from './opened.ts';
import { dump } from './remnants.ts';
import { pick } from './scene.ts';
import { seed } from './seed.ts';
import { inMemory, inSqlite, type RunStore } from './stores.ts';
import {
  attested,
  auditor,
  fit,
  hsaIdOf,
  ownProvider,
  residentActor,
  setUp,
  staffActor,
  tobak,
  type UnitPlan,
  unitIdOf,
} from './world.ts';

/** One of those who send at the same moment. */
type Contender = { readonly command: Command; readonly actor: Actor; readonly id?: string | undefined };
type Answer = Awaited<ReturnType<Folja['execute']>>;

const unit: UnitPlan = { kind: 'bmm', provider: ownProvider, environment: 'production', staff: [fit, fit, fit] };
const [here, there] = [unitIdOf(0), unitIdOf(1)];
const [one, other, receiver] = [1, 2, 1].map((place, index) =>
  staffActor(hsaIdOf(index < 2 ? here : there, place), index < 2 ? here : there),
) as [Actor, Actor, Actor];

const idOf = (run: number, place: number): string =>
  `0195d3a0-${run.toString(16).padStart(4, '0')}-7a${place}0-8000-0000000000aa`;

/** Every run has a resident of its own. */
const numberOf = (run: number): string => {
  const day = new Date(Date.UTC(1950, 0, 1) + Math.floor(run / 20) * 86_400_000).toISOString().slice(0, 10);
  return testNumber(day, 980 + (run % 20));
};

const starting = (run: number, actor: Actor = one): Contender => ({
  command: {
    type: 'start-program',
    data: { templateId: tobak, resident: { personalNumber: numberOf(run), name: 'Namn' }, attested },
  },
  actor,
});

/** What a run races about: a program, its handover where there is one, and the resident. */
type Ground = { readonly run: number; readonly programId: string; readonly handoverId: string };

const reason = 'avslutad-enligt-plan';

/** Those who may meet in a race about a program. */
const contenders: readonly ((ground: Ground) => Contender)[] = [
  ({ handoverId }) => ({
    command: { type: 'approve-handover', data: { handoverId, clinician: hsaIdOf(there, 1) } },
    actor: receiver,
  }),
  ({ handoverId }) => ({ command: { type: 'deny-handover', data: { handoverId } }, actor: receiver }),
  ({ handoverId }) => ({ command: { type: 'withdraw-handover', data: { handoverId } }, actor: other }),
  ({ programId }) => ({
    command: { type: 'initiate-handover', data: { programId, toUnit: there, residentInformed: true } },
    actor: other,
  }),
  ({ programId }) => ({
    command: { type: 'end-program', data: { programId, reason, residentAware: true } },
    actor: one,
  }),
  ({ programId }) => ({
    command: { type: 'purge-program', data: { programId, disposalDecision: 'RA-1' } },
    actor: other,
  }),
  ({ programId, run }) => ({
    command: { type: 'start-conversation', data: { programId, subject: 'Hej', body: 'Hej' } },
    actor: residentActor(numberOf(run)),
  }),
  ({ programId }) => ({
    command: { type: 'change-clinician', data: { programId, clinician: hsaIdOf(here, 2), reason: 'semester' } },
    actor: other,
  }),
  ({ programId }) => ({
    command: { type: 'set-current-module', data: { programId, moduleId: 'steg-2' } },
    actor: one,
  }),
  ({ run }) => starting(run, other),
];

const races = fc.record({
  isOffered: fc.boolean(),
  isEnded: fc.nat({ max: 9 }).map((number) => number > 7),
  places: fc.array(fc.nat({ max: contenders.length - 1 }), { minLength: 2, maxLength: 5 }),
});

const isRight = (answer: Answer): boolean => answer._tag === 'Right';
const codesOf = (answers: readonly Answer[]): readonly string[] =>
  answers.flatMap((answer) => (answer._tag === 'Left' && answer.left.kind === 'refused' ? [answer.left.code] : []));

const stores: readonly (readonly [string, () => RunStore])[] = [
  ['the store in memory', inMemory],
  ['the SQLite store', inSqlite],
];

describe.each(stores)('commands that are sent at the same moment to %s', (name, open) => {
  const patience = 300_000;
  const runs = { numRuns: 150, seed };
  let opened: Opened;
  let sent = 0;
  let run = 0;

  const send = ({ command, actor, id }: Contender): Promise<Answer> => {
    sent += 1;
    return opened.folja.execute({ ...command, ...(id === undefined ? {} : { id }) }, actor);
  };
  const made = async (contender: Contender): Promise<Readonly<Record<string, string>>> => {
    const answer = await send(contender);
    return answer._tag === 'Right' ? answer.right.ids : {};
  };
  const groundFor = async ({ isOffered, isEnded }: { isOffered: boolean; isEnded: boolean }): Promise<Ground> => {
    run += 1;
    const { programId = '' } = await made(starting(run));
    const ground = { run, programId, handoverId: idOf(run, 9) };
    if (isEnded) await made((contenders[4] as (ground: Ground) => Contender)(ground));
    if (!isOffered) return ground;
    const { handoverId = ground.handoverId } = await made((contenders[3] as (ground: Ground) => Contender)(ground));
    return { ...ground, handoverId };
  };

  beforeAll(async () => {
    console.info(`test/properties, races on ${name}: FOLJA_SEED=${seed}`);
    const store = open();
    opened = await openOn(store, () => new Date('2026-03-02T08:00:00.000Z'));
    for (const lists of setUp([unit, unit]))
      for (const calls of lists) for (const call of calls) if (call.kind === 'command') await send(call);
    return async () => {
      await opened.folja.close();
      store.remove();
    };
  });

  test(
    'P3 D27 start one program of a resident and template, whoever is first',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.constantFrom(one, other), { minLength: 2, maxLength: 4 }), async (actors) => {
          run += 1;
          const answers = await Promise.all(actors.map((actor) => send(starting(run, actor))));
          expect(answers.filter(isRight)).toHaveLength(1);
          expect(new Set(codesOf(answers))).toEqual(new Set(['program-already-ongoing']));
        }),
        runs,
      );
    },
    patience,
  );

  test(
    'P4 give one receipt when they are the same command',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 2, max: 4 }), async (times) => {
          run += 1;
          const id = idOf(run, 1);
          const answers = await Promise.all(Array.from({ length: times }, () => send({ ...starting(run), id })));
          expect(answers.filter(isRight)).toHaveLength(times);
          expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
        }),
        runs,
      );
    },
    patience,
  );

  test(
    'P3 I15 R205 settle a handover once',
    async () => {
      const met = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 2, 0], { minLength: 2 }), async (places) => {
          const ground = await groundFor({ isOffered: true, isEnded: false });
          const all = places.map((place) => (contenders[place] as (ground: Ground) => Contender)(ground));
          const answers = await Promise.all(all.map(send));
          const outcomes = new Set(
            answers.flatMap((answer, index) => (isRight(answer) ? [all[index]?.command.type ?? ''] : [])),
          );
          expect(outcomes.size).toBe(1);
          for (const outcome of outcomes) met.set(outcome, (met.get(outcome) ?? 0) + 1);
        }),
        runs,
      );
      expect([...met.keys()].sort()).toEqual(['approve-handover', 'deny-handover', 'withdraw-handover']);
    },
    patience,
  );

  test(
    'P3 I20 end, purge, move and write in some order that the rules allow',
    async () => {
      const met = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(races, async (race) => {
          const ground = await groundFor(race);
          const all = race.places.map((place) => (pick(contenders, place) as (ground: Ground) => Contender)(ground));
          const answers = await Promise.all(all.map(send));
          for (const [index, answer] of answers.entries()) {
            expect(['Right', 'refused']).toContain(answer._tag === 'Right' ? 'Right' : answer.left.kind);
            const type = all[index]?.command.type ?? '';
            if (isRight(answer)) met.set(type, (met.get(type) ?? 0) + 1);
          }
        }),
        runs,
      );
      console.info(`test/properties, races on ${name}: ${JSON.stringify(Object.fromEntries(met))}`);
      for (const contender of contenders) {
        const { type } = contender({ run: 1, programId: '', handoverId: '' }).command;
        expect(met.get(type) ?? 0, type).toBeGreaterThan(2);
      }
    },
    patience,
  );

  test(
    'P3 I01 leave an administrator when two take the role from each other',
    async () => {
      const [first, second] = [hsaIdOf(here, 0), hsaIdOf(here, 1)];
      const role = 'authorization-administrator' as const;
      const granting = (hsaId: string, by: string): Contender => ({
        command: { type: 'grant-role', data: { unitId: here, hsaId, role } },
        actor: staffActor(by, here),
      });
      const taking = (hsaId: string, by: string): Contender => ({
        command: { type: 'revoke-role', data: { unitId: here, hsaId, role } },
        actor: staffActor(by, here),
      });
      await fc.assert(
        fc.asyncProperty(fc.boolean(), async (isSelf) => {
          await Promise.all([send(granting(second, first)), send(granting(first, second))]);
          const [mine, yours] = isSelf ? [first, second] : [second, first];
          const answers = await Promise.all([send(taking(first, mine)), send(taking(second, yours))]);
          expect(answers.filter(isRight)).toHaveLength(1);
        }),
        runs,
      );
    },
    patience,
  );

  test(
    'P6 P7 P10 I23 and leave a log without gaps, with one entry for each',
    async () => {
      const answer = await opened.folja.view({ view: 'audit', perspective: 'provider', limit: 1 }, auditor);
      const events = await eventsOf(opened);
      expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
      for (const check of [checkI01, checkI02, checkI05, checkI06, checkI13, checkI15, checkI20, checkPurges])
        check({ events });
      const some = { events: events.filter(({ stream }) => !stream.startsWith('access-')) };
      checkI03(some);
      checkI04(some);
      const rows = answer._tag === 'Right' ? (answer.right as { rows: { seq: number }[] }).rows : [];
      const counted = events.reduce(
        (sum, { type, data }) => sum + (type === 'refused' ? Math.max(0, (data.count ?? 1) - 1) : 0),
        0,
      );
      const own = events.filter(({ by }) => by.process === 'operations').length;
      expect((rows[0]?.seq ?? 0) + counted - own).toBe(sent);
      const incremental = dump(opened.engine.readModels);
      await opened.folja.rebuild();
      checkP10({ incremental, rebuilt: dump(opened.engine.readModels) });
    },
    patience,
  );
});
