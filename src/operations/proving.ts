import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { bounded } from '../access/bounded.ts';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import { eventId } from '../access/ids.ts';
import type { Anchor } from '../audit/anchors.ts';
import { consistencyRanges, inclusionRanges } from '../audit/merkle.ts';
import { rootIn, rootsIn, rootText } from '../audit/tree.ts';
import type { Refusal } from '../domain/decider.ts';
import type { Uuid } from '../domain/identifiers.ts';
import { one } from '../projections/projection.ts';

/** An event's leaf, and the proof that it is in the tree of a head: hashes in hexadecimal digits, the lowest first. */
export type ProvenLeaf = {
  readonly index: number;
  /** The stored text, whose hash the leaf is. */
  readonly event: string;
  readonly hash: string;
  readonly proof: readonly string[];
};

/** That the tree of one head continues that of another. */
export type ConsistencyProof = { readonly from: Anchor; readonly to: Anchor; readonly proof: readonly string[] };

const Head = z.object({ length: z.int().nonnegative(), root: z.string().regex(/^[0-9a-f]{64}$/) });

const invalid = (path: string, code: string): E.Either<Refusal, never> =>
  E.left({ kind: 'invalid', issues: [{ path, code }] });

/** More than the events of any command. */
const mostEvents = 128;

type EntryRow = { readonly position: number; readonly commandId: Uuid | null };

const entryOf = (db: Database, seq: unknown): EntryRow | undefined =>
  Number.isSafeInteger(seq)
    ? one<EntryRow>(db, 'SELECT position, command_id AS commandId FROM audit_entries WHERE seq = ?', seq as number)
    : undefined;

/** The positions of the events that an entry of the audit log stands for: all of a command's. */
export const positionsOf = async (
  { events, readModels }: Pick<Core, 'events' | 'readModels'>,
  seq: unknown,
): Promise<E.Either<Failure | Refusal, readonly number[]>> => {
  const entry = entryOf(readModels, seq);
  if (entry === undefined) return invalid('seq', 'unknown-entry');
  const { position, commandId } = entry;
  if (commandId === null) return E.right([position]);
  const found = await events.find(Array.from({ length: mostEvents }, (_, index) => eventId(commandId, index)))();
  return E.map((others: readonly { readonly position: number }[]) =>
    [...new Set([position, ...others.map((other) => other.position)])].sort((before, after) => before - after),
  )(found);
};

const leafAt = async (
  { events, readModels }: Pick<Core, 'events' | 'readModels'>,
  position: number,
  length: number,
): Promise<E.Either<Failure, ProvenLeaf>> => {
  const index = position - 1;
  const rows = await events.evidence(index, 1)();
  if (E.isLeft(rows)) return rows;
  const [row] = rows.right;
  if (row?.position !== position) return E.left({ kind: 'damaged', what: `event at position ${position}` });
  const proof = await rootsIn({ events, db: readModels }, inclusionRanges(index, length));
  return E.map((hashes: readonly Uint8Array[]) => ({
    ...{ index, event: row.body, hash: rootText(row.digest) },
    proof: hashes.map(rootText),
  }))(proof);
};

/** Proves that the events at some positions are leaves of the tree of a length. */
export const provenLeaves = async (
  core: Pick<Core, 'events' | 'readModels'>,
  positions: readonly number[],
  length: number,
): Promise<E.Either<Failure, readonly ProvenLeaf[]>> => {
  const leaves: ProvenLeaf[] = [];
  for (const position of positions) {
    const leaf = await leafAt(core, position, length);
    if (E.isLeft(leaf)) return leaf;
    leaves.push(leaf.right);
  }
  return E.right(leaves);
};

/** A head that a caller gave, if it is one of this log. */
const headIn = async (
  { events, readModels }: Pick<Core, 'events' | 'readModels'>,
  path: string,
  given: unknown,
): Promise<E.Either<Failure | Refusal, Anchor>> => {
  const plain = bounded(given, path);
  const head = Head.safeParse(E.isRight(plain) ? plain.right.value : undefined);
  if (!head.success) return invalid(path, 'head');
  const last = await events.lastPosition()();
  if (E.isLeft(last)) return last;
  if (head.data.length > last.right) return invalid(path, 'not-of-this-log');
  const root = await rootIn({ events, db: readModels }, [0, head.data.length]);
  if (E.isLeft(root)) return root;
  return rootText(root.right) === head.data.root ? E.right(head.data) : invalid(path, 'not-of-this-log');
};

/** Proves that one head of this log continues another; Left where either is none, or the second is the shorter. */
export const provenConsistency = async (
  core: Pick<Core, 'events' | 'readModels'>,
  given: { readonly from: unknown; readonly to: unknown },
): Promise<E.Either<Failure | Refusal, ConsistencyProof>> => {
  const from = await headIn(core, 'from', given.from);
  if (E.isLeft(from)) return from;
  const to = await headIn(core, 'to', given.to);
  if (E.isLeft(to)) return to;
  if (from.right.length > to.right.length) return invalid('to', 'shorter');
  const ranges = consistencyRanges(from.right.length, to.right.length);
  return E.map((hashes: readonly Uint8Array[]) => ({ from: from.right, to: to.right, proof: hashes.map(rootText) }))(
    await rootsIn({ events: core.events, db: core.readModels }, ranges),
  );
};
