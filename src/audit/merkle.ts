import { hash } from 'node:crypto';

/** A SHA-256 hash, 32 bytes. */
export type Hash = Uint8Array;

/** Leaves from an index up to, and not including, another. */
export type Range = readonly [from: number, to: number];

/**
 * The right edge of a tree: the roots of the perfect subtrees that its leaves fall into, the largest first. It is all that is needed to add
 * leaves and to tell the root.
 */
export type Frontier = { readonly size: number; readonly peaks: readonly Hash[] };

/** A subtree with 2^height leaves, and its place among those of its height. */
export type Subtree = { readonly height: number; readonly number: number };

const sha256 = (bytes: string | Uint8Array): Hash => hash('sha256', bytes, 'buffer');

const [leafPrefix, nodePrefix] = [Uint8Array.of(0), Uint8Array.of(1)];

/** The hash of a leaf (RFC 9162, 2.1.1): SHA-256(0x00 ‖ text). */
export const leafHash = (text: string | Uint8Array): Hash =>
  sha256(typeof text === 'string' ? `\0${text}` : Buffer.concat([leafPrefix, text]));

/** The hash of a node: SHA-256(0x01 ‖ left ‖ right). */
const nodeHash = (left: Hash, right: Hash): Hash => sha256(Buffer.concat([nodePrefix, left, right]));

/** The root of a tree without leaves. */
export const emptyRoot = sha256('');

/** The frontier of a tree without leaves. */
export const emptyFrontier: Frontier = { size: 0, peaks: [] };

/** True when two hashes are the same; they are no secrets. */
export const isSameHash = (one: Hash, other: Hash): boolean => Buffer.compare(one, other) === 0;

/** Adds leaves; `formed` is told of every subtree that they complete. */
export const grow = (
  { size, peaks }: Frontier,
  leaves: readonly Hash[],
  formed: (subtree: Subtree, root: Hash) => void = () => undefined,
): Frontier => {
  const stack = [...peaks];
  let length = size;
  for (const leaf of leaves) {
    let node = leaf;
    // As many subtrees of equal height are joined as the length ends in ones.
    for (let height = 1, rest = length; rest % 2 === 1; height += 1, rest = (rest - 1) / 2) {
      node = nodeHash(stack.pop() as Hash, node);
      formed({ height, number: (rest - 1) / 2 }, node);
    }
    stack.push(node);
    length += 1;
  }
  return { size: length, peaks: stack };
};

/** The root over subtrees that follow one another, the largest first; those of a frontier, for one. */
export const rootOver = (peaks: readonly Hash[]): Hash =>
  peaks.length === 0 ? emptyRoot : peaks.reduceRight((right, left) => nodeHash(left, right));

/** The root over leaves, or over subtrees of one height. */
export const rootOf = (leaves: readonly Hash[]): Hash => rootOver(grow(emptyFrontier, leaves).peaks);

const largestPowerUpTo = (size: number): number => 2 ** Math.floor(Math.log2(size));

/** How many leaves lie to the left of where a tree of at least two divides. */
const leftOf = (size: number): number => {
  const power = largestPowerUpTo(size);
  return power === size ? size / 2 : power;
};

/** The perfect subtrees that a range of a proof falls into, the largest first. */
export const subtreesOf = ([from, to]: Range): readonly Subtree[] => {
  if (from === to) return [];
  const size = largestPowerUpTo(to - from);
  return [{ height: Math.log2(size), number: from / size }, ...subtreesOf([from + size, to])];
};

/** What the proof that a leaf is in a tree consists of: ranges whose roots are the proof, in order (RFC 9162, 2.1.3.1). */
export const inclusionRanges = (index: number, size: number, from = 0): readonly Range[] => {
  if (size - from < 2) return [];
  const middle = from + leftOf(size - from);
  return index < middle
    ? [...inclusionRanges(index, middle, from), [middle, size]]
    : [...inclusionRanges(index, size, middle), [from, middle]];
};

/** What the proof that a tree continues a shorter one consists of (RFC 9162, 2.1.4.1); nothing for an empty one. */
export const consistencyRanges = (length: number, size: number): readonly Range[] => {
  const within = ([from, to]: Range, isWhole: boolean): readonly Range[] => {
    if (length === to) return isWhole ? [] : [[from, to]];
    const middle = from + leftOf(to - from);
    return length <= middle
      ? [...within([from, middle], isWhole), [middle, to]]
      : [...within([middle, to], false), [from, middle]];
  };
  return length === 0 ? [] : within([0, size], true);
};

const isOdd = (number: number): boolean => number % 2 === 1;
const half = (number: number): number => Math.floor(number / 2);

const isPlace = (index: number, size: number): boolean =>
  Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;

/**
 * Goes up a proof from a place to the root, as both algorithms of RFC 9162 do: each step is told on which side its hash lies. False when the
 * proof is not as long as the way.
 */
const climb = (
  proof: readonly Hash[],
  place: { readonly index: number; readonly last: number },
  step: (node: Hash, side: 'left' | 'right') => void,
): boolean => {
  let { index, last } = place;
  for (const node of proof) {
    if (last === 0) return false;
    if (isOdd(index) || index === last) {
      step(node, 'left');
      while (!isOdd(index) && index !== 0) [index, last] = [half(index), half(last)];
    } else {
      step(node, 'right');
    }
    [index, last] = [half(index), half(last)];
  }
  return last === 0;
};

/** True when a proof shows that a leaf lies at an index of the tree that has a root (RFC 9162, 2.1.3.2). */
export const provesInclusion = (
  { leaf, index, proof }: { readonly leaf: Hash; readonly index: number; readonly proof: readonly Hash[] },
  { size, root }: { readonly size: number; readonly root: Hash },
): boolean => {
  if (!isPlace(index, size)) return false;
  let node = leaf;
  const isWhole = climb(proof, { index, last: size - 1 }, (other, side) => {
    node = side === 'left' ? nodeHash(other, node) : nodeHash(node, other);
  });
  return isWhole && isSameHash(node, root);
};

type Head = { readonly size: number; readonly root: Hash };

const provesGrowth = (from: Head, to: Head, [first, ...proof]: readonly Hash[]): boolean => {
  if (first === undefined) return false;
  let [index, last] = [from.size - 1, to.size - 1];
  while (isOdd(index)) [index, last] = [half(index), half(last)];
  let [before, after] = [first, first];
  const isWhole = climb(proof, { index, last }, (other, side) => {
    if (side === 'left') before = nodeHash(other, before);
    after = side === 'left' ? nodeHash(other, after) : nodeHash(after, other);
  });
  return isWhole && isSameHash(before, from.root) && isSameHash(after, to.root);
};

/** True when a proof shows that the tree of a head continues the tree of an earlier one (RFC 9162, 2.1.4.2). */
export const provesConsistency = (from: Head, to: Head, proof: readonly Hash[]): boolean => {
  if (!isPlace(from.size, to.size + 1)) return false;
  if (from.size === 0) return isSameHash(from.root, emptyRoot) && proof.length === 0;
  if (from.size === to.size) return isSameHash(from.root, to.root) && proof.length === 0;
  const isPerfect = largestPowerUpTo(from.size) === from.size;
  return provesGrowth(from, to, isPerfect ? [from.root, ...proof] : proof);
};
