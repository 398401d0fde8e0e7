import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publicKeyOf, signHead } from '../../src/audit/heads.ts';
import { emptyRoot, leafHash, rootOf } from '../../src/audit/merkle.ts';
import { type ProgramDocument, programBundle } from '../../src/fhir.ts';
import { signedNote, verifyConsistency, verifyHead, verifyInclusion, verifyLog } from '../../src/verifier.ts';
import { aStartedProgram, theProgram } from '../library/given.ts';
import { at, maternity } from '../library/people.ts';
import { monday } from '../library/world.ts';
import { expectTyped, type Outcome, tryAll } from './trying.ts';
import { anyBut, hostile, type Make, nearly, parsable, together } from './values.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const publicKey = publicKeyOf(privateKey);
const lines = [0, 1, 2].map((revision) => JSON.stringify({ stream: 'unit-a', revision }));
const leaves = lines.map((line) => leafHash(line));
const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');
const anchor = (length: number) => ({ length, root: hex(length === 0 ? emptyRoot : rootOf(leaves.slice(0, length))) });
const head = signHead(privateKey, theProgram, anchor(3), monday);
const proven = { index: 2, event: lines[2] ?? '', proof: [hex(rootOf(leaves.slice(0, 2)))] };
const continued = [hex(leaves[2] ?? emptyRoot)];

const listOf = (make: fc.Arbitrary<Make>): fc.Arbitrary<Make> =>
  fc.array(make, { maxLength: 6 }).map((makers) => () => makers.map((one) => one()));

type Two = readonly [never, never];
type Three = readonly [never, never, never];

/** Nothing hostile proves anything; what is changed and proves all the same was changed in nothing that counts. */
const expectFalse = (outcome: Outcome): void => expect(outcome).toEqual({ answered: false });
const expectTruth = (outcome: Outcome): void =>
  expect([true, false]).toContain('answered' in outcome && outcome.answered);

describe('a verifier that is given anything', () => {
  test('proves what is so, and finds a changed line (control)', () => {
    expect(verifyHead(head, publicKey)).toBe(true);
    expect(verifyInclusion(proven, head)).toBe(true);
    expect(verifyConsistency(anchor(2), anchor(3), continued)).toBe(true);
    expect(verifyLog(lines, [head], publicKey)).toMatchObject({ ok: true, proven: 3 });
    expect(verifyLog(lines.with(1, '{}'), [head], publicKey).ok).toBe(false);
  });

  test('P6 asks no list to become a number or a text, however long it says that it is', () => {
    const endless = new Array(2 ** 32 - 1) as never;
    for (const field of ['length', 'origin', 'root', 'signature'])
      expect(verifyHead({ ...head, [field]: endless }, publicKey)).toBe(false);
    for (const field of ['length', 'origin', 'root', 'signature'])
      expect(() => signedNote({ ...head, [field]: endless }, publicKey)).toThrow(/cannot be read/);
    expect(verifyInclusion({ ...proven, index: endless }, head)).toBe(false);
    expect(verifyInclusion(proven, { ...head, length: endless })).toBe(false);
    for (const [from, to] of [
      [{ ...anchor(2), length: endless }, anchor(3)],
      [anchor(2), { ...anchor(3), length: endless }],
    ] as const)
      expect(verifyConsistency(from, to, continued)).toBe(false);
  });

  test('P6 takes no head for signed, and never throws', async () => {
    await tryAll(hostile, (value) => verifyHead(value as never, publicKey), expectFalse);
    await tryAll(anyBut(head), (value) => verifyHead(value as never, publicKey), expectTruth);
    await tryAll(anyBut(publicKey), (value) => verifyHead(head, value as never), expectTruth);
  });

  test('P6 takes no proof for one, and never throws', async () => {
    await tryAll(hostile, (value) => verifyInclusion(value as never, head), expectFalse);
    const both = together(anyBut(proven), anyBut(head));
    await tryAll(both, (value) => verifyInclusion(...(value as Two)), expectTruth);
    const three = together(anyBut(anchor(2)), anyBut(anchor(3)), anyBut(continued));
    await tryAll(three, (value) => verifyConsistency(...(value as Three)), expectTruth);
  });

  test('P6 never finds a hostile log to be whole, and throws a sentence at most', async () => {
    const notWhole = (outcome: Outcome): void => {
      expectTyped(outcome);
      if ('answered' in outcome) expect(outcome.answered).toMatchObject({ ok: false });
    };
    const hostileLines = listOf(hostile).filter((make) => (make() as readonly unknown[]).length > 0);
    await tryAll(hostileLines, (value) => verifyLog(value as never, [], publicKey), notWhole);
    await tryAll(anyBut(head), (value) => verifyLog(lines, [head, value as never], publicKey), expectTyped);
    await tryAll(listOf(hostile), (value) => verifyLog(lines, [head, ...(value as Three)], publicKey), expectTyped);
    await tryAll(hostile, (value) => verifyLog(lines, [head], value as never), notWhole);
  });

  test('P6 writes no note of what is no head', async () => {
    await tryAll(together(anyBut(head), anyBut(publicKey)), (value) => signedNote(...(value as Two)), expectTyped);
  });
});

describe('a document that is no program’s', () => {
  test('R244 is a bundle, or told in a sentence to be none', async () => {
    const { does } = await aStartedProgram('in memory');
    const { document } = await does('export-program', { programId: theProgram, format: 'json' }, at(maternity, 'da'));
    expect(programBundle(document as ProgramDocument)).toMatchObject({ resourceType: 'Bundle' });
    const documents = fc.oneof(parsable, nearly(document, parsable), nearly(document, parsable));
    await tryAll(documents, (value) => programBundle(value as ProgramDocument), expectTyped);
  });
});
