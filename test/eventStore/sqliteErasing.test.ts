import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { EventStore } from '../../src/eventStore/eventStore.ts';
import { aDirectory, right } from './builders.ts';
import { aFencedProgram, sealedUnder } from './contractErasing.ts';
import { anEvent } from './events.ts';
import { openAt } from './sqliteBuilders.ts';

const seed = Number(process.env.FOLJA_SEED ?? 1177);

/** Random numbers that a seed gives again. */
const randomFrom = (start: number) => {
  let state = start;
  return (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const occurrences = (path: string, needle: Uint8Array): number => {
  const file = readFileSync(path);
  let count = 0;
  for (let at = file.indexOf(needle); at >= 0; at = file.indexOf(needle, at + 1)) count += 1;
  return count;
};
const envelope = (keyId: string): Buffer => Buffer.from(`01${keyId}`, 'hex');
const streamOf = (program: number): string => `program-${program}`;
const keyOf = (program: number): string => String(program).padStart(32, 'c3'.repeat(16));

/** Two hundred programs whose events lie among one another, as they do in life. */
const aCrowd = async (events: EventStore): Promise<void> => {
  const random = randomFrom(seed);
  const heads = Array.from({ length: 200 }, () => -1);
  for (let round = 0; round < 30; round += 1) {
    const appends = Array.from({ length: 64 }, () => {
      const program = random(200);
      const head = heads[program] ?? -1;
      heads[program] = head + 1;
      const event = sealedUnder(keyOf(program), randomBytes(28 + random(400)));
      return events.append(streamOf(program), head === -1 ? 'no-stream' : head, [event])();
    });
    await Promise.all(appends);
  }
};

/** The crowd in a file of its own, opened. What is erased of it need not outlive a loss of power here, so nothing waits for the disk. */
const openCrowd = async () => {
  const path = join(aDirectory(), 'unit.db');
  const opened = await openAt(path);
  opened.engine.readModels.pragma('synchronous = OFF');
  await aCrowd(opened.engine.events);
  return { path, ...opened };
};

/** Takes away what lies beside the log of one program after the other; how many copies are left of them in the file. */
const copiesLeft = async (
  path: string,
  programs: number,
  erase: (stream: string) => Promise<void>,
): Promise<number> => {
  let left = 0;
  for (let program = 0; program < programs; program += 1) {
    await erase(streamOf((program * 37) % 200));
    left += occurrences(path, envelope(keyOf((program * 37) % 200)));
  }
  return left;
};

const rowsOfFlesh = (db: Database): ReadonlyMap<string, readonly unknown[]> => {
  const rows = db
    .prepare<[], { stream: string }>(
      'SELECT r.stream, f.* FROM flesh f JOIN event_rows r ON r.position = f.position ORDER BY f.position',
    )
    .all();
  return Map.groupBy(rows, ({ stream }) => stream);
};

describe(`two hundred programs in one file, of seed ${seed}`, () => {
  test('P12 R242 E7 leave no copy behind when they are erased, and the rows of the others as they were', async () => {
    const { path, engine, close } = await openCrowd();
    const before = rowsOfFlesh(engine.readModels);
    const left = await copiesLeft(path, 60, async (stream) => {
      await right(engine.events.eraseFlesh(stream));
      expect(await right(engine.events.scrub())).toBe(true);
    });
    expect(left).toBe(0);
    const [after, erased] = [rowsOfFlesh(engine.readModels), new Set<string>()];
    for (let program = 0; program < 60; program += 1) erased.add(streamOf((program * 37) % 200));
    for (const [stream, rows] of before) if (!erased.has(stream)) expect(after.get(stream)).toEqual(rows);
    expect(before.size - erased.size).toBe(140);
    await close();
  });

  test('P12 control: would leave copies if their rows were deleted, for SQLite moves those of others about', async () => {
    const path = join(aDirectory(), 'rows.db');
    const [db, random] = [new Sqlite(path), randomFrom(1177)];
    for (const setting of ['secure_delete = ON', 'synchronous = OFF', 'journal_mode = MEMORY']) db.pragma(setting);
    db.exec('CREATE TABLE flesh (position INTEGER PRIMARY KEY, stream TEXT, sealed BLOB) STRICT');
    const insert = db.prepare('INSERT INTO flesh (stream, sealed) VALUES (?, ?)');
    const fill = db.transaction(() => {
      for (let row = 0; row < 4_000; row += 1) {
        const program = random(200);
        insert.run(streamOf(program), Buffer.concat([envelope(keyOf(program)), randomBytes(28 + random(400))]));
      }
    });
    fill();
    const remove = db.prepare('DELETE FROM flesh WHERE stream = ?');
    expect(await copiesLeft(path, 190, async (stream) => void remove.run(stream))).toBeGreaterThan(0);
    db.close();
  });
});

describe('the self-scan of a file', () => {
  test('P12 R242 control: finds what is left when freed bytes are not overwritten, here and after a restart', async () => {
    const opened = await openAt(join(aDirectory(), 'unit.db'));
    const { events, readModels } = opened.engine;
    const keyId = await aFencedProgram(events, 'program-a');
    await right(events.scrub());
    readModels.pragma('secure_delete = OFF');
    await right(events.eraseFlesh('program-a'));
    await right(events.scrub());
    expect(await right(events.sealedParts([1, 2, 4]))).toEqual(new Map());
    const found = await right(events.remnants({ stream: 'program-a', keyId }));
    expect(found).toBeGreaterThan(0);
    const again = await opened.reopen?.();
    expect(await right((again ?? opened).engine.events.remnants({ stream: 'program-a', keyId }))).toBe(found);
    await again?.close();
  });

  test('P12 reads the pages that the erasure touched, and the whole file where it cannot know them', async () => {
    const opened = await openAt(join(aDirectory(), 'unit.db'));
    const { events, readModels } = opened.engine;
    const erasure = { stream: 'program-a', keyId: await aFencedProgram(events, 'program-a') };
    readModels.exec('CREATE TABLE planted (bytes BLOB) STRICT');
    readModels.prepare('INSERT INTO planted (bytes) VALUES (?)').run(envelope(erasure.keyId));
    await right(events.scrub());
    await right(events.append('program-b', 'any', [anEvent()]));
    await right(events.eraseFlesh('program-a'));
    await right(events.scrub());
    expect(await right(events.remnants(erasure))).toBe(0);
    const again = await opened.reopen?.();
    expect(await right((again ?? opened).engine.events.remnants(erasure))).toBe(1);
    await again?.close();
  });

  test('P12 R242 overwrites the pages into which a long part runs over', async () => {
    const path = join(aDirectory(), 'unit.db');
    const { engine, close } = await openAt(path);
    const [keyId, middle] = ['ab'.repeat(16), randomBytes(16)];
    const long = Buffer.concat([randomBytes(40_000), middle, randomBytes(40_000)]);
    await right(engine.events.append('program-a', 'any', [sealedUnder(keyId, long)]));
    await right(engine.events.scrub());
    expect(occurrences(path, middle)).toBe(1);
    await right(engine.events.eraseFlesh('program-a'));
    await right(engine.events.scrub());
    expect(occurrences(path, middle)).toBe(0);
    await close();
  });

  test('P12 looks into the write-ahead log as well', async () => {
    const { engine, close } = await openAt(join(aDirectory(), 'unit.db'));
    const keyId = await aFencedProgram(engine.events, 'program-a');
    await right(engine.events.eraseFlesh('program-a'));
    expect(await right(engine.events.remnants({ stream: 'program-a', keyId }))).toBeGreaterThan(0);
    await right(engine.events.scrub());
    expect(await right(engine.events.remnants({ stream: 'program-a', keyId }))).toBe(0);
    await close();
  });
});

const tagOf = (text: string): Buffer => Buffer.concat([Buffer.alloc(16, 5), Buffer.from(text.padEnd(32, '.'))]);

/** A file in whose index of tags a copy of a living one lies where another was: another program than Folja wrote it, without overwriting. */
const withStaleTag = async (path: string) => {
  const opened = await openAt(path);
  const { events } = opened.engine;
  const [first, second] = [tagOf('b'), tagOf('c')];
  await right(events.append('program-b', 'any', [anEvent({ flesh: { tag: first } })]));
  await right(events.append('program-c', 'any', [anEvent({ flesh: { tag: second } })]));
  await right(events.append('program-c', 0, [anEvent({ type: 'purged' })], { erasure: { keyId: '9'.repeat(32) } }));
  const other = new Sqlite(path);
  other.pragma('secure_delete = OFF');
  other.exec('UPDATE flesh SET tag = NULL WHERE position <= 2');
  other.prepare('UPDATE flesh SET tag = ? WHERE position = 2').run(second);
  other.close();
  return { ...opened, second };
};

describe('the index of tags', () => {
  test('P12 R242 is made anew when a copy of an erased tag is found in it', async () => {
    const path = join(aDirectory(), 'unit.db');
    const { engine, close, second } = await withStaleTag(path);
    const { events } = engine;
    const erasure = { stream: 'program-c', keyId: '9'.repeat(32) };
    await right(events.eraseFlesh('program-c'));
    await right(events.scrub());
    expect(occurrences(path, second)).toBeGreaterThan(0);
    expect(await right(events.remnants(erasure))).toBeGreaterThan(0);
    await right(events.eraseFlesh('program-c'));
    await right(events.scrub());
    expect(await right(events.remnants(erasure))).toBe(0);
    expect(occurrences(path, second)).toBe(0);
    await close();
  });

  test('P12 R242 is made anew when a process finishes what another had begun to erase', async () => {
    const path = join(aDirectory(), 'unit.db');
    const { engine, reopen, second } = await withStaleTag(path);
    await right(engine.events.append('program-c', 'any', [sealedUnder('9'.repeat(32))]));
    await right(engine.events.eraseFlesh('program-c'));
    const again = await reopen?.();
    expect(occurrences(path, second)).toBeGreaterThan(0);
    await right((again?.engine ?? engine).events.eraseFlesh('program-c'));
    await again?.close();
    expect(occurrences(path, second)).toBe(0);
  });
});
