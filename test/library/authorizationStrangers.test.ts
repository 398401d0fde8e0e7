import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/index.ts';
import {
  approve,
  aStartedProgram,
  end,
  grant,
  offer,
  purge,
  theConversation,
  theHandover,
  theProgram,
  uuid,
} from './given.ts';
import { type CommandType, commandTypes, exampleOf } from './life.ts';
import {
  at,
  childHealth,
  disa,
  factsAt,
  majken,
  maternity,
  privateChildHealth,
  resident,
  type TestUnit,
  tolvan,
} from './people.ts';
import { stores, type World } from './world.ts';

const nothing = uuid(77);
const unknown = { kind: 'refused', code: 'unknown-program' };

/** What happened to the program, and where it then is. */
const states: readonly (readonly [name: string, reach: (world: World) => Promise<unknown>, owner: TestUnit])[] = [
  ['is ongoing', async () => undefined, maternity],
  ['is offered to another unit', (world) => offer(world, theProgram, childHealth, theHandover), maternity],
  [
    'was denied by another unit',
    async (world) => {
      await offer(world, theProgram, childHealth, theHandover);
      await world.does('deny-handover', { handoverId: theHandover }, at(childHealth, 'ia'));
    },
    maternity,
  ],
  [
    'was handed over',
    async (world) => {
      await offer(world, theProgram, childHealth, theHandover);
      await approve(world, theProgram, theHandover, childHealth);
    },
    childHealth,
  ],
  ['has ended', (world) => end(world, theProgram), maternity],
  ['is in maintenance', (world) => end(world, theProgram, { maintenance: {} }), maternity],
  [
    'is purged',
    async (world) => {
      await end(world, theProgram);
      await purge(world, theProgram);
    },
    maternity,
  ],
  [
    'was handed over and is purged',
    async (world) => {
      await offer(world, theProgram, childHealth, theHandover);
      await approve(world, theProgram, theHandover, childHealth);
      await end(world, theProgram, {}, childHealth);
      await purge(world, theProgram, childHealth);
    },
    childHealth,
  ],
];

/** Somebody on a unit who holds all roles. */
const boss = async (world: World, unit: TestUnit): Promise<Actor> => {
  const { unitId } = unit;
  await world.does('register-staff', { unitId, staff: factsAt(unit, 'boss') }, at(unit, 'ba'));
  const roles = ['authorization-administrator', 'clinician', 'resident-administrator', 'data-administrator'] as const;
  for (const role of roles) await grant(world, unit, 'boss', role);
  return at(unit, 'boss');
};

const aboutPrograms: readonly CommandType[] = commandTypes.filter(
  (type) => 'programId' in exampleOf(type) && type !== 'start-program',
);
const isAnswer = (type: string): boolean => ['approve-handover', 'deny-handover', 'withdraw-handover'].includes(type);

const dataAbout = (type: CommandType, programId: string): object => {
  const ids = { ...('handoverId' in exampleOf(type) && isAnswer(type) ? { handoverId: theHandover } : {}) };
  const conversation = ['reply', 'read-conversation'].includes(type) ? { conversationId: theConversation } : {};
  return { ...exampleOf(type), ...ids, ...conversation, programId };
};

const queriesAbout = (programId: string) =>
  [
    { view: 'program', programId },
    { view: 'my-program', programId },
    { view: 'conversations', programId },
    { view: 'conversation', programId, conversationId: theConversation },
    { view: 'activities', programId, from: '2026-03-02', to: '2026-03-08' },
    { view: 'timeline', programId },
    { view: 'documentation', programId },
    { view: 'purge', programId },
  ] as const;

/** What an actor gets about a program, and about one that never was. */
const compare = async ({ execute, folja }: World, actor: Actor, types = aboutPrograms) => {
  const [real, none]: [string, unknown][][] = [[], []];
  for (const type of types) {
    real?.push([type, await execute(type, dataAbout(type, theProgram), actor)]);
    none?.push([type, await execute(type, dataAbout(type, nothing), actor)]);
  }
  for (const [index, query] of queriesAbout(theProgram).entries()) {
    real?.push([query.view, await folja.view(query, actor)]);
    none?.push([query.view, await folja.view(queriesAbout(nothing)[index] ?? query, actor)]);
  }
  return { real, none };
};

const allowed = (results: readonly [string, unknown][]): readonly unknown[] =>
  results.map(([, result]) => result).filter((result) => JSON.stringify(result).includes('not-permitted') === false);

/** The units that neither own the program nor were ever offered it. */
const strangersTo = (owner: TestUnit, name: string): readonly TestUnit[] => {
  const others = [maternity, childHealth, privateChildHealth].filter((unit) => unit !== owner);
  return name.includes('another unit') ? others.filter((unit) => unit !== childHealth) : others;
};

// In memory the whole product is tried: test/library/permissions.
describe.each(['in SQLite'] as const)('a program %s', (kind) => {
  describe.each(states)('that %s', (name, reach, owner) => {
    test('R040 R207 I21 is to staff of other units what no program is, in every command and view', async () => {
      const world = await aStartedProgram(kind);
      await reach(world);
      for (const unit of strangersTo(owner, name)) {
        const { real, none } = await compare(world, await boss(world, unit));
        expect(real).toEqual(none);
        expect(new Set(allowed(real ?? []).map((result) => JSON.stringify(result)))).toEqual(
          new Set([JSON.stringify(E.left(unknown))]),
        );
      }
    });

    test('R273 I26 is to other residents what no program is, in every command and view', async () => {
      const world = await aStartedProgram(kind);
      await reach(world);
      const purged = name.includes('purged') ? [tolvan] : [];
      for (const person of [disa, majken, ...purged]) {
        const { real, none } = await compare(world, resident(person));
        expect(real).toEqual(none);
        expect(allowed(real ?? []).every((result) => JSON.stringify(result) === JSON.stringify(E.left(unknown)))).toBe(
          true,
        );
      }
    });

    test('D15 gives a unit that it is or was offered to no more than the answer to the offer', async () => {
      const world = await aStartedProgram(kind);
      await reach(world);
      const types = aboutPrograms.filter((type) => !isAnswer(type));
      const unit = owner === childHealth ? maternity : childHealth;
      const { real, none } = await compare(world, await boss(world, unit), types);
      expect(real).toEqual(none);
    });
  });

  test('R246 is told to its own unit as purged, and to nobody else', async () => {
    const world = await aStartedProgram(kind);
    await end(world, theProgram);
    await purge(world, theProgram);
    const purged = { kind: 'refused', code: 'program-purged' };
    expect(await world.misses({ view: 'program', programId: theProgram }, at(maternity, 'b'))).toEqual(purged);
    expect(await world.fails('end-program', dataAbout('end-program', theProgram), at(maternity, 'b'))).toEqual(purged);
    expect(await world.misses({ view: 'program', programId: theProgram }, at(childHealth, 'b'))).toEqual(unknown);
  });

  test('R040 is not started again under its id by another unit, nor is told to exist', async () => {
    const { fails } = await aStartedProgram(kind);
    const starting = { ...exampleOf('start-program'), programId: theProgram, resident: disa };
    expect(await fails('start-program', starting, at(childHealth, 'b'))).toEqual(unknown);
    expect(await fails('start-program', starting, at(maternity, 'b'))).toMatchObject({ code: 'program-exists' });
  });
});

describe.each(stores)('a handover %s', (kind) => {
  test('R040 is decided by neither the sender nor a third unit, and withdrawn by no receiver', async () => {
    const world = await aStartedProgram(kind);
    await offer(world, theProgram, childHealth, theHandover);
    const answer = { handoverId: theHandover, programId: theProgram };
    const wrong = { kind: 'refused', code: 'wrong-unit' };
    const clinician = `${childHealth.unitId}b`;
    expect(await world.fails('approve-handover', { ...answer, clinician }, at(maternity, 'ia'))).toEqual(wrong);
    expect(await world.fails('deny-handover', answer, at(maternity, 'ia'))).toEqual(wrong);
    expect(await world.fails('withdraw-handover', answer, at(childHealth, 'ia'))).toEqual(wrong);
    expect(await world.fails('deny-handover', answer, at(privateChildHealth, 'ia'))).toEqual(unknown);
    expect(await world.fails('deny-handover', { handoverId: theHandover }, at(privateChildHealth, 'ia'))).toEqual(
      unknown,
    );
    expect(await world.fails('deny-handover', { handoverId: nothing }, at(privateChildHealth, 'ia'))).toEqual(unknown);
  });
});
