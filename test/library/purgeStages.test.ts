import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { all } from '../../src/projections/projection.ts';
import { registeredTables } from '../../src/projections/register.ts';
import { aStartedProgram, end, purge, start, theProgram, tobak, uuid, write } from './given.ts';
import { at, auditor, disa, maternity, tolvan } from './people.ts';
import { openIn, rightOf, stores, type World } from './world.ts';

const da = at(maternity, 'da');
const state = ({ sees }: World, programId = theProgram) => sees<object>({ view: 'purge', programId }, da);

/** The certificates in the log, as they were written. */
const certificates = async (world: World): Promise<readonly object[]> =>
  (await world.events()).filter(({ type }) => type === 'erasure-certified').map(({ data }) => data as object);

const columns = Object.entries(registeredTables).flatMap(([table, how]) =>
  'program' in how ? [{ table, column: how.program }] : [],
);

/** The tables that hold a row of a program. */
const holding = ({ engine }: World, programId: string): readonly string[] =>
  columns
    .filter(
      ({ table, column }) => all(engine.readModels, `SELECT 1 FROM ${table} WHERE ${column} = ?`, programId).length,
    )
    .map(({ table }) => table);

describe.each(stores)('a purge %s', (kind) => {
  test('P12 R240 R246 ends with one certificate, which tells what went and names nobody', async () => {
    const world = await aStartedProgram(kind, {
      erasables: [{ name: 'journal-copies', erase: async () => undefined }],
    });
    await end(world, theProgram);
    const command = { programId: theProgram, disposalDecision: 'RA-2026/1' };
    expect(await world.does('purge-program', command, da, uuid(77))).toMatchObject({ erasure: 'erased' });
    expect(await world.does('purge-program', command, da, uuid(77))).toMatchObject({ erasure: 'erased' });
    const [started] = await world.events(`program-${theProgram}`);
    const { keyId } = { keyId: '', ...(started?.data as object) };
    const stores = ['read-models', 'notifications', 'replays', 'journal-copies'];
    expect(await certificates(world)).toEqual([{ programs: [theProgram], keyId, parts: 3, stores }]);
    const entries = (await world.log()).filter(({ action }) => action === 'certify-erasure');
    expect(entries).toHaveLength(1);
    expect(JSON.stringify(await certificates(world))).not.toContain(tolvan.personalNumber);
  });

  test('R240 R261 needs a disposal decision, and warns of duties that are open', async () => {
    const world = await aStartedProgram(kind);
    await end(world, theProgram);
    expect(await world.fails('purge-program', { programId: theProgram }, da)).toMatchObject({ kind: 'invalid' });
    expect(await purge(world, theProgram)).toMatchObject({ erasure: 'erased', warnings: [{ code: 'duties-open' }] });
  });

  test('P12 R242 waits for a store of the host by its name, and is finished when it is sent again', async () => {
    const asked: string[] = [];
    const erase = async (programId: string): Promise<void> => {
      asked.push(programId);
      if (asked.length === 1) throw new Error(`cannot reach the copies of ${tolvan.name}`);
    };
    const world = await aStartedProgram(kind, { erasables: [{ name: 'journal-copies', erase }] });
    await end(world, theProgram);
    const command = { programId: theProgram, disposalDecision: 'RA-2026/1' };
    expect(await world.does('purge-program', command, da, uuid(77))).toMatchObject({ erasure: 'erasure-pending' });
    expect(await state(world)).toMatchObject({ erasure: 'erasure-pending', waitingFor: ['journal-copies'] });
    expect(await certificates(world)).toEqual([]);
    expect(await world.does('purge-program', command, da, uuid(77))).toMatchObject({ erasure: 'erased' });
    expect(await state(world)).not.toHaveProperty('waitingFor');
    expect(asked).toEqual([theProgram, theProgram]);
    expect(await certificates(world)).toHaveLength(1);
  });

  test('P12 P10 E10 leaves no row of the program in any read model, and a rebuild makes none', async () => {
    const world = await aStartedProgram(kind);
    const neighbor = await start(world, tobak, disa);
    await write(world, neighbor, uuid(78), disa);
    expect(holding(world, theProgram)).toEqual(expect.arrayContaining(['programs', 'messages', 'modules', 'duties']));
    await end(world, theProgram);
    const before = holding(world, neighbor);
    await purge(world, theProgram);
    expect(holding(world, theProgram)).toEqual([]);
    await world.folja.rebuild();
    expect(holding(world, theProgram)).toEqual([]);
    expect(holding(world, neighbor)).toEqual(before);
  });

  test('P12 R242 deletes by the register what a read model would have forgotten', async () => {
    const world = await aStartedProgram(kind);
    await end(world, theProgram);
    const rows = all<Record<string, string | number | null>>(world.engine.readModels, 'SELECT * FROM messages');
    const [row = {}] = rows;
    // The row comes back in the middle of the purge, after the read models have deleted theirs.
    const { events } = world.engine;
    const stop = events.subscribe(({ type }) => {
      if (type !== 'purged') return;
      const names = Object.keys(row);
      const insert = `INSERT INTO messages (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
      world.engine.readModels.prepare(insert).run(...Object.values(row));
    });
    expect(rows).toHaveLength(1);
    expect((await purge(world, theProgram)).erasure).toBe('erased');
    stop();
    expect(holding(world, theProgram)).toEqual([]);
  });
});

/** All rows of all tables of both files that name a program, its stream, its events or its key, byte by byte. */
const belongingsOf = async (world: World, programId: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const stream = await world.events(`program-${programId}`);
  const { keyId } = { keyId: '', ...(stream[0]?.data as object) };
  const positions = new Set(stream.map(({ position }) => position));
  const found = new Map<string, readonly string[]>();
  for (const file of ['unit.db', 'unit.keys.db']) {
    const db = new Sqlite(join(world.directory, file), { readonly: true });
    const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    for (const table of tables) {
      const rows = db.prepare<[], Record<string, unknown>>(`SELECT * FROM "${table}"`).all();
      const whole = rows.map((row) => [row, JSON.stringify(row, asHex)] as const);
      const isTheirs = ([row, text]: (typeof whole)[number]): boolean =>
        text.includes(programId) || text.includes(keyId) || (table === 'flesh' && positions.has(Number(row.position)));
      found.set(
        `${file} ${table}`,
        whole.filter(isTheirs).map(([, text]) => text),
      );
    }
    db.close();
  }
  return found;
};

/** Bytes as text, wherever a row holds some. */
const asHex = (_name: string, value: unknown): unknown => {
  const bytes = value as { readonly type?: unknown; readonly data?: readonly number[] } | null;
  return bytes?.type === 'Buffer' ? Buffer.from(bytes.data ?? []).toString('hex') : value;
};

describe('a purge in SQLite', () => {
  test('P12 E7 leaves every row of another program in both files as it was, byte by byte', async () => {
    const world = await aStartedProgram('in SQLite');
    const neighbor = await start(world, tobak, disa);
    await write(world, neighbor, uuid(78), disa);
    for (const programId of [theProgram, neighbor]) await end(world, programId);
    const before = await belongingsOf(world, neighbor);
    for (const table of ['unit.db flesh', 'unit.db messages', 'unit.keys.db keys'])
      expect(before.get(table)?.length).toBeGreaterThan(0);
    expect((await purge(world, theProgram)).erasure).toBe('erased');
    expect(await belongingsOf(world, neighbor)).toEqual(before);
    const erased = await belongingsOf(world, theProgram);
    expect([erased.get('unit.keys.db keys'), erased.get('unit.keys.db destroyed')?.length]).toEqual([[], 1]);
    for (const row of erased.get('unit.db flesh') ?? [])
      expect(JSON.parse(row)).toMatchObject({ sealed: null, mark: null, tag: null });
  });

  test('P12 R242 E9 waits for an open reader, and the next purge finishes it when that one is gone', async () => {
    const world = await aStartedProgram('in SQLite');
    const next = await start(world, tobak, disa);
    for (const programId of [theProgram, next]) await end(world, programId);
    const reader = new Sqlite(join(world.directory, 'unit.db'), { readonly: true });
    reader.exec('BEGIN');
    expect(reader.prepare('SELECT count(*) FROM flesh WHERE sealed IS NOT NULL').pluck().get()).toBeGreaterThan(0);
    expect((await purge(world, theProgram)).erasure).toBe('erasure-pending');
    expect(await state(world)).toMatchObject({ waitingFor: ['open-reader'] });
    reader.close();
    expect((await purge(world, next)).erasure).toBe('erased');
    expect(await state(world)).toMatchObject({ erasure: 'erased' });
    expect(await certificates(world)).toHaveLength(2);
  });

  test('P12 R240 E9 is finished by two libraries on the same files at once, with one certificate', async () => {
    const world = await aStartedProgram('in SQLite');
    await end(world, theProgram);
    const reader = new Sqlite(join(world.directory, 'unit.db'), { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM flesh').get();
    const command = { programId: theProgram, disposalDecision: 'RA-2026/1' };
    await world.does('purge-program', command, da, uuid(77));
    const second = await openIn(world.directory, { clock: world.clock });
    for (const { engine } of [world, second])
      expect(rightOf(await engine.events.pendingErasures()(), 'reading')).toHaveLength(1);
    reader.close();
    await Promise.all([world, second].map(({ does }) => does('purge-program', command, da, uuid(77))));
    expect(await state(second)).toMatchObject({ erasure: 'erased' });
    expect(await certificates(world)).toHaveLength(1);
  });

  test('P12 control: stays pending when freed bytes are not overwritten, for the self-scan finds them', async () => {
    const world = await aStartedProgram('in SQLite');
    await end(world, theProgram);
    world.engine.readModels.pragma('secure_delete = OFF');
    expect((await purge(world, theProgram)).erasure).toBe('erasure-pending');
    expect(await state(world)).toMatchObject({ waitingFor: ['self-scan'] });
    expect(await certificates(world)).toEqual([]);
    await world.close();
    const again = await openIn(world.directory, { clock: world.clock });
    expect(await state(again)).toMatchObject({ erasure: 'erasure-pending', waitingFor: ['self-scan'] });
    expect(await again.misses({ view: 'program', programId: theProgram }, at(maternity, 'b'))).toMatchObject({
      code: 'program-purged',
    });
    expect((await again.sees({ view: 'audit', perspective: 'provider' }, auditor)).rows.length).toBeGreaterThan(0);
  });
});
