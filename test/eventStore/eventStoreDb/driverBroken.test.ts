import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { status as codes, Metadata, Server, ServerCredentials, type ServiceError } from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/eventStore/eventStoreDb/cluster.ts';
import { connectTo } from '../../../src/eventStore/eventStoreDb/connection.ts';
import { until } from '../modelServer/clients.ts';
import { aRecord, hearing, nothingUncaught, timed } from './driverBuilders.ts';

nothingUncaught();

const run = promisify(execFile);
const bareClient = fileURLToPath(new URL('bareClient.ts', import.meta.url));

/** What the server says to everything. */
let said: { code: number; trailers: Readonly<Record<string, string>> } = { code: codes.UNKNOWN, trailers: {} };
let asked = 0;
let port = 0;
let cluster: Cluster;
const server = new Server();

const refusal = (): Partial<ServiceError> => {
  asked += 1;
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(said.trailers)) metadata.set(name, value);
  return { code: said.code, details: 'Said so.', metadata };
};

beforeAll(async () => {
  const { StreamsService } = streams;
  server.addService(StreamsService, {
    append: (call: { readonly resume: () => void }, answer: (error: Partial<ServiceError>) => void) => {
      call.resume();
      answer(refusal());
    },
    tombstone: (_: unknown, answer: (error: Partial<ServiceError>) => void) => answer(refusal()),
    read: (call: { readonly emit: (event: 'error', error: Partial<ServiceError>) => void }) =>
      call.emit('error', refusal()),
    delete: () => undefined,
    batchAppend: () => undefined,
  });
  port = await promisify(server.bindAsync.bind(server))('127.0.0.1:0', ServerCredentials.createInsecure());
  cluster = await connectTo(`esdb://127.0.0.1:${port}?tls=false`, { deadline: 300 });
  // The first call of a process takes longer.
  await cluster.read('program-1');
});

afterAll(async () => {
  await cluster.close();
  server.forceShutdown();
});

const outcomes = async () => {
  const heard = hearing();
  cluster.follow(undefined, ['program-'], heard.listener);
  const { value, ms } = await timed(
    Promise.all([
      cluster.append('program-1', -1, [aRecord()]),
      cluster.read('program-1'),
      cluster.tombstone('program-1'),
    ]),
  );
  expect(ms).toBeLessThan(4000);
  await until(() => heard.endings() === 1);
  expect(heard.heard).toEqual(['ended']);
  return value;
};

const notNow = E.left({ kind: 'unavailable', retry: true });

describe('F17 an error that lacks what belongs to it', () => {
  test.each([
    { exception: 'not-leader' },
    { exception: 'not-leader', 'leader-endpoint-host': '127.0.0.1' },
    { exception: 'not-leader', 'leader-endpoint-host': '127.0.0.1', 'leader-endpoint-port': 'none' },
    { exception: 'stream-deleted' },
    { exception: 'wrong-expected-version' },
    { exception: 'wrong-expected-version', 'stream-name': 'x', 'expected-version': 'none' },
    { exception: 'wrong-expected-version', 'stream-name': 'x', 'expected-version': '1', 'actual-version': '?' },
    { exception: 'maximum-append-size-exceeded' },
    { exception: 'missing-required-metadata-property' },
    { exception: 'scavenge-not-found' },
    { exception: 'user-not-found' },
    { exception: 'user-conflict' },
  ])('leaves an append unknown, and ends nothing: %j', async (trailers) => {
    said = { code: codes.FAILED_PRECONDITION, trailers };
    asked = 0;
    expect(await outcomes()).toEqual([{ kind: 'unknown' }, notNow, notNow]);
    expect(asked).toBeGreaterThan(0);
  });

  test('ends a process in which the client is by itself', async () => {
    said = { code: codes.NOT_FOUND, trailers: { exception: 'not-leader' } };
    const ended = await run(process.execPath, [bareClient, `${port}`]).catch((error) => error);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('TypeError');
    expect(ended.stderr).toContain('NotLeaderError');
  });

  test('is told as it is where it is whole', async () => {
    said = { code: codes.FAILED_PRECONDITION, trailers: { exception: 'stream-deleted', 'stream-name': 'program-1' } };
    expect(await outcomes()).toEqual([{ kind: 'gone' }, E.left({ kind: 'gone' }), E.right(undefined)]);
    const versions = { 'stream-name': 'program-1', 'expected-version': '-1' };
    said = {
      code: codes.FAILED_PRECONDITION,
      trailers: { exception: 'wrong-expected-version', ...versions, 'actual-version': '7' },
    };
    expect((await outcomes())[0]).toEqual({ kind: 'conflict', actual: 7 });
  });
});

describe('F17 an error of which nobody knows what it means', () => {
  test.each(
    Object.entries(codes).flatMap(([name, code]) => (typeof code === 'number' && code !== 0 ? [{ name, code }] : [])),
  )('leaves an append unknown unless it says that it was refused: $name', async ({ code }) => {
    said = { code, trailers: { exception: 'something-new' } };
    const lasting = [codes.INVALID_ARGUMENT, codes.PERMISSION_DENIED, codes.UNIMPLEMENTED, codes.UNAUTHENTICATED];
    const refused = { kind: 'unavailable', retry: false };
    const isLasting = lasting.includes(code);
    const expected = isLasting ? refused : { kind: 'unknown' };
    expect(await outcomes()).toEqual([
      expected,
      isLasting ? E.left(refused) : notNow,
      isLasting ? E.left(refused) : notNow,
    ]);
  });
});
