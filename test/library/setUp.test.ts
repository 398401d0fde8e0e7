import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { defaultPolicy, type FoljaOptions, inMemoryStore, openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { aStartedProgram, theProgram } from './given.ts';
import { at, maternity, tolvan } from './people.ts';
import { aDirectory, masterKey, openIn, stores } from './world.ts';

const otherKey = new Uint8Array(32).fill(0xab);
const pathIn = (directory: string): string => join(directory, 'unit.db');
const keysIn = (directory: string): string => join(directory, 'unit.keys.db');

/** What opening says when the set-up is wrong; it is not to open. */
const complaint = async (options: unknown): Promise<Error> => {
  try {
    await (await openFolja(options as FoljaOptions)).close();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it opened');
};

const secrets = ['abababab', '07070707', 'q6urq6', 'BwcHBw', tolvan.name, tolvan.personalNumber];

/** One sentence, of a wrong set-up and nothing else, that says what to do and repeats no secret. */
const expectSentence = (error: Error, words: RegExp): void => {
  expect([error.name, error.message]).toEqual(['SetUpError', expect.stringMatching(words)]);
  expect(error.message).toMatch(/^(?:[A-Z]|openFolja |sqliteStore )[^\n]+\.$/);
  expect(error.message).toMatch(/\b(give|needs?|restore|create|make|list|takes|see|remove|stop|install)\b/);
  const told = JSON.stringify([error.message, error.stack, error.cause]);
  for (const secret of secrets) expect(told).not.toContain(secret);
};

const opening = (directory: string, more: object = {}) =>
  complaint({ store: sqliteStore({ path: pathIn(directory) }), masterKey, ...more });

/** Files that a library has made and closed, with a program in them. */
const someFiles = async (): Promise<string> => {
  const world = await aStartedProgram('in SQLite');
  await world.close();
  return world.directory;
};

const expectUntouched = async (directory: string): Promise<void> => {
  const world = await openIn(directory);
  expect(await world.sees<object>({ view: 'program', programId: theProgram }, at(maternity, 'b'))).toMatchObject({
    personalNumber: tolvan.personalNumber,
  });
  await world.close();
};

type Damage = readonly [what: string, damage: (directory: string) => void, words: RegExp];
const damages: readonly Damage[] = [
  [
    'the directory is missing',
    (directory) => rmSync(directory, { recursive: true }),
    /directory.*does not exist: create it/,
  ],
  ['the key file is missing', (directory) => rmSync(keysIn(directory)), /key file is missing.*restore it/],
  ['the event store is missing', (directory) => rmSync(pathIn(directory)), /event store is gone.*restore it/],
  [
    'the event store is no SQLite file',
    (directory) => writeFileSync(pathIn(directory), 'x'.repeat(5_000)),
    /not an SQLite file/,
  ],
  ['the event store is an empty file', (directory) => writeFileSync(pathIn(directory), ''), /is empty: restore it/],
  [
    'the event store is a directory',
    (directory) => {
      rmSync(pathIn(directory));
      mkdirSync(pathIn(directory));
    },
    /is not a file/,
  ],
  [
    'the event store is somebody else’s',
    (directory) => {
      rmSync(pathIn(directory));
      new Sqlite(pathIn(directory)).exec('CREATE TABLE things (name TEXT)').close();
    },
    /another kind: give another path/,
  ],
  [
    'the files are exchanged',
    (directory) => {
      copyFileSync(pathIn(directory), join(directory, 'x'));
      copyFileSync(keysIn(directory), pathIn(directory));
      copyFileSync(join(directory, 'x'), keysIn(directory));
    },
    /another kind: give another path/,
  ],
];

describe('a library is not opened, but one sentence says what to do,', () => {
  test.each(damages)('P11 when %s', async (_, damage, words) => {
    const directory = await someFiles();
    damage(directory);
    expectSentence(await opening(directory), words);
  });

  test('P11 when its keys are of another store', async () => {
    const [one, other] = [await someFiles(), aDirectory()];
    await (await openIn(other)).close();
    copyFileSync(keysIn(other), keysIn(one));
    expectSentence(await opening(one), /key file belongs to another store/);
  });

  test('when its master key is another, and opens with the right one after', async () => {
    const directory = await someFiles();
    expectSentence(await opening(directory, { masterKey: otherKey }), /master key is not the one/);
    const current = { id: 'next', key: otherKey };
    expectSentence(await opening(directory, { masterKey: { current } }), /master key/);
    await expectUntouched(directory);
    const both = { current, previous: [{ id: 'master', key: masterKey }] };
    await (await openFolja({ store: sqliteStore({ path: pathIn(directory) }), masterKey: both })).close();
    await expectUntouched(directory);
  });

  test('when both files are one', async () => {
    const directory = aDirectory();
    const [path, other] = [pathIn(directory), join(directory, '.', 'a', '..', 'unit.db')];
    for (const keysPath of [path, other])
      expectSentence(await complaint({ store: sqliteStore({ path, keysPath }), masterKey }), /give another keysPath/);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('when an option of the store is unknown or no path', async () => {
    for (const options of [
      { path: 'x.db', pth: 1 },
      { path: 7 },
      { path: '' },
      { path: ':memory:' },
      { path: 'x.db', keysPath: 1 },
    ])
      expectSentence(
        await complaint({ store: sqliteStore(options as never), masterKey }),
        /no option pth|needs a path|is no path of a file/,
      );
    expect(existsSync('x.db')).toBe(false);
  });
});

describe('a file that may not be written', () => {
  /** Mode bits do not bind root, so root becomes another user first. */
  const asNobody = async (directory: string): Promise<string> => {
    const source = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
    const program = `
      await import('better-sqlite3');
      const { openFolja } = await import(${source('index.ts')});
      const { sqliteStore } = await import(${source('sqlite.ts')});
      if (process.getuid() === 0) { process.setgroups([]); process.setgid(65534); process.setuid(65534); }
      const store = sqliteStore({ path: ${JSON.stringify(pathIn(directory))} });
      console.log(await openFolja({ store, masterKey: new Uint8Array(32).fill(7) }).then(() => 'opened', (error) => error.message));`;
    const given = ['--no-warnings', '--input-type=module-typescript', '-e', program];
    const cwd = new URL('../../', import.meta.url);
    return (await promisify(execFile)(process.execPath, given, { cwd })).stdout.trim();
  };

  test.each([
    ['unit.db', 'event store'],
    ['unit.keys.db', 'key file'],
  ])('P14 is told by its name: %s', async (name, what) => {
    const directory = await someFiles();
    chmodSync(directory, 0o777);
    for (const file of readdirSync(directory))
      chmodSync(join(directory, file), file === 'unit.anchors' ? 0o777 : 0o666);
    for (const file of readdirSync(join(directory, 'unit.anchors')))
      chmodSync(join(directory, 'unit.anchors', file), 0o666);
    chmodSync(join(directory, name), 0o444);
    const sentence = `The ${what} cannot be written: make the file and its directory writable, or give another path`;
    expect(await asNobody(directory)).toBe(`${sentence} (${join(directory, name)}).`);
    chmodSync(join(directory, name), 0o666);
    expect(await asNobody(directory)).toBe('opened');
    chmodSync(dirname(pathIn(directory)), 0o700);
  });
});

/** What a host may get wrong in the options, by what the sentence is about. */
const wrongOptions: readonly (readonly [what: string, options: unknown, words: RegExp])[] = [
  ['nothing', undefined, /openFolja needs/],
  ['null', null, /openFolja needs/],
  ['no store', { masterKey }, /needs a store/],
  ['a path for a store', { store: 'unit.db', masterKey }, /needs a store/],
  ['a deaf logger', { store: inMemoryStore(), masterKey, logger: {} }, /logger/],
  ['a clock that stands', { store: inMemoryStore(), masterKey, clock: new Date() }, /clock/],
  ['an unknown option', { store: inMemoryStore(), masterKey, polici: {} }, /no option polici/],
  ...[
    undefined,
    null,
    'abababab',
    new Uint8Array(31),
    [1, 2],
    { current: otherKey },
    { current: { id: '', key: otherKey } },
  ].map(
    (key) =>
      ['a master key that is none', { store: inMemoryStore(), masterKey: key }, /master key is not usable/] as const,
  ),
  [
    'two master keys of one name',
    {
      store: inMemoryStore(),
      masterKey: { current: { id: 'a', key: masterKey }, previous: [{ id: 'a', key: otherKey }] },
    },
    /master key is not usable/,
  ],
];

const wrongPolicies: readonly (readonly [policy: object, at: RegExp])[] = [
  [{ auditYears: 4 }, /at auditYears/],
  [{ id: 'Å' }, /at id/],
  [{ testResidents: ['abababab'] }, /at testResidents\.0/],
  [{ maintenance: { defaultDays: 90 } }, /at maintenance\.maxDays/],
  [{ handover: { initiator: 'anybody' } }, /at handover\.initiator/],
  [{ staffMethods: [] }, /at staffMethods/],
  [{ minimumAssurance: 1 }, /at minimumAssurance/],
  [{ polices: 1 }, /its names/],
];

describe('the options of a library', () => {
  test.each(wrongOptions)('are told apart when they are wrong: %s (%#)', async (_, options, words) => {
    expectSentence(await complaint(options), words);
  });

  test.each(wrongPolicies)('D1–D28 are told where the policy is wrong: %j', async (policy, words) => {
    expectSentence(await complaint({ store: inMemoryStore(), masterKey, policy }), words);
  });

  test('D1–D28 leave the standard policy as it is', async () => {
    expect(Object.keys(defaultPolicy)).toContain('auditYears');
    const before = JSON.stringify(defaultPolicy);
    await (await openFolja({ store: inMemoryStore(), masterKey, policy: { id: 'x-1', auditYears: 9 } })).close();
    expect(JSON.stringify(defaultPolicy)).toBe(before);
  });
});

describe.each(stores)('an opened library %s', (kind) => {
  test('keeps working when the host overwrites the key that it gave', async () => {
    const key = Uint8Array.from(masterKey);
    const world = await aStartedProgram(kind, { masterKey: key });
    key.fill(0);
    await world.does('change-welcome-text', { programId: theProgram, text: 'Hej' }, at(maternity, 'b'));
    expect(await world.sees<object>({ view: 'program', programId: theProgram }, at(maternity, 'b'))).toMatchObject({
      welcomeText: 'Hej',
    });
  });
});
