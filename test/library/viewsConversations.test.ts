import { describe, expect, test } from 'vitest';
import { approve, aStartedProgram, end, offer, theConversation, theHandover, theProgram, uuid } from './given.ts';
import { at, childHealth, idAt, maternity, nameAt, region, resident, tolvan } from './people.ts';
import { aDay, aMinute, monday, stores, type World } from './world.ts';

const b = at(maternity, 'b');
const parent = resident(tolvan);
const about = { programId: theProgram };
const one = { ...about, conversationId: theConversation };

const listFor = async ({ sees }: World, actor = b) => (await sees({ view: 'conversations', ...about }, actor)).rows;
const messagesFor = async ({ sees }: World, actor = b) => (await sees({ view: 'conversation', ...one }, actor)).rows;

/** The messages' ids, in the order in which they were sent. */
const messageIds = async ({ events }: World): Promise<readonly string[]> =>
  (await events(`program-${theProgram}`))
    .filter(({ type }) => type === 'message-sent')
    .map(({ data }) => (data as { readonly messageId: string }).messageId);

describe.each(stores)('the conversations of a program %s', (kind) => {
  test('R175 R176 R179 are listed with what each side has not read, the one written in last first', async () => {
    const world = await aStartedProgram(kind);
    world.clock.later(aMinute);
    const second = uuid(21);
    const starting = { ...about, conversationId: second, subject: 'Från mottagningen', body: 'Hej' };
    await world.does('start-conversation', starting, b);
    const older = { conversationId: theConversation, subject: 'En fråga', messages: 1, lastAt: monday };
    const newer = {
      conversationId: second,
      subject: 'Från mottagningen',
      messages: 1,
      lastAt: '2026-03-02T08:01:00.000Z',
    };
    const due = { answerDueOn: '2026-03-09' };
    expect(await listFor(world)).toEqual([
      { ...newer, unread: 0 },
      { ...older, unread: 1, ...due },
    ]);
    expect(await listFor(world, parent)).toEqual([
      { ...newer, unread: 1 },
      { ...older, unread: 0, ...due },
    ]);
    world.clock.later(aMinute);
    await world.does('reply', { ...one, body: 'Och så?' }, parent);
    expect((await listFor(world)).map(({ conversationId, messages }) => [conversationId, messages])).toEqual([
      [theConversation, 2],
      [second, 1],
    ]);
  });

  test('R099 R100 R183 wait for an answer from the oldest message that has none, for as long as the unit says', async () => {
    const world = await aStartedProgram(kind);
    const dueOn = async () => (await listFor(world))[0]?.answerDueOn;
    world.clock.later(3 * aDay);
    await world.does('reply', { ...one, body: 'Hallå?' }, parent);
    expect(await dueOn()).toBe('2026-03-09');
    await world.does('change-unit', { unitId: maternity.unitId, answerWithinDays: 2 }, at(maternity, 'ba'));
    expect(await dueOn()).toBe('2026-03-04');
    await world.does('read-conversation', one, b);
    expect(await dueOn()).toBe('2026-03-04');
    await world.does('reply', { ...one, body: 'Här!' }, b);
    expect(await dueOn()).toBeUndefined();
    await world.does('reply', { ...one, body: 'Tack' }, parent);
    expect(await dueOn()).toBe('2026-03-07');
  });

  test('R183 wait as long as the region says where the unit says nothing', async () => {
    const world = await aStartedProgram(kind, { policy: { id: 'slow-1', answerWithinDays: 21 } });
    expect((await listFor(world))[0]?.answerDueOn).toBe('2026-03-23');
  });

  test('R160 R166 are read by opening them, each side for itself', async () => {
    const world = await aStartedProgram(kind);
    const unread = async () => [(await listFor(world))[0]?.unread, (await listFor(world, parent))[0]?.unread];
    expect(await unread()).toEqual([1, 0]);
    await world.does('reply', { ...one, body: 'Svar' }, b);
    expect(await unread()).toEqual([1, 1]);
    await messagesFor(world);
    await messagesFor(world, parent);
    expect(await unread()).toEqual([1, 1]);
    await world.does('read-conversation', one, b);
    expect(await unread()).toEqual([0, 1]);
    await world.does('read-conversation', one, parent);
    expect(await unread()).toEqual([0, 0]);
  });
});

describe.each(stores)('one conversation %s', (kind) => {
  test('R177 R184 I11 I13 shows the newest message on top: who wrote it, to whom, and when it was read', async () => {
    const world = await aStartedProgram(kind);
    world.clock.later(aMinute);
    await world.does('reply', { ...one, body: 'Så här gör du' }, b);
    world.clock.later(aMinute);
    await world.does('read-conversation', one, parent);
    const [first, second] = await messageIds(world);
    const fromStaff = {
      ...{ messageId: second, from: 'staff', sender: nameAt(maternity, 'b'), body: 'Så här gör du' },
      ...{ at: '2026-03-02T08:01:00.000Z', readAt: '2026-03-02T08:02:00.000Z' },
    };
    const fromResident = {
      ...{ messageId: first, from: 'resident', sender: tolvan.name, body: 'Hur gör jag?', at: monday },
    };
    expect(await messagesFor(world)).toEqual([fromStaff, { ...fromResident, addressee: idAt(maternity, 'b') }]);
    expect(await messagesFor(world, parent)).toEqual([fromStaff, fromResident]);
  });

  test('R184 R194 I13 is addressed to whoever is responsible at the time', async () => {
    const world = await aStartedProgram(kind);
    const toColleague = { ...about, clinician: idAt(maternity, 'b2'), reason: 'semester' };
    await world.does('change-clinician', toColleague, at(maternity, 'ia'));
    await world.does('reply', { ...one, body: 'Två' }, parent);
    await offer(world, theProgram, childHealth, theHandover);
    await world.does('reply', { ...one, body: 'Tre' }, parent);
    await approve(world, theProgram, theHandover, childHealth);
    await world.does('reply', { ...one, body: 'Fyra' }, parent);
    const rows = await messagesFor(world, at(childHealth, 'b'));
    expect(rows.map(({ body, addressee }) => [body, addressee])).toEqual([
      ['Fyra', idAt(childHealth, 'b')],
      ['Tre', idAt(maternity, 'b2')],
      ['Två', idAt(maternity, 'b2')],
      ['Hur gör jag?', idAt(maternity, 'b')],
    ]);
  });

  test('R208 names who wrote after a handover and after a change of name', async () => {
    const world = await aStartedProgram(kind);
    await world.does('reply', { ...one, body: 'Från BMM' }, b);
    const { unitId } = maternity;
    const staff = {
      hsaId: idAt(maternity, 'b'),
      name: 'Nya Namnet',
      profession: 'midwife',
      employment: 'maternal-health',
    };
    const facts = { ...staff, assignments: ['VoB SJF'], trainings: ['tobakshjalpen'] };
    await offer(world, theProgram, childHealth, theHandover);
    await approve(world, theProgram, theHandover, childHealth);
    await world.does('register-staff', { unitId, staff: facts }, at(maternity, 'ba'));
    expect((await messagesFor(world, at(childHealth, 'b')))[0]).toMatchObject({ sender: 'Nya Namnet' });
    expect((await messagesFor(world, parent))[0]).toMatchObject({ sender: 'Nya Namnet', body: 'Från BMM' });
  });

  test('R231 D12 D24 is read by staff after the end, and by the resident in maintenance', async () => {
    const world = await aStartedProgram(kind);
    await end(world, theProgram, { maintenance: { until: '2026-03-05' } });
    expect(await messagesFor(world)).toHaveLength(1);
    expect(await messagesFor(world, parent)).toHaveLength(1);
    world.clock.at('2026-03-06T08:00:00.000Z');
    expect(await messagesFor(world)).toHaveLength(1);
    expect(await world.misses({ view: 'conversation', ...one }, parent)).toEqual({
      kind: 'refused',
      code: 'program-has-ended',
    });
  });

  test('is unknown in another program, and where it never was', async () => {
    const world = await aStartedProgram(kind);
    const unknown = { kind: 'refused', code: 'unknown-conversation' };
    const query = { view: 'conversation', ...about, conversationId: uuid(22) };
    expect(await world.misses(query, b)).toEqual(unknown);
    expect(await world.fails('reply', { ...about, conversationId: uuid(22), body: 'Hej' }, parent)).toEqual(unknown);
    const { unitId } = maternity;
    await world.does('change-unit', { unitId, name: 'BMM' }, region);
    expect(await world.fails('read-conversation', { ...about, conversationId: uuid(22) }, b)).toEqual(unknown);
  });
});
