import { createSecretKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openedKeys } from '../../src/privacy/openedKeys.ts';

const keyOf = (byte: number) => createSecretKey(new Uint8Array(32).fill(byte));

describe('keys that were opened', () => {
  test('are kept, the ones used last, up to a bound', () => {
    const keys = openedKeys(() => 1, 2);
    keys.find('a');
    keys.keep('a', keyOf(1));
    keys.keep('b', keyOf(2));
    keys.find('a');
    keys.keep('c', keyOf(3));
    expect(['a', 'b', 'c'].map((id) => keys.find(id) !== undefined)).toEqual([true, false, true]);
  });

  test('R242 are forgotten one by one on demand, and the others stay', () => {
    const keys = openedKeys(() => 1, 2);
    keys.find('a');
    keys.keep('a', keyOf(1));
    keys.keep('b', keyOf(2));
    keys.forget('a');
    expect(['a', 'b'].map((id) => keys.find(id) !== undefined)).toEqual([false, true]);
  });

  test('are all forgotten when the file has changed, or on demand', () => {
    const file = { version: 1 };
    const keys = openedKeys(() => file.version, 2);
    keys.find('a');
    keys.keep('a', keyOf(1));
    file.version = 2;
    expect(keys.find('a')).toBeUndefined();
    keys.keep('a', keyOf(1));
    expect(keys.find('a')).toBeDefined();
    keys.clear();
    expect(keys.find('a')).toBeUndefined();
  });
});
