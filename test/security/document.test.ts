import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const docs = join(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'security.md'), 'utf8');

/** The items of the ASVS 5.0 that bind a library; their numbers, by level. */
const items = [
  ...'1.2.4 1.3.2 2.1.1 2.2.1 2.2.2 2.3.1 8.1.1 8.2.1 8.2.2 8.3.1 11.3.1 11.3.2 15.1.1 15.3.1'.split(' '),
  ...'1.5.2 2.1.2 2.1.3 2.2.3 2.3.2 2.3.3 2.3.4 8.1.2 8.2.3 8.4.1 11.1.1 11.1.2 11.2.1 11.2.2 11.2.3 11.3.3 13.3.1'.split(
    ' ',
  ),
  ...'13.3.2 14.1.1 14.1.2 14.2.2 14.2.4 15.1.2 15.1.3 15.2.2 15.3.3 15.3.5 15.3.6 16.1.1 16.2.1 16.2.2 16.2.3'.split(
    ' ',
  ),
  ...'16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3 16.5.1 16.5.2 16.5.3'.split(' '),
  ...'1.3.12 2.3.5 8.3.2 8.3.3 11.1.3 11.1.4 11.2.4 11.2.5 11.3.4 11.7.2 13.3.3 13.3.4 14.2.6 14.2.7 15.1.4 15.1.5'.split(
    ' ',
  ),
  ...'15.2.4 15.2.5 15.4.1 15.4.2 15.4.3 15.4.4 16.5.4'.split(' '),
];

type Row = { readonly item: string; readonly asks: string; readonly answer: string };

const rowsOf = (text: string): readonly Row[] =>
  [...text.matchAll(/^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
    ([, item = '', asks = '', answer = '']) => ({
      item,
      asks,
      answer,
    }),
  );

/** What a row names that is not there: a test file, a title in it, a page. A row that names nothing names what is not there. */
const missingIn = ({ answer }: Row): readonly string[] => {
  const tests = [...answer.matchAll(/`(test\/[^`]+)` “([^”]+)”/g)].map(([, file = '', title = '']) => {
    const path = join(docs, '..', file);
    return existsSync(path) && readFileSync(path, 'utf8').includes(title) ? '' : `${file}: ${title}`;
  });
  const pages = [...answer.matchAll(/\]\(([^)#]*)(?:#[^)]*)?\)/g)].map(([, path = '']) =>
    existsSync(join(docs, path)) ? '' : path,
  );
  const isHosts = /(?:^|; )Host: \S.{15}/.test(answer);
  const named = [...tests, ...pages];
  return named.length === 0 && !isHosts ? [answer] : named.filter((one) => one !== '');
};

describe('the table of the ASVS in docs/security.md', () => {
  const rows = rowsOf(page);

  test('has each item that binds a library once, and says what it asks', () => {
    expect(rows.map(({ item }) => item).toSorted()).toEqual(items.toSorted());
    for (const { asks } of rows) expect(asks.length).toBeGreaterThan(15);
  });

  test('names tests and pages that are there, or what the host does', () => {
    expect(rows.flatMap((row) => missingIn(row).map((what) => `${row.item}: ${what}`))).toEqual([]);
  });

  test('would be found to name what is not there (control)', () => {
    const wrong = (answer: string) => missingIn({ item: '1.1.1', asks: 'something', answer });
    expect(wrong('`test/security/document.test.ts` “has no such title”'.replace(' no ', ' not any '))).toHaveLength(1);
    expect(wrong('`test/security/none.test.ts` “has”')).toHaveLength(1);
    expect(wrong('Page: [x](none.md)')).toHaveLength(1);
    expect(wrong('somehow')).toHaveLength(1);
    expect(wrong('`test/security/document.test.ts` “names tests and pages that are there”')).toEqual([]);
  });
});

test('SECURITY.md names no address, and the page that says what is promised', () => {
  const text = readFileSync(join(docs, '../SECURITY.md'), 'utf8');
  expect(text).not.toMatch(/\S@\S|https?:|mailto:/);
  expect(text).toContain('docs/security.md');
});
