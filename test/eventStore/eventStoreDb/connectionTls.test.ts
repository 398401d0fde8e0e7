import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import operationsService from '@eventstore/db-client/generated/operations_grpc_pb.js';
import operations from '@eventstore/db-client/generated/operations_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type Metadata, Server, ServerCredentials } from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectTo } from '../../../src/eventStore/eventStoreDb/connection.ts';
import { aRecord, hearing, nothingUncaught } from './driverBuilders.ts';

nothingUncaught();

const hasOpenssl = ((): boolean => {
  try {
    return execFileSync('openssl', ['version']).length > 0;
  } catch {
    process.stderr.write('TLS is not tried here: there is no openssl to make certificates with.\n');
    return false;
  }
})();

const directory = mkdtempSync(join(tmpdir(), 'folja-driver-tls-'));
const file = (name: string): string => join(directory, name);

const certify = (name: string, subject: string): void => {
  const names = ['-subj', `/CN=${subject}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const keys = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync(
    'openssl',
    ['req', '-x509', ...keys, ...names, '-keyout', file(`${name}.key`), '-out', file(`${name}.crt`)],
    {
      stdio: 'ignore',
    },
  );
};

type Heard = { readonly what: string; readonly authorization: string; readonly leader: string };
type Call = { readonly metadata: Metadata };

/** A server that takes everything, and keeps who asked. */
const hearingServer = (heard: Heard[]): Server => {
  const hear = (what: string, { metadata }: Call): void => {
    const [authorization = '', leader = ''] = ['authorization', 'requires-leader'].map((name) =>
      String(metadata.get(name)),
    );
    heard.push({ what, authorization, leader });
  };
  const server = new Server();
  server.addService(streamsService.StreamsService, {
    append: (call: Call & { readonly resume: () => void }, answer: (error: null, response: unknown) => void) => {
      hear('append', call);
      call.resume();
      const success = new streams.AppendResp.Success();
      success.setCurrentRevision('0');
      const response = new streams.AppendResp();
      response.setSuccess(success);
      answer(null, response);
    },
    tombstone: (call: Call, answer: (error: null, response: unknown) => void) => {
      hear('tombstone', call);
      answer(null, new streams.TombstoneResp());
    },
    read: (call: Call & { readonly end: () => void }) => {
      hear('read', call);
      call.end();
    },
    delete: () => undefined,
    batchAppend: () => undefined,
  });
  server.addService(operationsService.OperationsService, {
    startScavenge: (call: Call, answer: (error: null, response: unknown) => void) => {
      hear('scavenge', call);
      const response = new operations.ScavengeResp();
      response.setScavengeId('one');
      answer(null, response);
    },
    ...Object.fromEntries(
      [
        'stopScavenge',
        'shutdown',
        'mergeIndexes',
        'resignNode',
        'setNodePriority',
        'restartPersistentSubscriptions',
      ].map((name) => [name, () => undefined]),
    ),
  });
  return server;
};

const listen = (server: Server, credentials: ServerCredentials): Promise<number> =>
  promisify(server.bindAsync.bind(server))('127.0.0.1:0', credentials);

const unreached = { kind: 'unavailable', retry: true };
const committed = { kind: 'committed', revision: 0 };

describe.skipIf(!hasOpenssl)('a connection over TLS', () => {
  const heard: Heard[] = [];
  const servers: Server[] = [];
  let port = 0;
  let strictPort = 0;

  beforeAll(async () => {
    certify('server', 'localhost');
    certify('other', 'localhost');
    certify('somebody', 'somebody');
    const pair = [{ private_key: readFileSync(file('server.key')), cert_chain: readFileSync(file('server.crt')) }];
    servers.push(hearingServer(heard), hearingServer(heard));
    const [first, second] = servers;
    if (first === undefined || second === undefined) throw new Error('There are two servers.');
    port = await listen(first, ServerCredentials.createSsl(null, pair));
    const known = readFileSync(file('somebody.crt'));
    strictPort = await listen(second, ServerCredentials.createSsl(known, pair, true));
  });

  afterAll(() => {
    for (const server of servers) server.forceShutdown();
    rmSync(directory, { recursive: true, force: true });
  });

  test('says with each call who asks, and asks the leader for what decides', async () => {
    const password = 'p@ss:w/rd';
    const who = `somebody:${encodeURIComponent(password)}`;
    const cluster = await connectTo(`esdb://${who}@127.0.0.1:${port}?tlsCAFile=${file('server.crt')}`, {
      deadline: 3000,
    });
    heard.length = 0;
    expect(await cluster.append('program-1', -1, [aRecord()])).toEqual(committed);
    expect(E.isRight(await cluster.read('program-1'))).toBe(true);
    expect(E.isRight(await cluster.tombstone('program-1'))).toBe(true);
    const member = { host: '127.0.0.1', port, isAlive: true, isLeader: true };
    expect(await cluster.scavenge(member)).toEqual(E.right('one'));
    const authorization = `Basic ${Buffer.from(`somebody:${password}`).toString('base64')}`;
    expect(heard).toEqual([
      { what: 'append', authorization, leader: 'true' },
      { what: 'read', authorization, leader: 'true' },
      { what: 'tombstone', authorization, leader: 'true' },
      { what: 'scavenge', authorization, leader: '' },
    ]);
    const following = hearing();
    cluster.follow(undefined, ['program-'], following.listener);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(heard.at(-1)).toEqual({ what: 'read', authorization, leader: '' });
    await cluster.close();
  });

  test.each([
    { what: 'nobody vouches for', option: '' },
    { what: 'somebody else vouches for', option: '?tlsCAFile=other' },
  ])('tells nothing to a server that $what', async ({ option }) => {
    const options = option.replace('other', file('other.crt'));
    const cluster = await connectTo(`esdb://somebody:secret@127.0.0.1:${port}${options}`, { deadline: 1000 });
    heard.length = 0;
    expect(await cluster.append('program-1', -1, [aRecord()])).toEqual(unreached);
    expect(heard).toEqual([]);
    await cluster.close();
  });

  test('is known by its certificate where the server asks for one', async () => {
    const ca = `tlsCAFile=${file('server.crt')}`;
    const own = `userCertFile=${file('somebody.crt')}&userKeyFile=${file('somebody.key')}`;
    const without = await connectTo(`esdb://somebody:secret@127.0.0.1:${strictPort}?${ca}`, { deadline: 1000 });
    expect(await without.append('program-1', -1, [aRecord()])).not.toEqual(committed);
    await without.close();
    heard.length = 0;
    for (const who of ['', 'somebody:secret@']) {
      const cluster = await connectTo(`esdb://${who}127.0.0.1:${strictPort}?${ca}&${own}`, { deadline: 3000 });
      expect(await cluster.append('program-1', -1, [aRecord()])).toEqual(committed);
      await cluster.close();
    }
    expect(heard.map(({ what, authorization }) => [what, authorization !== ''])).toEqual([
      ['append', false],
      ['append', true],
    ]);
  });
});
