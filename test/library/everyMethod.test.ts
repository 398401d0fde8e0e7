import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Notification } from '../../src/index.ts';
import { aStartedProgram, theProgram } from './given.ts';
import { choose } from './host.ts';
import { at, auditor, maternity, region, resident, tolvan } from './people.ts';
import { aDay, stores, type World } from './world.ts';

const b = at(maternity, 'b');

/** What a call of a method is to leave in the audit log: its entries, by action; or why it leaves none. */
type Row = {
  readonly call: (world: World) => Promise<unknown>;
  readonly leaves: readonly string[];
  readonly because?: string;
};

const overview = { view: 'overview', tab: 'mine' };
const ofFolja: Readonly<Record<string, Row>> = {
  execute: {
    call: ({ folja }) => folja.execute({ type: 'open-program', data: { programId: theProgram } }, resident(tolvan)),
    leaves: ['open-program'],
  },
  view: { call: ({ folja }) => folja.view(overview, b), leaves: ['overview'] },
  subscribe: {
    call: async ({ folja }) => folja.subscribe(() => undefined)(),
    leaves: [],
    because:
      'a tap for the host’s own process: events as they are committed, ids and codes only, and nobody asks for anything',
  },
  tick: {
    call: async (world) => {
      await world.does('open-program', { programId: theProgram }, resident(tolvan));
      await world.folja.tick();
    },
    leaves: ['open-program'],
    because: 'nothing was due; one that does something leaves an entry, which has tests of its own below',
  },
  replay: {
    call: async ({ folja }) => {
      const replay = await folja.replay({ until: { at: '2026-03-02T08:00:00.000Z' } }, b);
      await replay.view(overview, b);
      await replay.close();
    },
    leaves: ['replay', 'overview'],
  },
  audit: { call: async () => undefined, leaves: [], because: 'not a method: what it holds has a table of its own' },
  rebuild: { call: ({ folja }) => folja.rebuild({}, region), leaves: ['rebuild'] },
  rotateMasterKey: {
    call: ({ folja }) => folja.rotateMasterKey({ id: 'next', key: randomBytes(32) }, region),
    leaves: ['rotate-master-key'],
  },
  caughtUp: {
    call: ({ folja }) => folja.caughtUp('1'),
    leaves: [],
    because: 'it waits, and shows nothing',
  },
  close: { call: async () => undefined, leaves: [], because: 'it ends what is logged, and writes what was held back' },
};

const ofAudit: Readonly<Record<string, Row>> = {
  head: { call: ({ folja }) => folja.audit.head(), leaves: ['sign-head'] },
  inclusionProof: { call: ({ folja }) => folja.audit.inclusionProof(1, auditor), leaves: ['prove-inclusion'] },
  consistencyProof: {
    call: async ({ folja }) => {
      const from = await folja.audit.head();
      await folja.audit.consistencyProof(from, await folja.audit.head());
    },
    leaves: ['sign-head', 'sign-head', 'prove-consistency'],
  },
  verify: { call: ({ folja }) => folja.audit.verify(), leaves: ['verify'] },
};

/** The actions that a call leaves in the log, and nothing of the looking itself. */
const leftBy = async (world: World, call: Row['call']): Promise<readonly unknown[]> => {
  const before = (await world.log()).length + 1;
  await call(world);
  return (await world.log()).slice(before).map(({ action }) => action);
};

const expectRow = async (world: World, { call, leaves, because }: Row): Promise<void> => {
  expect(await leftBy(world, call)).toEqual(leaves);
  if (leaves.length === 0) expect(because).toBeTruthy();
};

describe('the table of what each method leaves in the audit log', () => {
  test('R248 P14 knows every method of an opened library', async () => {
    const { folja } = await aStartedProgram('in memory');
    expect(Object.keys(folja).toSorted()).toEqual(Object.keys(ofFolja).toSorted());
    expect(Object.keys(folja.audit).toSorted()).toEqual(Object.keys(ofAudit).toSorted());
  });

  test('R248 P14 knows that of a cluster there is nothing where one machine has the store', async () => {
    for (const kind of stores) expect((await aStartedProgram(kind)).folja.cluster).toBeUndefined();
  });

  test('R248 P14 would not go without a method that is new', async () => {
    const { folja } = await aStartedProgram('in memory');
    const grown = { ...folja, peek: () => 'something' };
    expect(Object.keys(grown).filter((name) => !Object.hasOwn(ofFolja, name))).toEqual(['peek']);
  });
});

describe.each(stores)('every method of a library %s', (kind) => {
  test.each(Object.entries(ofFolja))('R248 P14 leaves what the table says: %s', async (_, row) =>
    expectRow(await aStartedProgram(kind), row),
  );

  test.each(Object.entries(ofAudit))('R248 P14 leaves what the table says: audit.%s', async (_, row) =>
    expectRow(await aStartedProgram(kind), row),
  );
});

describe.each(stores)('a tick %s', (kind) => {
  const ticks = async (world: World) =>
    (await world.log()).filter(({ action, actor }) => action === 'tick' && actor === 'clock');
  const counted = async (world: World) =>
    (await world.events()).flatMap(({ type, data }) =>
      type === 'operated' ? [(data as { count: number }).count] : [],
    );

  test('R172 R248 P14 that hands something over leaves one entry first, with how much was due', async () => {
    const taken: Notification[] = [];
    const seen: number[] = [];
    let world: World | undefined;
    const deliver = async (notification: Notification): Promise<void> => {
      taken.push(notification);
      seen.push(((await world?.events()) ?? []).filter(({ type }) => type === 'operated').length);
    };
    world = await aStartedProgram(kind, { deliver });
    await choose(world, 'b', ['message']);
    for (const subject of ['En fråga', 'En till'])
      await world.does('start-conversation', { programId: theProgram, subject, body: 'Hej' }, resident(tolvan));
    expect(await world.folja.tick()).toEqual({ reminders: 0, expired: 0, delivered: 2 });
    expect(taken).toHaveLength(2);
    expect(seen).toEqual([1, 1]);
    expect(await ticks(world)).toMatchObject([{ activity: 'write', outcome: 'allowed' }]);
    expect(await counted(world)).toEqual([2]);
    await world.folja.tick();
    expect(await ticks(world)).toHaveLength(1);
  });

  test('R170 R248 P14 that reminds leaves one entry, beside those of the reminders', async () => {
    const world = await aStartedProgram(kind);
    const schedule = { from: '2026-03-03', everyWeeks: 1, weekdays: [2, 3, 4], times: ['08:00'] };
    const plan = { programId: theProgram, elements: [{ title: 'Sug', kind: 'scale' }], schedule, graceDays: 1 };
    await world.does('create-activity-plan', { ...plan, remind: true }, b);
    world.clock.later(aDay);
    const { reminders } = await world.folja.tick();
    expect(reminders).toBeGreaterThan(0);
    expect(await counted(world)).toEqual([reminders]);
    const reminded = (await world.log()).filter(({ action }) => action === 'send-reminder');
    expect(reminded).toHaveLength(reminders);
    expect(await ticks(world)).toHaveLength(1);
  });
});
