import { createHash } from 'node:crypto';

/** A text, one way in which it could come to lie somewhere, and the bytes by which it is then found. */
export type Trace = { readonly text: string; readonly way: string; readonly bytes: Buffer };
type Written = readonly [way: string, bytes: Buffer];

const escaped = (text: string): string =>
  text.replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
const escapedInCapitals = (text: string): string =>
  escaped(text).replace(/\\u.{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`);
const percent = (text: string): string => encodeURIComponent(text);
const percentInSmall = (text: string): string => percent(text).replace(/%../g, (code) => code.toLowerCase());

/** The letters of base64 that follow from some bytes alone, wherever they begin among the bytes around them. */
const base64At = (bytes: Buffer, offset: number, encoding: 'base64' | 'base64url'): Buffer => {
  const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
  const skipped = [0, 2, 3][offset] ?? 0;
  return Buffer.from(shifted.toString(encoding).slice(skipped, Math.floor((shifted.length * 8) / 6)));
};

/** Bytes as they are, and as text encodings write them. */
const written = (bytes: Buffer): readonly Written[] => [
  ['bytes', bytes],
  ['hex', Buffer.from(bytes.toString('hex'))],
  ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())],
  ...(['base64', 'base64url'] as const).flatMap((encoding) =>
    [0, 1, 2].map((offset): Written => [`${encoding} at ${offset}`, base64At(bytes, offset, encoding)]),
  ),
];

const forms = (text: string): readonly (readonly [form: string, text: string])[] => [
  ['UTF-8', text],
  ['NFD', text.normalize('NFD')],
  ['small', text.toLowerCase()],
  ['capitals', text.toUpperCase()],
  ['JSON', escaped(text)],
  ['JSON in capitals', escapedInCapitals(text)],
  ['percent', percent(text)],
  ['percent in small', percentInSmall(text)],
  ['form', percent(text).replaceAll('%20', '+')],
];

const algorithms = ['sha256', 'sha1', 'md5'] as const;

const waysOf = (text: string): readonly Written[] => {
  const utf8 = Buffer.from(text, 'utf8');
  const digests = algorithms.flatMap((algorithm) =>
    written(createHash(algorithm).update(utf8).digest()).map(([way, bytes]): Written => [`${algorithm} ${way}`, bytes]),
  );
  return [
    ...forms(text).map(([way, form]): Written => [way, Buffer.from(form, 'utf8')]),
    ['Latin-1', Buffer.from(text, 'latin1')],
    ['UTF-16LE', Buffer.from(text, 'utf16le')],
    ['UTF-16BE', Buffer.from(text, 'utf16le').swap16()],
    ...written(utf8).slice(1),
    ...digests,
  ];
};

/** One trace for each way that writes other bytes than those before it. */
const tracesBy = (text: string, ways: readonly Written[]): readonly Trace[] => {
  const byBytes = new Map<string, Trace>();
  for (const [way, bytes] of ways)
    if (!byBytes.has(bytes.toString('latin1'))) byBytes.set(bytes.toString('latin1'), { text, way, bytes });
  return [...byBytes.values()];
};

/** Everything by which texts are found whole: each text, each way of writing it, and its bare digests. */
export const tracesOf = (texts: readonly string[]): readonly Trace[] =>
  texts.flatMap((text) => tracesBy(text, waysOf(text)));

/** What a search index keeps of a text that begins like one that it has already. */
const prefixLength = 4;
const shortestTail = 12;
const tailOf = (text: string): readonly string[] =>
  /\p{L}/u.test(text) && text.length >= prefixLength + shortestTail ? [text.slice(prefixLength)] : [];

/** As `tracesOf`, and besides each word of six letters or more, and what is left of the text after its first four letters. */
export const tracesOfParts = (texts: readonly string[]): readonly Trace[] =>
  texts.flatMap((text) => {
    const words = text.match(/\p{L}{6,}/gu) ?? [];
    const parts = [
      ...words.map((word) => ['word', word] as const),
      ...tailOf(text).map((tail) => ['tail', tail] as const),
    ];
    const ofParts = parts.flatMap(([part, piece]) =>
      waysOf(piece).map(([way, bytes]): Written => [`${part} as ${way}`, bytes]),
    );
    return tracesBy(text, [...waysOf(text), ...ofParts]);
  });

/** Everything by which some secret bytes are found, such as those of a key. */
export const tracesOfBytes = (name: string, bytes: Buffer): readonly Trace[] => tracesBy(name, written(bytes));
