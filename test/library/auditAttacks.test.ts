import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { emptyFrontier, grow } from '../../src/audit/merkle.ts';
import { growTree, prepareTree } from '../../src/audit/tree.ts';
import { canonicalJson, leafDigest } from '../../src/eventStore/codec.ts';
import { tally } from '../audit/attacks.ts';
import { aStartedProgram } from './given.ts';
import { at, maternity } from './people.ts';
import { aDirectory, openIn, type World } from './world.ts';

/** What somebody does who can write the file, at a position of the log. */
const attacks: Readonly<Record<string, (db: Database, position: number) => void>> = {
  'changed instant': (db, position) => change(db, position, (body) => ({ ...body, at: '2026-03-01T08:00:00.000Z' })),
  'changed actor': (db, position) =>
    change(db, position, (body) => ({ ...body, by: { kind: 'system', process: 'clock' } })),
  'changed policy': (db, position) => change(db, position, (body) => ({ ...body, policy: 'forged' })),
  deletion: (db, position) => {
    db.prepare('DELETE FROM flesh WHERE position = ?').run(position);
    db.prepare('DELETE FROM events WHERE position = ?').run(position);
  },
  swap: (db, position) => {
    const rows = db
      .prepare('SELECT body, digest FROM events WHERE position IN (?, ?)')
      .all(position, position + 1) as Row[];
    const write = db.prepare('UPDATE events SET body = ?, digest = ? WHERE position = ?');
    write.run(rows[1]?.body, rows[1]?.digest, position);
    write.run(rows[0]?.body, rows[0]?.digest, position + 1);
  },
  duplicate: (db, position) =>
    void db
      .prepare(
        `INSERT INTO events (stream, revision, id, body, digest)
          SELECT stream, (SELECT max(revision) + 1 FROM events other WHERE other.stream = e.stream), randomblob(16), body, digest
          FROM events e WHERE position = ?`,
      )
      .run(position),
  truncation: (db, position) => {
    db.prepare('DELETE FROM flesh WHERE position > ?').run(position);
    db.prepare('DELETE FROM events WHERE position > ?').run(position);
  },
};
type Row = { readonly body: string; readonly digest: Buffer };

const change = (db: Database, position: number, how: (body: Record<string, unknown>) => object): void => {
  const body = db.prepare<[number], string>('SELECT body FROM events WHERE position = ?').pluck().get(position) ?? '{}';
  db.prepare('UPDATE events SET body = ? WHERE position = ?').run(canonicalJson(how(JSON.parse(body))), position);
};

/** Covers the traces: digests, tiles and frontier fit the events, and the read models are made anew. */
const cover = (db: Database): void => {
  const rows = db.prepare('SELECT position, body FROM events ORDER BY position').all() as {
    position: number;
    body: string;
  }[];
  const write = db.prepare('UPDATE events SET digest = ? WHERE position = ?');
  for (const { position, body } of rows) write.run(leafDigest(body), position);
  db.exec('DROP TABLE audit_tiles; DROP TABLE audit_frontier');
  prepareTree(db);
  growTree(
    db,
    [{ position: 1 } as never],
    rows.map(({ body }) => leafDigest(body)),
  );
  db.exec('UPDATE projections SET version = 0');
};

/** Takes the guards away, attacks, and puts them back: without them the file would not be opened. */
const attacked = (directory: string, attack: (db: Database) => void): void => {
  const db = new Sqlite(join(directory, 'unit.db'));
  db.pragma('foreign_keys = off');
  type Trigger = { readonly name: string; readonly sql: string };
  const triggers = db.prepare<[], Trigger>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  db.transaction(() => attack(db)).immediate();
  for (const { sql } of triggers) db.exec(sql);
  db.close();
};

/** A store with a program, and entries of its log at the end. */
const aLog = async (): Promise<{ readonly directory: string; readonly length: number }> => {
  const world = await aStartedProgram('in SQLite');
  for (let number = 0; number < 12; number += 1) await world.sees({ view: 'units' }, at(maternity, 'b'));
  const { length } = await world.events();
  await world.close();
  return { directory: world.directory, length };
};

const copyOf = (directory: string): string => {
  const copy = aDirectory();
  cpSync(directory, copy, { recursive: true });
  return copy;
};

/** How an attack is found: at open, or by what `verify` says. */
const foundIn = async (directory: string): Promise<'at open' | 'by verify' | 'not'> => {
  const world: World | undefined = await openIn(directory).catch(() => undefined);
  if (world === undefined) return 'at open';
  const { ok, problems } = await world.folja.audit.verify();
  await world.close();
  expect(ok).toBe(problems.length === 0);
  return ok ? 'not' : 'by verify';
};

describe('a real file that somebody has changed', () => {
  test('P11 P15 A-tests: is found at open or by verify, with traces left and with traces covered', async () => {
    const { directory, length } = await aLog();
    const counts = tally();
    const kinds = Object.entries(attacks);
    for (let turn = 0; turn < 4 * kinds.length; turn += 1) {
      const [kind, attack] = kinds[turn % kinds.length] as (typeof kinds)[number];
      const position = 1 + ((turn * 17) % (length - 2));
      const copy = copyOf(directory);
      attacked(copy, (db) => {
        attack(db, position);
        if (turn % 2 === 1) cover(db);
      });
      const found = await foundIn(copy);
      counts.count(`${turn % 2 === 1 ? 'covered' : 'plain'} ${kind} (${found})`, found !== 'not');
    }
    process.stdout.write(counts.text('changed files'));
    expect(counts.sum()).toEqual({ tried: 4 * kinds.length, found: 4 * kinds.length });
  });

  test('P11 P15 is found by verify while the library has it open', async () => {
    const { directory, length } = await aLog();
    for (const [kind, attack] of Object.entries(attacks).filter((_, index) => index % 3 === 0)) {
      const copy = copyOf(directory);
      const world = await openIn(copy);
      attacked(copy, (db) => attack(db, length - 3));
      const { ok, problems } = await world.folja.audit.verify();
      expect([kind, ok, problems.length > 0]).toEqual([kind, false, true]);
    }
  });

  test('A-tests: is not found with traces covered and all anchors gone (control)', async () => {
    const { directory, length } = await aLog();
    const copy = copyOf(directory);
    attacked(copy, (db) => {
      attacks['changed instant']?.(db, length - 2);
      cover(db);
    });
    rmSync(join(copy, 'unit.anchors'), { recursive: true });
    expect(await foundIn(copy)).toBe('not');
  });

  test('P11 is told to lack an entry, to have one too many, or another one, in the read model of the log', async () => {
    const { directory } = await aLog();
    const world = await openIn(directory);
    await world.log();
    const damage = [
      ['UPDATE audit_entries SET actor = ? WHERE seq = 9', 9],
      ['DELETE FROM audit_entries WHERE seq = 12 AND actor != ?', 12],
      ['UPDATE audit_entry_programs SET owner = ? WHERE seq = (SELECT MIN(seq) FROM audit_entry_programs)', undefined],
      [
        'UPDATE audit_entry_programs SET used = 1 - used WHERE owner <> ? AND seq = (SELECT MAX(seq) FROM audit_entry_programs)',
        undefined,
      ],
    ] as const;
    for (const [sql] of damage) expect(world.engine.readModels.prepare(sql).run('SE2321000131-forged').changes).toBe(1);
    const { problems } = await world.folja.audit.verify();
    expect(problems.map(({ kind }) => kind)).toEqual(['entry', 'entry', 'entry', 'entry']);
    expect(problems.slice(0, 2).map(({ seq }) => seq)).toEqual([9, 12]);
    await world.folja.rebuild();
    expect((await world.folja.audit.verify()).problems).toEqual([]);
  });

  test('P11 is told to have lost sealed bytes where nothing was purged, and tiles and frontier that do not fit', async () => {
    const { directory, length } = await aLog();
    const world = await openIn(directory);
    const db = world.engine.readModels;
    const position = db.prepare('SELECT max(position) FROM flesh WHERE sealed IS NOT NULL').pluck().get() as number;
    db.prepare('DELETE FROM flesh WHERE position = ?').run(position);
    db.prepare("INSERT INTO audit_tiles (level, number, root) VALUES (1, 7, x'00')").run();
    db.prepare('UPDATE audit_frontier SET peaks = ?').run(
      Buffer.concat(
        grow(
          emptyFrontier,
          Array.from({ length }, () => Buffer.alloc(32)),
        ).peaks,
      ),
    );
    const { problems } = await world.folja.audit.verify();
    expect(problems.map(({ kind }) => kind).sort()).toEqual(['flesh-missing', 'frontier', 'tile']);
  });
});
