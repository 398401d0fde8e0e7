import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { Uuid } from '../domain/identifiers.ts';
import type { Anchor, AnchorSink, SignedHead } from './anchors.ts';
import { isSigned } from './heads.ts';
import { isSameHash, type Subtree } from './merkle.ts';
import { headOf, tileOf, tileSize, tilesOf } from './tree.ts';

/** What is wrong with something that vouches for the log. */
type WitnessProblem = {
  readonly kind: 'tile' | 'frontier' | 'anchor' | 'head' | 'signature' | 'public-key';
  readonly position?: string;
  readonly what?: string;
};

/** What a log is held against: anchor and heads, the key that verifies them, and the lengths at which its root is asked for. */
export type HeldAgainst = {
  readonly latest: Anchor | undefined;
  readonly heads: readonly SignedHead[];
  readonly publicKey: KeyObject | undefined;
  /** How long the tables of the tree say that the log is. */
  readonly size: number;
  readonly lengths: ReadonlySet<number>;
  readonly problems: readonly WitnessProblem[];
};

const attempt = <A>(work: () => A): A | undefined => {
  try {
    return work();
  } catch {
    return undefined;
  }
};

const keyOf = (pem: string | undefined): KeyObject | undefined =>
  pem === undefined ? undefined : attempt(() => createPublicKey(pem));

/** Reads what vouches for the log, before the log is gone through: it may only have become longer since. */
export const headsKept = (
  anchors: Pick<AnchorSink, 'latest' | 'heads' | 'publicKey'>,
  size: number | undefined,
  publicKey: string | undefined,
): HeldAgainst => {
  const latest = attempt(() => ({ anchor: anchors.latest() }));
  const heads = attempt(() => anchors.heads());
  const published = attempt(() => ({ key: anchors.publicKey() }));
  const isOther = publicKey !== undefined && published?.key !== undefined && published.key !== publicKey;
  const key = keyOf(publicKey ?? published?.key);
  const isUnknown = key === undefined && (heads?.length ?? 0) > 0;
  const lengths = [size ?? 0, latest?.anchor?.length ?? 0, ...(heads ?? []).map(({ length }) => length)];
  return {
    ...{ latest: latest?.anchor, heads: heads ?? [], publicKey: key, size: size ?? 0, lengths: new Set(lengths) },
    problems: [
      ...(latest === undefined ? [{ kind: 'anchor', what: 'unreadable' } as const] : []),
      ...(heads === undefined ? [{ kind: 'head', what: 'unreadable' } as const] : []),
      ...(isOther ? [{ kind: 'public-key', what: 'not the one of this store' } as const] : []),
      ...(isUnknown || published === undefined ? [{ kind: 'public-key', what: 'missing' } as const] : []),
    ],
  };
};

/** A tile that the tables hold otherwise than the leaves say. */
export const tileProblem = (
  db: Database,
  { size }: HeldAgainst,
  subtree: Subtree,
  root: Uint8Array,
): readonly WitnessProblem[] => {
  const tile = tileOf(subtree);
  if (tile === undefined) return [];
  const { level, number } = tile;
  const leaves = tileSize ** level;
  if ((number + 1) * leaves > size) return [];
  const [kept] = attempt(() => tilesOf(db, level, number, number + 1)) ?? [];
  const isSame = kept !== undefined && isSameHash(kept, root);
  return isSame ? [] : [{ kind: 'tile', position: String(number * leaves + 1), what: `level ${level}` }];
};

const highestLevel = 6;

const hasTilesBeyond = (db: Database): boolean => {
  const { length } = headOf(db);
  const levels = Array.from({ length: highestLevel }, (_, index) => index + 1);
  return levels.some(
    (level) => tilesOf(db, level, Math.floor(length / tileSize ** level), Number.MAX_SAFE_INTEGER).length > 0,
  );
};

/** The frontier, as the tables hold it, against the roots of the leaves; and tiles that cover what is not there. */
export const treeProblems = (
  db: Database,
  size: number | undefined,
  roots: ReadonlyMap<number, string>,
): readonly WitnessProblem[] => {
  const head = attempt(() => headOf(db));
  const isBeyond = attempt(() => hasTilesBeyond(db));
  if (head === undefined || size === undefined) return [{ kind: 'frontier', what: 'unreadable' }];
  // What was committed since it was read moved it on; where it stands still it must be the one that was read.
  const isSame = head.length === size ? roots.get(size) === head.root : roots.has(size) && head.length > size;
  return [
    ...(isSame ? [] : [{ kind: 'frontier', position: String(size) } as const]),
    ...(isBeyond === false ? [] : [{ kind: 'tile', what: 'beyond the end' } as const]),
  ];
};

const headProblem = (
  { publicKey }: HeldAgainst,
  store: Uuid,
  roots: ReadonlyMap<number, string>,
  head: SignedHead,
): readonly WitnessProblem[] => {
  const position = String(head.length);
  if (head.origin !== store) return [{ kind: 'head', position, what: 'of another store' }];
  const isVouched = publicKey === undefined || isSigned(head, publicKey);
  const root = roots.get(head.length);
  return [
    ...(isVouched ? [] : [{ kind: 'signature', position } as const]),
    ...(root === head.root ? [] : [{ kind: 'head', position, what: root === undefined ? 'shorter' : 'root' } as const]),
  ];
};

/** Anchor and heads that the log does not continue, and heads that were signed by somebody else. */
export const headProblems = (
  held: HeldAgainst,
  store: Uuid,
  roots: ReadonlyMap<number, string>,
): readonly WitnessProblem[] => {
  const { latest, heads } = held;
  const isContinued = latest === undefined || roots.get(latest.length) === latest.root;
  const what = roots.has(latest?.length ?? 0) ? 'root' : 'shorter';
  return [
    ...(isContinued ? [] : [{ kind: 'anchor', position: String(latest?.length), what } as const]),
    ...heads.flatMap((head) => headProblem(held, store, roots, head)),
  ];
};
