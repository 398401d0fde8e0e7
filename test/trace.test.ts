import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { dutiesIn, requirementsIn } from '../scripts/tracing/requirements.ts';
import { type Trace, traceOf } from '../scripts/tracing/trace.ts';
import { commandSchemas } from '../src/commands/catalog.ts';
import { viewNames } from '../src/projections/viewing.ts';
import { type Ended, root, runNode } from './examples/running.ts';

const folder = mkdtempSync(join(tmpdir(), 'folja-trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Files = { readonly rows?: string; readonly duties?: string; readonly code?: string; readonly tests?: string };

const ruleRow = (id: string): string => `| ${id} | DUTY | Something has to be done. | A §1 |`;

/** A project of four files: rules in a table, duties, code and tests. */
const aProject = ({ rows = ruleRow('R001'), duties = '', code = '', tests = '' }: Files): string => {
  const project = mkdtempSync(join(folder, 'project-'));
  const files = {
    ...{ 'docs/requirements.md': `# Rules\n\n${rows}\n`, 'docs/duties.md': `# Duties\n\n${duties}\n` },
    ...{ 'src/deep/code.ts': code, 'test/deep/some.test.ts': tests },
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(project, dirname(path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  return project;
};
const traced = (files: Files): Trace => traceOf(aProject(files));

const rules = (...ids: readonly string[]): string => ids.map(ruleRow).join('\n');
const oneToTwelve = Array.from({ length: 12 }, (_, index) => `R${String(index + 1).padStart(3, '0')}`);
const idsWith = ({ rows }: Trace, what: 'code' | 'tests'): readonly string[] =>
  rows.filter((row) => row[what].length > 0).map(({ id }) => id);
const statuses = ({ rows }: Trace): object => Object.fromEntries(rows.map(({ id, status }) => [id, status]));
const outside = (...cells: readonly string[]): string => `## Outside the library\n\n| ${cells.join(' | ')} |`;

describe('a rule is in the code', () => {
  test('where a comment names it, whatever its kind, with the line', () => {
    const code =
      '\n/** Opens. (R001) */\nconst open = 1; // R002\n/*\n * R003, R004\n */\nexport const close = open;\n';
    const { rows } = traced({ rows: rules('R001', 'R002', 'R003', 'R004'), code });
    expect(rows.map((row) => row.code)).toEqual([2, 3, 5, 5].map((line) => [{ file: 'src/deep/code.ts', line: line }]));
  });

  test('where a comment names a range with it', () => {
    const trace = traced({ rows: rules(...oneToTwelve), code: '// R002–R004 and R006-R007' });
    expect(idsWith(trace, 'code')).toEqual(['R002', 'R003', 'R004', 'R006', 'R007']);
  });

  test('not where a range of more than ten rows goes past it', () => {
    expect(idsWith(traced({ rows: rules(...oneToTwelve), code: '// R001–R011' }), 'code')).toEqual([]);
    expect(idsWith(traced({ rows: rules(...oneToTwelve), code: '// R001–R010' }), 'code')).toHaveLength(10);
  });

  test('not where a text, a template or a pattern of the code holds it', () => {
    const code = `export const texts = ['// R001', \`/* R001 */ \${'// R001'} // R001\`, /\\/\\/ R001/];\n`;
    expect(idsWith(traced({ code }), 'code')).toEqual([]);
  });

  test('where the rules are that an invariant comes from', () => {
    const rows = `${rules('R001')}\n| I01 | STATE | It holds. | R001 R002 |`;
    expect(traced({ rows, code: '// R001' }).rows.map(({ code }) => code.length)).toEqual([1, 1]);
    expect(traced({ rows, code: '// I01' }).rows.map(({ code }) => code.length)).toEqual([0, 1]);
  });
});

describe('a rule is in the tests', () => {
  const shown = (tests: string) =>
    traced({ rows: rules('R001', 'R002', 'R003'), tests }).rows.map((row) => row.tests.length);

  test('where a title begins with it, after numbers of other kinds too', () => {
    expect(shown("test('R001 opens', () => {}); it('P3 R002 D5 R003 closes', () => {});")).toEqual([1, 1, 1]);
  });

  test('where the title is one for a table, or written with values', () => {
    expect(shown(`test.each([1, 2])('R001 is %i', () => {}); test(\`R002 is \${1}\`, () => {});`)).toEqual([1, 1, 0]);
  });

  test('as often as there are tests under a title that begins with it', () => {
    const inner = "test('R002 opens', () => {}); test('closes', () => {});";
    expect(shown(`describe.each([1])('R001 of %i', () => { ${inner} }); describe('R003', () => {});`)).toEqual([
      2, 1, 0,
    ]);
  });

  test('where a row that tests are made from begins with it', () => {
    expect(shown("const rows = [['R001', 1], ['R002 R003 is', 2]]; test.each(rows)('%s: %s', () => {});")).toEqual([
      1, 1, 1,
    ]);
  });

  test('not where it comes later, in a comment, in another call or in what is skipped', () => {
    const others = "test('is of R001', () => {}); given('R001 is'); const one = ['R001', 2]; // R001";
    expect(shown(`${others}\ntest.skip('R002 is', () => {}); describe.todo('R003 is', () => {});`)).toEqual([0, 0, 0]);
  });
});

describe('a row', () => {
  test('is untraced when it has no code, no test, or neither', () => {
    const rows = rules('R001', 'R002', 'R003', 'R004');
    const trace = traced({ rows, code: '// R001, R003', tests: "test('R001 R002 opens', () => {});" });
    expect(statuses(trace)).toEqual({
      ...{ R001: 'traced', R002: 'UNTRACED: no code' },
      ...{ R003: 'UNTRACED: no test', R004: 'UNTRACED: no code, no test' },
    });
  });

  test('is excused where it says why, outside the library', () => {
    const duties = outside('R001', 'host', 'nothing', 'the host has no library for it');
    expect(traced({ duties })).toMatchObject({ rows: [{ status: 'person or host' }], problems: [] });
  });

  test('is not excused without a reason, nor under another heading', () => {
    const [unsaid, elsewhere] = [outside('R001', 'host', ''), '## Served in part\n\n| R001 | host | a list |'];
    expect(statuses(traced({ duties: unsaid }))).toEqual({ R001: 'UNTRACED: no code, no test' });
    expect(traced({ duties: unsaid }).problems).toEqual(['docs/duties.md does not say why of R001']);
    expect(statuses(traced({ duties: elsewhere }))).toEqual({ R001: 'UNTRACED: no code, no test' });
  });

  test('is not excused any longer when it has code and tests', () => {
    const files = { duties: outside('R001', 'host', 'so'), code: '// R001', tests: "test('R001 opens', () => {});" };
    expect(traced(files).problems).toEqual(['docs/duties.md excuses R001, which has code and tests']);
  });

  test('is there once', () => {
    expect(traced({ rows: rules('R001', 'R001') }).problems).toEqual(['docs/requirements.md has R001 twice']);
  });

  test('is there for every number that is named', () => {
    const tests = "\ntest('R003 opens', () => {});";
    expect(traced({ duties: '| R002 | host | a list |', code: '// I01', tests }).problems).toEqual([
      'src/deep/code.ts:1 names I01, which is no row',
      'test/deep/some.test.ts:2 names R003, which is no row',
      'docs/duties.md names R002, which is no row',
    ]);
  });
});

describe('scripts/trace.ts', () => {
  const run = (files: Files, ...options: readonly string[]): Promise<Ended> =>
    runNode(join(root, 'scripts/trace.ts'), [...options, aProject(files)], { cwd: folder });
  const whole = { code: '// R001', tests: "test('R001 opens', () => {});" };

  test('prints every row with its first places and the number of its tests', async () => {
    const code = '// R001\n'.repeat(5);
    const { code: exit, stdout, stderr } = await run({ ...whole, code });
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/R001 +DUTY +src\/deep\/code\.ts:1 +1 test\/deep\/some\.test\.ts +traced/);
    expect(stdout.split('\n').map((line) => line.trim())).toEqual(
      expect.arrayContaining(['src/deep/code.ts:2', 'src/deep/code.ts:3', '+2']),
    );
    expect(stdout).toContain('1 row: 1 traced, 0 of a person or a host, 0 untraced; 0 other problems');
  });

  test('fails on a row that is not traced, and prints only those when asked for what is missing', async () => {
    const { code, stdout } = await run({ ...whole, rows: rules('R001', 'R002') }, '--missing');
    expect(code).toBe(1);
    expect(stdout).toMatch(/R002 +DUTY +UNTRACED: no code, no test/);
    expect(stdout).not.toContain('R001');
  });

  test('fails on a number that is no row', async () => {
    const { code, stdout } = await run(
      { ...whole, tests: `${whole.tests} test('R002 closes', () => {});` },
      '--missing',
    );
    expect([code, stdout.trim().split('\n')]).toEqual([
      1,
      [
        'test/deep/some.test.ts:1 names R002, which is no row',
        '1 row: 1 traced, 0 of a person or a host, 0 untraced; 1 other problem',
      ],
    ]);
  });

  test('prints JSON when asked', async () => {
    const { code, stdout } = await run(whole, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { rows: [{ id: 'R001', status: 'traced' }], problems: [] }]);
  });
});

describe('docs/requirements.md', () => {
  const requirements = requirementsIn(readFileSync(join(root, 'docs/requirements.md'), 'utf8'));
  const duties = dutiesIn(readFileSync(join(root, 'docs/duties.md'), 'utf8'));
  const numbered = (letter: string, digits: number, count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => letter + String(index + 1).padStart(digits, '0'));

  test('has the 287 rules and the 28 invariants, in order', () => {
    expect(requirements.map(({ id }) => id)).toEqual([...numbered('R', 3, 287), ...numbered('I', 2, 28)]);
  });

  test('has no row without a kind, a rule or a source', () => {
    expect(requirements.filter((row) => Object.values(row).some((cell) => cell.trim() === ''))).toEqual([]);
    const kinds = ['BEH', 'DEF', 'DUTY', 'ENV', 'HISTORY', 'INV', 'PRE', 'STATE', 'VIEW'];
    expect([...new Set(requirements.map(({ kind }) => kind))].toSorted()).toEqual(kinds);
  });

  test('has each row of a person or a host once in docs/duties.md, where no other is excused', () => {
    const theirs = requirements.filter(({ kind }) => ['DUTY', 'PRE', 'ENV'].includes(kind)).map(({ id }) => id);
    expect(duties.ids.toSorted()).toEqual(theirs);
    expect(duties.excuses.filter(({ why }) => why === '')).toEqual([]);
  });

  test('has no command or view in docs/duties.md that does not exist', () => {
    const page = readFileSync(join(root, 'docs/duties.md'), 'utf8');
    const named = [...page.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !Object.hasOwn(commandSchemas, name) && !viewNames.includes(name))).toEqual([]);
  });
});
