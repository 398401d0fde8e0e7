import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { headOf } from '../../src/audit/tree.ts';
import type { StoredEvent } from '../../src/eventStore/eventStore.ts';
import type { Notification, Receipt } from '../../src/index.ts';
import type { OutboxRow } from '../../src/projections/notifications/outbox.ts';
import { aNodeOf, aServer } from './clusters.ts';
import { aReadyUnit, publishTemplates } from './given.ts';
import { choose } from './host.ts';
import { headsOf, lost, type NodePlace, type NodeProcess, startNode } from './nodes.ts';
import { doneTwice, notInLog, requireOneOwner, toldUnderTwoIds } from './nodesChecks.ts';
import { addressed, roundsOf, type Sent, starts } from './nodesLives.ts';
import { childHealth, maternity } from './people.ts';
import { aDirectory, monday, type World } from './world.ts';

const seed = Number(process.env.FOLJA_SEED ?? 1177);
const kills = process.env.FOLJA_KILLS === 'all' ? 50 : 5;
const inRound = 12;
/** The latest moment of a kill after its round began, in milliseconds. */
const latest = 200;

type Nodes = [NodeProcess & { readonly isOpen: Promise<boolean> }, NodeProcess & { readonly isOpen: Promise<boolean> }];

/** Two units that are ready, whose clinicians want to be told of messages. */
const prepare = async (world: World): Promise<void> => {
  await publishTemplates(world);
  for (const unit of [maternity, childHealth]) {
    await aReadyUnit(world, unit);
    for (const member of ['b', 'b2']) await choose(world, member, ['message', 'clinician-changed'], { unit });
  }
  for (const [{ type, data, ...more }, actor] of starts) await world.does(type, data, actor, more.id);
};

const isSettled = (answer: Awaited<ReturnType<NodeProcess['execute']>>): boolean =>
  answer !== lost && (E.isRight(answer) || !['unknown', 'unavailable'].includes(answer.left.kind));

const requireOpen = async (nodes: Nodes): Promise<void> => {
  const open = await Promise.all(nodes.map(({ isOpen }) => isOpen));
  if (open.includes(false)) throw new Error('a node did not open');
};

type Answers = { readonly receipts: Receipt[]; lost: number };

/** Sends a command until it is known what became of it, by turns to either node; the same each time. */
const sendUntilSettled = async (nodes: Nodes, { command, actor, node }: Sent, answers: Answers): Promise<void> => {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const answer = await (nodes[(node + attempt) % 2] as NodeProcess).execute(command, actor);
    if (answer === lost) answers.lost += 1;
    else if (E.isRight(answer)) answers.receipts.push(answer.right);
    if (isSettled(answer)) return;
    await wait(20);
  }
  throw new Error(`it never became known what came of ${command.type}`);
};

const sendAll = (nodes: Nodes, round: readonly Sent[], answers: Answers): Promise<unknown> =>
  Promise.all(
    round
      .map((sent) => addressed(sent, answers.receipts))
      .flatMap((sent) => [
        sendUntilSettled(nodes, sent, answers),
        ...(sent.twice ? [sendUntilSettled(nodes, { ...sent, node: sent.node === 0 ? 1 : 0 }, answers)] : []),
      ]),
  );

/** What came of all rounds: what was told by the nodes, how often an answer never came, and how each kill ended its process. */
type Lived = Answers & {
  readonly delivered: readonly Notification[];
  readonly signals: readonly (NodeJS.Signals | null)[];
  readonly nodes: Nodes;
};

/** Lives rounds on two nodes, one of which is killed in each and begun again on its file; every fourth time it is killed while it begins. */
const live = async (connection: string): Promise<Lived> => {
  const answers: Answers = { receipts: [], lost: 0 };
  const delivered: Notification[] = [];
  const signals: (NodeJS.Signals | null)[] = [];
  const onDelivered = (notification: Notification): void => void delivered.push(notification);
  const placeOf = (): NodePlace => ({ connection, path: join(aDirectory(), 'node.db'), onDelivered });
  const places = [placeOf(), placeOf()] as const;
  const nodes: Nodes = [startNode(places[0]), startNode(places[1])];
  const killed = async (victim: 0 | 1, after: number): Promise<void> => {
    await wait(after);
    signals.push(await nodes[victim].kill());
    nodes[victim] = startNode(places[victim]);
  };
  for (const [number, round] of roundsOf(seed, Math.ceil(kills * 0.8), inRound).entries()) {
    await requireOpen(nodes);
    const victim = (seed + number * 7) % 3 === 1 ? 0 : 1;
    const sending = sendAll(nodes, round, answers);
    void Promise.all(nodes.map(({ tick }) => tick()));
    await killed(victim, (seed * 31 + number * 137) % latest);
    if (number % 4 === 3) await killed(victim, 200 + ((seed * 17 + number * 59) % 800));
    await sending;
  }
  await requireOpen(nodes);
  return { ...answers, delivered, signals, nodes };
};

/** Calls the clocks until everything that waited for an hour at most is handed over. */
const tickAll = async (nodes: Nodes): Promise<void> => {
  for (let hours = 1; hours <= 3; hours += 1) {
    const later = new Date(Date.parse(monday) + hours * 3_600_000).toISOString();
    for (const node of nodes) await node.clock(later);
    for (const node of nodes) await node.tick();
    await headsOf(nodes);
  }
};

const rowsOf = ({ engine }: World): readonly (OutboxRow & { readonly createdAt: string })[] =>
  engine.readModels
    .prepare<[], OutboxRow>(
      'SELECT id, cause, hsa_id AS hsaId, channel, about, state, created_at AS createdAt FROM outbox',
    )
    .all();

/** What the last test found, for the controls of its checks. */
type Found = Pick<Lived, 'receipts' | 'delivered'> & {
  readonly log: readonly StoredEvent[];
  readonly outbox: readonly OutboxRow[];
};

describe(`two nodes in processes that are killed, of seed ${seed}`, () => {
  let found: Found | undefined;

  test(`P2 P3 P4 I04 I15 R172 have lost nothing that was told, and done nothing twice, after ${kills} kills`, async () => {
    const server = await aServer();
    const first = await aNodeOf(server);
    await prepare(first);
    await first.close();
    const { receipts, delivered, signals, nodes, lost } = await live(server.connection);
    expect(signals).toEqual(Array.from({ length: kills }, () => 'SIGKILL'));
    expect(lost).toBeGreaterThan(0);
    await tickAll(nodes);
    const [one, other] = await headsOf(nodes);
    const anew = await aNodeOf(server);
    expect([headOf(anew.engine.readModels), other]).toEqual([one, one]);
    const log = await anew.events();
    expect(notInLog(receipts, log)).toEqual([]);
    expect(doneTwice(log)).toEqual([]);
    requireOneOwner(log);
    const outbox = rowsOf(anew);
    expect(toldUnderTwoIds(delivered, outbox)).toEqual([]);
    const told = new Set(delivered.map(({ id }) => id));
    expect(outbox.filter(({ state, id }) => state === 'delivered' && !told.has(id))).toEqual([]);
    expect(outbox.filter(({ state }) => state === 'waiting')).toEqual([]);
    const moves = log.filter(({ type }) => type === 'handed-over').length;
    console.info(
      `nodes that are killed: ${JSON.stringify({ receipts: receipts.length, delivered: delivered.length, lost, moves })}`,
    );
    expect(delivered.length).toBeGreaterThan(0);
    found = { receipts, delivered, log, outbox };
    await Promise.all(nodes.map(({ close }) => close()));
  }, 3_600_000);

  test('control: a log that lacks a receipt, has a command twice or a program on two units is found out', () => {
    const { receipts, log } = found as Found;
    const [receipt] = receipts.filter(({ events }) => events.length > 0);
    expect(notInLog(receipts, log.with(Number(receipt?.position) - 1, log[0] as StoredEvent))).not.toEqual([]);
    const [start] = log.filter(({ type }) => type === 'started');
    const last = { ...(start as StoredEvent), position: log.length + 1 };
    expect(doneTwice([...log, { ...last, stream: 'program-other' }])).toEqual([last.cause.commandId]);
    const moved = { ...last, type: 'handed-over', data: { toUnit: childHealth.unitId, clinician: 'somebody' } };
    expect(() => requireOneOwner([...log, moved])).toThrow();
    expect(() => requireOneOwner([...log, last])).toThrow();
  });

  test('control: a notification under another id, or of nothing that happened, is found out', () => {
    const { delivered, outbox } = found as Found;
    const [one] = delivered;
    const [row] = outbox.filter(({ id }) => id === one?.id);
    const again = { ...(one as Notification), id: 'another' };
    expect(toldUnderTwoIds([...delivered, again], outbox)).toEqual(['another']);
    expect(toldUnderTwoIds([...delivered, again], [...outbox, { ...(row as OutboxRow), id: 'another' }])).toEqual([
      'another',
    ]);
  });
});
