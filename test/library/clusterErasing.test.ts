import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { aNodeOf, anEndedProgram, aServer, becomes, keyOf, leftOn, stateOn, twoNodes } from './clusters.ts';
import { purge, theConversation, theProgram, uuid } from './given.ts';
import { at, auditor, maternity, region } from './people.ts';
import { rightOf, type World } from './world.ts';

const da = at(maternity, 'da');

/** The clock of the process stands ahead, as it does later; timers run as ever. */
const later = (milliseconds: number): void => {
  const now = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + milliseconds);
  onTestFinished(() => void vi.restoreAllMocks());
};

const waitsFor = async (world: World): Promise<readonly string[]> => (await stateOn(world)).waitingFor ?? [];

describe('a purge on a cluster that cannot be reached for a while', () => {
  test.each([
    ['the key', 'keys-', 'keys'],
    ['the flesh', 'flesh-', 'events'],
  ])('P12 R242 waits where %s cannot be tombstoned, and is gone on with by a tick', async (_, stream, name) => {
    const server = await aServer();
    const one = await aNodeOf(server, { deadline: 1_500 });
    await anEndedProgram(one);
    server.faults.next({ rpc: 'Tombstone', stream, times: 1_000, fault: { kind: 'unavailable' } });
    expect(await purge(one, theProgram)).toMatchObject({ erasure: 'erasure-pending' });
    expect(server.faults.happened).toContainEqual({
      rpc: 'Tombstone',
      stream: expect.any(String),
      fault: 'unavailable',
    });
    await becomes(() => waitsFor(one), [name]);
    server.faults.clear();
    await one.folja.tick();
    expect(await waitsFor(one)).toEqual([name]);
    later(61_000);
    await one.folja.tick();
    await becomes(() => waitsFor(one), ['scavenge']);
    await one.folja.cluster?.scavenge();
    await becomes(async () => (await stateOn(one)).erasure, 'erased');
  });

  test('P12 R240 is ordered again with the same command, and gone on with by that', async () => {
    const server = await aServer();
    const one = await aNodeOf(server, { deadline: 1_500 });
    await anEndedProgram(one);
    const command = { programId: theProgram, disposalDecision: 'RA-2026/1' };
    server.faults.next({ rpc: 'Tombstone', stream: 'keys-', times: 1_000, fault: { kind: 'cut-before-commit' } });
    await one.does('purge-program', command, da, uuid(77));
    expect(server.faults.happened.length).toBeGreaterThan(0);
    await becomes(() => waitsFor(one), ['keys']);
    server.faults.clear();
    await one.does('purge-program', command, da, uuid(77));
    await becomes(() => waitsFor(one), ['scavenge']);
  });
});

describe('a node that hears nothing for a while', () => {
  /** Two nodes, of which the second is subscribed to what brings it nothing more. */
  const oneAndLagging = async () => {
    const server = await aServer();
    const made = await aNodeOf(server);
    await anEndedProgram(made);
    await made.close();
    const two = await aNodeOf(server, { clock: made.clock });
    server.faults.next({ rpc: 'Subscribe', fault: { kind: 'stall', after: 0 } });
    await becomes(() => server.faults.happened.map(({ fault }) => fault), ['stall']);
    const one = await aNodeOf(server, { directory: made.directory, clock: made.clock });
    return { server, one, two };
  };

  test('P12 E8 is refused when it writes to a program that was purged meanwhile, and cleans its file', async () => {
    const { server, one, two } = await oneAndLagging();
    const keyId = await keyOf(one);
    const { position } = await purge(one, theProgram);
    expect(rightOf(await two.engine.events.lastPosition()(), 'the position')).toBeLessThan(Number(position));
    const reply = { programId: theProgram, conversationId: theConversation, body: 'Hej' };
    expect(await two.fails('reply', reply, at(maternity, 'b'))).toEqual({ kind: 'refused', code: 'program-purged' });
    await becomes(() => waitsFor(two), ['scavenge']);
    await one.folja.cluster?.scavenge();
    expect(leftOn(server, keyId)).toEqual({ sealed: 0, flesh: 0, key: 0 });
    for (const world of [one, two]) await becomes(async () => (await stateOn(world)).erasure, 'erased');
  });
});

describe('a year of the log that is disposed of on one node', () => {
  const subjectsOn = async ({ engine }: World) =>
    rightOf(await engine.events.auditSubjects(2026)(), 'the persons of a year').length;

  test('R247 R251 is unknown to every node, to one that was closed meanwhile, and to one that is new', async () => {
    const { server, one, two } = await twoNodes();
    const closed = await aNodeOf(server, { clock: one.clock });
    await closed.close();
    one.clock.at('2031-12-31T23:00:00.000Z');
    await one.sees({ view: 'units' }, region);
    one.clock.at('2032-01-08T00:00:00.000Z');
    for (const world of [one, two]) expect(await subjectsOn(world)).toBeGreaterThan(0);
    await one.does('dispose-log-year', { year: 2026, disposalDecision: 'RA-2032/1' }, auditor);
    for (const world of [one, two]) await becomes(() => subjectsOn(world), 0);
    const again = await aNodeOf(server, { directory: closed.directory, clock: one.clock });
    const added = await aNodeOf(server, { clock: one.clock });
    for (const world of [again, added]) expect(await subjectsOn(world)).toBe(0);
    expect(server.log.records().filter(({ stream }) => stream === 'folja-subjects-2026').length).toBeGreaterThan(1);
  });
});
