import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { directoryAnchorsRead } from '../../src/audit/directoryAnchors.ts';
import { fromStored, leafDigest } from '../../src/eventStore/codec.ts';
import type { StoredEvent } from '../../src/eventStore/eventStore.ts';
import { readEvent } from '../../src/eventStore/shapes.ts';
import { aStartedProgram, end, theProgram, uuid } from '../library/given.ts';
import { at, idAt, maternity } from '../library/people.ts';
import { aDirectory, codeOf, openIn, type World } from '../library/world.ts';
import { expectProblem } from './judging.ts';
import { expectEither, expectTyped, type Outcome, outcomeOf, tryAll } from './trying.ts';
import { type Make, nearly, parsable } from './values.ts';

const b = at(maternity, 'b');
const overview = { view: 'overview', tab: 'mine' };

/** Text as somebody who can write the files may leave it: of a hostile value, or no JSON at all. */
const written = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? 'undefined';
  } catch {
    return '['.repeat(100_000) + ']'.repeat(100_000);
  }
};

const texts = (right: readonly unknown[]): fc.Arbitrary<Make> =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }).map((text) => () => text),
    fc
      .constantFrom(...right)
      .chain((one) => nearly(one, parsable))
      .map((make) => () => written(make())),
    parsable.map((make) => () => written(make())),
  );

const expectEvent = (outcome: Outcome): void => {
  expect(outcome).toHaveProperty('answered');
  const { answered } = outcome as { readonly answered: E.Either<unknown, unknown> };
  if (E.isLeft(answered)) expectProblem(answered.left);
};

describe('a stored event that somebody else has written', () => {
  test('P4 is read in a shape of the library, or damaged', async () => {
    const events = await (await aStartedProgram('in memory')).events();
    const right = events.map(({ position, ...event }) => event);
    const readBack = (body: unknown) =>
      E.flatMap((event: StoredEvent) => readEvent(event))(fromStored(body as string, leafDigest(body as string), 7));
    await tryAll(texts(right), readBack, expectEvent);
  });

  test('P4 is in no view, and no view is anything but an answer or a problem, where its digest is right too', async () => {
    const world = await aStartedProgram('in SQLite');
    const right = (await world.events()).filter(({ stream }) => stream.startsWith('program-'));
    await world.close();
    const file = new Sqlite(join(world.directory, 'unit.db'));
    const newest = file.prepare("SELECT * FROM events WHERE body LIKE '%conversation-started%' LIMIT 1");
    const last = newest.get() as Row;
    file.close();
    const forge = async (body: unknown): Promise<unknown> => {
      const put = (text: unknown, digest: Buffer): void =>
        unguarded(world.directory, (file) => {
          file.prepare('UPDATE events SET body = ?, digest = ? WHERE position = ?').run(text, digest, last.position);
        });
      put(body, leafDigest(body as string));
      const outcome = await outcomeOf(() => askAll(world.directory));
      put(last.body, last.digest);
      if ('thrown' in outcome) throw outcome.thrown;
      return outcome.answered;
    };
    const withoutPosition = right.map(({ position, ...event }) => event);
    await tryAll(texts(withoutPosition), forge, expectTyped, 40);
    expect(await askAll(world.directory)).toBe('done');
  });
});

/** Whoever has the disk has the guards that lie on it as well: takes them off, and puts them back. */
const unguarded = (directory: string, work: (file: Sqlite.Database) => void): void => {
  const file = new Sqlite(join(directory, 'unit.db'));
  const triggers = file.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all() as Trigger[];
  for (const { name } of triggers) file.exec(`DROP TRIGGER "${name}"`);
  work(file);
  for (const { sql } of triggers) file.exec(sql);
  file.close();
};

type Trigger = { readonly name: string; readonly sql: string };
type Row = { readonly position: number; readonly body: string; readonly digest: Buffer };

/** Opens, asks, verifies and acts; gives what the view came to. */
const askAll = async (directory: string): Promise<string> => {
  const { folja, close } = await openIn(directory);
  try {
    const seen = await folja.view(overview, b);
    expectEither({ answered: seen });
    expectEither({ answered: await folja.view({ view: 'timeline', programId: theProgram }, b) });
    const text = { programId: theProgram, text: 'Hej' };
    expectEither({ answered: await folja.execute({ type: 'change-welcome-text', data: text }, b) });
    await folja.audit.verify();
    await folja.tick();
    return codeOf(seen);
  } finally {
    await close();
  }
};

const head = {
  length: 1,
  root: 'ab'.repeat(32),
  origin: theProgram,
  at: '2026-03-02T08:00:00.000Z',
  signature: 'AA==',
};
const entry = { stream: `program-${theProgram}`, keyId: 'ab'.repeat(16), purged: { id: uuid(1), type: 'purged' } };
const names = ['latest', 'heads.jsonl', 'erasures.jsonl', 'public-key.pem'];

describe('anchors that somebody else has written', () => {
  test('P6 are read as far as they are anchors', async () => {
    const directory = aDirectory();
    const read = (value: unknown): unknown => {
      const [name, text] = value as readonly [string, string];
      writeFileSync(join(directory, name), `${text}\n`);
      const { latest, heads, ledger, publicKey } = directoryAnchorsRead(directory);
      return [latest(), heads(), heads(1), ledger(), ledger(3), publicKey()].length;
    };
    const files = fc.tuple(fc.constantFrom(...names), texts([head, entry])).map(([name, make]) => () => [name, make()]);
    await tryAll(files, read, (outcome) => expect(outcome).toEqual({ answered: 6 }));
  });

  test('P6 keep a library from opening with a sentence, or do nothing to it', async () => {
    const world = await aStartedProgram('in SQLite');
    await world.close();
    const anchors = join(world.directory, 'unit.anchors');
    const opening = async (value: unknown): Promise<string> => {
      const [name, text] = value as readonly [string, string];
      const kept = names.map((one) => [one, readOr(join(anchors, one))] as const);
      appendFileSync(join(anchors, name), `${text}\n`);
      try {
        return await askAll(world.directory);
      } finally {
        for (const [one, bytes] of kept) if (bytes !== undefined) writeFileSync(join(anchors, one), bytes);
      }
    };
    const files = fc.tuple(fc.constantFrom(...names), texts([head, entry])).map(([name, make]) => () => [name, make()]);
    await tryAll(files, opening, expectTyped, 30);
  });
});

const readOr = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
};

/** A program that was purged, and what its ledger says of it. */
const aLedger = async () => {
  const world = await aStartedProgram('in SQLite');
  const [started] = await world.events(`program-${theProgram}`);
  const { keyId } = (started as { readonly data: { readonly keyId: string } } & StoredEvent).data;
  const cause = { commandId: uuid(901), correlationId: uuid(901), causationId: uuid(901), command: 'purge-program' };
  const purged = {
    ...{ id: uuid(900), type: 'purged', at: '2026-03-02T08:00:00.000Z', data: { disposalDecision: 'RA-2026/1' } },
    ...{ by: { kind: 'system', process: 'operations' }, cause, policy: 'test-1' },
    ...{ stream: `program-${theProgram}`, revision: 9, position: 999 },
  };
  await end(world, theProgram);
  await world.close();
  const path = join(world.directory, 'unit.anchors', 'erasures.jsonl');
  return { world, purged, write: (line: object) => writeFileSync(path, `${JSON.stringify(line)}\n`), keyId };
};

const typesIn = async ({ events }: World): Promise<readonly string[]> => (await events()).map(({ type }) => type);

describe('a ledger of purges that somebody else has written', () => {
  test('P12 has a program purged again when it says so with the key of the program (control)', async () => {
    const { world, purged, write, keyId } = await aLedger();
    write({ stream: purged.stream, keyId, purged });
    expect(await typesIn(await openIn(world.directory))).toContain('purged');
  });

  test('P12 writes nothing else into the log: no role, no event of another stream, none with another key', async () => {
    const { world, purged, write, keyId } = await aLedger();
    const role = { unitId: maternity.unitId, hsaId: idAt(maternity, 'plain'), role: 'data-administrator' };
    const unit = `unit-${maternity.unitId}`;
    for (const line of [
      { stream: unit, keyId, purged: { ...purged, stream: unit, type: 'role-granted', data: role } },
      { stream: purged.stream, keyId, purged: { ...purged, stream: unit } },
      { stream: purged.stream, keyId, purged: { ...purged, type: 'handed-over', data: { unitId: 'SE1' } } },
      { stream: purged.stream, keyId, purged: { ...purged, data: { canary: 1 } } },
      { stream: purged.stream, keyId, purged: { ...purged, sealedDigest: 'ab' } },
      { stream: purged.stream, keyId: 'ab'.repeat(16), purged },
      { stream: purged.stream, keyId: '../keys', purged },
    ]) {
      write(line);
      const opened = await openIn(world.directory);
      const types = await typesIn(opened);
      expect(types.filter((type) => ['purged', 'handed-over'].includes(type))).toEqual([]);
      expect(codeOf(await opened.folja.view({ view: 'purge-list' }, at(maternity, 'plain')))).not.toBe('done');
      expect(codeOf(await opened.folja.view({ view: 'program', programId: theProgram }, b))).not.toBe('damaged');
      await opened.close();
    }
  });
});
