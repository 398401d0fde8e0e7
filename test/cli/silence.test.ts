import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/main.ts';
import { theProgram } from '../library/given.ts';
import { aStore, asAuditor, folja, secrets } from './running.ts';

const names = commands.map(({ name }) => name);

/** Every option of a command, as it is declared. */
const flagsOf = ({ declare, name }: (typeof commands)[number]): readonly string[] =>
  declare(new Command(name)).options.map(({ long }) => long ?? '');

/** What each command takes besides the store and its key, so that it comes as far as it can without an actor. */
const takes: Readonly<Record<string, readonly string[]>> = {
  audit: ['--perspective', 'owner'],
  replay: ['--until', '40', '--view', 'overview', '--query', '{"tab":"all"}'],
  export: ['--program', theProgram, '--format', 'json'],
  compliance: ['--runs', '1', '--steps', '2'],
};

describe('without anybody who asks', () => {
  const foundIn = (text: string): readonly string[] => secrets.filter((secret) => text.includes(secret));

  const asking = ['audit', 'access-report', 'replay', 'export'];
  /** These ask for a cluster, which the store has not; where there is one they are tried in clusters.test.ts. */
  const clustered = ['nodes', 'scavenge'];
  const runs = commands.flatMap((command) => {
    const formats = flagsOf(command).includes('--json') ? [[], ['--json']] : [[]];
    return formats.map((format) => [`${command.name} ${format}`.trim(), command, format] as const);
  });

  test.each(runs)('R250 folja %s prints nothing personal', async (_, command, format) => {
    const { store, open, file } = await aStore();
    const next = file('next.key', new Uint8Array(32).fill(8));
    const flags = flagsOf(command);
    const key = flags.includes('--master-key-file') ? open : flags.includes('--store') ? store : [];
    const more = command.name === 'rotate-key' ? ['--next-key-file', `next=${next}`] : (takes[command.name] ?? []);
    const { out, err, code } = await folja([command.name, ...key, ...more, ...format]);
    expect(foundIn(out + err)).toEqual([]);
    const isAsking = [...asking, ...clustered].includes(command.name);
    expect([code, out === '']).toEqual([isAsking ? 2 : 0, isAsking]);
  });

  test('the search would find what somebody who asks is shown (control)', async () => {
    const { open } = await aStore();
    const { out } = await folja(['audit', ...open, ...asAuditor, '--perspective', 'owner']);
    expect(foundIn(out)).toEqual(expect.arrayContaining(['191212121212', 'b på BMM Norr']));
  });

  test('an error of the library is one sentence, and no trace of where it came from', async () => {
    const { open } = await aStore();
    for (const args of [
      ['--by', '!'],
      ['--program', 'x'],
      ['--from', 'soon'],
      ['--as', '/none'],
    ]) {
      const { err, out, code } = await folja(['audit', ...open, '--perspective', 'owner', ...asAuditor, ...args]);
      expect([code === 2, out]).toEqual([true, '']);
      expect(err).toMatch(/^folja: [A-Z][^\n]*\.\n$/);
    }
  });
});

describe('the help', () => {
  test('lists every command, and says where there is more', async () => {
    const { out, code } = await folja(['--help']);
    expect(code).toBe(0);
    for (const { name, summary } of commands) {
      expect(out).toContain(`  ${name} `);
      expect(summary).toMatch(/^\S.{20,}$/);
    }
    expect((await folja(['--version'])).out).toBe('1.2.3\n');
  });

  test.each(commands.map((command) => [command.name, command] as const))(
    'names every option of %s',
    async (name, command) => {
      const { out, code } = await folja([name, '--help']);
      expect(code).toBe(0);
      for (const flag of flagsOf(command)) expect(out).toContain(`  ${flag}`);
    },
  );

  test('is written out in docs/cli.md, every command and every option', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/cli.md'), 'utf8');
    expect(names.filter((name) => !page.includes(`\`folja ${name}`))).toEqual([]);
    const flags = new Set(commands.flatMap(flagsOf));
    expect([...flags].filter((flag) => !new RegExp(`${flag}(?![a-z-])`).test(page))).toEqual([]);
  });
});

describe('a wrong call', () => {
  test.each([
    ['no command', []],
    ['an unknown command', ['audits']],
    ['an unknown option', ['verify', '--store', 'unit.db', '--fast']],
    ['no store', ['verify']],
    ['no perspective', ['audit', '--store', 'unit.db']],
    ['an unknown format', ['stats', '--store', 'unit.db', '--format', 'xml']],
    ['a limit that is none', ['stats', '--store', 'unit.db', '--limit', '0']],
    ['an argument too many', ['verify', '--store', 'unit.db', 'more']],
  ])('with %s ends with 2, and says what is wrong', async (_, args) => {
    const { code, out, err } = await folja(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^(folja: |Usage: folja)/);
  });
});
