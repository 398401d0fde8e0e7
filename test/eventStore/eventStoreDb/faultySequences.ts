import { join } from 'node:path';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type {
  EventStore,
  ExpectedRevision,
  NewEvent,
  StoredEvent,
  StoreError,
} from '../../../src/eventStore/eventStore.ts';
import { aDirectory, right } from '../builders.ts';
import { anEvent } from '../events.ts';
import type { Fault, Plan } from '../modelServer/faults.ts';
import type { modelServer } from '../modelServer/modelServer.ts';
import { aPrefix, openNodeAt } from './clusterBuilders.ts';

type Server = Awaited<ReturnType<typeof modelServer>>;

/** How long a call may take in all; and, for a machine that is busy, how long it is given before a test calls it stuck. */
const deadline = 900;
const stuckAfter = deadline * 12;

/** One thing that happens: an append by a node, with what goes wrong just before it. */
export type Move = {
  readonly node: 0 | 1;
  /** The access log is each node's own. */
  readonly stream: 'program-a' | 'program-b' | 'access';
  readonly length: number;
  readonly flesh: boolean;
  /** Sent a second time at once, by the other node: the same events; not to the access log. */
  readonly twice: boolean;
  readonly faults: readonly Plan[];
};

const callFault: fc.Arbitrary<Fault> = fc.constantFrom<Fault>(
  { kind: 'cut-before-commit' },
  { kind: 'cut-after-commit' },
  { kind: 'silence' },
  { kind: 'commit-in-silence' },
  { kind: 'commit-late', ms: 60 },
  { kind: 'answer-late', ms: 60 },
  { kind: 'delay', ms: 40 },
  { kind: 'no-leader-known' },
  { kind: 'unavailable' },
  { kind: 'timeout' },
);

const runningFault: fc.Arbitrary<Fault> = fc
  .tuple(fc.constantFrom('drop', 'cut', 'stall', 'twice'), fc.nat(2))
  .map(([kind, after]) => ({ kind, after }) as Fault);

const plan: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 4, arbitrary: callFault.map((fault): Plan => ({ rpc: 'Append', fault })) },
  { weight: 1, arbitrary: callFault.map((fault): Plan => ({ rpc: 'Read', fault })) },
  { weight: 2, arbitrary: runningFault.map((fault): Plan => ({ rpc: 'Subscribe', fault })) },
);

const move: fc.Arbitrary<Move> = fc.record({
  node: fc.constantFrom(0, 1),
  stream: fc.constantFrom('program-a', 'program-b', 'access'),
  length: fc.integer({ min: 1, max: 3 }),
  flesh: fc.boolean(),
  twice: fc.boolean(),
  faults: fc.array(plan, { maxLength: 2 }),
});

/** A sequence of appends to a cluster that fails in every way it can. */
export const moves: fc.Arbitrary<readonly Move[]> = fc.array(move, { minLength: 3, maxLength: 8 });

type Outcome = E.Either<StoreError, readonly StoredEvent[]> | 'stuck';

/** How an append that may have been written is sent again: the same, or as if it were another, which is what the promise forbids. */
export type SendAgain = (events: readonly NewEvent[]) => readonly NewEvent[];

const within = async <A>(work: Promise<A>): Promise<A | 'stuck'> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'stuck'>((resolve) => {
    timer = setTimeout(() => resolve('stuck'), stuckAfter);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

const expectedOf = async (events: EventStore, stream: string): Promise<ExpectedRevision> => {
  if (stream.startsWith('access')) return 'any';
  const known = await events.read(stream)();
  const head = E.isRight(known) ? (known.right.at(-1)?.revision ?? -1) : -1;
  return head < 0 ? 'no-stream' : head;
};

/** What a run came to: what was acknowledged, what surely did not happen, what nobody knows, and calls that never ended. */
export type Run = {
  readonly acknowledged: readonly StoredEvent[];
  readonly refused: readonly string[];
  readonly stuck: number;
  /** The contents that were asked for, each to be in the log once at most. */
  readonly logs: readonly (readonly StoredEvent[])[];
  readonly leaves: readonly (readonly string[])[];
  readonly happened: readonly string[];
};

const isOver = (outcome: Outcome): boolean =>
  outcome === 'stuck' || E.isRight(outcome) || !['unknown', 'unavailable'].includes(outcome.left.kind);

const leavesOf = async (events: EventStore): Promise<readonly string[]> =>
  (await right(events.leaves(0, 1_000))).map((leaf) => Buffer.from(leaf).toString('hex'));

const eventsFor = ({ length, flesh }: Move, at: number): readonly NewEvent[] =>
  Array.from({ length }, (_, index) =>
    anEvent({ data: { content: `${at}-${index}` }, ...(flesh ? { flesh: { mark: Buffer.from(`mark ${at}`) } } : {}) }),
  );

/** Says one thing more, as often as it takes; gives its position. */
const lastWord = async (events: EventStore, stream: string): Promise<number> => {
  const word = [anEvent()];
  for (let attempt = 1; attempt < 20; attempt += 1) {
    const said = await events.append(stream, 'any', word)();
    if (E.isRight(said)) return said.right[0]?.position ?? 0;
  }
  throw new Error('the node never came to work again');
};

/** Lives a sequence on two nodes of one cluster, and looks at what both have in the end, when nothing goes wrong any more. */
export const live = async (server: Server, given: readonly Move[], sendAgain: SendAgain): Promise<Run> => {
  const prefix = aPrefix();
  const open = () =>
    openNodeAt({ connection: server.connection, readModelPath: join(aDirectory(), 'node.db'), prefix, deadline });
  const nodes = [await open(), await open()] as const;
  const before = server.faults.happened.length;
  const acknowledged: StoredEvent[] = [];
  const refused: string[] = [];
  let stuck = 0;
  const note = (outcome: Outcome, events: readonly NewEvent[]): void => {
    if (outcome === 'stuck') stuck += 1;
    else if (E.isRight(outcome)) acknowledged.push(...outcome.right);
    else if (outcome.left.kind === 'revision-conflict') refused.push(...events.map(({ id }) => id));
  };
  const send = async (node: 0 | 1, one: Move, given: readonly NewEvent[]): Promise<void> => {
    const store = nodes[node].engine.events;
    const stream = one.stream === 'access' ? `access-${node}` : one.stream;
    const expected = await within(expectedOf(store, stream));
    if (expected === 'stuck') return note('stuck', given);
    let events = given;
    for (let attempt = 1; ; attempt += 1) {
      const outcome: Outcome = await within(store.append(stream, expected, events)());
      if (isOver(outcome) || attempt === 6) return note(outcome, given);
      events = sendAgain(events);
    }
  };
  for (const [at, one] of given.entries()) {
    for (const planned of one.faults) server.faults.next(planned);
    const events = eventsFor(one, at);
    const other = one.node === 0 ? 1 : 0;
    await Promise.all([
      send(one.node, one, events),
      ...(one.twice && one.stream !== 'access' ? [send(other, one, events)] : []),
    ]);
  }
  server.faults.clear();
  const happened = server.faults.happened.slice(before).map(({ fault }) => fault);
  // The last word: when each node has it, each has all that was before.
  const last = await Promise.all(nodes.map(({ engine }, node) => lastWord(engine.events, `access-${node}`)));
  const end = Math.max(...last);
  await Promise.all(nodes.map(({ engine }) => engine.sharing?.reached(end)));
  const logs = await Promise.all(nodes.map(({ engine }) => right(engine.events.readAll(0, 1_000))));
  const leaves = await Promise.all(nodes.map(({ engine }) => leavesOf(engine.events)));
  for (const { close } of nodes) await close();
  return { acknowledged, refused, stuck, logs, leaves, happened };
};
