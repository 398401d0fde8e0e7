import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { commands } from '../../src/cli/main.ts';
import { aStore, asAuditor, asRegion, folja, type Ran } from '../cli/running.ts';
import { foundIn } from './judging.ts';
import { type Outcome, tryAll } from './trying.ts';
import { canary, nearly, parsable } from './values.ts';

const names = commands.map(({ name }) => name).filter((name) => !['nodes', 'scavenge'].includes(name));

/** Words of the command's own, and what no shell should hand over; nothing that leads out of the working directory. */
const words = fc.oneof(
  fc.constantFrom(
    '--json',
    '--format',
    'csv',
    '--limit',
    '--all',
    '--quiet',
    '--as',
    '-',
    '--view',
    '--query',
    '--until',
  ),
  fc.constantFrom(
    '--program',
    '--perspective',
    'owner',
    '--from',
    '--to',
    '--help',
    '--version',
    '--',
    '-x',
    '--policy',
  ),
  fc.constantFrom(
    '--__proto__',
    '--constructor',
    '__proto__',
    'constructor',
    '{"__proto__":{"polluted":1}}',
    '',
    '\n',
    '\0',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll(/[/\\]/g, '_')),
  fc.constant('x'.repeat(100_000)),
  fc.constant('['.repeat(20_000)),
);

const lines = fc.tuple(fc.option(fc.constantFrom(...names), { freq: 8 }), fc.array(words, { maxLength: 6 }));

/** It ends with a code of its own and says so in a line or a usage; a mistake of its own it never is. */
const expectEnd = (outcome: Outcome): void => {
  expect(outcome).toHaveProperty('answered');
  const { code, err } = (outcome as { readonly answered: Ran }).answered;
  expect([0, 1, 2, 3]).toContain(code);
  expect(err).not.toContain('mistake of its own');
  expect(err).not.toMatch(/\n\s+at .*:\d+:\d+/);
};

const store = async () => {
  const made = await aStore();
  const before = process.cwd();
  process.chdir(made.directory);
  onTestFinished(() => process.chdir(before));
  return made;
};

describe('the command folja, called with anything', () => {
  test('P14 ends with a code of its own, whatever its words are', async () => {
    const { open } = await store();
    const call = (value: unknown) => {
      const [name, rest] = value as readonly [string | null, readonly string[]];
      return folja([...(name === null ? [] : [name]), ...rest, ...(name === null ? [] : open)]);
    };
    await tryAll(
      lines.map((line) => () => line),
      call,
      expectEnd,
      200,
    );
  });

  test('R250 repeats nothing of what a file or standard input holds, whatever that is', async () => {
    const { open, file } = await store();
    const actor = { kind: 'platform', hsaId: 'SE2321000131-P8', office: 'log-auditor', [canary]: canary };
    const right = [actor, { id: 'test-1', auditYears: 9, [canary]: canary }];
    const texts = fc.oneof(
      fc
        .constantFrom(...right)
        .chain((one) => nearly(one, parsable))
        .map((make) => () => JSON.stringify(make()) ?? ''),
      fc.string({ unit: 'binary', maxLength: 80 }).map((text) => () => `${canary}${text}`),
    );
    const call = async (value: unknown) => {
      const input = value as string;
      const path = file('given', input);
      const [policy, given] = [
        ['--policy', path],
        ['--perspective', 'owner'],
      ];
      const runs = [
        await folja(['audit', ...open, ...given, '--as', '-'], { input }),
        await folja(['access-report', ...open, '--as-resident', '-', '--method', 'bankid', '--assurance', '3'], {
          input,
        }),
        await folja(['rebuild', ...open, ...asRegion, ...policy]),
        await folja(['head', '--store', join('.', 'unit.db'), '--master-key-file', path]),
        await folja(['audit', ...open, ...given, ...asAuditor, ...policy]),
      ];
      for (const run of runs) expectEnd({ answered: run });
      expect(foundIn(runs.map(({ out, err }) => out + err).join(), ['kanarief'])).toEqual([]);
      return runs[0];
    };
    await tryAll(texts, call, expectEnd, 25);
  });
});
