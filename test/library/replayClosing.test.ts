import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Replay } from '../../src/operations/replaying.ts';
import { amning, aStartedProgram, end, purge, start, theProgram, uuid } from './given.ts';
import { at, auditor, maternity, tolvan } from './people.ts';
import { lastPosition } from './replays.ts';
import { codeOf, masterKey, openIn, type Rows, rightOf, stores, type World } from './world.ts';

const other = uuid(7);
const b = at(maternity, 'b');
const all = { view: 'overview', tab: 'all' } as const;
const units = { view: 'units', mine: true } as const;

type ToPurge = World & { readonly position: string };

/** A library with two programs, one of which may be purged; and the position where both were ongoing. */
const aWorldToPurge = async (kind: (typeof stores)[number]): Promise<ToPurge> => {
  const world = await aStartedProgram(kind);
  await start(world, amning, tolvan, { programId: other });
  const position = await lastPosition(world);
  await end(world, theProgram);
  return { ...world, position };
};

/** A replay from before the end. */
const aReplay = async ({ folja, position }: Pick<ToPurge, 'folja' | 'position'>): Promise<Replay> => {
  const replay = await folja.replay({ until: { position } }, auditor);
  expect((rightOf(await replay.view(all, b), 'all') as Rows).rows).toHaveLength(2);
  return replay;
};

const asideIn = ({ directory }: World): readonly string[] =>
  readdirSync(directory).filter((name) => name.includes('.replay-'));

describe.each(stores)('a purge %s', (kind) => {
  test('P12 R246 I21 closes every replay that is open, of whatever it shows, and nothing of what is purged is in another', async () => {
    const world = await aWorldToPurge(kind);
    const { position } = world;
    const [first, second] = [await aReplay(world), await aReplay(world)];
    await purge(world, theProgram);
    for (const { view } of [first, second])
      for (const query of [all, units, { view: 'program', programId: other }])
        expect(codeOf(await view(query, b))).toBe('replay-closed');
    const replay = await world.folja.replay({ until: { position } }, auditor);
    expect((rightOf(await replay.view(all, b), 'all') as Rows).rows).toMatchObject([{ programId: other }]);
    expect(codeOf(await replay.view({ view: 'program', programId: theProgram }, b))).toBe('program-purged');
    await replay.close();
  });

  test('P12 closes a replay that is being opened', async () => {
    const world = await aWorldToPurge(kind);
    let purging: Promise<unknown> | undefined;
    const onProgress = (): void => {
      purging ??= purge(world, theProgram);
    };
    const position = await lastPosition(world);
    const replay = await world.folja
      .replay({ until: { position }, onProgress }, auditor)
      .catch(({ problem }) => problem);
    expect(purging).toBeDefined();
    await purging;
    const code = 'view' in replay ? codeOf(await replay.view(all, b)) : replay.code;
    expect(code).toBe('replay-closed');
  });
});

describe('the files of a replay', () => {
  test('P12 lie beside the store, for their owner only, hold nothing in clear, and go when it is closed', async () => {
    const world = await aWorldToPurge('in SQLite');
    expect(asideIn(world)).toEqual([]);
    const replay = await aReplay(world);
    const [file = '', ...others] = asideIn(world);
    expect(others).toEqual([]);
    expect(file).toMatch(/^unit[.]db[.]replay-[0-9a-f-]{36}$/);
    expect(statSync(join(world.directory, file)).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(join(world.directory, file));
    for (const text of [tolvan.name, tolvan.personalNumber]) expect(bytes.includes(text)).toBe(false);
    expect(bytes.includes(theProgram)).toBe(true);
    await replay.close();
    expect(asideIn(world)).toEqual([]);
    await aReplay(world);
    expect(asideIn(world)).toHaveLength(1);
    await world.close();
    expect(asideIn(world)).toEqual([]);
  });

  test('P12 have no row of what is purged', async () => {
    const world = await aWorldToPurge('in SQLite');
    const position = await lastPosition(world);
    await purge(world, theProgram);
    await world.folja.replay({ until: { position } }, auditor);
    const [file = ''] = asideIn(world);
    const bytes = readFileSync(join(world.directory, file));
    expect([bytes.includes(other), bytes.includes(theProgram)]).toEqual([true, false]);
  });

  test('P12 of another library are gone when one purges, and it answers no more', async () => {
    const world = await aWorldToPurge('in SQLite');
    const there = await openIn(world.directory, { clock: world.clock });
    const replay = await aReplay({ ...world, ...there });
    expect(asideIn(world)).toHaveLength(1);
    await purge(world, theProgram);
    expect(asideIn(world)).toEqual([]);
    expect(codeOf(await replay.view(all, b))).toBe('replay-closed');
  });
});

type Process = {
  readonly child: ChildProcessWithoutNullStreams;
  /** Sends a line, and gives what is said to it. */
  readonly says: (line: string) => Promise<unknown>;
};

/** A process of its own with an open replay. */
const aProcess = async ({ directory }: World): Promise<Process> => {
  const given = {
    ...{ path: join(directory, 'unit.db'), key: Buffer.from(masterKey).toString('hex') },
    ...{ query: JSON.stringify(units), actor: JSON.stringify(b) },
  };
  const script = fileURLToPath(new URL('./replayingProcess.ts', import.meta.url));
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(process.execPath, [script, ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
  expect(await next()).toBe('open');
  return {
    child,
    says: (line) => {
      child.stdin.write(`${line}\n`);
      return next();
    },
  };
};

describe('a replay in another process', () => {
  test('P12 is closed by a purge here; one that is killed leaves a file until the next opening, which leaves those of the living', async () => {
    const world = await aWorldToPurge('in SQLite');
    const { child, says } = await aProcess(world);
    expect(await says('ask')).toMatchObject({ right: {} });
    expect(asideIn(world)).toHaveLength(1);
    await purge(world, theProgram);
    expect(asideIn(world)).toEqual([]);
    expect(await says('ask')).toMatchObject({ left: { kind: 'refused', code: 'replay-closed' } });

    const living = await world.folja.replay({ until: { position: '1' } }, auditor);
    const [kept] = asideIn(world);
    expect(await says('open')).toBe('open');
    child.kill('SIGKILL');
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect(asideIn(world)).toHaveLength(2);
    await openIn(world.directory, { clock: world.clock });
    expect(asideIn(world)).toEqual([kept]);
    expect(codeOf(await living.view(units, b))).toBe('done');
  });
});
