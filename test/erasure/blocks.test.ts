import { createSecretKey } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { unwrapKey } from '../../src/privacy/wrapping.ts';
import { canaryLife } from './canaries.ts';
import { anImage, type Image } from './image.ts';
import { masterKey, nextMasterKey, type Phase, type Places, placesBelow } from './livedApart.ts';
import { foundIn, piecesOf, searchFor } from './scanning.ts';
import type { Key } from './secretsOf.ts';
import { type Trace, tracesOfBytes, tracesOfParts } from './traces.ts';
import { type Lived, liveWatched } from './watched.ts';

// Only root may mount a file system, and it takes a while: `npm run test:erasure`.
const isAsked = process.env.FOLJA_LOOP === '1' && process.getuid?.() === 0;
if (!isAsked) console.info('E5 is skipped: the blocks of a disk are searched by root, with npm run test:erasure.');

const seed = Number(process.env.FOLJA_SEED ?? 1177);
const canaries = tracesOfParts(canaryLife(seed).canaries.map(({ text }) => text));

/** A life that was lived on a disk of its own, which is unmounted. */
const livedOn = async (
  image: Image,
  withoutEncryption: boolean,
  inPhase: (phase: Phase, places: Places) => void = () => undefined,
): Promise<Lived> => {
  onTestFinished(image.remove);
  image.mount();
  const places = placesBelow(image.mounted);
  const lived = await liveWatched(seed, { places, withoutEncryption }, (phase) => inPhase(phase, places));
  image.unmount();
  return lived;
};

const foundOn = ({ path }: Image, traces: readonly Trace[]): readonly Trace[] => {
  const search = searchFor(traces);
  const found = new Set<Trace>();
  for (const piece of piecesOf(path)) for (const { trace } of foundIn(search, { contents: [piece] })) found.add(trace);
  return [...found];
};

/** A wrapping of a key that still lies somewhere on a disk. */
type Copy = { readonly key: Key; readonly wrapped: Buffer };

const copiesOn = ({ path }: Image, keys: readonly Key[]): readonly Copy[] => {
  const disk = readFileSync(path);
  const copies: Copy[] = [];
  for (const key of keys)
    for (let at = disk.indexOf(key.wrapped); at >= 0; at = disk.indexOf(key.wrapped, at + 1))
      copies.push({ key, wrapped: disk.subarray(at, at + key.wrapped.length) });
  return copies;
};

const ofKeys = (keys: readonly Key[]): readonly Trace[] => keys.flatMap(({ id, opened }) => tracesOfBytes(id, opened));

/** What a host might do before a purge: it copies the key file, and removes the copy. Its blocks keep what was in them. */
const backUpAndRemove = (phase: Phase, { below, keysPath }: Places): void => {
  if (phase !== 'closed') return;
  const backup = join(below, 'backup');
  const file = openSync(backup, 'w');
  writeFileSync(file, readFileSync(keysPath));
  fsyncSync(file);
  closeSync(file);
  rmSync(backup);
};

describe.skipIf(!isAsked)(`the blocks of a disk on which a life of seed ${seed} was lived`, () => {
  test('P12 P13 R242 R250 E5 hold no personal text and no key, and of its wrapping nothing that the next master key opens', async () => {
    const image = anImage();
    const lived = await livedOn(image, false, backUpAndRemove);
    expect(foundOn(image, [...canaries, ...ofKeys(lived.keys)])).toEqual([]);
    const stale = copiesOn(image, lived.keys);
    console.info(
      `E5: ${stale.length} wrappings of ${lived.keys.length} keys are left, in the blocks that a copy gave up.`,
    );
    const opensBy = (master: Uint8Array, ...epochs: readonly string[]): readonly Copy[] =>
      stale.filter(({ key, wrapped }) =>
        epochs.some((epoch) =>
          E.isRight(unwrapKey(wrapped, { store: lived.storeId, keyId: key.id, epoch }, createSecretKey(master))),
        ),
      );
    expect(opensBy(masterKey, 'master').filter(({ key }) => key.id === lived.careKey)).not.toEqual([]);
    expect(opensBy(nextMasterKey, 'master', 'next')).toEqual([]);
    lived.remove();
  }, 300_000);

  test('E2 hold personal texts that files have given up where nothing encrypts them: a purge of files alone is not enough', async () => {
    const image = anImage();
    const lived = await livedOn(image, true);
    const inFiles = new Set(lived.seen.ended.ofCanaries.map(({ text }) => text));
    const onDisk = new Set(foundOn(image, canaries).map(({ text }) => text));
    console.info(`E5: without encryption ${onDisk.size - inFiles.size} erased texts are left on the disk.`);
    expect(onDisk.size).toBeGreaterThan(inFiles.size);
    lived.remove();
  }, 300_000);
});
