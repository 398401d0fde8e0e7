import { describe, expect, test } from 'vitest';
import { aStartedProgram, end, purge, theConversation, theProgram } from './given.ts';
import { at, idAt, maternity, resident, tolvan } from './people.ts';
import { openIn, stores, type World } from './world.ts';

type Heard = { readonly type: string; readonly position: string; readonly by: { readonly hsaId?: string } };

const b = at(maternity, 'b');
const reply = { programId: theProgram, conversationId: theConversation, body: 'Hemligt svar' };

/** Waits until something has been heard. */
const until = async (holds: () => boolean): Promise<void> => {
  for (let wait = 0; !holds() && wait < 500; wait += 1) await new Promise((resolve) => setTimeout(resolve, 4));
  expect(holds()).toBe(true);
};

const listenTo = ({ folja }: World) => {
  const heard: Heard[] = [];
  const stop = folja.subscribe((event) => heard.push(event as Heard));
  return { heard, stop };
};

describe.each(stores)('a subscriber %s', (kind) => {
  test('P7 R171 hears every event after its commit, in order, without its personal part', async () => {
    const world = await aStartedProgram(kind);
    const { heard, stop } = listenTo(world);
    const { position } = await world.does('reply', reply, b);
    await world.sees({ view: 'program', programId: theProgram }, b);
    await until(() => heard.length === 2);
    expect(heard).toMatchObject([
      { type: 'message-sent', position, by: { hsaId: idAt(maternity, 'b'), role: 'clinician' } },
      { type: 'viewed', position: String(Number(position) + 1) },
    ]);
    expect(JSON.stringify(heard)).not.toContain('Hemligt');
    stop();
    await world.does('open-program', { programId: theProgram }, resident(tolvan));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).toHaveLength(2);
  });

  test('R172 that fails holds up nobody, and is told to the logger without what it said', async () => {
    const warnings: string[] = [];
    const world = await aStartedProgram(kind, { logger: { warn: (message) => warnings.push(message) } });
    world.folja.subscribe(() => {
      throw new Error(tolvan.name);
    });
    const { heard } = listenTo(world);
    await world.does('reply', reply, b);
    await world.does('reply', reply, resident(tolvan));
    await until(() => heard.length === 2);
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).not.toContain(tolvan.name);
  });
});

describe.each(stores)('a library %s', (kind) => {
  test('P10 shows the same after its read models were built anew', async () => {
    const world = await aStartedProgram(kind);
    const shown = async () => [
      await world.sees({ view: 'program', programId: theProgram }, b),
      (await world.sees({ view: 'overview', tab: 'all' }, b)).rows,
      (await world.sees({ view: 'staff' }, at(maternity, 'ba'))).rows,
    ];
    const before = await shown();
    const progress: (readonly [number, number])[] = [];
    const { events } = await world.folja.rebuild({ onProgress: (done, total) => progress.push([done, total]) });
    expect(events).toBe((await world.events()).length);
    expect(progress.at(-1)).toEqual([events, events]);
    expect(await shown()).toEqual(before);
  });

  test('P9 waits for its views to show a position', async () => {
    const world = await aStartedProgram(kind);
    const { position } = await world.does('reply', reply, b);
    await world.folja.caughtUp(position);
    await expect(world.folja.caughtUp('soon')).rejects.toThrow();
  });
});

test('P12 an interrupted purge is finished by the next opening, and told until then', async () => {
  const world = await aStartedProgram('in SQLite');
  await end(world, theProgram);
  await purge(world, theProgram);
  await world.close();
  const warnings: string[] = [];
  const again = await openIn(world.directory, { logger: { warn: (message) => warnings.push(message) } });
  expect(await again.misses({ view: 'program', programId: theProgram }, b)).toMatchObject({ code: 'program-purged' });
  expect(warnings).toEqual([]);
});
