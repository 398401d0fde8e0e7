import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aDirectory } from '../eventStore/builders.ts';
import { canaryLife } from './canaries.ts';
import { placesBelow } from './livedApart.ts';
import { foundIn, searchFor } from './scanning.ts';
import { tracesOfBytes, tracesOfParts } from './traces.ts';
import { liveWatched } from './watched.ts';

// It takes a while: `npm run test:erasure`.
const tracer = 'strace';
const isAsked = process.env.FOLJA_LOOP === '1' && spawnSync(tracer, ['-V']).status === 0;
if (!isAsked) console.info('E1 is skipped for every single write: strace looks into them, with npm run test:erasure.');

const seed = Number(process.env.FOLJA_SEED ?? 1177);
const canaries = canaryLife(seed).canaries.map(({ text }) => text);
const systemCalls = 'trace=write,pwrite64,writev,pwritev,pwritev2';
const longest = '2000000';

/** The bytes that each write of a traced process was to write, one after the other. */
const writesIn = (traced: string): Buffer =>
  Buffer.concat(
    (traced.match(/(?:\\x[0-9a-f]{2})+/g) ?? []).map((bytes) => Buffer.from(bytes.replaceAll('\\x', ''), 'hex')),
  );

/** Lives under strace; what of personal texts and keys was ever written, to a file or to anybody, and how much in all. */
const everWritten = async (withoutEncryption: boolean) => {
  const traced = join(aDirectory(), 'traced');
  const places = placesBelow(mkdtempSync(join(tmpdir(), 'folja-life-')));
  const under = [tracer, '-f', '-qq', '-e', systemCalls, '-xx', '-s', longest, '-o', traced] as const;
  const lived = await liveWatched(seed, { places, withoutEncryption, under: [...under] });
  lived.remove();
  const bytes = writesIn(readFileSync(traced, 'latin1'));
  console.info(`E1: ${(bytes.length / 2 ** 20).toFixed(1)} MiB were written in all.`);
  const keys = lived.keys.flatMap(({ id, opened }) => tracesOfBytes(id, opened));
  const found = foundIn(searchFor([...tracesOfParts(canaries), ...keys]), { contents: [{ where: 'writes', bytes }] });
  return { size: bytes.length, keys: lived.keys, texts: new Set(found.map(({ trace }) => trace.text)) };
};

describe.skipIf(!isAsked)(`every write of a process that lives the life of seed ${seed}`, () => {
  test('E1 E3 P12 R249 holds no personal text and no key, not even for an instant', async () => {
    const { size, texts } = await everWritten(false);
    expect(size).toBeGreaterThan(2 ** 20);
    expect([...texts]).toEqual([]);
  }, 300_000);

  test('E2 holds them where nothing encrypts them', async () => {
    const { keys, texts } = await everWritten(true);
    for (const { id } of keys) expect(texts).toContain(id);
    expect(texts.size).toBeGreaterThan(keys.length + 15);
  }, 300_000);
});
