import type { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, expect } from 'vitest';
import { clientOf, realServer } from './clients.ts';
import { type ModelServer, modelServer } from './modelServer.ts';

/** An unmodified client of EventStoreDB, and the server it speaks with. */
export type Connected = {
  readonly client: EventStoreDBClient;
  /** The model server; none where the tests run against a real one. */
  readonly server: ModelServer | undefined;
  readonly connection: string;
};

/** A client and its server for the tests of a file; the model must have made no mistake at their end. */
export const connectedForTests = (): (() => Connected) => {
  let connected: Connected | undefined;
  beforeAll(async () => {
    const server = realServer === undefined ? await modelServer() : undefined;
    const connection = realServer ?? server?.connection ?? '';
    connected = { client: clientOf(connection), server, connection };
  });
  afterAll(async () => {
    await connected?.client.dispose();
    await connected?.server?.close();
    expect(connected?.server?.errors ?? []).toEqual([]);
  });
  return () => {
    if (!connected) throw new Error('The server is not there yet.');
    return connected;
  };
};
