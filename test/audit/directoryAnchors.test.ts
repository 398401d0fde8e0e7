import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Anchor, LedgerEntry, SignedHead } from '../../src/audit/anchors.ts';
import { directoryAnchors } from '../../src/audit/directoryAnchors.ts';
import { anEvent } from '../eventStore/events.ts';

const aPlace = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'folja-anchors-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'unit.anchors');
};

const at = '2026-03-02T08:00:00.000Z';
const anchor = (length: number): Anchor => ({ length, root: String(length).padStart(64, 'a') });
const head = (length: number): SignedHead => ({ ...anchor(length), origin: 'store', at, signature: 'c2lnbmVk' });
const entryOf = (number: number): LedgerEntry => ({
  ...{ stream: `program-${number}`, keyId: String(number).padStart(32, '0') },
  purged: { ...anEvent({ type: 'purged' }), stream: `program-${number}`, revision: 9, position: number },
});

const entries = Array.from({ length: 200 }, (_, number) => entryOf(number));
const entry = (number: number): LedgerEntry => entries[number] as LedgerEntry;

describe('the newest anchor', () => {
  test('P11 is the longest that was noted, by any of several processes, in whatever order', () => {
    const lengths = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 0, max: 300 })), { minLength: 1, maxLength: 30 });
    const check = fc.property(lengths, (notes) => {
      const place = aPlace();
      const processes = [directoryAnchors(place), directoryAnchors(place), directoryAnchors(place)];
      for (const [index, length] of notes) processes[index]?.note(anchor(length));
      expect(directoryAnchors(place).latest()).toEqual(anchor(Math.max(...notes.map(([, length]) => length))));
    });
    fc.assert(check, { numRuns: 25 });
  });

  test('P11 is noted where it is looked for after another process has set the file aside', () => {
    const place = aPlace();
    const [here, there] = [directoryAnchors(place), directoryAnchors(place)];
    here.note(anchor(20));
    there.setAside(at);
    here.note(anchor(21));
    expect(there.latest()).toEqual(anchor(21));
    here.close?.();
    here.note(anchor(22));
    expect(there.latest()).toEqual(anchor(22));
    here.close?.();
  });

  test('P11 is the one before, where a stop has torn the last one or a byte of it has changed', () => {
    const place = aPlace();
    const anchors = directoryAnchors(place);
    anchors.note(anchor(20));
    anchors.note(anchor(22));
    const file = join(place, 'latest');
    const whole = readFileSync(file);
    const changed = Buffer.from(whole);
    const last = changed.indexOf('0000000000000022');
    changed[last + 15] = '9'.charCodeAt(0);
    writeFileSync(file, changed);
    expect(directoryAnchors(place).latest()).toEqual(anchor(20));
    writeFileSync(file, whole.subarray(0, last + 40));
    expect(directoryAnchors(place).latest()).toEqual(anchor(20));
    writeFileSync(file, whole);
    expect(directoryAnchors(place).latest()).toEqual(anchor(22));
  });

  test('is none in a new place, and none after a garbled file', () => {
    const place = aPlace();
    const anchors = directoryAnchors(place);
    expect(anchors.latest()).toBeUndefined();
    writeFileSync(join(place, 'latest'), Buffer.alloc(2_000, 7));
    expect(anchors.latest()).toBeUndefined();
    anchors.note(anchor(3));
    expect(anchors.latest()).toEqual(anchor(3));
  });
});

describe('signed heads and the ledger', () => {
  test('P11 P13 are all kept, in order, and found by whoever opens the place next', () => {
    const place = aPlace();
    const anchors = directoryAnchors(place);
    for (const number of [1, 2, 3]) {
      anchors.keep(head(number));
      anchors.enter(entry(number));
    }
    const next = directoryAnchors(place);
    expect(next.heads()).toEqual([1, 2, 3].map(head));
    expect(next.heads(2)).toEqual([2, 3].map(head));
    expect(next.ledger()).toEqual([1, 2, 3].map(entry));
    expect(next.ledger(1)).toEqual([entry(3)]);
    expect(next.ledger(0)).toEqual([]);
    expect(next.ledger(100)).toEqual([1, 2, 3].map(entry));
  });

  test('P11 lose nothing but a line that a stop has torn, wherever it was torn', () => {
    const line = `${JSON.stringify(head(2))}\n`;
    for (const length of [0, 1, 20, line.length - 2, line.length - 1]) {
      const place = aPlace();
      const anchors = directoryAnchors(place);
      anchors.keep(head(1));
      appendFileSync(join(place, 'heads.jsonl'), line.slice(0, length));
      const whole = length === line.length - 1 ? [head(2)] : [];
      expect(anchors.heads()).toEqual([head(1), ...whole]);
      anchors.keep(head(3));
      anchors.keep(head(4));
      expect(anchors.heads()).toEqual([head(1), ...whole, head(3), head(4)]);
      expect(anchors.heads(2)).toEqual([head(3), head(4)]);
    }
  });

  test('P12 are read from behind, so that a ledger longer than memory tells its last entries', () => {
    const place = aPlace();
    const anchors = directoryAnchors(place);
    const file = join(place, 'erasures.jsonl');
    writeFileSync(file, '');
    truncateSync(file, 8 * 1024 ** 3);
    for (let number = 0; number < 200; number += 1) anchors.enter(entry(number));
    expect(anchors.ledger(64)).toEqual(Array.from({ length: 64 }, (_, index) => entry(136 + index)));
  });

  test('are set aside with the anchor under the name of an instant, and the ledger and the key stay', () => {
    const place = aPlace();
    const anchors = directoryAnchors(place);
    anchors.note(anchor(9));
    anchors.keep(head(9));
    anchors.enter(entry(1));
    anchors.publish('key');
    anchors.publish('another');
    anchors.setAside(at);
    expect([anchors.latest(), anchors.heads(), anchors.ledger(), anchors.publicKey()]).toEqual([
      undefined,
      [],
      [entry(1)],
      'key',
    ]);
    expect(readdirSync(place).sort()).toEqual([
      '2026-03-02T08-00-00.000Z.heads.jsonl',
      '2026-03-02T08-00-00.000Z.latest',
      'erasures.jsonl',
      'public-key.pem',
    ]);
    anchors.note(anchor(2));
    expect(anchors.latest()).toEqual(anchor(2));
  });
});

describe('the directory', () => {
  test('R251 and all in it is for its owner only', () => {
    const place = aPlace();
    const anchors = directoryAnchors(place);
    anchors.note(anchor(1));
    anchors.keep(head(1));
    anchors.enter(entry(1));
    anchors.publish('key');
    expect(statSync(place).mode & 0o777).toBe(0o700);
    const modes = readdirSync(place).map((name) => statSync(join(place, name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600, 0o600]);
  });

  test('that cannot be made is a sentence', () => {
    const place = aPlace();
    writeFileSync(place, '');
    expect(() => directoryAnchors(place)).toThrow(/directory of the anchors cannot be written.*anchorPath/);
    expect(() => directoryAnchors(join(place, 'deeper'))).toThrow(/anchorPath/);
  });
});
