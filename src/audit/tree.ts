import type { Database, Statement } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StoredEvent, StoreError } from '../eventStore/eventStore.ts';
import { inTransaction } from '../eventStore/transaction.ts';
import type { Anchor } from './anchors.ts';
import {
  emptyFrontier,
  type Frontier,
  grow,
  type Hash,
  type Range,
  rootOf,
  rootOver,
  type Subtree,
  subtreesOf,
} from './merkle.ts';

/**
 * The tree over the log: its frontier, and the root of each whole tile. A tile of level 1 covers 256 leaves, one of level 2 covers 256
 * tiles, and so on; the leaves themselves lie with the events. No read model: no rebuild and no new version of one touches it.
 */
const schema = `
CREATE TABLE IF NOT EXISTS audit_frontier (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  size INTEGER NOT NULL,
  peaks BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS audit_tiles (
  level INTEGER NOT NULL,
  number INTEGER NOT NULL,
  root BLOB NOT NULL,
  PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_frontier (id, size, peaks) VALUES (1, 0, x'') ON CONFLICT (id) DO NOTHING;
`;

/** The tables of the tree: they hold hashes only, so a purge has nothing to do with them. */
export const treeTables = ['audit_frontier', 'audit_tiles'] as const;

const tileHeight = 8;
/** How many leaves, or tiles, a tile covers. */
export const tileSize = 2 ** tileHeight;
const hashBytes = 32;
/** How many leaves are caught up with in one transaction. */
const slice = 4096;

type FrontierRow = { readonly size: number; readonly peaks: Buffer };
type Statements = {
  readonly frontier: Statement<[], FrontierRow>;
  readonly move: Statement<[number, Buffer]>;
  readonly keep: Statement<[number, number, Hash]>;
  readonly tiles: Statement<[number, number, number], Buffer>;
};

const prepared = new WeakMap<Database, Statements>();

const statementsOf = (db: Database): Statements => {
  const known = prepared.get(db);
  if (known !== undefined) return known;
  const made: Statements = {
    frontier: db.prepare('SELECT size, peaks FROM audit_frontier'),
    move: db.prepare('UPDATE audit_frontier SET size = ?, peaks = ?'),
    keep: db.prepare('INSERT INTO audit_tiles (level, number, root) VALUES (?, ?, ?)'),
    tiles: db
      .prepare<[number, number, number], Buffer>(
        'SELECT root FROM audit_tiles WHERE level = ? AND number >= ? AND number < ? ORDER BY number',
      )
      .pluck(),
  };
  prepared.set(db, made);
  return made;
};

/** Makes the tables of the audit tree where they are missing. */
export const prepareTree = (db: Database): void => {
  db.exec(schema);
};

const hashesIn = (bytes: Buffer): readonly Hash[] =>
  Array.from({ length: bytes.length / hashBytes }, (_, index) =>
    bytes.subarray(index * hashBytes, (index + 1) * hashBytes),
  );

/** The frontier of the tree as it stands. */
export const frontierOf = (db: Database): Frontier => {
  const row = statementsOf(db).frontier.get();
  return row === undefined ? emptyFrontier : { size: row.size, peaks: hashesIn(row.peaks) };
};

/** The tile that a subtree is, if it is one. */
export const tileOf = ({ height, number }: Subtree): { readonly level: number; readonly number: number } | undefined =>
  height % tileHeight === 0 ? { level: height / tileHeight, number } : undefined;

const addLeaves = (db: Database, frontier: Frontier, leaves: readonly Hash[]): void => {
  const { move, keep } = statementsOf(db);
  const { size, peaks } = grow(frontier, leaves, (subtree, root) => {
    const tile = tileOf(subtree);
    if (tile !== undefined) keep.run(tile.level, tile.number, root);
  });
  move.run(size, Buffer.concat(peaks));
};

/** Adds the leaves of events just written, in their transaction; nothing while the tree is behind. */
export const growTree = (
  db: Database,
  [first]: readonly Pick<StoredEvent, 'position'>[],
  leaves: readonly Hash[],
): void => {
  const frontier = frontierOf(db);
  // Every event is a leaf, so that the first one's index is its position less one.
  if (first?.position === frontier.size + 1) addLeaves(db, frontier, leaves);
};

/** Gathers the leaves of the appends of a transaction, and adds them together. */
export const growingTree = (db: Database) => {
  let first: readonly StoredEvent[] = [];
  let leaves: Hash[] = [];
  const forget = (): void => {
    leaves = [];
  };
  return {
    grow: (written: readonly StoredEvent[], added: readonly Hash[]): void => {
      if (leaves.length === 0) first = written;
      leaves.push(...added);
    },
    settle: (): void => {
      const added = leaves;
      // Before they are added: where that fails they are not the next transaction's.
      forget();
      if (added.length > 0) growTree(db, first, added);
    },
    undone: forget,
  };
};

/** Brings the tree up to the end of the log. */
export const catchUpTree = async (events: EventStore, db: Database): Promise<E.Either<StoreError, void>> => {
  for (;;) {
    const { size } = frontierOf(db);
    const leaves = await events.leaves(size, slice)();
    if (E.isLeft(leaves)) return leaves;
    if (leaves.right.length === 0) return E.right(undefined);
    const moved = await inTransaction(db, () => {
      // Another process, or an append, may have moved on meanwhile.
      const frontier = frontierOf(db);
      if (frontier.size === size) addLeaves(db, frontier, leaves.right);
    });
    if (E.isLeft(moved)) return moved;
  }
};

/** A root as anchors and heads hold it. */
export const rootText = (root: Hash): string => Buffer.from(root).toString('hex');

/** The head of the tree as it stands: its length and root. */
export const headOf = (db: Database): Anchor => {
  const { size, peaks } = frontierOf(db);
  return { length: size, root: rootText(rootOver(peaks)) };
};

/** The tiles of a level from a number up to another, as they are kept. */
export const tilesOf = (db: Database, level: number, from: number, to: number): readonly Hash[] =>
  statementsOf(db).tiles.all(level, from, to);

type Tree = { readonly events: EventStore; readonly db: Database };

const damaged: E.Either<StoreError, never> = E.left({ kind: 'damaged', what: 'audit tree' });

/** Nodes of a level from a number on: leaves, tiles, or tiles that are made again where they are missing. */
const nodesOf = async (
  tree: Tree,
  level: number,
  from: number,
  count: number,
): Promise<E.Either<StoreError, readonly Hash[]>> => {
  if (level === 0) {
    const leaves = await tree.events.leaves(from, count)();
    return E.isRight(leaves) && leaves.right.length < count ? damaged : leaves;
  }
  const kept = tilesOf(tree.db, level, from, from + count);
  if (kept.length === count) return E.right(kept);
  const nodes = await nodesOf(tree, level - 1, from * tileSize, count * tileSize);
  return E.map((below: readonly Hash[]) =>
    Array.from({ length: count }, (_, index) => rootOf(below.slice(index * tileSize, (index + 1) * tileSize))),
  )(nodes);
};

/** The root over a range of leaves, such as proofs consist of: at most a few hundred hashes are read for it. */
export const rootIn = async (tree: Tree, range: Range): Promise<E.Either<StoreError, Hash>> => {
  const peaks: Hash[] = [];
  for (const { height, number } of subtreesOf(range)) {
    const level = Math.floor(height / tileHeight);
    const count = 2 ** (height % tileHeight);
    const nodes = await nodesOf(tree, level, number * count, count);
    if (E.isLeft(nodes)) return nodes;
    peaks.push(rootOf(nodes.right));
  }
  return E.right(rootOver(peaks));
};

/** The roots over ranges, in order: a proof. */
export const rootsIn = async (tree: Tree, ranges: readonly Range[]): Promise<E.Either<StoreError, readonly Hash[]>> => {
  const roots: Hash[] = [];
  for (const range of ranges) {
    const root = await rootIn(tree, range);
    if (E.isLeft(root)) return root;
    roots.push(root.right);
  }
  return E.right(roots);
};
