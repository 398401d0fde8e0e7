import { describe, expect, test } from 'vitest';
import { containsPersonalNumber } from '../../src/domain/identifiers.ts';

describe('a text of the skeleton', () => {
  test.each([
    'ring 19121212\u20131212 nu',
    'ring 19121212\u00a01212 nu',
    'ring 121212\u22121212 nu',
    'ring 19121212+1212 nu',
    'ring 1212121212 nu',
  ])('R242 holds a personal number however its parts are joined: %j', (text) => {
    expect(containsPersonalNumber(text)).toBe(true);
  });

  test.each(['dnr 2026/0102/1234', 'ring 040-12 34 56', 'SE2321000131-P102', '19121212\u20131213'])(
    'holds no personal number in %j',
    (text) => {
      expect(containsPersonalNumber(text)).toBe(false);
    },
  );
});
