import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { eventStoreDbStore } from '../../src/eventStoreDb.ts';
import type { Notification, Store } from '../../src/index.ts';
import { all } from '../../src/projections/projection.ts';
import { modelCluster } from '../eventStore/modelServer/cluster.ts';
import type { Contents } from '../eventStore/modelServer/log.ts';
import { modelServer } from '../eventStore/modelServer/modelServer.ts';
import { aReadyUnit, publishTemplates, start, theConversation, theProgram, tobak, write } from '../library/given.ts';
import { choose } from '../library/host.ts';
import { maternity, resident, tolvan } from '../library/people.ts';
import { aClock, aDirectory, type Clock, open, type World } from '../library/world.ts';

type ModelServer = Awaited<ReturnType<typeof modelServer>>;

/** How nodes are opened on one cluster: each with a file of its own, all with one clock. */
export type Nodes = {
  readonly server: ModelServer;
  readonly clock: Clock;
  /** Opens a node on its file; one of a new name builds itself from nothing. */
  readonly open: (name: string, options?: Options, around?: (store: Store) => Store) => Promise<World>;
};

type Options = Omit<NonNullable<Parameters<typeof open>[2]>, 'clock'>;

/** A store that does not say that others share its log, so that the library takes all that waits for its own: for controls. */
export const alone = ({ open: openStore }: Store): Store => ({
  open: async (...given) => {
    const { sharing: _, ...engine } = await openStore(...given);
    return engine;
  },
});

/** A cluster that holds what another does, or nothing. */
const nodesOver = async (contents: Contents | undefined, clock: Clock): Promise<Nodes> => {
  const directory = aDirectory();
  const server = await modelServer({ cluster: modelCluster(contents === undefined ? {} : { contents }) });
  onTestFinished(async () => {
    await server.close();
    expect(server.errors).toEqual([]);
  });
  return {
    server,
    clock,
    open: (name, options = {}, around = (store) => store) => {
      mkdirSync(join(directory, name), { recursive: true });
      const readModelPath = join(directory, name, 'node.db');
      const store = around(eventStoreDbStore({ connection: server.connection, readModelPath }));
      return open(store, directory, { ...options, clock });
    },
  };
};

/** A program with a conversation, whose clinician is told of what is named. */
export const begins = async (world: World, about: readonly string[] = ['message']): Promise<void> => {
  await publishTemplates(world);
  await aReadyUnit(world, maternity);
  await start(world, tobak, tolvan, { programId: theProgram });
  await write(world, theProgram, theConversation);
  await choose(world, 'b', about);
};

let original: Promise<Contents> | undefined;

const beginOnce = async (): Promise<Contents> => {
  const nodes = await nodesOver(undefined, aClock());
  const world = await nodes.open('first');
  await begins(world);
  await world.close();
  return nodes.server.log.contents();
};

/** A cluster on which there is a program that something can happen in; made once in a process, and copied. */
export const someNodes = async (clock: Clock = aClock()): Promise<Nodes> => {
  original ??= beginOnce();
  return nodesOver(await original, clock);
};

/** A message of the resident's: its position in the log. */
export const messageBy = async ({ does }: World): Promise<string> => {
  const data = { programId: theProgram, conversationId: theConversation, body: 'Tack' };
  return (await does('reply', data, resident(tolvan))).position;
};

/** Two nodes that hand over. */
export const twoNodes = async (answer?: Parameters<typeof aSharedHost>[0], around?: typeof alone) => {
  const nodes = await someNodes();
  const host = aSharedHost(answer);
  const one = await nodes.open('one', { deliver: host.deliverAt('one') }, around);
  const other = await nodes.open('other', { deliver: host.deliverAt('other') }, around);
  return { nodes, host, one, other, both: [one, other] as const };
};

/** Calls the clocks of nodes until nothing waits on any of them. */
export const settled = (worlds: readonly World[]): Promise<void> => tickUntil(worlds, () => nothingWaits(worlds));

/** What hosts were given, by node, in order. */
export const aSharedHost = (answer: (id: string, node: string) => unknown = () => undefined) => {
  const given: { readonly node: string; readonly id: string; readonly programId: string | undefined }[] = [];
  return {
    given,
    ids: () => given.map(({ id }) => id),
    deliverAt:
      (node: string) =>
      async ({ id, programId }: Notification): Promise<void> => {
        given.push({ node, id, programId });
        await answer(id, node);
      },
  };
};

/** Rows of the outbox as every node should have them. */
export const rowsOf = ({ engine }: World) =>
  all<{ readonly id: string; readonly about: string; readonly state: string }>(
    engine.readModels,
    'SELECT id, about, state FROM outbox ORDER BY created_at, id',
  );

/** Calls the clocks of nodes until something holds. */
export const tickUntil = (worlds: readonly World[], holds: () => unknown): Promise<void> =>
  vi.waitFor(
    async () => {
      await Promise.all(worlds.map(({ folja }) => folja.tick()));
      await holds();
    },
    { timeout: 20_000, interval: 25 },
  );

/** That nothing waits on any of the nodes. */
export const nothingWaits = (worlds: readonly World[]): void => {
  for (const world of worlds) expect(rowsOf(world).filter(({ state }) => state === 'waiting')).toEqual([]);
};
