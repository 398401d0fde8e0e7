import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AssignmentName,
  HsaId,
  isStrictHsaId,
  PersonName,
  PlainText,
  publicText,
  Reference,
  Slug,
  Uuid,
} from '../../src/domain/identifiers.ts';
import { testNumber, testNumbers } from './personalNumbers.ts';

const accepts = (schema: { safeParse: (value: unknown) => { success: boolean } }, value: unknown): boolean =>
  schema.safeParse(value).success;

describe('an HSA-id', () => {
  test.each([
    'SE2321000131-E000000000001',
    'SE162321000255-abc123',
    'SE165565594230-1000',
    `SE2321000131-${'a'.repeat(18)}`,
  ])('R058 is of the national form: %s', (id) => {
    expect(accepts(HsaId, id)).toBe(true);
    expect(isStrictHsaId(id)).toBe(true);
  });

  test.each([
    'TST5565594230-106J',
    'SE232100013-1',
    'SE992321000255-abc',
    'SE2321000131',
    'SE2321000131-a-b',
    'se2321000131-a',
  ])('R058 is of a test environment’s form only: %s', (id) => {
    expect(accepts(HsaId, id)).toBe(true);
    expect(isStrictHsaId(id)).toBe(false);
  });

  test.each([
    '',
    '-SE2321000131',
    'SE2321000131-å',
    'SE2321000131-mia@bmm',
    'SE2321000131 mia',
    'SE2321000131_mia',
    `SE2321000131-${'a'.repeat(19)}`,
    'SE2321000131-mia\n',
  ])('is of no form: "%s"', (id) => {
    expect(accepts(HsaId, id)).toBe(false);
  });

  test('R242 holds no personal number in its own part', () => {
    expect(accepts(HsaId, 'SE2321000131-191212121212')).toBe(false);
    expect(accepts(HsaId, 'SE2321000131-1212121212')).toBe(false);
    expect(accepts(HsaId, '191212121212')).toBe(false);
  });
});

describe('a slug', () => {
  test.each(['a', 'lar-dig-om-amning', 'steg-1', '2026', '-', 'a'.repeat(64)])('is of small letters: %s', (text) => {
    expect(accepts(Slug, text)).toBe(true);
  });

  test.each(['', 'A', 'lär', 'a b', 'a_b', 'a'.repeat(65), 'a\n', '__proto__'])('is nothing else: "%s"', (text) => {
    expect(accepts(Slug, text)).toBe(false);
  });
});

describe('a reference', () => {
  test.each(['RS-2026/17', 'A:1.2', 'x'.repeat(64)])('R240 is the number of a case: %s', (text) => {
    expect(accepts(Reference, text)).toBe(true);
  });

  test.each(['', 'RS 2026', 'Åsa', 'x'.repeat(65), 'RS\t1'])('is nothing else: "%s"', (text) => {
    expect(accepts(Reference, text)).toBe(false);
  });
});

describe('a UUID', () => {
  const id = '018f3b1e-7c4a-8d2e-9b61-0a1b2c3d4e5f';

  test('is taken in any case, and kept in small letters', () => {
    expect(Uuid.parse(id)).toBe(id);
    expect(Uuid.parse(id.toUpperCase())).toBe(id);
  });

  test.each(['', id.replaceAll('-', ''), `${id}0`, id.slice(1), `{${id}}`, '018f3b1e-7c4a-8d2e-9b61-0a1b2c3d4e5g'])(
    'is nothing else: "%s"',
    (text) => {
      expect(accepts(Uuid, text)).toBe(false);
    },
  );

  test('is not refused for twelve digits that only chance put at its end', () => {
    for (const birthDay of ['0199-12-31', '1799-12-31', '5012-12-12']) {
      expect(accepts(Uuid, `018f3b1e-7c4a-8d2e-9b61-${testNumber(birthDay, 998)}`)).toBe(true);
    }
  });
});

describe('a string of the skeleton', () => {
  const runs = { numRuns: 300 };

  test('R242 is no slug, reference or public text with a personal number in it', () => {
    fc.assert(
      fc.property(testNumbers, fc.constantFrom('', '-'), (digits, separator) => {
        for (const number of [digits, digits.slice(2)]) {
          const written = `${number.slice(0, -4)}${separator}${number.slice(-4)}`;
          for (const text of [written, `a-${written}`, `${written}-b`]) {
            expect([Slug, Reference, AssignmentName, publicText(64)].some((schema) => accepts(schema, text))).toBe(
              false,
            );
          }
        }
      }),
      runs,
    );
  });

  test('R242 is no UUID that begins or ends with a personal number', () => {
    fc.assert(
      fc.property(testNumbers, (digits) => {
        expect(accepts(Uuid, `00000000-0000-4000-8000-${digits}`)).toBe(false);
        expect(accepts(Uuid, `${digits.slice(0, 8)}-${digits.slice(8)}-4000-8000-000000000000`)).toBe(false);
      }),
      runs,
    );
  });

  test('R242 is a UUID when it is random', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => accepts(Uuid, id)),
      { numRuns: 5_000, seed: 1912 },
    );
  });
});

describe.each([
  ['a personal text', PlainText, 10_000],
  ['a name', PersonName, 200],
  ['a public text', publicText(300), 300],
] as const)('%s', (_, schema, longest) => {
  test('is trimmed, and then not empty', () => {
    expect(schema.parse('  Hej!\n')).toBe('Hej!');
    expect(accepts(schema, ' \n\t ')).toBe(false);
  });

  test('is bounded', () => {
    expect(accepts(schema, 'å'.repeat(longest))).toBe(true);
    expect(accepts(schema, 'å'.repeat(longest + 1))).toBe(false);
  });

  test('is kept composed (NFC), however its letters were put together', () => {
    expect(schema.parse('A\u030ase')).toBe('\u00c5se');
    expect(accepts(schema, 'A\u030a'.repeat(longest))).toBe(true);
  });

  test('keeps whole surrogate pairs', () => {
    expect(schema.parse('ett två 👶')).toBe('ett två 👶');
  });

  test.each(['\u0000', '\u0007', '\u001b', '\u007f', '\u0085', '\ud83d', '\udc76'])(
    'is refused with a control character or half a surrogate pair: %j',
    (character) => {
      expect(accepts(schema, `a${character}b`)).toBe(false);
    },
  );

  test('is its own canonical form, so that reading it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const read = schema.safeParse(text);
        fc.pre(read.success);
        expect(schema.parse(read.data)).toBe(read.data);
      }),
      { numRuns: 300 },
    );
  });
});

describe.each([
  ['a personal text', PlainText],
  ['a public text', publicText(300)],
] as const)('%s', (_, schema) => {
  test('keeps its lines and tabs', () => {
    expect(schema.parse('ett\n\ttvå')).toBe('ett\n\ttvå');
  });
});

describe('a name', () => {
  test.each(['Anna\nBo', 'Anna\tBo'])('is one line: %j is none', (name) => {
    expect(accepts(PersonName, name)).toBe(false);
  });
});

describe('a personal text', () => {
  test('has the line ends of any system, kept as one kind', () => {
    expect(PlainText.parse('ett\r\ntvå')).toBe('ett\ntvå');
  });

  test('may hold a personal number, since it is sealed', () => {
    expect(accepts(PlainText, 'Mitt barn är 20121212-1212')).toBe(true);
  });
});
