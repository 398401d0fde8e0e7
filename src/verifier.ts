import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Anchor, SignedHead } from './audit/anchors.ts';
import { isSigned, signedNote as noteOf } from './audit/heads.ts';
import {
  emptyFrontier,
  emptyRoot,
  type Frontier,
  grow,
  type Hash,
  leafHash,
  provesConsistency,
  provesInclusion,
  rootOver,
} from './audit/merkle.ts';
import { readGiven } from './eventStore/setUpError.ts';

export type { Anchor, SignedHead } from './audit/anchors.ts';

/** An event's leaf and its proof, as `inclusionProof` gives them. */
export type ProvenEvent = { readonly index: number; readonly event: string; readonly proof: readonly string[] };

/** What is wrong with a log: a line that is no event or out of its place, or a head that it does not continue. */
export type Finding =
  | { readonly kind: 'line' | 'revision'; readonly index: number }
  | { readonly kind: 'signature' | 'origin' | 'shorter' | 'root'; readonly length: number };

/** What a log was found to be. */
export type LogVerdict = {
  /** Nothing was found. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly length: number;
  readonly root: string;
  /** How many events, from the first on, a signed head vouches for: those after it can still be changed unseen. */
  readonly proven: number;
};

const hashText = /^[0-9a-f]{64}$/;

const hashOf = (text: unknown): Hash | undefined =>
  typeof text === 'string' && hashText.test(text) ? Buffer.from(text, 'hex') : undefined;

const hashesOf = (texts: unknown): readonly Hash[] | undefined => {
  // Longer than any proof; and Array.from, for an array that is written by hand may have holes.
  const hashes = Array.isArray(texts) && texts.length <= 64 ? Array.from(texts, hashOf) : [undefined];
  return hashes.every((hash) => hash !== undefined) ? hashes : undefined;
};

const keyOf = (publicKey: string): KeyObject | undefined => {
  try {
    return createPublicKey(publicKey);
  } catch {
    return undefined;
  }
};

/** What is verified comes from those who are not trusted: whatever cannot even be read is not proved. */
const proves = (prove: () => boolean): boolean => {
  try {
    return prove();
  } catch {
    return false;
  }
};

/** The head as a signed note (C2SP signed-note), which witnesses and other tools for transparency logs read. Throws one sentence for nonsense. */
export const signedNote = (head: SignedHead, publicKey: string): string =>
  readGiven('The head, or its public key,', () => noteOf(head, publicKey));

/** True when a head is signed by the holder of a public key (PEM): of its length and root, not of the instant beside it. */
export const verifyHead = (head: SignedHead, publicKey: string): boolean => proves(() => isSigned(head, publicKey));

/** A head as proofs take it. A list is no length: to become a number it would be written out first, however long it says that it is. */
const headOf = ({ root: text, length: size }: Anchor) => {
  const root = hashOf(text);
  return root === undefined || !Number.isSafeInteger(size) ? undefined : { root, size };
};

/** True when an event, as its stored text, lies at its index in the log that has a head. */
export const verifyInclusion = (proven: ProvenEvent, head: Anchor): boolean =>
  proves(() => {
    const { index, event, proof } = proven;
    const [hashes, whole] = [hashesOf(proof), headOf(head)];
    if (hashes === undefined || whole === undefined || typeof event !== 'string') return false;
    return provesInclusion({ leaf: leafHash(event), index, proof: hashes }, whole);
  });

/** True when the log of one head continues the log of an earlier one: nothing before it was changed. */
export const verifyConsistency = (from: Anchor, to: Anchor, proof: readonly string[]): boolean =>
  proves(() => {
    const [hashes, before, after] = [hashesOf(proof), headOf(from), headOf(to)];
    return (
      hashes !== undefined && before !== undefined && after !== undefined && provesConsistency(before, after, hashes)
    );
  });

type Event = { readonly stream: string; readonly revision: number };

const eventOf = (line: string): Event | undefined => {
  try {
    const { stream, revision }: Partial<Event> = JSON.parse(line) ?? {};
    return typeof stream === 'string' && Number.isSafeInteger(revision)
      ? { stream, revision: revision ?? 0 }
      : undefined;
  } catch {
    return undefined;
  }
};

const textOf = ({ peaks }: Frontier): string => Buffer.from(rootOver(peaks)).toString('hex');

const batchSize = 1_024;

/** Goes through the lines once: what is wrong with them, and the roots at the lengths that are asked for. */
const readLines = (lines: Iterable<unknown>, lengths: ReadonlySet<number>) => {
  const findings: Finding[] = [];
  const revisions = new Map<string, number>();
  const roots = new Map([[0, Buffer.from(emptyRoot).toString('hex')]]);
  let frontier = emptyFrontier;
  let leaves: Hash[] = [];
  for (const given of lines) {
    const line = typeof given === 'string' ? given : '';
    const [index, event] = [frontier.size + leaves.length, eventOf(line)];
    if (event === undefined) findings.push({ kind: 'line', index });
    else if (event.revision !== (revisions.get(event.stream) ?? -1) + 1) findings.push({ kind: 'revision', index });
    if (event !== undefined) revisions.set(event.stream, event.revision);
    leaves.push(leafHash(line));
    if (!lengths.has(index + 1) && leaves.length < batchSize) continue;
    frontier = grow(frontier, leaves);
    leaves = [];
    if (lengths.has(frontier.size)) roots.set(frontier.size, textOf(frontier));
  }
  frontier = grow(frontier, leaves);
  return { findings, roots, length: frontier.size, root: textOf(frontier) };
};

const noHead: SignedHead = { length: 0, root: '', origin: '', at: '', signature: '' };

const isWhole = (head: unknown): head is SignedHead =>
  typeof head === 'object' && head !== null && 'length' in head && Number.isSafeInteger(head.length);

/** What is no head at all is one that nobody has signed. */
const headsIn = (given: readonly unknown[]): readonly SignedHead[] =>
  Array.from(given, (head) => (isWhole(head) ? { ...head } : noHead));

const judge = (lines: Iterable<unknown>, heads: readonly SignedHead[], publicKey: string): LogVerdict => {
  const { findings, roots, ...log } = readLines(lines, new Set(heads.map(({ length }) => length)));
  const key = keyOf(publicKey);
  const judged = heads.map((head): Finding | SignedHead => {
    const { length } = head;
    if (key === undefined || !isSigned(head, key)) return { kind: 'signature', length };
    if (head.origin !== heads[0]?.origin) return { kind: 'origin', length };
    if (length > log.length) return { kind: 'shorter', length };
    return roots.get(length) === head.root ? head : { kind: 'root', length };
  });
  const all = [...findings, ...judged.filter((one): one is Finding => 'kind' in one)];
  const proven = Math.max(0, ...judged.map((one) => ('kind' in one ? 0 : one.length)));
  return { ok: all.length === 0, findings: all, ...log, proven };
};

/**
 * Verifies a whole log: its events as stored, one text each, in order, against signed heads that were kept elsewhere. Needs no store and no secret.
 *
 * @example
 * const { ok, proven, length } = verifyLog(lines, heads, publicKey);
 */
export const verifyLog = (lines: Iterable<string>, heads: readonly SignedHead[], publicKey: string): LogVerdict =>
  readGiven('The log, or the heads,', () => judge(lines, headsIn(heads), publicKey));
