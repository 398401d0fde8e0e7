import * as E from 'fp-ts/lib/Either.js';
import type { Actor } from '../access/actor.ts';
import type { Core } from '../access/core.ts';
import type { Problem } from '../access/problem.ts';
import { problemOf } from '../access/rejection.ts';
import type { AnchorSink, SignedHead } from '../audit/anchors.ts';
import { keepHead, publicKeyOfStore, type Signed, signCurrentHead } from '../audit/signing.ts';
import type { Verification } from '../audit/verifying.ts';
import { catchUp } from '../projections/catchingUp.ts';
import { beginOperation, logOperation, problemError } from './operating.ts';
import { type Progress, progressIn } from './options.ts';
import { type ConsistencyProof, type ProvenLeaf, positionsOf, provenConsistency, provenLeaves } from './proving.ts';
import { verifyingStore } from './verifyingStore.ts';

/** A signed head as it is handed out: a checkpoint that anybody can verify with the public key (PEM). */
export type Head = SignedHead & { readonly publicKey: string };

/** That an entry of the audit log is in the tree of a head: one leaf for each of its events. */
export type InclusionProof = {
  readonly seq: number;
  readonly length: number;
  readonly root: string;
  readonly leaves: readonly ProvenLeaf[];
  readonly head: Head;
};

/** What an opened library says and proves of its own log. Each call is an entry of the audit log; a call that fails rejects with a `problem`. */
export type Auditing = {
  /** Signs the head of the log as it stands, and keeps it with the anchors: to be sent where whoever can change the log cannot reach. */
  readonly head: () => Promise<Head>;
  /**
   * Proves that an entry, by its `seq` in the view `audit`, is in the log.
   *
   * @param by who asks; the library itself unless told
   */
  readonly inclusionProof: (seq: number, by?: Actor) => Promise<InclusionProof>;
  /** Proves that a head of this log continues an earlier one; both as `head()` gives them, or as anchors. */
  readonly consistencyProof: (from: object, to: object) => Promise<ConsistencyProof>;
  /** Goes through the whole log and all that vouches for it: every finding, and never an exception for damage. */
  readonly verify: (options?: { readonly onProgress?: Progress }) => Promise<Verification>;
};

type Failure = Parameters<typeof problemOf>[0];

const rightOf = <A>(doing: string, result: E.Either<Failure, A>): A => {
  if (E.isRight(result)) return result.right;
  throw problemError(doing, problemOf(result.left, ''));
};

const begun = (doing: string, result: E.Either<Problem, void>): void => {
  if (E.isLeft(result)) throw problemError(doing, result.left);
};

/** A head that is handed out is kept first: of two that contradict one another, one is then always found. */
const kept = (doing: string, anchors: AnchorSink, signed: Signed): Head => {
  try {
    keepHead(anchors, signed);
  } catch {
    throw problemError(doing, { kind: 'unavailable', what: 'store', retry: true });
  }
  return { ...signed.head, publicKey: signed.publicKey };
};

const heading = (core: Core, anchors: AnchorSink) => async (): Promise<Head> => {
  const doing = 'The signing of a head';
  const signed = rightOf(doing, await signCurrentHead(core));
  const { length, root } = signed.head;
  begun(doing, await logOperation(core, 'sign-head', { length, root }));
  return kept(doing, anchors, signed);
};

const proving =
  (core: Core, anchors: AnchorSink) =>
  async (seq: number, by?: Actor): Promise<InclusionProof> => {
    const doing = 'The proof of an entry';
    begun(doing, await beginOperation(core, 'prove-inclusion', by));
    rightOf(doing, await catchUp(core.events, core.readModels, 'audit'));
    const positions = rightOf(doing, await positionsOf(core, seq));
    const head = kept(doing, anchors, rightOf(doing, await signCurrentHead(core)));
    const { length, root } = head;
    return { seq, length, root, leaves: rightOf(doing, await provenLeaves(core, positions, length)), head };
  };

const comparing =
  (core: Core) =>
  async (from: object, to: object): Promise<ConsistencyProof> => {
    const doing = 'The proof between two heads';
    begun(doing, await logOperation(core, 'prove-consistency'));
    return rightOf(doing, await provenConsistency(core, { from, to }));
  };

/**
 * What was found is told when its entry is written. Where damage itself keeps the entry from being written, that is one more finding: whoever
 * asks is to hear of it.
 */
const verification =
  (core: Core, anchors: AnchorSink) =>
  async (options?: { readonly onProgress?: Progress }): Promise<Verification> => {
    const doing = 'The verification';
    const onProgress = progressIn(doing, options);
    await catchUp(core.events, core.readModels, 'audit');
    const publicKey = E.match(
      () => undefined,
      (key: string) => key,
    )(await publicKeyOfStore(core.keys));
    const { events, readModels } = core;
    const found = await verifyingStore({ events, readModels, anchors, publicKey, onProgress });
    const { entries, problems, root } = found;
    const logged = await logOperation(core, 'verify', { count: problems.length, length: entries, root });
    if (E.isRight(logged)) return found;
    if (logged.left.kind !== 'damaged') throw problemError(doing, logged.left);
    return { ...found, ok: false, problems: [...problems, { kind: 'log', what: logged.left.what }] };
  };

/** What an opened library says and proves of its own log. */
export const auditing = (core: Core, anchors: AnchorSink): Auditing => ({
  head: heading(core, anchors),
  inclusionProof: proving(core, anchors),
  consistencyProof: comparing(core),
  verify: verification(core, anchors),
});
