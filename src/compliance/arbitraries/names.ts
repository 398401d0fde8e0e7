import fc from 'fast-check';
import { readPersonalNumber } from '../../domain/identifiers.ts';

/** Days of any sort, the leap day and those on which the clocks change among them. */
export const anyDay: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 4 * 365 }) },
    { weight: 1, arbitrary: fc.constantFrom(58, 59, 90, 299, 453, 663) },
  )
  .map((days) => new Date(Date.UTC(2024, 0, 1 + days)).toISOString().slice(0, 10));

const anyHour: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 24 * 60 - 1 })
  .map((minute) => [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':'));

/** A time of day, HH:MM. */
export const anyTime: fc.Arbitrary<string> = fc.oneof(anyHour, fc.constantFrom('00:00', '02:30', '23:59'));

/** An instant as the library writes them. */
export const anyInstant: fc.Arbitrary<string> = fc
  .tuple(anyDay, anyTime, fc.integer({ min: 0, max: 59_999 }))
  .map(([day, time, rest]) => new Date(Date.parse(`${day}T${time}:00.000Z`) + rest).toISOString());

const word = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'),
  minLength: 1,
  maxLength: 9,
});

/** A machine name, of a template, module, section, reason or kind. */
export const anySlug: fc.Arbitrary<string> = fc
  .array(word, { minLength: 1, maxLength: 3 })
  .map((words) => words.join('-'));

const hexadecimal = fc.string({ unit: fc.constantFrom(...'abcdef0123456789'), minLength: 12, maxLength: 12 });

/** The id of a program, conversation, plan, handover or command; its outer parts are no personal number. */
export const anyUuid: fc.Arbitrary<string> = hexadecimal.map(
  (text) =>
    `0195${text.slice(0, 3)}a-${text.slice(3, 7)}-7${text.slice(7, 10)}-8${text.slice(9, 12)}-${text.slice(0, 11)}f`,
);

/** An HSA-id as the national directory writes it, of an organization that is made up. */
export const anyHsaId: fc.Arbitrary<string> = fc
  .string({ unit: fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZ123456789'), minLength: 1, maxLength: 8 })
  .map((suffix) => `SE2321000131-${suffix}`);

/** The check digit: modulus 10 with weights 2, 1, 2 … over YYMMDD and the serial. */
const withCheckDigit = (eleven: string): string => {
  const products = [...eleven.slice(2)].map((digit, index) => Number(digit) * (index % 2 === 0 ? 2 : 1));
  const sum = products.reduce((total, product) => total + (product > 9 ? product - 9 : product), 0);
  return `${eleven}${(10 - (sum % 10)) % 10}`;
};

/** The number of a person in twelve digits: of the series 980 to 999, in which nobody living has one. */
const anyResidentNumber: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 0, max: 74 * 365 }), fc.integer({ min: 980, max: 999 }))
  .map(([days, serial]) => {
    const born = new Date(Date.UTC(1945, 0, 1 + days)).toISOString().slice(0, 10).replaceAll('-', '');
    return withCheckDigit(`${born}${serial}`);
  })
  .filter((number) => readPersonalNumber(number, '2026-01-01') === number);

/** The same as people write it. */
export const anyWrittenNumber: fc.Arbitrary<string> = fc
  .tuple(anyResidentNumber, fc.boolean())
  .map(([number, hasDash]) => (hasDash ? `${number.slice(0, 8)}-${number.slice(8)}` : number));

const letters = [...'abcdefghijklmnopqrstuvwxyzåäöABCDEFÅÄÖ .,?!–é😀'];

/** A text of some length that names nobody. */
export const anyText = (longest: number, shortest = 1): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...letters), minLength: shortest, maxLength: Math.min(longest, 60) })
    .map((text) => text.trim().normalize('NFC'))
    .map((text) => (text.length < shortest ? `${text}${'a'.repeat(shortest)}` : text))
    .map((text) => (text.length > longest ? 'a'.repeat(Math.max(1, shortest)) : text));

/** The number of a case or a decision. */
export const anyReference: fc.Arbitrary<string> = fc
  .tuple(word, fc.integer({ min: 1, max: 999 }))
  .map(([series, number]) => `${series.toUpperCase()}-2026/${number}`);

/** A code under which a contact is registered. */
export const anyCode: fc.Arbitrary<string> = word.map((code) => code.toUpperCase());
