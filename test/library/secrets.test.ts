import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { aRegion, end, purge, start, startOf, theProgram, tobak, uuid } from './given.ts';
import { lifeBeforePurge, lifesConversation, lifesProgram, live, type Texts, thePurge } from './life.ts';
import { at, auditor, childHealth, disa, maternity, resident, tolvan } from './people.ts';
import { filesIn, found, tracesOf } from './secretsScan.ts';
import { aClock, aDirectory, openIn, type World } from './world.ts';

/** Each personal text of the life is a canary of its own. */
const texts: Texts = {
  person: { personalNumber: '189001019802', name: 'Örjan Kråkfågelskär' },
  staffName: 'Åsa Näktergalsdotter',
  subject: 'Ämne: rödhakesång på Öland',
  body: 'Brödtext om grönsiskor i västra Ångermanland',
  welcomeText: 'Välkommen till skäggmesarnas hörna, Örjan!',
  answer: 'Svar: tofsvipor vid Hjälmaren',
  comment: 'Kommentar om ängspiplärkor på Gräsö',
  flag: 'Flagga: hör av dig om blåhakarna',
  planTitle: 'Rörelse: spåra järvar på fjället',
  registered: 'Ifyllt: två smålommar före frukost',
  absence: 'Borta för att ringmärka fjällugglor på Gotska Sandön',
};
const writtenNumbers = ['189001019802', '18900101-9802', '18900101+9802', '900101+9802', '900101-9802', '9001019802'];
const { person, staffName, ...written } = texts;
const personal = [person.name, ...Object.values(written), ...writtenNumbers];
const traces = tracesOf([...personal, staffName]);

/** A whole life: every command, every view, refused and repeated calls too. */
const wholeLife = async (world: World): Promise<void> => {
  const steps = lifeBeforePurge(texts);
  await live(world, steps);
  await live(world, steps);
  const [parent, b] = [resident(texts.person), at(childHealth, 'b')];
  const about = { programId: lifesProgram };
  const conversation = { view: 'conversation', ...about, conversationId: lifesConversation };
  const queries = [
    ...[{ view: 'program' }, { view: 'comments' }, { view: 'timeline' }, { view: 'documentation' }],
    ...[
      { view: 'form', moduleId: 'steg-1', formId: 'fragor' },
      { view: 'activities', from: monday, to: monday },
    ],
  ].map((query) => ({ ...query, ...about }));
  for (const query of [...queries, { view: 'overview', tab: 'ended' }, conversation]) await world.sees(query, b);
  await world.sees({ view: 'staff' }, at(maternity, 'ba'));
  await world.sees({ view: 'my-programs' }, parent);
  await world.misses({ view: 'my-program', ...about }, parent);
  await world.sees({ view: 'audit', perspective: 'owner', personalNumber: '18900101-9802' }, auditor);
  await world.fails('start-program', startOf(tobak, texts.person), at(maternity, 'ia'));
  await world.fails('reply', { ...about, body: texts.body, [texts.person.name]: 1 }, parent);
  const form = { ...about, moduleId: 'steg-1', formId: 'fragor' };
  await world.fails('submit-form', { ...form, answers: { [texts.person.name]: texts.answer } }, parent);
  await world.fails('save-form', { ...form, answers: { 'fraga-2': texts.answer } }, parent);
  await world.fails('comment', { ...about, moduleId: 'steg-1', sectionId: 'avsnitt-9', text: texts.comment }, parent);
  await world.folja.rebuild();
};

const monday = '2026-03-02';

describe('the files of a library', () => {
  test('R242 R249 R250 E1 hold no personal text in any form: while open, closed, and after the purge', async () => {
    const clock = aClock();
    const directory = aDirectory();
    const world = await openIn(directory, { clock });
    await wholeLife(world);
    const names = filesIn(directory).map((file) => file.slice(directory.length + 1));
    expect(names.toSorted()).toEqual(
      expect.arrayContaining(['unit.db', 'unit.db-shm', 'unit.db-wal', 'unit.keys.db', 'unit.keys.db-journal']),
    );
    expect(found(directory, traces)).toEqual([]);
    await world.close();
    expect(found(directory, traces)).toEqual([]);
    const again = await openIn(directory, { clock });
    await live(again, thePurge);
    expect(found(directory, traces)).toEqual([]);
    await again.folja.rebuild();
    await again.close();
    expect(found(directory, traces)).toEqual([]);
  });

  test('E2 are scanned by what finds every text in every form, where it is planted', async () => {
    const directory = aDirectory();
    await (await openIn(directory)).close();
    expect(found(directory, traces)).toEqual([]);
    const before = Buffer.from('x');
    for (const [index, { bytes }] of traces.entries())
      writeFileSync(join(directory, `planted-${index}`), Buffer.concat([before, bytes, before]));
    const places = found(directory, traces);
    for (const [index, { text, way }] of traces.entries())
      expect(places).toContain(`${join(directory, `planted-${index}`)}: ${text} as ${way}`);
  });

  test('E2 are scanned by what finds a text that SQLite wrote in clear, and in base64 amid other bytes', async () => {
    const directory = aDirectory();
    const db = new Sqlite(join(directory, 'clear.db'));
    db.exec('CREATE TABLE clear (text TEXT) STRICT');
    db.prepare('INSERT INTO clear (text) VALUES (?)').run(JSON.stringify(texts));
    db.close();
    const places = found(directory, traces).join('\n');
    for (const text of [person.name, person.personalNumber, staffName, ...Object.values(written)])
      expect(places).toContain(`${text} as UTF-8 0`);
    for (const lead of ['', 'a', 'ab']) {
      const encoded = Buffer.from(`${lead}${texts.body} och mer`, 'utf8').toString('base64');
      writeFileSync(join(directory, 'encoded'), encoded);
      expect(found(directory, traces).join('\n')).toContain(`${texts.body} as base64 ${lead.length}`);
    }
  });
});

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
    expect(fleshOf(world, theProgram)).toEqual([]);
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
