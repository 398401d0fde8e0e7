import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const escaped = (text: string): string =>
  [...text].map((letter) => (letter.charCodeAt(0) < 128 ? letter : unicodeEscape(letter))).join('');
const unicodeEscape = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** The letters of base64 that follow from a text alone, wherever it begins among the bytes around it. */
const base64At = (text: string, offset: number, encoding: 'base64' | 'base64url'): string => {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text, 'utf8')]);
  const skipped = [0, 2, 3][offset] ?? 0;
  const whole = Math.floor((bytes.length * 8) / 6);
  return bytes.toString(encoding).slice(skipped, whole);
};

const forms = (text: string): readonly string[] => [
  ...new Set([text, text.normalize('NFD'), text.toLowerCase(), text.toUpperCase()]),
];

const digests = (text: string): readonly Buffer[] =>
  ['sha256', 'sha1', 'md5'].map((algorithm) => createHash(algorithm).update(text).digest());

/** The bytes by which a text would be found in a file, by the name of the way it is written. */
const waysOf = (text: string): readonly (readonly [way: string, bytes: Buffer])[] => {
  const utf8 = Buffer.from(text, 'utf8');
  const hex = utf8.toString('hex');
  return [
    ...forms(text).map((form, index) => [`UTF-8 ${index}`, Buffer.from(form, 'utf8')] as const),
    ['UTF-16LE', Buffer.from(text, 'utf16le')],
    ['UTF-16BE', bigEndian(text)],
    ['JSON', Buffer.from(escaped(text))],
    ['percent', Buffer.from(encodeURIComponent(text))],
    ['hex', Buffer.from(hex)],
    ['HEX', Buffer.from(hex.toUpperCase())],
    ...[0, 1, 2].map((offset) => [`base64 ${offset}`, Buffer.from(base64At(text, offset, 'base64'))] as const),
    ...[0, 1, 2].map((offset) => [`base64url ${offset}`, Buffer.from(base64At(text, offset, 'base64url'))] as const),
    ...digests(text).flatMap((digest, index) => [
      [`digest ${index}`, digest] as const,
      [`hex of digest ${index}`, Buffer.from(digest.toString('hex'))] as const,
    ]),
  ];
};

/** Everything that a scan looks for: each text, each way of writing it. */
export const tracesOf = (texts: readonly string[]) =>
  texts.flatMap((text) => waysOf(text).map(([way, bytes]) => ({ text, way, bytes })));
export type Trace = ReturnType<typeof tracesOf>[number];

/** The files of a directory and of those below it. */
export const filesIn = (directory: string): readonly string[] =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Where traces lie in the files of a directory. */
export const found = (directory: string, traces: readonly Trace[]): readonly string[] =>
  filesIn(directory).flatMap((file) => {
    const bytes = readFileSync(file);
    return traces.filter((trace) => bytes.includes(trace.bytes)).map(({ text, way }) => `${file}: ${text} as ${way}`);
  });
