import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Receipt } from '../../src/commands/receipt.ts';
import { checkP10 } from '../../src/compliance/checks/answers.ts';
import {
  checkI05,
  checkI06,
  checkI13,
  checkI15,
  checkI20,
  checkPurges,
} from '../../src/compliance/checks/histories.ts';
import { checkI01, checkI02, checkI03, checkI04 } from '../../src/compliance/checks/units.ts';
import type { Ground as StoreGround } from '../../src/compliance/living/grounds.ts';
import { eventsOf, type Opened, openOn, right } from '../../src/compliance/living/opened.ts';
import { dump } from '../../src/compliance/living/remnants.ts';
import { pick } from '../../src/compliance/proposing/scene.ts';
import { auditor, hsaIdOf, setUp, staffActor } from '../../src/compliance/world.ts';
import type { Folja } from '../../src/folja.ts';
import { twoNodes } from './clusterStores.ts';
import { type Contender, contenders, type Ground, here, idOf, one, other, starting, unit } from './contenders.ts';
import { seed } from './seed.ts';
import { inMemory, inSqlite, setting } from './stores.ts';

type Answer = Awaited<ReturnType<Folja['execute']>>;

const races = fc.record({
  isOffered: fc.boolean(),
  isEnded: fc.nat({ max: 9 }).map((number) => number > 7),
  places: fc.array(fc.nat({ max: contenders.length - 1 }), { minLength: 2, maxLength: 5 }),
});

const isRight = (answer: Answer): boolean => answer._tag === 'Right';
const codesOf = (answers: readonly Answer[]): readonly string[] =>
  answers.flatMap((answer) => (answer._tag === 'Left' && answer.left.kind === 'refused' ? [answer.left.code] : []));

/** How often it is raced, and what is then met at least: outcomes of a handover, and kinds of commands that win more than twice. */
type Races = {
  readonly numRuns: number;
  readonly outcomes: number;
  readonly kinds: number;
  /** How many starts of one program may come through at once: where no store can keep them from it, all but the first are flagged. */
  readonly starts: number;
};
const many: Races = { numRuns: 80, outcomes: 3, kinds: contenders.length - 3, starts: 1 };
const few: Races = { numRuns: Math.min(500, Number(process.env.FOLJA_RUNS ?? 8)), outcomes: 1, kinds: 1, starts: 2 };

const stores: readonly (readonly [string, () => readonly [StoreGround, ...StoreGround[]], Races])[] = [
  ['the store in memory', () => [inMemory()], many],
  ['the SQLite store', () => [inSqlite()], many],
  ['two nodes of a cluster', twoNodes, few],
];

describe.each(stores)('commands that are sent at the same moment to %s', (name, open, { numRuns, ...least }) => {
  const patience = Math.max(300_000, numRuns * 2_000);
  const runs = { numRuns, seed };
  let opened: readonly [Opened, ...Opened[]];
  let sent = 0;
  let run = 0;

  /** Each goes to another node than the one before. */
  const send = ({ command, actor, id }: Contender): Promise<Answer> => {
    sent += 1;
    const { folja } = opened[sent % opened.length] ?? opened[0];
    return folja.execute({ ...command, ...(id === undefined ? {} : { id }) }, actor);
  };
  const caughtUp = (position: string) => Promise.all(opened.map(({ folja }) => folja.caughtUp(position)));
  const made = async (contender: Contender): Promise<Readonly<Record<string, string>>> => {
    const answer = await send(contender);
    if (answer._tag === 'Left') return {};
    await caughtUp(answer.right.position);
    return answer.right.ids;
  };
  const flagsOn = async (receipts: readonly Receipt[]): Promise<number> => {
    const programs = receipts.map(({ ids }) => right(opened[0].engine.events.read(`program-${ids.programId}`)));
    return (await Promise.all(programs)).flat().filter(({ type }) => type === 'flag-raised').length;
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
    console.info(`test/compliance, races on ${name}: FOLJA_SEED=${seed}`);
    const [store, ...others] = open();
    const clock = () => new Date('2026-03-02T08:00:00.000Z');
    opened = [await openOn(store, clock), ...(await Promise.all(others.map((other) => openOn(other, clock))))];
    for (const lists of setUp(setting, [unit, unit]))
      for (const calls of lists) for (const call of calls) if (call.kind === 'command') await send(call);
    return async () => {
      for (const { folja } of opened) await folja.close();
      for (const each of [store, ...others]) each.remove();
    };
  });

  test(
    'P3 D27 start one program of a resident and template, whoever is first',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.constantFrom(one, other), { minLength: 2, maxLength: 4 }), async (actors) => {
          run += 1;
          const answers = await Promise.all(actors.map((actor) => send(starting(run, actor))));
          const started = answers.flatMap((answer) => (answer._tag === 'Right' ? [answer.right] : []));
          const refused = codesOf(answers).filter((code) => code === 'program-already-ongoing');
          expect(refused).toHaveLength(answers.length - started.length);
          expect(await flagsOn(started)).toBe(started.length - 1);
          expect(started.length).toBeLessThanOrEqual(least.starts);
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
          const settled = new Set(
            answers.flatMap((answer, index) => (isRight(answer) ? [all[index]?.command.type ?? ''] : [])),
          );
          expect(settled.size).toBe(1);
          for (const outcome of settled) met.set(outcome, (met.get(outcome) ?? 0) + 1);
        }),
        runs,
      );
      const settling = ['approve-handover', 'deny-handover', 'withdraw-handover'];
      expect(settling.filter((type) => met.has(type)).length).toBeGreaterThanOrEqual(least.outcomes);
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
      console.info(`test/compliance, races on ${name}: ${JSON.stringify(Object.fromEntries(met))}`);
      expect([...met.values()].filter((times) => times > 2).length).toBeGreaterThanOrEqual(least.kinds);
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
      const [first, ...others] = opened;
      const askLog = ({ folja }: Opened) => folja.view({ view: 'audit', perspective: 'provider', limit: 1 }, auditor);
      // Each node writes the refusals that it has counted when its log is asked for.
      for (const other of others) await askLog(other);
      for (const { engine } of opened) await caughtUp(String(await right(engine.events.lastPosition())));
      const answer = await askLog(first);
      const events = await eventsOf(first);
      expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
      for (const check of [checkI01, checkI02, checkI05, checkI06, checkI13, checkI15, checkI20, checkPurges])
        check({ events, setting });
      const some = { setting, events: events.filter(({ stream }) => !stream.startsWith('access-')) };
      checkI03(some);
      checkI04(some);
      const rows = answer._tag === 'Right' ? (answer.right as { rows: { seq: number }[] }).rows : [];
      const counted = events.reduce(
        (sum, { type, data }) => sum + (type === 'refused' ? Math.max(0, (data.count ?? 1) - 1) : 0),
        0,
      );
      const own = events.filter(({ by }) => by.process === 'operations').length;
      expect((rows[0]?.seq ?? 0) + counted - own).toBe(sent + others.length);
      const incremental = dump(first.engine.readModels);
      await caughtUp(String(await right(first.engine.events.lastPosition())));
      for (const other of others) {
        await askLog(other);
        checkP10({ incremental, rebuilt: dump(other.engine.readModels) });
      }
      await first.folja.rebuild();
      checkP10({ incremental, rebuilt: dump(first.engine.readModels) });
    },
    patience,
  );
});
