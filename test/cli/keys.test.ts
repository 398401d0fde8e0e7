import { chmodSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { maternity } from '../library/people.ts';
import { masterKey } from '../library/world.ts';
import { aStore, asAuditor, asRegion, asStaff, environment, folja } from './running.ts';

const base64 = Buffer.from(masterKey).toString('base64');

describe('the master key', () => {
  test.each([
    ['in hexadecimal digits', Buffer.from(masterKey).toString('hex')],
    ['in base64', `${base64}\n`],
    ['in base64 without its sign of the end', base64.replace('=', '')],
    ['as 32 bytes', masterKey],
  ])('is read out of a file %s', async (_, content) => {
    const { store, file } = await aStore();
    expect(await folja(['head', ...store, '--master-key-file', file('a.key', content)])).toMatchObject({
      code: 0,
      err: '',
    });
  });

  test('is read out of the environment, and a file goes before it', async () => {
    const { store, open } = await aStore();
    expect((await folja(['head', ...store], { env: environment })).code).toBe(0);
    expect((await folja(['head', ...open], { env: { FOLJA_MASTER_KEY: 'nonsense' } })).code).toBe(0);
    const named = { ...environment, FOLJA_MASTER_KEY_ID: 'another' };
    expect((await folja(['head', ...store], { env: named })).code).toBe(3);
  });

  test('is asked for in a sentence that repeats nothing of what was given', async () => {
    const { store, file } = await aStore();
    expect((await folja(['head', ...store])).err).toMatch(/^folja: There is no master key: give --master-key-file/);
    const short = await folja(['head', ...store], { env: { FOLJA_MASTER_KEY: 'c2VjcmV0' } });
    expect([short.code, short.err.includes('c2VjcmV0')]).toEqual([2, false]);
    const wrong = await folja(['head', ...store, '--master-key-file', file('a.key', new Uint8Array(32).fill(9))]);
    expect([wrong.code, wrong.err]).toEqual([3, expect.stringMatching(/^folja: The master key is not the one/)]);
  });

  test('is never an option', async () => {
    const { store } = await aStore();
    const given = await folja(['head', ...store, '--master-key', base64]);
    expect(given).toMatchObject({ code: 2, out: '' });
  });

  test.skipIf(process.platform === 'win32')('is warned of where others may read its file', async () => {
    const { open, keyFile } = await aStore();
    chmodSync(keyFile, 0o644);
    expect((await folja(['head', ...open])).err).toMatch(/^Others than its owner may read the file of the master key/);
    expect((await folja(['head', ...open, '--quiet'])).err).toBe('');
  });

  test('P13 is rotated: the next one opens the store from then on, and the earlier one nothing', async () => {
    const { open, store, file } = await aStore();
    const next = `2026-04=${file('next.key', new Uint8Array(32).fill(8))}`;
    const rotated = await folja(['rotate-key', ...open, ...asRegion, '--next-key-file', next]);
    expect(rotated).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+ keys wrapped anew\. Give 2026-04 /) });
    expect((await folja(['head', ...open])).code).toBe(3);
    expect((await folja(['head', ...store, '--master-key-file', next])).code).toBe(0);
    expect((await folja(['rotate-key', ...store, '--master-key-file', next, '--next-key-file', 'x'])).code).toBe(2);
  });
});

describe('who asks', () => {
  const overview = ['--view', 'overview', '--query', '{"tab":"all"}', '--until', '20'];

  test('comes out of a file or standard input as well, in the shape of the contract', async () => {
    const { open, file } = await aStore();
    const authentication = { method: 'siths', assurance: 3 };
    const actor = JSON.stringify({
      kind: 'staff',
      hsaId: `${maternity.unitId}b`,
      unitId: maternity.unitId,
      authentication,
    });
    const inFile = await folja(['replay', ...open, ...overview, '--as', file('actor.json', actor)]);
    const inInput = await folja(['replay', ...open, ...overview, '--as', '-'], { input: actor });
    expect([inFile.code, inInput.code]).toEqual([0, 0]);
  });

  test('is one, is authenticated by what is told, and is judged by the library', async () => {
    const { open } = await aStore();
    const audit = ['audit', ...open, '--perspective', 'owner'];
    const both = await folja([...audit, ...asAuditor, ...asStaff('b')]);
    expect([both.code, both.err]).toEqual([2, expect.stringMatching(/^folja: One asks at a time/)]);
    const untold = await folja([...audit, '--as-auditor', 'SE2321000131-logauditor']);
    expect([untold.code, untold.err]).toEqual([2, expect.stringMatching(/^folja: Say how the one who asks/)]);
    const weak = await folja([...audit, ...asAuditor, '--assurance', '2']);
    expect([weak.code, weak.err]).toEqual([1, expect.stringMatching(/^folja: Refused: assurance-too-low/)]);
    const nonsense = await folja([...audit, ...asAuditor, '--method', 'none']);
    expect([nonsense.code, nonsense.err]).toEqual([2, expect.stringMatching(/^folja: The library cannot use actor/)]);
  });

  test.each(['19121212-1212', '121212+1212', '191212121212', '{"personalNumber":"19121212-1212"}'])(
    'is no personal number on the command line, which is not repeated either (%#)',
    async (number) => {
      const { open } = await aStore();
      const { code, out, err } = await folja([
        'audit',
        ...open,
        ...asAuditor,
        '--perspective',
        'owner',
        '--by',
        number,
      ]);
      expect([code, out, err]).toEqual([2, '', expect.stringMatching(/^folja: A personal number is never given/)]);
      expect(err).not.toContain('1212');
    },
  );
});

describe('what has the form of a personal number and is none', () => {
  test.each([
    ['--store', '/backup/19121212-1212/unit.db', 3],
    ['--store', '19121212-1212.db', 3],
    ['--store', '191212121212', 2],
  ])('%s %s is taken for what it is', async (...[name, value, code]) => {
    expect((await folja(['verify', name, value])).code).toBe(code);
  });

  test('an HSA-id of a sole trader, whose organization number it is, is one', async () => {
    const { open } = await aStore();
    const asked = ['audit', ...open, ...asAuditor, '--perspective', 'owner', '--at-unit', 'SE1212121212-A1'];
    expect((await folja(asked)).code).toBe(0);
  });
});

describe('a store that was put back from an older copy', () => {
  test('P11 is refused, and accepted when that is asked for', async () => {
    const older = await aStore();
    const { directory, open, store } = await aStore();
    await folja(['rebuild', ...open, '--quiet']);
    for (const name of ['unit.db', 'unit.db-wal', 'unit.db-shm']) rmSync(join(directory, name), { force: true });
    cpSync(older.path, join(directory, 'unit.db'));
    const refused = await folja(['head', ...open]);
    expect([refused.code, refused.err]).toEqual([3, expect.stringMatching(/older copy|not the log/)]);
    const accepted = await folja(['accept-restored', ...open]);
    expect(accepted).toMatchObject({ code: 0, out: expect.stringMatching(/^The log is accepted as it is/) });
    expect((await folja(['verify', ...store])).code).toBe(0);
    expect((await folja(['accept-restored', ...open])).out).toMatch(/there was nothing to accept/);
  });
});

describe('folja rebuild', () => {
  test('P10 mends a view that was altered, with progress where it is not to be quiet', async () => {
    const { open } = await aStore();
    const rebuilt = await folja(['rebuild', ...open, ...asRegion]);
    expect(rebuilt).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^(Rebuilding: \d+ %.*\n)*Rebuilding: 100 %.*\n$/),
    });
    expect(rebuilt.out).toMatch(/^Read models rebuilt from \d+ events\.\n$/);
    expect(await folja(['rebuild', ...open, ...asStaff('b')])).toMatchObject({ code: 1, out: '' });
  });
});
