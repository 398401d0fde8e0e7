import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultPolicy, type Problem, refusalCodes } from 'folja';
import { describe, expect, test } from 'vitest';
import { commandSchemas } from '../../src/commands/catalog.ts';
import { eventShapes } from '../../src/eventStore/shapes.ts';
import { viewNames } from '../../src/projections/viewing.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The part of a page under a heading, to the next one of the same depth. */
const section = (page: string, heading: string): string => {
  const [depth] = heading.split(' ');
  const [, after = ''] = page.split(`\n${heading}\n`);
  return after.split(new RegExp(`^${depth} `, 'm'))[0] ?? '';
};

/** The cells of all tables of a text, without their heads. */
const rowsIn = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line, index, lines) => line.startsWith('| ') && !lines[index + 1]?.startsWith('| ---'))
    .filter((line) => !line.startsWith('| ---'))
    .map((line) => line.slice(2, -2).split(' | '));

const names = (cell = ''): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
const firstNames = (text: string): readonly string[] => rowsIn(text).flatMap(([cell]) => names(cell));

const headings = (page: string): readonly string[] =>
  [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('docs/refusals.md', () => {
  const page = read('docs/refusals.md');

  test('lists every code of a refusal once, and none that does not exist', () => {
    expect(firstNames(section(page, '## Codes of a refusal')).toSorted()).toEqual([...refusalCodes].toSorted());
  });

  test('lists every kind of problem, and none that does not exist', () => {
    const kinds: Readonly<Record<Problem['kind'], true>> = {
      ...{ refused: true, invalid: true, conflict: true, unavailable: true, unknown: true, damaged: true },
    };
    expect(firstNames(section(page, '## Kinds of problem')).toSorted()).toEqual(Object.keys(kinds).toSorted());
  });

  test('says of every code what it means and what to do', () => {
    const rows = rowsIn(section(page, '## Codes of a refusal'));
    expect(rows.filter((cells) => cells.length !== 3 || cells.some((cell) => cell.trim() === ''))).toEqual([]);
  });
});

const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

/** Every value of the policy by its path, as JSON. */
const values = (policy: object, path: readonly string[] = []): readonly (readonly [string, string])[] =>
  Object.entries(policy).flatMap(([key, value]) =>
    isGroup(value) ? values(value, [...path, key]) : [[[...path, key].join('.'), JSON.stringify(value)] as const],
  );

describe('docs/policy.md', () => {
  const [rows = [], decisions = []] = read('docs/policy.md').split('## What is decided').map(rowsIn);

  test('lists every value with its default, and none that does not exist', () => {
    const listed = rows.map(([name = '', standard = '']) => [...names(name), ...names(standard)]);
    expect(listed.toSorted()).toEqual(values(defaultPolicy).toSorted());
  });

  test('names for every value the decision or rule it comes from', () => {
    expect(rows.filter(([, , source = '']) => !/^(D\d{1,2}|R\d{3}|HSLF-FS)/.test(source))).toEqual([]);
  });

  test('has all of D1–D28', () => {
    const sources = [...rows.map(([, , source = '']) => source), ...decisions.map(([source = '']) => source)];
    const numbers = sources.filter((source) => /^D\d+$/.test(source)).map((source) => Number(source.slice(1)));
    expect([...new Set(numbers)].toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 28 }, (_, index) => index + 1),
    );
  });
});

describe('docs/guide.md', () => {
  const page = read('docs/guide.md');
  const commands = section(page, '## Commands').split('### The receipt')[0] ?? '';

  test('lists every command once, and none that does not exist', () => {
    expect(firstNames(commands).toSorted()).toEqual(Object.keys(commandSchemas).toSorted());
  });

  test('names no event that does not exist', () => {
    const events = rowsIn(commands).flatMap((cells) => names(cells.at(-1)));
    expect(events.filter((event) => !Object.hasOwn(eventShapes, event))).toEqual([]);
  });

  test('lists every view, and none that does not exist', () => {
    const views = new Set(firstNames(section(page, '## Views')));
    expect([...views].toSorted()).toEqual(viewNames.toSorted());
  });
});

describe.each([
  'README.md',
  'CONTRIBUTING.md',
  'docs/compliance.md',
  'docs/guide.md',
  'docs/notifications.md',
  'docs/policy.md',
  'docs/refusals.md',
  'docs/requirements.md',
  'docs/duties.md',
])('%s', (path) => {
  const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const local = links.filter((link) => !/^\w+:/.test(link));

  test('has no link that leads nowhere', () => {
    const broken = local.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !headings(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});
