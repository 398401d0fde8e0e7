import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directoryAnchors } from '../../src/audit/directoryAnchors.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { aStartedProgram, publishTemplates, theProgram, uuid, write } from './given.ts';
import { aClock, aDay, aDirectory, aMinute, aWorld, masterKey, open, openIn } from './world.ts';

const child = join(import.meta.dirname, 'acknowledgingProcess.ts');
const key = Buffer.from(masterKey).toString('hex');

/** A store whose process was killed after its commands were acknowledged: its write-ahead log holds them. */
const killed = mkdtempSync(join(tmpdir(), 'folja-killed-'));
afterAll(() => rmSync(killed, { recursive: true, force: true }));
let acknowledged = 0;

beforeAll(async () => {
  const given = ['--path', join(killed, 'unit.db'), '--key', key];
  const writer = spawn(process.execPath, ['--no-warnings', child, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(writer.stdout, 'data')) as [Buffer];
  writer.kill('SIGKILL');
  expect(await once(writer, 'close')).toEqual([null, 'SIGKILL']);
  acknowledged = Number(said.toString());
  expect(acknowledged).toBe(2);
  expect(statSync(join(killed, 'unit.db-wal')).size).toBeGreaterThan(0);
});

const copied = (directory: string): string => {
  const copy = aDirectory();
  cpSync(directory, copy, { recursive: true });
  return copy;
};

const remove = (directory: string, ...names: readonly string[]): void => {
  for (const name of names) rmSync(join(directory, name), { recursive: true, force: true });
};

const accepting = (directory: string) =>
  open(sqliteStore({ path: join(directory, 'unit.db'), acceptOlder: true }), directory);

const older = /holds \d+ events and its anchors vouch for \d+: .*acceptOlder/;
const altered = /not the log that its anchors vouch for.*acceptOlder/;

describe('a store whose process was killed', () => {
  test('P2 P11 F10 is opened when nothing is lost, and when only its -shm file is', async () => {
    const [whole, withoutShm] = [copied(killed), copied(killed)];
    remove(withoutShm, 'unit.db-shm');
    for (const place of [whole, withoutShm]) {
      const world = await openIn(place);
      expect((await world.events()).length).toBe(acknowledged);
      expect((await world.folja.audit.verify()).problems).toEqual([]);
    }
  });

  test('P11 F10 is not opened when its write-ahead log is gone, and the sentence says what to do', async () => {
    const directory = copied(killed);
    remove(directory, 'unit.db-wal', 'unit.db-shm');
    await expect(openIn(directory)).rejects.toThrow(older);
    await expect(openIn(directory)).rejects.toThrow(older);
  });

  test('F10 is opened without a word when its anchors are gone as well (control)', async () => {
    const directory = copied(killed);
    remove(directory, 'unit.db-wal', 'unit.db-shm', 'unit.anchors');
    const world = await openIn(directory);
    expect((await world.events()).length).toBeLessThan(acknowledged);
    expect((await world.folja.audit.verify()).ok).toBe(true);
  });
});

/** A store in a directory, with a copy of its files from before the last command. */
const withOlderCopy = async (): Promise<{ readonly directory: string; readonly before: string }> => {
  const world = await aStartedProgram('in SQLite');
  await world.close();
  const before = copied(world.directory);
  const again = await openIn(world.directory);
  await write(again, theProgram, uuid(90));
  await again.close();
  return { directory: world.directory, before };
};

const putBack = (from: string, to: string): void => {
  for (const name of ['unit.db', 'unit.keys.db']) cpSync(join(from, name), join(to, name));
  remove(to, 'unit.db-wal', 'unit.db-shm');
};

describe('an older copy that was put back', () => {
  test('P11 F10 is not opened, whether the anchor tells or only a signed head; and is, where neither is there (control)', async () => {
    const { directory, before } = await withOlderCopy();
    putBack(before, directory);
    await expect(openIn(directory)).rejects.toThrow(older);
    remove(directory, 'unit.anchors/latest');
    await expect(openIn(directory)).rejects.toThrow(older);
    remove(directory, 'unit.anchors/heads.jsonl');
    await (await openIn(directory)).close();
  });

  test('P11 is gone on with where it is accepted, which becomes an entry, and the anchors are set aside', async () => {
    const { directory, before } = await withOlderCopy();
    putBack(before, directory);
    const lost = directoryAnchors(join(directory, 'unit.anchors')).latest();
    const world = await accepting(directory);
    const entries = (await world.events()).flatMap(({ type, data }) => (type === 'operated' ? [data] : []));
    expect(entries).toEqual([{ what: 'accept-restored', ...lost }]);
    const kept = readdirSync(join(directory, 'unit.anchors'));
    expect(kept).toEqual(expect.arrayContaining([expect.stringMatching(/^2026-.*\.latest$/)]));
    expect(kept).toEqual(expect.arrayContaining([expect.stringMatching(/^2026-.*\.heads\.jsonl$/)]));
    await write(world, theProgram, uuid(91));
    expect((await world.folja.audit.verify()).problems).toEqual([]);
    await world.close();
    await (await openIn(directory)).close();
  });

  test('P11 that was worked on is another log, and is not opened beside the anchors of the first', async () => {
    const { directory, before } = await withOlderCopy();
    const forked = await openIn(before);
    for (let number = 0; number < 9; number += 1) await write(forked, theProgram, uuid(92 + number));
    await forked.close();
    putBack(before, directory);
    await expect(openIn(directory)).rejects.toThrow(altered);
  });

  test('P11 and a store that is made anew where one was lost, are not taken for the one before', async () => {
    const { directory } = await withOlderCopy();
    remove(directory, 'unit.db', 'unit.keys.db', 'unit.keys.db-journal');
    await expect(openIn(directory)).rejects.toThrow(older);
  });
});

describe('anchors', () => {
  test('P11 are handed to the host after each commit, as the log is then', async () => {
    const heads: { readonly length: number; readonly root: string }[] = [];
    const world = await aWorld('in SQLite', { anchor: (head) => heads.push(head) });
    await publishTemplates(world);
    const told = heads.length;
    expect(heads.at(-1)).toEqual(world.engine.anchors.latest());
    expect(heads.at(-1)?.length).toBe((await world.events()).length);
    const head = await world.folja.audit.head();
    expect({ length: head.length, root: head.root }).toEqual(heads[told - 1]);
  });

  test('P11 that cannot be kept stop no command, and are spoken of once', async () => {
    const said: string[] = [];
    const fail = (): never => {
      throw new Error('191212121212');
    };
    const world = await aWorld('in memory', { anchor: fail, logger: { warn: (message) => said.push(message) } });
    await publishTemplates(world);
    expect(said).toEqual(['A head of the log could not be kept in its place: look at where anchors go.']);
  });

  test('P15 lie where they are told to, and nothing beside the events', async () => {
    const [directory, elsewhere] = [aDirectory(), aDirectory()];
    const anchorPath = join(elsewhere, 'anchors');
    const world = await open(sqliteStore({ path: join(directory, 'unit.db'), anchorPath }), directory);
    await publishTemplates(world);
    await world.close();
    expect(existsSync(join(directory, 'unit.anchors'))).toBe(false);
    expect(readdirSync(anchorPath).sort()).toEqual(['heads.jsonl', 'latest', 'public-key.pem']);
  });
});

describe('a head is signed by itself', () => {
  test('P15 when a minute of the log has passed, when it has grown by a thousand, and at close; without an entry', async () => {
    const clock = aClock();
    const world = await aStartedProgram('in memory', { clock });
    const { anchors, events } = world.engine;
    const signed = (): readonly number[] => anchors.heads().map(({ length }) => length);
    await world.sees(
      { view: 'my-programs' },
      { kind: 'resident', personalNumber: '191212121212', authentication: { method: 'bankid', assurance: 3 } },
    );
    expect(signed()).toEqual([]);
    clock.later(aMinute);
    await write(world, theProgram, uuid(90));
    await expect.poll(signed).toHaveLength(1);
    await write(world, theProgram, uuid(91));
    expect(signed()).toHaveLength(1);
    const [event] = (await world.events()).slice(-1);
    if (event === undefined) throw new Error('there are events');
    const { stream: _stream, revision: _revision, position: _position, sealedDigest: _digest, ...plain } = event;
    const many = Array.from({ length: 1_000 }, (_, index) => ({
      ...plain,
      id: uuid(100_000 + index),
      type: 'viewed',
      data: { what: 'units', programs: [], asOf: 0 },
    }));
    await events.append('access-many', 'any', many)();
    await expect.poll(signed).toHaveLength(2);
    clock.later(aDay);
    expect(signed()).toHaveLength(2);
    await write(world, theProgram, uuid(92));
    await write(world, theProgram, uuid(93));
    const length = (await world.events()).length;
    expect((await world.events()).filter(({ type }) => type === 'operated')).toEqual([]);
    await world.close();
    expect(signed().at(-1)).toBe(length);
  });
});
