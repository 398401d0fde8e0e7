import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  consistencyRanges,
  emptyFrontier,
  grow,
  type Hash,
  inclusionRanges,
  leafHash,
  provesConsistency,
  provesInclusion,
  type Range,
  rootOver,
  subtreesOf,
} from '../../src/audit/merkle.ts';

// The definitions of RFC 9162, section 2.1, word for word: slow, recursive, and nothing of the library's.
const sha256 = (...parts: readonly Uint8Array[]): Hash => createHash('sha256').update(Buffer.concat(parts)).digest();
const split = (size: number): number => {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
};
const plainRoot = (entries: readonly Buffer[]): Hash => {
  if (entries.length === 0) return sha256();
  if (entries.length === 1) return sha256(Buffer.of(0), entries[0] as Buffer);
  const k = split(entries.length);
  return sha256(Buffer.of(1), plainRoot(entries.slice(0, k)), plainRoot(entries.slice(k)));
};
const plainPath = (m: number, entries: readonly Buffer[]): readonly Hash[] => {
  if (entries.length === 1) return [];
  const k = split(entries.length);
  return m < k
    ? [...plainPath(m, entries.slice(0, k)), plainRoot(entries.slice(k))]
    : [...plainPath(m - k, entries.slice(k)), plainRoot(entries.slice(0, k))];
};
const plainProof = (m: number, entries: readonly Buffer[], isWhole: boolean): readonly Hash[] => {
  const n = entries.length;
  if (m === n) return isWhole ? [] : [plainRoot(entries)];
  const k = split(n);
  return m <= k
    ? [...plainProof(m, entries.slice(0, k), isWhole), plainRoot(entries.slice(k))]
    : [...plainProof(m - k, entries.slice(k), false), plainRoot(entries.slice(0, k))];
};

const hex = (hashes: readonly Uint8Array[]): readonly string[] => hashes.map((one) => Buffer.from(one).toString('hex'));
const entriesOf = (size: number, salt = ''): readonly Buffer[] =>
  Array.from({ length: size }, (_, index) => Buffer.from(`${salt}${index}`));
const treeOf = (entries: readonly Buffer[]) => grow(emptyFrontier, entries.map(leafHash));
const rootIn = (entries: readonly Buffer[], [from, to]: Range): Hash => rootOver(treeOf(entries.slice(from, to)).peaks);
const proved = (entries: readonly Buffer[], ranges: readonly Range[]): readonly Hash[] =>
  ranges.map((range) => rootIn(entries, range));

const sizes = fc.integer({ min: 1, max: 130 });
const sizeAndIndex = sizes.chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)));

describe('the tree over the log', () => {
  test('P15 has the root of the plain definition, however it grew', () => {
    const check = fc.property(fc.array(fc.nat(40), { maxLength: 8 }), (steps) => {
      const entries = entriesOf(steps.reduce((sum, step) => sum + step, 0));
      let tree = emptyFrontier;
      for (const step of steps) tree = grow(tree, entries.slice(tree.size, tree.size + step).map(leafHash));
      expect(rootOver(tree.peaks)).toEqual(plainRoot(entries));
      expect(tree.size).toBe(entries.length);
    });
    fc.assert(check, { numRuns: 100 });
  });

  test('tells of every subtree that is completed, once, with its root', () => {
    const entries = entriesOf(100);
    const formed = new Map<string, string>();
    grow(emptyFrontier, entries.map(leafHash), ({ height, number }, root) => {
      const size = 2 ** height;
      expect(root).toEqual(plainRoot(entries.slice(number * size, (number + 1) * size)));
      expect(formed.has(`${height} ${number}`)).toBe(false);
      formed.set(`${height} ${number}`, '');
    });
    expect(formed.size).toBe(50 + 25 + 12 + 6 + 3 + 1);
  });

  test('divides every range of a proof into perfect subtrees, in order', () => {
    fc.assert(
      fc.property(sizeAndIndex, ([size, index]) => {
        for (const range of [...inclusionRanges(index, size), ...consistencyRanges(index, size)]) {
          const parts = subtreesOf(range).map(({ height, number }) => [
            number * 2 ** height,
            (number + 1) * 2 ** height,
          ]);
          expect(parts[0]?.[0]).toBe(range[0]);
          expect(parts.at(-1)?.[1]).toBe(range[1]);
          for (const [at, part] of parts.entries()) expect(part[1]).toBe(parts[at + 1]?.[0] ?? range[1]);
        }
      }),
    );
  });
});

describe('an inclusion proof', () => {
  test('P15 is the one of the plain definition, and is accepted', () => {
    const check = fc.property(sizeAndIndex, ([size, index]) => {
      const entries = entriesOf(size);
      const proof = proved(entries, inclusionRanges(index, size));
      expect(hex(proof)).toEqual(hex(plainPath(index, entries)));
      const leaf = leafHash(entries[index] as Buffer);
      expect(provesInclusion({ leaf, index, proof }, { size, root: plainRoot(entries) })).toBe(true);
    });
    fc.assert(check, { numRuns: 120 });
  });

  test('P15 is refused for another leaf, index, root, or with a hash changed, missing or added; and for nonsense', () => {
    const check = fc.property(sizeAndIndex, fc.nat(), ([size, index], at) => {
      const entries = entriesOf(size);
      const [root, leaf] = [plainRoot(entries), leafHash(entries[index] as Buffer)];
      const proof = plainPath(index, entries);
      const other = leafHash('another');
      const wrong = [
        { leaf: other, index, proof },
        { leaf, index: (index + 1) % (size + 1), proof },
        { leaf, index, proof: [...proof, other] },
        { leaf, index, proof: [other, ...proof] },
        ...(proof.length === 0
          ? []
          : [
              { leaf, index, proof: proof.slice(1) },
              { leaf, index, proof: proof.slice(0, -1) },
            ]),
        ...(proof.length === 0 ? [] : [{ leaf, index, proof: proof.with(at % proof.length, other) }]),
        ...[-1, 0.5, Number.NaN, size].map((nonsense) => ({ leaf, index: nonsense, proof })),
      ];
      for (const claim of wrong) expect(provesInclusion(claim, { size, root })).toBe(false);
      expect(provesInclusion({ leaf, index, proof }, { size, root: other })).toBe(false);
    });
    fc.assert(check, { numRuns: 100 });
  });
});

describe('a consistency proof', () => {
  test('P15 is the one of the plain definition, and is accepted', () => {
    const check = fc.property(sizeAndIndex, ([size, index]) => {
      const [entries, length] = [entriesOf(size), index + 1];
      const proof = proved(entries, consistencyRanges(length, size));
      expect(hex(proof)).toEqual(hex(plainProof(length, entries, true)));
      const from = { size: length, root: plainRoot(entries.slice(0, length)) };
      expect(provesConsistency(from, { size, root: plainRoot(entries) }, proof)).toBe(true);
    });
    fc.assert(check, { numRuns: 120 });
  });

  test('P15 is refused between two logs that differ at any place before the shorter one ends', () => {
    const check = fc.property(sizeAndIndex, fc.nat(), ([size, index], at) => {
      const [entries, length] = [entriesOf(size), index + 1];
      const forked = entries.with(at % length, Buffer.from('forked'));
      const proof = plainProof(length, forked, true);
      const from = { size: length, root: plainRoot(entries.slice(0, length)) };
      expect(provesConsistency(from, { size, root: plainRoot(forked) }, proof)).toBe(false);
      expect(provesConsistency(from, { size, root: plainRoot(forked) }, plainProof(length, entries, true))).toBe(false);
    });
    fc.assert(check, { numRuns: 100 });
  });

  test('is refused with a hash changed, missing or added, or from a longer log; and every log continues the empty one', () => {
    const check = fc.property(sizeAndIndex, fc.nat(), ([size, index], at) => {
      const [entries, length] = [entriesOf(size), index + 1];
      const from = { size: length, root: plainRoot(entries.slice(0, length)) };
      const to = { size, root: plainRoot(entries) };
      const [proof, other] = [plainProof(length, entries, true), leafHash('another')];
      expect(provesConsistency(from, to, [...proof, other])).toBe(false);
      if (proof.length > 0) expect(provesConsistency(from, to, proof.slice(1))).toBe(false);
      if (proof.length > 0) expect(provesConsistency(from, to, proof.with(at % proof.length, other))).toBe(false);
      if (size > length) expect(provesConsistency(to, from, proof)).toBe(false);
      expect(provesConsistency({ size: 0, root: sha256() }, to, [])).toBe(true);
      expect(provesConsistency({ size: 0, root: other }, to, [])).toBe(false);
    });
    fc.assert(check, { numRuns: 100 });
  });
});

describe('the known answers of certificate transparency', () => {
  const entries = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ].map((text) => Buffer.from(text, 'hex'));

  test('P15 are the roots of the first eight trees, and of the empty one', () => {
    const roots = [
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ];
    expect(hex(roots.map((_, size) => rootIn(entries, [0, size])))).toEqual(roots);
  });

  test('P15 are proofs of inclusion and consistency', () => {
    expect(hex(proved(entries, inclusionRanges(5, 8)))).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(hex(proved(entries, inclusionRanges(1, 5)))).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ]);
    expect(hex(proved(entries, consistencyRanges(1, 8)))).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(hex(proved(entries, consistencyRanges(6, 8)))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });
});
