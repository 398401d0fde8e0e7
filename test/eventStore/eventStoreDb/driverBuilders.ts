import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type {
  Cluster,
  Listener,
  NewRecord,
  Place,
  StoredRecord,
} from '../../../src/eventStore/eventStoreDb/cluster.ts';
import { connectTo } from '../../../src/eventStore/eventStoreDb/connection.ts';

import { type ModelServer, modelServer } from '../modelServer/modelServer.ts';

/** The real server that the tests are to speak with, if there is one. */
export const realServer: string | undefined = process.env.FOLJA_EVENTSTORE;

/** A record with an id of its own. */
export const aRecord = (data: unknown = {}): NewRecord => ({
  id: randomUUID(),
  type: 'tried',
  data,
  metadata: { folja: 1 },
});

/** So many records, numbered in their data. */
export const someRecords = (count: number): readonly NewRecord[] =>
  Array.from({ length: count }, (_, number) => aRecord({ number }));

/** A cluster and a driver that is connected to it. */
export type Driven = {
  readonly cluster: Cluster;
  /** The model server; it throws where the tests run against a real one. */
  readonly server: () => ModelServer;
  readonly connection: string;
};

/** A driver and its cluster for the tests of a file: a model, or the real one that the environment names. Nothing may be left unheard in the process. */
export const drivenForTests = (deadline = 5000, alwaysModel = false): (() => Driven) => {
  let driven: Driven | undefined;
  let model: ModelServer | undefined;
  beforeAll(async () => {
    if (realServer === undefined || alwaysModel) model = await modelServer();
    const connection = model?.connection ?? realServer ?? '';
    const server = (): ModelServer => {
      if (model === undefined) throw new Error('There is no model server.');
      return model;
    };
    driven = { cluster: await connectTo(connection, { deadline }), server, connection };
  });
  afterEach(() => model?.faults.clear());
  afterAll(async () => {
    await driven?.cluster.close();
    await model?.close();
    expect(model?.errors ?? []).toEqual([]);
  });
  return () => {
    if (driven === undefined) throw new Error('The cluster is not there yet.');
    return driven;
  };
};

/** Fails each test of a file after which something was thrown that nobody caught. */
export const nothingUncaught = (): void => {
  const uncaught: unknown[] = [];
  const hear = (error: unknown): void => {
    uncaught.push(error);
  };
  beforeEach(() => {
    process.on('unhandledRejection', hear);
    process.on('uncaughtException', hear);
  });
  afterEach(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', hear);
    process.off('uncaughtException', hear);
    expect(uncaught.splice(0)).toEqual([]);
  });
};

/** A model server of its own for one test, and a driver connected to it; both are ended with the work. */
export const withModel = async <A>(
  deadline: number,
  work: (cluster: Cluster, server: ModelServer) => Promise<A>,
): Promise<A> => {
  const server = await modelServer();
  const cluster = await connectTo(server.connection, { deadline });
  try {
    return await work(cluster, server);
  } finally {
    await cluster.close();
    await server.close();
    expect(server.errors).toEqual([]);
  }
};

/** What came to a listener, in order. */
export type Heard = { readonly record: StoredRecord } | 'ended';

const recordsOf = (heard: readonly Heard[]): readonly StoredRecord[] =>
  heard.flatMap((one) => (one === 'ended' ? [] : [one.record]));

/** A listener that keeps what comes. */
export const hearing = () => {
  const heard: Heard[] = [];
  const listener: Listener = {
    record: (record) => heard.push({ record }),
    ended: () => heard.push('ended'),
  };
  return {
    heard: heard as readonly Heard[],
    listener,
    records: (): readonly StoredRecord[] => recordsOf(heard),
    ids: (): readonly string[] => recordsOf(heard).map(({ id }) => id),
    places: (): readonly Place[] => recordsOf(heard).map(({ place }) => place),
    endings: (): number => heard.filter((one) => one === 'ended').length,
  };
};

/** How long something takes, in milliseconds, with what it comes to. */
export const timed = async <A>(promise: Promise<A>): Promise<{ readonly value: A; readonly ms: number }> => {
  const begun = performance.now();
  const value = await promise;
  return { value, ms: performance.now() - begun };
};
