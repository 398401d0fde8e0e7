import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

type Row = { readonly swedish: string; readonly names: readonly string[] };

const columns = ['Swedish', 'English', 'Name in code', 'Meaning', 'Source', 'Not to confuse with'];
const cellsOf = (line: string): readonly string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const namesIn = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

const lines = read('docs/glossary.md').split('\n');
const header = lines.findIndex((line) => line.startsWith('| Swedish |'));
const tableEnd = lines.indexOf('', header);
const rows: readonly Row[] = lines.slice(header + 2, tableEnd).map((line) => {
  const [swedish = '', , names = ''] = cellsOf(line);
  return { swedish, names: namesIn(names) };
});

const source = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => read(join('src', path)))
  .join('\n');
const isInSource = (name: string): boolean => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(source);

const aggregates = readdirSync(join(root, 'src/domain'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('the glossary', () => {
  test('has its six columns, and a full row for each word', () => {
    expect(cellsOf(lines[header] ?? '')).toEqual(columns);
    expect(lines.slice(header, tableEnd).filter((line) => cellsOf(line).filter(Boolean).length !== 6)).toEqual([]);
    expect(rows.length).toBeGreaterThan(40);
  });

  test('gives every word a name that the code has', () => {
    expect(rows.filter(({ names }) => names.length === 0)).toEqual([]);
    expect(rows.flatMap(({ names }) => names).filter((name) => !isInSource(name))).toEqual([]);
  });

  test('R001 has the platform’s moment and the manuals’ program as one concept', () => {
    expect(rows.find(({ swedish }) => swedish === 'moment, program')?.names).toEqual(['program']);
  });

  test('gives no name to two concepts', () => {
    const names = rows.flatMap((row) => row.names);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test.each(aggregates)('has a row for the aggregate %s', (aggregate) => {
    expect(rows.flatMap(({ names }) => names)).toContain(aggregate);
  });

  test('is sorted as Swedish words are', () => {
    const words = rows.map(({ swedish }) => swedish);
    expect(words).toEqual(words.toSorted(new Intl.Collator('sv').compare));
  });

  test('keeps å, ä and ö out of the names', () => {
    expect(rows.flatMap(({ names }) => names).filter((name) => /[^\x20-\x7e]/.test(name))).toEqual([]);
  });
});
