import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { filesIn } from '../erasure/scanning.ts';
import { aRegion, end, purge, start, theProgram, tobak, uuid } from './given.ts';
import { at, disa, maternity, resident, tolvan } from './people.ts';
import { openIn, type World } from './world.ts';

const inEvents = ({ directory }: World): Sqlite.Database => new Sqlite(join(directory, 'unit.db'), { readonly: true });
const inKeys = ({ directory }: World): Sqlite.Database =>
  new Sqlite(join(directory, 'unit.keys.db'), { readonly: true });

type FleshRow = { readonly sealed: Buffer | null; readonly mark: Buffer | null; readonly tag: Buffer | null };

const fleshOf = (world: World, programId: string): readonly FleshRow[] => {
  const db = inEvents(world);
  const rows = db
    .prepare<[string], FleshRow>(
      `SELECT f.sealed, f.mark, f.tag FROM flesh f JOIN event_rows r ON r.position = f.position
       WHERE r.stream = ? ORDER BY f.position`,
    )
    .all(`program-${programId}`);
  db.close();
  return rows;
};

const keyIdOf = async (world: World, programId: string): Promise<string> => {
  const [data] = (await world.events(`program-${programId}`)).map((event) => event.data);
  return (data as { readonly keyId: string }).keyId;
};
const keyRow = (world: World, keyId: string): { readonly wrapped: Buffer } | undefined => {
  const db = inKeys(world);
  const row = db
    .prepare<[Buffer], { wrapped: Buffer }>('SELECT * FROM keys WHERE id = ?')
    .get(Buffer.from(keyId, 'hex'));
  db.close();
  return row;
};

/** Every row of every table in which a program can be named, but the log's own and the year's. */
const rowsNaming = (world: World, programId: string): readonly string[] => {
  const db = inEvents(world);
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  const kept = ['events', 'streams', 'audit_subjects', 'purged_programs', 'audit_entry_programs', 'audit_owners'];
  const named = tables
    .filter((table) => !kept.includes(table))
    .filter((table) => JSON.stringify(db.prepare(`SELECT * FROM "${table}"`).all()).includes(programId));
  db.close();
  return named;
};

const bytesIn = (world: World, bytes: Buffer): readonly string[] =>
  filesIn(world.directory).filter((file) => readFileSync(file).includes(bytes));

describe('a purge', () => {
  const twoPrograms = async (): Promise<readonly [World, string]> => {
    const world = await aRegion('in SQLite');
    await start(world, tobak, tolvan, { programId: theProgram });
    const other = await start(world, tobak, disa, { programId: uuid(5) });
    const about = { programId: theProgram };
    await world.does('start-conversation', { ...about, subject: 'Hej', body: 'Hej' }, resident(tolvan));
    await world.does('change-welcome-text', { ...about, text: 'Hej' }, at(maternity, 'b'));
    await world.does('change-welcome-text', { programId: other, text: 'Hej' }, at(maternity, 'b'));
    await end(world, theProgram);
    return [world, other];
  };

  test('P12 R242 E3 destroys the care key and the flesh, down to the bytes of the files', async () => {
    const [world] = await twoPrograms();
    const keyId = await keyIdOf(world, theProgram);
    const wrapped = keyRow(world, keyId)?.wrapped as Buffer;
    const flesh = fleshOf(world, theProgram).flatMap((row) =>
      [row.sealed, row.mark, row.tag].filter((one) => one !== null),
    );
    expect(flesh.length).toBeGreaterThan(8);
    for (const bytes of [wrapped, ...flesh]) expect(bytesIn(world, bytes)).not.toEqual([]);
    expect((await purge(world, theProgram)).erasure).toBe('erased');
    expect(keyRow(world, keyId)).toBeUndefined();
    expect(fleshOf(world, theProgram).flatMap(({ sealed, mark, tag }) => [sealed, mark, tag].filter(Boolean))).toEqual(
      [],
    );
    for (const bytes of [wrapped, ...flesh]) expect(bytesIn(world, bytes)).toEqual([]);
  });

  test('R242 E4 leaves no row in any read model, before and after all are built anew', async () => {
    const [world] = await twoPrograms();
    expect(rowsNaming(world, theProgram)).toEqual(
      expect.arrayContaining(['programs', 'conversations', 'modules', 'duties']),
    );
    await purge(world, theProgram);
    expect(rowsNaming(world, theProgram)).toEqual([]);
    await world.folja.rebuild();
    expect(rowsNaming(world, theProgram)).toEqual([]);
    expect((await world.sees({ view: 'overview', tab: 'ended' }, at(maternity, 'b'))).rows).toEqual([]);
  });

  test('R273 E7 touches nothing of another program, to the byte', async () => {
    const [world, other] = await twoPrograms();
    const keyId = await keyIdOf(world, other);
    const before = [fleshOf(world, other), keyRow(world, keyId), await world.events(`program-${other}`)];
    const shown = await world.sees({ view: 'program', programId: other }, at(maternity, 'b'));
    await purge(world, theProgram);
    expect([fleshOf(world, other), keyRow(world, keyId), await world.events(`program-${other}`)]).toEqual(before);
    expect(await world.sees({ view: 'program', programId: other }, at(maternity, 'b'))).toEqual(shown);
  });

  test('P12 E9 is pending while another reader holds old pages, and done once it is gone and the library opened again', async () => {
    const [world] = await twoPrograms();
    const [row] = fleshOf(world, theProgram);
    const reader = inEvents(world);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM events').get();
    const purging = [
      'purge-program',
      { programId: theProgram, disposalDecision: 'RA-1' },
      at(maternity, 'da'),
    ] as const;
    expect((await world.does(...purging, uuid(6))).erasure).toBe('erasure-pending');
    expect((await world.does(...purging, uuid(6))).erasure).toBe('erasure-pending');
    reader.exec('COMMIT');
    reader.close();
    await world.close();
    const again = await openIn(world.directory, { clock: world.clock });
    expect((await again.does(...purging, uuid(6))).erasure).toBe('erased');
    expect(bytesIn(again, row?.sealed as Buffer)).toEqual([]);
  });

  test('P12 E9 that was pending is done when it is sent again, by the same id or a new one', async () => {
    for (const id of [uuid(6), undefined]) {
      const [world] = await twoPrograms();
      const [row] = fleshOf(world, theProgram);
      const reader = inEvents(world);
      reader.exec('BEGIN');
      reader.prepare('SELECT count(*) FROM events').get();
      const purging = [
        'purge-program',
        { programId: theProgram, disposalDecision: 'RA-1' },
        at(maternity, 'da'),
      ] as const;
      expect((await world.does(...purging, uuid(6))).erasure).toBe('erasure-pending');
      reader.close();
      expect((await world.does(...purging, id)).erasure).toBe('erased');
      expect(bytesIn(world, row?.sealed as Buffer)).toEqual([]);
    }
  });
});
