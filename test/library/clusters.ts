import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { StoredEvent } from '../../src/eventStore/eventStore.ts';
import { eventStoreDbStore } from '../../src/eventStoreDb.ts';
import { type ModelServer, type ModelServerOptions, modelServer } from '../eventStore/modelServer/modelServer.ts';
import { aReadyUnit, end, publishTemplates, start, theConversation, theProgram, tobak, write } from './given.ts';
import { at, maternity } from './people.ts';
import { aDirectory, open, type World } from './world.ts';

/** A server of a cluster, closed after the test, which fails where the model of it made a mistake. */
export const aServer = async (options?: ModelServerOptions): Promise<ModelServer> => {
  const server = await modelServer(options);
  onTestFinished(async () => {
    await server.close();
    expect(server.errors).toEqual([]);
  });
  return server;
};

type Options = NonNullable<Parameters<typeof open>[2]> & { readonly directory?: string; readonly deadline?: number };

/** The library on a node of a cluster, whose file lies in a directory of its own. */
export const aNodeOf = (server: Pick<ModelServer, 'connection'>, options: Options = {}): Promise<World> => {
  const { directory = aDirectory(), deadline = 6_000, ...more } = options;
  const readModelPath = join(directory, 'node.db');
  return open(eventStoreDbStore({ connection: server.connection, readModelPath, deadline }), directory, more);
};

/** A maternity unit, and a program of Tobakshjälpen for Tolvan that has ended, with a conversation. */
export const anEndedProgram = async (world: World): Promise<void> => {
  await publishTemplates(world);
  await aReadyUnit(world, maternity);
  await start(world, tobak, undefined, { programId: theProgram });
  await write(world, theProgram, theConversation);
  await end(world, theProgram);
};

/** A server, and two nodes of its cluster that know a program which has ended. */
export const twoNodes = async (options: Options = {}) => {
  const server = await aServer();
  const one = await aNodeOf(server, options);
  await anEndedProgram(one);
  const two = await aNodeOf(server, { ...options, clock: one.clock });
  return { server, one, two };
};

/** The name under which a pending erasure waits for a node. */
export const nameOf = ({ engine }: World): string => {
  const node = engine.sharing?.nodes().find(({ isThis }) => isThis);
  return `node-${node?.nodeId.slice(0, 8)}`;
};

/** How the erasure of the program stands, as a node sees it. */
export const stateOn = ({ sees }: World, programId = theProgram) =>
  sees<{ readonly erasure: string; readonly waitingFor?: readonly string[] }>(
    { view: 'purge', programId },
    at(maternity, 'da'),
  );

/** Looks again and again, until it is so or it has taken too long. */
export const becomes = async (look: () => unknown, expected: unknown): Promise<void> => {
  await expect.poll(async () => look(), { timeout: 15_000, interval: 20 }).toEqual(expected);
};

/** The certificates of erasures in the log, as a node has it. */
export const certificatesOn = async ({ events }: World): Promise<readonly StoredEvent[]> =>
  (await events()).filter(({ type }) => type === 'erasure-certified');

/** The id of the key of a program. */
export const keyOf = async ({ engine }: World, programId = theProgram): Promise<string> => {
  const found = await engine.events.read(`program-${programId}`)();
  const [started] = found._tag === 'Right' ? found.right : [];
  return { keyId: '', ...(started?.data as object) }.keyId;
};

/** In which of a node's files something lies that a key sealed, and whether a log beside it is not emptied. */
export const leftIn = (directory: string, keyId: string): readonly string[] => {
  const envelope = Buffer.from(`01${keyId}`, 'hex');
  return ['node.db', 'node.db-wal', 'node.db-shm'].filter((name) => {
    const path = join(directory, name);
    return existsSync(path) && statSync(path).size > 0 && readFileSync(path).includes(envelope);
  });
};

/** What a server's log holds of a program: what its key sealed, wherever it lies, and the wrapped key. */
export const leftOn = ({ log }: ModelServer, keyId: string, programId = theProgram) => {
  const envelope = Buffer.from(`01${keyId}`, 'hex').toString('base64').slice(0, 20);
  const records = log.records().filter(({ type }) => type !== '$streamDeleted');
  return {
    sealed: records.filter(({ data }) => Buffer.from(data).includes(envelope)).length,
    flesh: records.filter(({ stream }) => stream === `flesh-${programId}`).length,
    key: records.filter(({ stream }) => stream === `keys-${keyId}`).length,
  };
};

/** Nothing of a program is left on a server. */
export const nothingLeft = { sealed: 0, flesh: 0, key: 0 };
