import { describe, expect, test } from 'vitest';
import {
  amning,
  approve,
  aRegion,
  aStartedProgram,
  end,
  offer,
  purge,
  start,
  theConversation,
  theHandover,
  theProgram,
  tobak,
  write,
} from './given.ts';
import { rowsInPages } from './pages.ts';
import { at, childHealth, disa, idAt, maternity, resident, system, tolvan } from './people.ts';
import { aMinute, monday, type Rows, stores, type World } from './world.ts';

const b = at(maternity, 'b');
const refused = (code: string) => ({ kind: 'refused', code });
const duties = async ({ sees }: World, query: object = {}, actor = b) =>
  (await sees({ view: 'documentation', ...query }, actor)).rows;
const causes = (rows: Rows['rows']) => rows.map(({ cause }) => cause);
const record = ({ does }: World, programId: string, dutyId: unknown, actor = b) =>
  does('record-documentation', { programId, dutyId, code: 'AMNSOB' }, actor);

describe.each(stores)('the documentation of a program %s', (kind) => {
  test('R252 R253 R254 R255 R258 is what is to be written in the journal, with its registration code, the oldest first', async () => {
    const world = await aRegion(kind);
    const programId = await start(world, amning, tolvan);
    world.clock.later(aMinute);
    await write(world, programId, theConversation);
    const events = await world.events(`program-${programId}`);
    const dutyOf = (cause: string) => {
      const event = events.find(({ type }) => type === cause);
      return { dutyId: event?.id, programId, cause, since: event?.at, code: 'AMNSOB' };
    };
    const expected = [dutyOf('started'), dutyOf('message-sent')];
    expect(expected.map(({ since }) => since)).toEqual([monday, '2026-03-02T08:01:00.000Z']);
    expect(await duties(world, { programId })).toEqual(expected);
    expect(await duties(world)).toEqual(expected);
  });

  test('R254 R256 has the code of the kind of unit that had the program when it happened', async () => {
    const world = await aRegion(kind);
    const programId = await start(world, amning, tolvan);
    await offer(world, programId, childHealth, theHandover);
    await approve(world, programId, theHandover, childHealth);
    await write(world, programId, theConversation);
    const rows = await duties(world, { programId }, at(childHealth, 'b'));
    expect(rows.map(({ cause, code, attribute }) => [cause, code, attribute])).toEqual([
      ['started', 'AMNSOB', undefined],
      ['message-sent', 'AMNSOB', 'Amningshjälpen SOB'],
    ]);
    expect(await world.misses({ view: 'documentation', programId }, b)).toEqual(refused('unknown-program'));
    expect(await duties(world)).toEqual([]);
  });

  test('R257 R261 stays until it is attested, also after the end, and is gone with the purge', async () => {
    const world = await aRegion(kind);
    const programId = await start(world, amning, tolvan);
    await end(world, programId);
    const [started, ended] = await duties(world, { programId });
    expect(causes([started ?? {}, ended ?? {}])).toEqual(['started', 'ended']);
    expect(ended).not.toHaveProperty('code'); // R259: the end is documented, no code registered
    await record(world, programId, started?.dutyId);
    expect(await duties(world, { programId })).toEqual([ended]);
    expect(await duties(world)).toEqual([ended]);
    await world.folja.rebuild();
    expect(await duties(world)).toEqual([ended]);
    await purge(world, programId);
    expect(await duties(world)).toEqual([]);
    expect(await world.misses({ view: 'documentation', programId }, b)).toEqual(refused('program-purged'));
  });

  test('R259 D20 follows the policy: which events, on which kind of unit', async () => {
    const policy = { id: 'duties-2', duties: [{ event: 'message-sent', unitKind: 'bvc' }, { event: 'ended' }] };
    const world = await aStartedProgram(kind, { policy });
    expect(await duties(world, { programId: theProgram })).toEqual([]);
    expect(await duties(world)).toEqual([]);
    await end(world, theProgram);
    expect(causes(await duties(world))).toEqual(['ended']);
  });

  test('R018 of any program of the unit is seen by its clinicians, of others by nobody', async () => {
    const world = await aStartedProgram(kind);
    const query = { view: 'documentation', programId: theProgram };
    expect(await duties(world, query, at(maternity, 'b2'))).toHaveLength(2);
    expect(await world.misses(query, at(childHealth, 'b'))).toEqual(refused('unknown-program'));
    expect(await world.misses(query, at(maternity, 'ia'))).toEqual(refused('role-missing'));
    expect(await world.misses(query, resident(tolvan))).toEqual(refused('not-permitted'));
  });
});

describe.each(stores)('the documentation of a clinician %s', (kind) => {
  test('R018 R258 is that of the own programs on the unit, as they come and go', async () => {
    const world = await aStartedProgram(kind);
    const second = await start(world, amning, disa);
    await start(world, amning, disa, { unit: childHealth });
    const mine = async (actor = b) =>
      (await duties(world, {}, actor)).map(({ programId, cause }) => [programId, cause]);
    const first = [
      [theProgram, 'started'],
      [theProgram, 'message-sent'],
    ];
    expect(await mine()).toEqual([...first, [second, 'started']]);
    expect(await mine(at(maternity, 'b2'))).toEqual([]);
    const change = { programId: theProgram, clinician: idAt(maternity, 'b2'), reason: 'semester' };
    await world.does('change-clinician', change, at(maternity, 'ia'));
    expect(await mine()).toEqual([[second, 'started']]);
    expect(await mine(at(maternity, 'b2'))).toEqual(first);
  });

  test('R258 is paged in one order over all programs, whatever the policy leaves out between', async () => {
    const policy = { id: 'duties-3', duties: [{ event: 'message-sent' }] };
    const world = await aStartedProgram(kind, { policy });
    const second = await start(world, tobak, disa);
    for (const programId of [second, theProgram, second, theProgram])
      await world.does('start-conversation', { programId, subject: 'Hej', body: 'Hur går det?' }, b);
    const whole = await duties(world);
    expect(whole.map(({ programId }) => programId)).toEqual([theProgram, second, theProgram, second, theProgram]);
    for (const query of [{}, { programId: theProgram }])
      for (const limit of [1, 2, 3]) {
        const rows = await rowsInPages(world, { view: 'documentation', ...query }, b, limit);
        expect(rows).toEqual(await duties(world, query));
      }
  });

  test('R248 is logged with the programs that it showed', async () => {
    const world = await aStartedProgram(kind);
    await duties(world);
    expect((await world.log({ hsaId: idAt(maternity, 'b') })).at(-1)).toMatchObject({
      ...{ action: 'documentation', subjects: [{ programId: theProgram }] },
    });
  });
});

describe.each(stores)('a reminder %s', (kind) => {
  test("R255 D20 is a contact to document when a clinician sends it, and nobody's when the clock does", async () => {
    const world = await aStartedProgram(kind);
    const remind = { programId: theProgram, about: { moduleId: 'steg-1' } };
    await world.does('send-reminder', remind, system('clock'));
    expect(causes(await duties(world, { programId: theProgram }))).not.toContain('reminder-sent');
    await world.does('send-reminder', remind, b);
    expect(causes(await duties(world, { programId: theProgram }))).toContain('reminder-sent');
  });

  test('D20 is a duty only where the policy names it for that kind of unit', async () => {
    const policy = { id: 'other-1', duties: [{ event: 'reminder-sent' as const, unitKind: 'bvc' }] };
    const world = await aStartedProgram(kind, { policy });
    const { events } = await world.does('send-reminder', { programId: theProgram, about: { moduleId: 'steg-1' } }, b);
    expect(await duties(world, { programId: theProgram })).toEqual([]);
    const record = { programId: theProgram, dutyId: events[0]?.id };
    expect(await world.fails('record-documentation', record, b)).toEqual(refused('unknown-duty'));
  });
});
