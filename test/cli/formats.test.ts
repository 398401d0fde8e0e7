import { describe, expect, test } from 'vitest';
import { columnsOf, csvHead, csvOf, jsonOf, tableOf } from '../../src/cli/formats.ts';
import { progressOn } from '../../src/cli/progress.ts';

/** A parser of RFC 4180, written from its grammar. */
const parse = (csv: string): readonly (readonly string[])[] => {
  const rows: string[][] = [];
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  let row: string[] = [];
  for (let found = field.exec(csv); found !== null; found = field.exec(csv)) {
    const [, text = '', end] = found;
    row.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
    if (end === '\r\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
};

describe('rows as comma-separated values', () => {
  test('are read back by a parser of RFC 4180, whatever they hold', () => {
    const texts = ['plain', 'a,b', 'say "hej"', 'two\r\nlines', '', 'å, ä och ö'];
    const rows = texts.map((text, index) => ({ text, index }));
    const csv = csvHead(['text', 'index']) + csvOf(rows, ['text', 'index']);
    expect(parse(csv)).toEqual([['text', 'index'], ...texts.map((text, index) => [text, String(index)])]);
  });

  test.each(['=1+1', '+46', '-2', '@SUM(A1)', '\tx', '\rx'])('do not let %j become a formula', (text) => {
    expect(parse(csvOf([{ text }], ['text']))).toEqual([[`'${text}`]]);
  });

  test('leave numbers as they are, for a number below zero is none', () => {
    expect(csvOf([{ daysLeft: -2 }], ['daysLeft'])).toBe('-2\r\n');
  });

  test('give what lies in a record columns of its own, and a list one cell', () => {
    const row = { by: { method: 'siths', level: 3 }, subjects: [{ id: 'a', number: 'b' }, { id: 'c' }], none: null };
    expect(columnsOf([row])).toEqual(['by.method', 'by.level', 'subjects', 'none']);
    expect(csvOf([row], columnsOf([row]))).toBe('siths,3,a b; c,\r\n');
  });
});

describe('rows as a table', () => {
  test('line up where there are Swedish letters, composed or not', () => {
    const lines = tableOf([{ name: 'Åsa Öberg' }, { name: 'Åsa Öberg'.normalize('NFD') }, { name: 'Bo' }]).split('\n');
    expect(new Set(lines.filter((line) => line !== '').map((line) => [...line].length)).size).toBe(1);
    expect(lines.filter((line) => line.includes('Åsa Öberg'))).toHaveLength(2);
  });

  test('show control characters and let none reach the terminal', () => {
    const shown = tableOf([{ text: 'a\u001b[2Jb\u009bc' }]);
    expect(shown).toContain('a\\u001b[2Jb\\u009bc');
    expect(shown.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(jsonOf({ text: 'a\u001b\u009b' }).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  test('say that there are none', () => expect(tableOf([])).toBe('No rows.\n'));
});

describe('the progress of long work', () => {
  const shown = (isWatched: boolean, isQuiet?: boolean): string => {
    let text = '';
    const err = (more: string): void => {
      text += more;
    };
    const onProgress = progressOn({ err, isWatched }, 'Rebuilding', isQuiet);
    for (let done = 0; done <= 1000; done += 7) onProgress(done, 1000);
    onProgress(1000, 1000);
    return text;
  };

  test('is a line for every tenth where nobody watches', () => {
    const tenths = Array.from({ length: 10 }, (_, index) => `Rebuilding: ${(index + 1) * 10} %\n`);
    expect(shown(false)).toBe(tenths.join(''));
  });

  test('is a bar that is drawn again where somebody does', () => {
    expect(shown(true)).toMatch(/^(\rRebuilding \[[#.]{30}\] [ \d]{3} %){100}\n$/);
    expect(shown(true)).toMatch(/\[#{30}\] 100 %\n$/);
  });

  test('is nothing where it is to be quiet', () => expect(shown(true, true)).toBe(''));
});
