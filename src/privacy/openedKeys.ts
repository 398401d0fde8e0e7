import type { KeyObject } from 'node:crypto';
import type { KeyId } from './keys.ts';

/** Keys that were opened and need not be unwrapped again. */
export type OpenedKeys = {
  readonly find: (id: KeyId) => KeyObject | undefined;
  readonly keep: (id: KeyId, key: KeyObject) => void;
  readonly forget: (id: KeyId) => void;
  readonly clear: () => void;
};

/** Keeps the keys used last, at most `most`, and forgets all when the version of where they came from is another. */
export const openedKeys = (currentVersion: () => unknown, most: number): OpenedKeys => {
  const keys = new Map<KeyId, KeyObject>();
  let version: unknown;
  const forgetOldVersion = (): void => {
    const now = currentVersion();
    if (now !== version) keys.clear();
    version = now;
  };
  const putLast = (id: KeyId, key: KeyObject): void => {
    keys.delete(id);
    keys.set(id, key);
  };
  const keep = (id: KeyId, key: KeyObject): void => {
    putLast(id, key);
    const [oldest] = keys.keys();
    if (oldest !== undefined && keys.size > most) keys.delete(oldest);
  };
  const find = (id: KeyId): KeyObject | undefined => {
    forgetOldVersion();
    const key = keys.get(id);
    if (key !== undefined) putLast(id, key);
    return key;
  };
  return { find, keep, forget: (id) => void keys.delete(id), clear: () => keys.clear() };
};
