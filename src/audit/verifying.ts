import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, Evidence, StoredEvent } from '../eventStore/eventStore.ts';
import { slicesOf } from '../eventStore/slices.ts';
import type { AnchorSink } from './anchors.ts';
import { type EventProblem, eventIn } from './evidence.ts';
import { emptyFrontier, emptyRoot, type Frontier, grow, leafHash, rootOver, type Subtree } from './merkle.ts';
import { frontierOf, rootText } from './tree.ts';
import { type HeldAgainst, headProblems, headsKept, tileProblem, treeProblems } from './witnesses.ts';

/**
 * What is wrong with a log, and where. Rows: `gap`, `unreadable`, `digest`, `shape`, `place`, `revision`, `flesh`, `flesh-missing`. The tree:
 * `tile`, `frontier`. What vouches for the log: `anchor`, `head`, `signature`, `public-key`. The read model of the log: `entry`.
 */
export type LogProblem = {
  readonly kind:
    | EventProblem
    | ('gap' | 'unreadable' | 'revision' | 'flesh-missing' | 'tile' | 'frontier')
    | ('anchor' | 'head' | 'signature' | 'public-key' | 'entry' | 'log');
  /** The entry of the audit log. */
  readonly seq?: number;
  /** The event, or the length of the log that a head is about. */
  readonly position?: string;
  readonly what?: string;
};

/** What a verification of the whole log came to. */
export type Verification = {
  readonly ok: boolean;
  readonly problems: readonly LogProblem[];
  /** How many leaves were checked. */
  readonly entries: number;
  /** The root over what was found, whatever the tables say. */
  readonly root: string;
};

/** Who else looks at the events as they are gone through, in order. */
type Watcher = {
  /** An event in the newest shape of its type. */
  readonly seen: (event: StoredEvent) => void;
  /** Events that cannot be read, or are not there. */
  readonly lost: (from: number, to: number) => void;
  /** Asked between slices and at the end. */
  readonly problems: () => readonly LogProblem[];
};

export type VerifyingOptions = {
  readonly events: Pick<EventStore, 'id' | 'evidence' | 'lastPosition'>;
  /** Where the tables of the tree lie. */
  readonly db: Database;
  readonly anchors: Pick<AnchorSink, 'latest' | 'heads' | 'publicKey'>;
  /** The key that heads are to be signed with, as PEM; the one that lies beside the heads unless given. */
  readonly publicKey?: string | undefined;
  readonly watcher?: Watcher;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
};

/** Where a walk through the log stands. Changed as it goes on, for it may be long. */
type Walk = {
  frontier: Frontier;
  position: number;
  readonly revisions: Map<string, number>;
  /** The first event of a stream whose flesh is gone, for streams that are not purged. */
  readonly fleshless: Map<string, number>;
  readonly purged: Set<string>;
  readonly roots: Map<number, string>;
  readonly problems: LogProblem[];
};

/** How long the event loop is held, about: what is read of a slice lives as long as it does. */
const heldMilliseconds = 4;
/** After so many events that cannot be read, others have their turn. */
const manyUnreadable = 500;

const at = (position: number): { readonly position: string } => ({ position: String(position) });

const lose = (walk: Walk, watcher: Watcher | undefined, to: number): void => {
  watcher?.lost(walk.position + 1, to);
  walk.position = to;
};

/** What an event says of its stream: its place in it, and whether its flesh may be gone. */
const follow = (walk: Walk, row: Evidence, event: StoredEvent | undefined): void => {
  if (row.revision !== (walk.revisions.get(row.stream) ?? -1) + 1)
    walk.problems.push({ kind: 'revision', ...at(row.position) });
  walk.revisions.set(row.stream, row.revision);
  if (event?.type === 'purged') walk.purged.add(row.stream);
  const isBare = event?.sealedDigest !== undefined && row.sealed === undefined;
  if (isBare && !walk.fleshless.has(row.stream)) walk.fleshless.set(row.stream, row.position);
};

type Step = { readonly walk: Walk; readonly options: VerifyingOptions; readonly held: HeldAgainst };

const stepOver = ({ walk, options: { db, watcher }, held }: Step, row: Evidence): void => {
  if (row.position > walk.position + 1) {
    walk.problems.push({ kind: 'gap', ...at(walk.position + 1), what: `${row.position - walk.position - 1} missing` });
    lose(walk, watcher, row.position - 1);
  }
  const { problems, event } = eventIn(row);
  for (const kind of problems) walk.problems.push({ kind, ...at(row.position) });
  follow(walk, row, event);
  if (event === undefined || problems.includes('shape')) lose(walk, watcher, row.position);
  else watcher?.seen(event);
  walk.position = row.position;
  const formed = (subtree: Subtree, root: Uint8Array): void => {
    walk.problems.push(...tileProblem(db, held, subtree, root));
  };
  walk.frontier = grow(walk.frontier, [leafHash(row.body)], formed);
  const { size, peaks } = walk.frontier;
  if (held.lengths.has(size)) walk.roots.set(size, rootText(rootOver(peaks)));
};

type Reach = { readonly last: number; readonly most: number };

/** The next rows. Where a slice cannot be read, row after row is tried; one that cannot is passed over. */
const nextRows = async (
  { events }: VerifyingOptions,
  walk: Walk,
  { last, most }: Reach,
): Promise<readonly Evidence[]> => {
  const rows = await events.evidence(walk.position, most)();
  if (E.isRight(rows)) return rows.right;
  for (let after = walk.position; after < last; after += 1) {
    const one = await events.evidence(after, 1)();
    if (E.isRight(one)) return one.right;
    walk.problems.push({ kind: 'unreadable', ...at(after + 1) });
    if (after % manyUnreadable === 0) await nextTurn();
  }
  return [];
};

const walkThrough = async (step: Step, last: number): Promise<void> => {
  const { walk, options } = step;
  const slices = slicesOf(heldMilliseconds);
  while (walk.position < last) {
    const took = slices.begin();
    const rows = await nextRows(options, walk, { last, most: slices.most() });
    if (rows.length === 0) return;
    for (const row of rows) stepOver(step, row);
    walk.problems.push(...(options.watcher?.problems() ?? []));
    took(rows.length);
    options.onProgress?.(walk.position, Math.max(last, walk.position));
    await nextTurn();
  }
};

/** Flesh goes with a purge; anywhere else it is lost. */
const fleshProblems = ({ fleshless, purged }: Walk): readonly LogProblem[] =>
  [...fleshless]
    .filter(([stream]) => !purged.has(stream))
    .map(([, position]) => ({ kind: 'flesh-missing', ...at(position) }));

const sizeKept = (db: Database): number | undefined => {
  try {
    return frontierOf(db).size;
  } catch {
    return undefined;
  }
};

/**
 * Goes through the whole log and everything that vouches for it, and tells all that is wrong: it stops at nothing and throws nothing. It needs no
 * key but the public one, and changes nothing.
 */
export const verifying = async (options: VerifyingOptions): Promise<Verification> => {
  const { events, db, anchors, watcher } = options;
  const size = sizeKept(db);
  const held = headsKept(anchors, size, options.publicKey);
  const walk: Walk = {
    ...{ frontier: emptyFrontier, position: 0, revisions: new Map(), fleshless: new Map(), purged: new Set() },
    ...{ roots: new Map([[0, rootText(emptyRoot)]]), problems: [...held.problems] },
  };
  const last = await events.lastPosition()();
  if (E.isLeft(last)) walk.problems.push({ kind: 'unreadable', what: 'the end of the log' });
  await walkThrough({ walk, options, held }, E.isRight(last) ? last.right : Math.max(...held.lengths));
  const { roots, frontier } = walk;
  const problems: readonly LogProblem[] = [
    ...walk.problems,
    ...(watcher?.problems() ?? []),
    ...fleshProblems(walk),
    ...treeProblems(db, size, roots),
    ...headProblems(held, events.id, roots),
  ];
  return { ok: problems.length === 0, problems, entries: frontier.size, root: rootText(rootOver(frontier.peaks)) };
};
