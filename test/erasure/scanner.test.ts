import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { aDirectory } from '../eventStore/builders.ts';
import { canaryLife } from './canaries.ts';
import { found, foundIn, searchFor } from './scanning.ts';
import { tracesOf, tracesOfBytes, tracesOfParts } from './traces.ts';

const { canaries } = canaryLife(1);
const texts = canaries.map(({ text }) => text);
const traces = tracesOfParts(texts);
const search = searchFor(traces);
const [text = '', other = ''] = texts.slice(7);
const surrounded = (bytes: Buffer, lead = 1): Buffer =>
  Buffer.concat([Buffer.alloc(lead, 'x'), bytes, Buffer.from('x')]);
const textsIn = (bytes: Buffer): readonly string[] => [
  ...new Set(foundIn(search, { contents: [{ where: 'bytes', bytes }] }).map(({ find }) => find.text)),
];

describe('the scanner of the erasure tests', () => {
  test('E2 finds each canary in each way of writing it, where that alone is planted', () => {
    expect(traces.length).toBeGreaterThan(40 * texts.length);
    for (const trace of traces)
      expect(search(surrounded(trace.bytes)), `${trace.text} as ${trace.way}`).toContain(trace);
  });

  test.each<readonly [way: string, bytes: Buffer]>([
    ['UTF-8', Buffer.from(text)],
    ['UTF-16LE', Buffer.from(text, 'utf16le')],
    ['UTF-16BE', Buffer.from(text, 'utf16le').swap16()],
    ['Latin-1', Buffer.from(text, 'latin1')],
    ['NFD', Buffer.from(text.normalize('NFD'))],
    ['small letters', Buffer.from(text.toLowerCase())],
    [
      'JSON',
      Buffer.from(JSON.stringify({ text }).replace(/[^ -~]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)),
    ],
    ['a URL', Buffer.from(new URL(`https://example.org/?q=${text}`).href)],
    ['a form', Buffer.from(new URLSearchParams({ text }).toString())],
    ['hex', Buffer.from(Buffer.from(text).toString('hex'))],
    ...['', 'a', 'ab'].map(
      (lead) => ['base64', Buffer.from(btoa(`${lead}${Buffer.from(text).toString('latin1')} more`))] as const,
    ),
    ...[text.slice(0, text.indexOf(' ')), text.slice(text.indexOf(' ') + 1)].map(
      (word) => ['a word', Buffer.from(word)] as const,
    ),
    ['a tail', Buffer.from(text.slice(4))],
    ['gzip', gzipSync(`amid ${text} others`)],
    ['zlib', deflateSync(`amid ${text} others`)],
    ['gzip of its hex', gzipSync(Buffer.from(text).toString('hex'))],
  ])('E2 finds a canary as another program writes it, amid other bytes: %s', (_, bytes) => {
    for (const lead of [1, 2, 3]) expect(textsIn(surrounded(bytes, lead))).toEqual([text]);
  });

  test('E2 finds what a database holds: in pieces on many pages, and packed with brotli', () => {
    const path = join(aDirectory(), 'any.db');
    const db = new Sqlite(path);
    db.exec('PRAGMA page_size = 512; CREATE TABLE any (value)');
    const insert = db.prepare('INSERT INTO any (value) VALUES (?)');
    const long = `${'-'.repeat(480)}${text}`.repeat(9);
    insert.run(long);
    insert.run(brotliCompressSync(`amid ${other} others`));
    db.close();
    const places = found(join(path, '..'), traces);
    expect(places).toContain(`any of ${path}: ${text} as UTF-8`);
    expect(places).toContain(`brotli in any of ${path}: ${other} as UTF-8`);
  });

  test('E2 finds what lies in a file, and names the file and not more', () => {
    const directory = aDirectory();
    writeFileSync(join(directory, 'planted'), brotliCompressSync(Buffer.from(`amid ${text} others`)));
    expect(found(directory, tracesOf([text]))).toContain(`brotli in ${join(directory, 'planted')}: ${text} as UTF-8`);
  });

  test('E2 finds secret bytes as they are and as texts write them, and nothing where there is nothing', () => {
    const secret = randomBytes(32);
    const forSecret = searchFor(tracesOfBytes('a key', secret));
    for (const encoding of ['hex', 'base64', 'base64url'] as const)
      expect(forSecret(surrounded(Buffer.from(secret.toString(encoding)), 3))).toHaveLength(1);
    expect(forSecret(surrounded(secret))).toHaveLength(1);
    expect(forSecret(randomBytes(2 ** 20))).toEqual([]);
    expect(textsIn(randomBytes(2 ** 20))).toEqual([]);
    expect(textsIn(Buffer.from(Array.from({ length: 999 }, (_, index) => `fråga ${index} `).join('')))).toEqual([]);
  });
});
