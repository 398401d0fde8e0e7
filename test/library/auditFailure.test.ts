import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Notification } from '../../src/index.ts';
import { aStartedProgram, startOf, theProgram, tobak } from './given.ts';
import { choose } from './host.ts';
import { at, auditor, disa, maternity, region, resident, tolvan } from './people.ts';
import { aDirectory, openIn, stores, type World } from './world.ts';

const b = at(maternity, 'b');
const unavailable = { kind: 'unavailable', what: 'store', retry: true };

/** From now on nothing can be written into the access log; everything else can. */
const breakLog = ({ engine: { events } }: World): (() => void) => {
  const whole = events.append;
  let refused = 0;
  Object.assign(events, {
    append: (...given: Parameters<typeof whole>) => {
      if (!given[0].startsWith('access-')) return whole(...given);
      refused += 1;
      return async () => E.left({ kind: 'unavailable', retry: true });
    },
  });
  return () => {
    expect(refused).toBeGreaterThan(0);
    Object.assign(events, { append: whole });
  };
};

const check = {
  ...{ careProviderId: maternity.careProviderId, from: '2026-02-01', to: '2026-02-28', entries: 1 },
  finding: 'nothing-unusual',
};

/** What is only in the access log: without its entry it must not happen, and nothing must be told. */
const acts: readonly (readonly [name: string, act: (world: World) => Promise<E.Either<unknown, unknown>>])[] = [
  ['a view of a unit', ({ folja }) => folja.view({ view: 'overview', tab: 'mine' }, b)],
  ['a view of a program', ({ folja }) => folja.view({ view: 'program', programId: theProgram }, b)],
  ['a view of the resident', ({ folja }) => folja.view({ view: 'my-programs' }, resident(tolvan))],
  ['the access report', ({ folja }) => folja.view({ view: 'access-report' }, resident(tolvan))],
  ['the audit log itself', ({ folja }) => folja.view({ view: 'audit', perspective: 'provider' }, auditor)],
  ['the list of checks', ({ folja }) => folja.view({ view: 'log-checks' }, auditor)],
  ['a sign-in', ({ execute }) => execute('sign-in', { unitId: maternity.unitId }, b)],
  ['a check of the log', ({ execute }) => execute('record-log-check', check, auditor)],
  ['a disposal', ({ execute }) => execute('dispose-log-year', { year: 2019, disposalDecision: 'RA-1' }, auditor)],
];

/** What is refused: the refusal is an entry, and is not told without it. */
const refusals: typeof acts = [
  ['a refused view', ({ folja }) => folja.view({ view: 'timeline', programId: theProgram }, region)],
  ['a view that is none', ({ folja }) => folja.view({ view: 'nonsense' }, b)],
  ['a refused command', ({ execute }) => execute('purge-program', { programId: theProgram, disposalDecision: 'A' }, b)],
  ['a command that is none', ({ execute }) => execute('nonsense', {}, b)],
  ['a refused start', ({ execute }) => execute('start-program', startOf(tobak, disa), region)],
];

const operations: readonly (readonly [name: string, operate: (world: World) => Promise<unknown>])[] = [
  ['a rebuild', ({ folja }) => folja.rebuild({}, region)],
  ['a replay', ({ folja }) => folja.replay({ until: { at: '2026-03-02T08:00:00.000Z' } }, b)],
  ['a rotation', ({ folja }) => folja.rotateMasterKey({ id: 'next', key: new Uint8Array(32).fill(9) }, region)],
  ['a signed head', ({ folja }) => folja.audit.head()],
  ['a proof', ({ folja }) => folja.audit.inclusionProof(1, auditor)],
  ['a verification', ({ folja }) => folja.audit.verify()],
];

const problemOf = async (result: Promise<E.Either<unknown, unknown>>): Promise<unknown> =>
  E.match(
    (problem: unknown) => problem,
    () => 'done',
  )(await result);

describe.each(stores)('an audit log that cannot be written %s', (kind) => {
  test('R248 R251 P14 stops every view, sign-in, check and disposal: nothing is shown or done without its entry', async () => {
    const world = await aStartedProgram(kind);
    const before = await world.events();
    const mend = breakLog(world);
    for (const [name, act] of acts) expect([name, await problemOf(act(world))]).toEqual([name, unavailable]);
    expect(await world.events()).toEqual(before);
    mend();
    for (const [name, act] of acts) expect([name, await problemOf(act(world))]).toEqual([name, 'done']);
  });

  test('R251 P14 tells no refusal that has no entry', async () => {
    const world = await aStartedProgram(kind);
    const mend = breakLog(world);
    for (const [name, act] of refusals) expect([name, await problemOf(act(world))]).toEqual([name, unavailable]);
    mend();
    for (const [, act] of refusals)
      expect(['refused', 'invalid']).toContain(((await problemOf(act(world))) as { kind: string }).kind);
    expect((await world.log()).filter(({ outcome }) => outcome === 'refused')).toHaveLength(refusals.length);
  });

  test.each(operations)('R248 P14 stops %s', async (_, operate) => {
    const world = await aStartedProgram(kind);
    const mend = breakLog(world);
    await expect(operate(world)).rejects.toMatchObject({ problem: { kind: 'unavailable' } });
    mend();
    await operate(world);
  });

  test('R248 P14 gives no receipt again that has no entry, and the command itself has its own', async () => {
    const world = await aStartedProgram(kind);
    const id = '0195d3a0-0000-7000-8000-000000000801';
    const opening = () => world.execute('open-program', { programId: theProgram }, resident(tolvan), id);
    const mend = breakLog(world);
    expect(await problemOf(opening())).toBe('done');
    expect(await problemOf(opening())).toEqual(unavailable);
    mend();
    expect((await world.log()).filter(({ action }) => action === 'open-program')).toHaveLength(1);
  });

  test('R172 P14 hands nothing over, and does so once it can be written', async () => {
    const taken: Notification[] = [];
    const world = await aStartedProgram(kind, { deliver: async (notification) => void taken.push(notification) });
    await choose(world, 'b', ['message']);
    await world.does('start-conversation', { programId: theProgram, subject: 'Hej', body: 'Hej' }, resident(tolvan));
    const mend = breakLog(world);
    expect(await world.folja.tick()).toMatchObject({ delivered: 0 });
    expect(taken).toEqual([]);
    mend();
    expect(await world.folja.tick()).toMatchObject({ delivered: 1 });
    expect(taken).toHaveLength(1);
  });
});

/** A disk of its own, so small that it can be filled; undefined where that takes rights that nobody here has. */
const aSmallDisk = (): string | undefined => {
  const directory = join(aDirectory(), 'disk');
  mkdirSync(directory);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', directory]);
  });
  return directory;
};

/** Takes every block that is left. */
const fill = (directory: string): void => {
  const { bavail, bsize } = statfsSync(directory);
  try {
    writeFileSync(join(directory, 'filler'), Buffer.alloc(bavail * bsize));
  } catch {
    // It is full: that is what was wanted.
  }
};

/** It did not happen, or of a command that could not be committed: nobody can tell yet. What lies in the store tells then. */
const isNotDone = expect.objectContaining({ kind: expect.stringMatching(/^(unavailable|unknown)$/) });

describe('a disk that is full', () => {
  test('R248 R251 P14 stops reading and writing alike, loses nothing, and goes on when there is room', async ({
    skip,
  }) => {
    const disk = aSmallDisk();
    if (disk === undefined) return skip('no disk can be mounted here: run it as root');
    const prepared = await aStartedProgram('in SQLite');
    await prepared.close();
    cpSync(prepared.directory, disk, { recursive: true });
    const world = await openIn(disk);
    fill(disk);
    let shown = 0;
    while (shown < 500 && E.isRight(await world.folja.view({ view: 'program', programId: theProgram }, b))) shown += 1;
    expect(shown).toBeLessThan(500);
    const before = await world.events();
    for (const [name, act] of [...acts, ...refusals])
      expect([name, await problemOf(act(world))]).toEqual([name, isNotDone]);
    expect(statfsSync(disk).bavail).toBe(0);
    expect(await world.events()).toEqual(before);
    rmSync(join(disk, 'filler'));
    for (const [name, act] of acts) expect([name, await problemOf(act(world))]).toEqual([name, 'done']);
    await world.close();
  });
});
