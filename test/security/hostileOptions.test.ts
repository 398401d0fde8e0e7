import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { types } from 'node:util';
import type fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventStoreDbStore } from '../../src/eventStoreDb.ts';
import { type FoljaOptions, inMemoryStore, openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { aDirectory, masterKey } from '../library/world.ts';
import { expectTyped, type Outcome, tryAll } from './trying.ts';
import { anyBut, type Make, nearly } from './values.ts';

const policy = { id: 'test-1', auditYears: 9, testResidents: ['191212121212'], testIdentifiers: true };
const options = {
  ...{ masterKey: { current: { id: 'a', key: masterKey }, previous: [{ id: 'b', key: new Uint8Array(32) }] }, policy },
  ...{ clock: () => new Date(), deliver: async () => undefined, anchor: () => undefined },
  ...{ logger: { warn: () => undefined }, erasables: [{ name: 'host', erase: async () => undefined }] },
};

const opening = async (given: unknown): Promise<void> => {
  const folja = await openFolja(given as FoljaOptions);
  await folja.tick();
  await folja.close();
};

/** A directory to work in, so that what is written beside nothing is found. */
const workingDirectory = (): string => {
  const [directory, before] = [aDirectory(), process.cwd()];
  const inner = join(directory, 'inner');
  mkdirSync(inner);
  process.chdir(inner);
  onTestFinished(() => process.chdir(before));
  return directory;
};

const paths = ['path', 'keysPath', 'anchorPath', 'readModelPath'];

/** What the sentence repeats on purpose, for whoever has to mend it: paths. They stay in the working directory. */
const asPath = (text: string): string =>
  text
    .replaceAll(/[/\\]/g, '_')
    .replaceAll(/kanarief/giu, 'x')
    .replaceAll(/\d{6}/g, '0');

const inside = (makers: fc.Arbitrary<Make>): fc.Arbitrary<Make> =>
  makers.map((make) => () => {
    const value = make();
    if (typeof value !== 'object' || value === null || types.isProxy(value)) return value;
    for (const name of paths) {
      const found: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
      if (typeof found === 'string') Object.defineProperty(value, name, { value: asPath(found) });
    }
    return value;
  });

const local = 'esdb://127.0.0.1:9?tls=false';
/** The prefix is looked at last, and is one that may not be: nothing is connected to. */
const refusedAtOnce = { connection: local, readModelPath: 'node.db', deadline: 100, prefix: 'keys-' };
const usable = { ...refusedAtOnce, prefix: 'a-' };

/** No name is looked up: what could be asked for is a port of this machine that nobody listens at. */
const withoutNames = (makers: fc.Arbitrary<Make>): fc.Arbitrary<Make> =>
  makers.map((make) => () => {
    const value = make();
    try {
      const connection = (value as { readonly connection?: unknown } | null)?.connection;
      return typeof connection === 'string' && /^\s*esdb/.test(connection) && connection !== local ? undefined : value;
    } catch {
      return value;
    }
  });

const connections: readonly string[] = ['', 'esdb://', 'http://a', 'esdb://127.0.0.1:0@', 'esdb://a:%zz@127.0.0.1'];

describe('the options that a library is opened with', () => {
  test('P11 are used, or told to be wrong in a sentence: those of openFolja', async () => {
    await tryAll(anyBut({ ...options, store: inMemoryStore() }), opening, expectTyped);
  });

  test('P11 are used, or told to be wrong in a sentence: each but the store', async () => {
    const openingWith = (given: unknown): Promise<void> =>
      opening(
        typeof given === 'object' && given !== null ? Object.assign(Object(given), { store: inMemoryStore() }) : given,
      );
    await tryAll(nearly(options), openingWith, expectTyped);
  });

  test('P11 are used, or told to be wrong in a sentence: those of sqliteStore', async () => {
    const directory = workingDirectory();
    const right = { path: 'a.db', keysPath: 'b.db', anchorPath: 'c', acceptOlder: false };
    const openingOn = (given: unknown) => opening({ store: sqliteStore(given as never), masterKey });
    await tryAll(inside(anyBut(right, { path: 'd.db' })), openingOn, expectTyped);
    expect(readdirSync(directory)).toEqual(['inner']);
  });

  test('P11 are used, or told to be wrong in a sentence: those of eventStoreDbStore', async () => {
    const directory = workingDirectory();
    // Its message formats lie in a global of their own, `proto`, as soon as the client is loaded.
    await import('@eventstore/db-client');
    const openingOn = (given: unknown) => opening({ store: eventStoreDbStore(given as never), masterKey });
    await tryAll(withoutNames(inside(anyBut(refusedAtOnce))), openingOn, expectTyped);
    expect(readdirSync(directory)).toEqual(['inner']);
  });

  test.each(connections)('P11 are told to be wrong in a sentence: the connection %j', async (connection) => {
    workingDirectory();
    const store = eventStoreDbStore({ ...usable, connection });
    const outcome: Outcome = await opening({ store, masterKey }).then(
      () => ({ answered: undefined }),
      (thrown: unknown) => ({ thrown }),
    );
    expect(outcome).toHaveProperty('thrown');
    expectTyped(outcome);
  });
});
