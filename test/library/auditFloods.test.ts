import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/index.ts';
import { aRegion, aStartedProgram, theConversation, theProgram } from './given.ts';
import { at, idAt, maternity, resident, tolvan } from './people.ts';
import { aMinute, openIn, stores, type World } from './world.ts';

const b = at(maternity, 'b');

/** Somebody asks for what is not permitted, so many times. */
const ask = async ({ misses }: World, times: number, actor: Actor = b, view = 'purge-list'): Promise<void> => {
  for (let time = 0; time < times; time += 1) await misses({ view }, actor);
};

const refusals = async (world: World) => {
  const rows = (await world.log()).filter(({ outcome }) => outcome === 'refused');
  return rows.map(({ actor, action, code, count }) => ({ actor, action, code, count }));
};

const [one, other] = [idAt(maternity, 'b'), idAt(maternity, 'b2')];
const single = (actor: string, code = 'role-missing', action = 'purge-list') => ({
  actor,
  action,
  code,
  count: undefined,
});
const many = (count: number, actor: string, code = 'role-missing', action = 'purge-list') => ({
  ...single(actor, code, action),
  count,
});
const times = <A>(count: number, value: A): readonly A[] => Array.from({ length: count }, () => value);

describe.each(stores)('a flood of refusals %s', (kind) => {
  test('R251 I23 leaves twenty entries and one with the count of the others', async () => {
    const world = await aRegion(kind);
    await ask(world, 25);
    expect(await refusals(world)).toEqual([...times(20, single(one)), many(5, one)]);
  });

  test('R251 is counted for each actor by itself, and anew each minute', async () => {
    const world = await aRegion(kind);
    await ask(world, 22);
    await ask(world, 3, at(maternity, 'b2'));
    world.clock.later(aMinute);
    await ask(world, 21);
    world.clock.later(aMinute);
    await world.sees({ view: 'units' }, b);
    expect(await refusals(world)).toEqual([
      ...times(20, single(one)),
      ...times(3, single(other)),
      many(2, one),
      ...times(20, single(one)),
      many(1, one),
    ]);
  });

  test('R251 of several kinds is counted as several', async () => {
    const world = await aRegion(kind);
    await ask(world, 20);
    await ask(world, 2);
    await ask(world, 2, b, 'audit');
    expect((await refusals(world)).at(-1)).toEqual(many(4, one, 'several'));
  });

  test('R251 by actors whom nobody knows shares one count', async () => {
    const world = await aRegion(kind);
    for (let number = 0; number < 24; number += 1)
      await world.misses({ view: 'units' }, { kind: 'staff', hsaId: `nobody ${number}` } as unknown as Actor);
    expect(await refusals(world)).toEqual([
      ...times(20, single('unknown', 'invalid', 'units')),
      many(4, 'unknown', 'invalid', 'units'),
    ]);
  });

  test('R248 holds back no view, no change, and nobody else', async () => {
    const world = await aStartedProgram(kind);
    await ask(world, 30);
    await world.sees({ view: 'overview', tab: 'mine' }, b);
    const reply = { programId: theProgram, conversationId: theConversation, body: 'Hej' };
    await world.does('reply', reply, b);
    await world.does('open-program', { programId: theProgram }, resident(tolvan));
    const log = await world.log();
    expect(
      log
        .filter(({ outcome }) => outcome === 'allowed')
        .slice(-3)
        .map(({ action }) => action),
    ).toEqual(['overview', 'reply', 'open-program']);
  });
});

test('R251 a count that is held back is written before the library closes', async () => {
  const world = await aRegion('in SQLite');
  await ask(world, 23);
  await world.close();
  const later = await openIn(world.directory);
  expect((await refusals(later)).at(-1)).toEqual(many(3, one));
});

describe('a full disk', () => {
  const query = { view: 'program', programId: theProgram };
  const unavailable = { kind: 'unavailable', what: 'store', retry: true };

  /** No page more: what is written from now on does not fit. */
  const fill = ({ engine }: World): void => {
    const pages = engine.readModels.pragma('page_count', { simple: true });
    engine.readModels.pragma(`max_page_count = ${pages}`);
  };
  const makeRoom = ({ engine }: World): void => {
    engine.readModels.pragma('max_page_count = 1000000');
  };

  test('R248 R251 P14 stops reading: no log, no data, and no change either', async () => {
    const world = await aStartedProgram('in SQLite');
    fill(world);
    let shown = 0;
    for (; shown < 200 && (await world.folja.view(query, b))._tag === 'Right'; shown += 1);
    expect(shown).toBeLessThan(200);
    const before = await world.events();
    for (const view of [query, { view: 'overview', tab: 'mine' }, { view: 'units' }])
      expect(await world.misses(view, b)).toEqual(unavailable);
    expect(await world.misses({ view: 'purge-list' }, b)).toEqual(unavailable);
    expect(await world.misses({ view: 'nonsense' }, b)).toEqual(unavailable);
    const long = { programId: theProgram, text: 'Lång text. '.repeat(900) };
    expect(await world.fails('change-welcome-text', long, b)).toEqual(unavailable);
    expect(await world.fails('grant-role', {}, b)).toEqual(unavailable);
    expect(await world.events()).toEqual(before);
    makeRoom(world);
    expect(await world.sees<object>(query, b)).toMatchObject({ status: 'ongoing' });
    await world.does('change-welcome-text', long, b);
  });

  test('P14 a file that may not be written is read by nobody', async () => {
    const world = await aStartedProgram('in SQLite');
    world.engine.readModels.pragma('query_only = on');
    expect(await world.misses(query, b)).toMatchObject({ kind: 'unavailable' });
    expect(await world.fails('open-program', { programId: theProgram }, resident(tolvan))).toMatchObject({
      kind: 'unavailable',
    });
    world.engine.readModels.pragma('query_only = off');
    await world.sees(query, b);
  });
});

describe.each(stores)('a closed library %s', (kind) => {
  test('P14 shows and does nothing more', async () => {
    const world = await aStartedProgram(kind);
    await world.close();
    expect(await world.misses({ view: 'program', programId: theProgram }, b)).toMatchObject({ kind: 'unavailable' });
    expect(await world.fails('open-program', { programId: theProgram }, resident(tolvan))).toMatchObject({
      kind: 'unavailable',
    });
    await world.close();
  });
});
