import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { containsPersonalNumber, readPersonalNumber, WrittenPersonalNumber } from '../../src/domain/identifiers.ts';
import { birthDays, checkDigit, serials, testNumber, testNumbers } from './personalNumbers.ts';

const today = '2026-03-02';
const runs = { numRuns: 300 };

describe('a personal number', () => {
  test.each([
    ['19121212-1212', '191212121212'],
    ['19121212+1212', '191212121212'],
    ['191212121212', '191212121212'],
    ['121212+1212', '191212121212'],
    ['121212-1212', '201212121212'],
    ['1212121212', '201212121212'],
    ['640823-3234', '196408233234'],
    ['6408233234', '196408233234'],
    ['19640823-3234', '196408233234'],
  ])('R083 is read as people write it: %s', (written, digits) => {
    expect(WrittenPersonalNumber.safeParse(written).success).toBe(true);
    expect(readPersonalNumber(written, today)).toBe(digits);
  });

  test.each(['19701063-2391', '197010632391', '701063-2391', '7010632391'])(
    'R083 is read as a coordination number, 60 added to the day: %s',
    (written) => {
      expect(readPersonalNumber(written, today)).toBe('197010632391');
    },
  );

  test('R083 is read by its century at the given day where it is written short', () => {
    expect(readPersonalNumber('1212121212', '2012-12-12')).toBe('201212121212');
    expect(readPersonalNumber('1212121212', '2011-12-31')).toBe('191212121212');
    expect(readPersonalNumber('640823-3234', '2063-12-31')).toBe('196408233234');
    expect(readPersonalNumber('640823-3234', '2064-12-31')).toBe('206408233234');
  });

  test('R083 is written with a plus sign from the year in which the person turns 100', () => {
    expect(readPersonalNumber('640823+3234', '2064-01-01')).toBe('196408233234');
    expect(readPersonalNumber('640823+3234', '2063-12-31')).toBe('186408233234');
    expect(readPersonalNumber('640823-3234', '2063-12-31')).toBe('196408233234');
  });

  test.each([
    ['a wrong check digit', '19121212-1213'],
    ['a wrong check digit', '640823-3235'],
    ['a wrong check digit', '197010632392'],
    ['the thirtieth of February', `19900230-998${checkDigit('900230998')}`],
    ['the 29th of February in a common year', `19010229-998${checkDigit('010229998')}`],
    ['a thirteenth month', `19901301-998${checkDigit('901301998')}`],
    ['a month of none', `19900001-998${checkDigit('900001998')}`],
    ['a day of none', `19900100-998${checkDigit('900100998')}`],
    ['a day of 92 as coordination number', `19900192-998${checkDigit('900192998')}`],
    ['the serial 000', `19900101-000${checkDigit('900101000')}`],
    ['a year long before anybody’s', testNumber('0199-12-31', 998)],
  ])('R083 is not one with %s: %s', (_, written) => {
    expect(readPersonalNumber(written, today)).toBeUndefined();
  });

  test('R083 is not one before the day of birth', () => {
    expect(readPersonalNumber('20121212-1212', '2012-12-11')).toBeUndefined();
    expect(readPersonalNumber('20121212-1212', '2012-12-12')).toBe('201212121212');
    expect(readPersonalNumber('121212-1212', '2012-12-11')).toBeUndefined();
    expect(readPersonalNumber('19701063-2391', '1970-10-02')).toBeUndefined();
    expect(readPersonalNumber('19701063-2391', '1970-10-03')).toBe('197010632391');
  });

  test.each(['', '19121212 1212', '1912-12-12-1212', '12121212', '19121212-121', 'A9121212-1212', '19121212_1212'])(
    'R083 is not one written as "%s"',
    (written) => {
      expect(WrittenPersonalNumber.safeParse(written).success).toBe(false);
      expect(readPersonalNumber(written, today)).toBeUndefined();
    },
  );

  test('R083 is read from every long form', () => {
    fc.assert(
      fc.property(testNumbers, fc.constantFrom('', '-', '+'), (digits, separator) => {
        const written = `${digits.slice(0, 8)}${separator}${digits.slice(8)}`;
        expect(readPersonalNumber(written, today)).toBe(digits);
      }),
      runs,
    );
  });

  test('R083 is read from the short form that its age calls for', () => {
    fc.assert(
      fc.property(birthDays, serials, (birthDay, serial) => {
        const turnsHundred = Number(birthDay.slice(0, 4)) + 100 <= Number(today.slice(0, 4));
        const digits = testNumber(birthDay, serial);
        const written = `${digits.slice(2, 8)}${turnsHundred ? '+' : '-'}${digits.slice(8)}`;
        expect(readPersonalNumber(written, today)).toBe(digits);
      }),
      runs,
    );
  });

  test('R083 is not one with any other check digit', () => {
    fc.assert(
      fc.property(testNumbers, fc.integer({ min: 1, max: 9 }), (digits, off) => {
        const wrong = `${digits.slice(0, 11)}${(Number(digits.at(-1)) + off) % 10}`;
        expect(readPersonalNumber(wrong, today)).toBeUndefined();
        expect(containsPersonalNumber(wrong)).toBe(false);
      }),
      runs,
    );
  });
});

describe('a text', () => {
  test.each([
    '191212121212',
    '19121212-1212',
    '19121212+1212',
    '19121212 1212',
    '1212121212',
    '121212-1212',
    '121212+1212',
    '121212 1212',
    'Mia 121212-1212 ringde',
    'nr:19121212-1212.',
    'mia121212-1212mia',
    'å191212121212å',
    '1234 640823-3234',
    '000000-0000 och 640823-3234',
    '197010632391',
    '701063-2391',
  ])('R242 holds a personal number: %s', (text) => {
    expect(containsPersonalNumber(text)).toBe(true);
  });

  test.each([
    '',
    'Avsnitt 12',
    '2026-03-02T08:15:30.123Z',
    '070-123 45 67',
    '162321000255',
    '5565594230',
    '1191212121212',
    '1912121212123',
    '19121212-12123',
    '119121212-1212',
    '12121212123',
    '121212/1212',
    '19121212-1213',
    '12-1212-1212',
  ])('holds none in digits that are no number, or part of a longer one: "%s"', (text) => {
    expect(containsPersonalNumber(text)).toBe(false);
  });

  test('R242 holds one wherever it stands, in whichever form', () => {
    const words = fc.stringMatching(/^[a-zåäö ,.:()]{0,12}$/);
    fc.assert(
      fc.property(testNumbers, fc.constantFrom('', '-', '+', ' '), words, words, (digits, separator, before, after) => {
        for (const number of [digits.slice(0, 8), digits.slice(2, 8)]) {
          expect(containsPersonalNumber(`${before}${number}${separator}${digits.slice(8)}${after}`)).toBe(true);
        }
      }),
      runs,
    );
  });

  test('holds none in a number with one digit more', () => {
    fc.assert(
      fc.property(testNumbers, fc.integer({ min: 0, max: 9 }), (digits, extra) => {
        expect(containsPersonalNumber(`${digits}${extra}`)).toBe(false);
        expect(containsPersonalNumber(`${extra}${digits}`)).toBe(false);
      }),
      runs,
    );
  });
});
