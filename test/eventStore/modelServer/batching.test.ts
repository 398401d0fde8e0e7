import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { persistentSubscriptionToAllSettingsFromDefaults } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { append, aStream, clientOf, credentials, events, outcomeOf, pause, revisionsIn, until } from './clients.ts';
import { type ModelServer, modelServer } from './modelServer.ts';

let server: ModelServer;
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
  server = await modelServer();
  client = clientOf(server.connection);
});

afterAll(async () => {
  server.cutAll();
  await client.dispose();
  await server.close();
  expect(server.errors).toEqual([]);
});

const batched = (stream: string, expectedRevision: 'no_stream' | 'any' | bigint, of = events(1)) =>
  client.appendToStream(stream, of, { expectedRevision });

describe('an append without credentials of its own', () => {
  test('goes in a batch, by the same rules; one with credentials never does', async () => {
    const [stream, gone] = [aStream(), aStream()];
    const first = events(2);
    const one = await batched(stream, 'no_stream', first);
    expect([one.nextExpectedRevision, one.position?.commit]).toEqual([1n, expect.any(BigInt)]);
    expect(await batched(stream, 'no_stream', first)).toEqual(one);
    expect(await outcomeOf(batched(stream, 'no_stream'))).toBe('wrong-expected-version');
    await client.tombstoneStream(gone);
    expect(await outcomeOf(batched(gone, 'any'))).toBe('stream-deleted');
    const large = events(1).map((event) => ({ ...event, data: { id: 'x'.repeat(1_100_000) } }));
    expect(await outcomeOf(batched(stream, 1n, large))).toBe('maximum-append-size-exceeded');
    expect(await revisionsIn(client, stream)).toEqual([0, 1]);
    expect(server.calls).toMatchObject({ Append: 0, BatchAppend: 5 });
    await append(client, stream, 1n);
    expect(server.calls).toMatchObject({ Append: 1, BatchAppend: 5 });
  });
});

/** What the process says in which one connection fails while another append waits. */
const inProcess = async (
  way: 'batch' | 'classic',
): Promise<{ said: readonly unknown[]; code: number | null; error: string }> => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('batchCrash.ts', import.meta.url)), way]);
  let [said, error] = ['', ''];
  child.stdout.on('data', (data) => {
    said += data;
  });
  child.stderr.on('data', (data) => {
    error += data;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    said: said
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line)),
    code,
    error,
  };
};

// Known of the client, 6.2.1. When one of these fails, the client has become better: then the adapter may, too.
describe('the client that we have', () => {
  test('known bug: ends every append in a batch when one connection fails, and the process when such an append is answered', async () => {
    const { said, code, error } = await inProcess('batch');
    expect(said).toEqual([{ cut: 'unavailable', outcome: 'unavailable' }]);
    expect(error).toContain('undefined is not iterable');
    expect(code).not.toBe(0);
  });

  test('does neither when it appends classically', async () => {
    const { said, code, error } = await inProcess('classic');
    expect(said).toEqual([{ cut: 'unavailable', outcome: 'fine' }, { isWritten: true }]);
    expect([code, error]).toEqual([0, '']);
  });

  test('known bug: waits for ever for the answer to a batch, whatever the deadline; classically it does not', async () => {
    const hasty = clientOf(`${server.connection}&defaultDeadline=100`);
    for (const rpc of ['BatchAppend', 'Append'] as const) server.faults.next({ rpc, fault: { kind: 'silence' } });
    let outcome = 'still waiting';
    hasty.appendToStream(aStream(), events(1), { deadline: 100 }).catch((error) => {
      outcome = String(error);
    });
    while (server.faults.happened.length < 1) await pause(5);
    expect(await outcomeOf(hasty.appendToStream(aStream(), events(1), { credentials }))).toBe('deadline-exceeded');
    await pause(200);
    expect(outcome).toBe('still waiting');
    expect(server.faults.happened.map(({ rpc, fault }) => `${rpc} ${fault}`)).toEqual([
      'BatchAppend silence',
      'Append silence',
    ]);
    server.cutAll();
    await hasty.dispose();
  });

  test('known bug: waits for ever for what the server can do, whatever the deadline of what was asked', async () => {
    const other = await modelServer();
    const fresh = clientOf(other.connection);
    other.faults.next({ rpc: 'Features', fault: { kind: 'silence' } });
    let outcome = 'still waiting';
    const settings = persistentSubscriptionToAllSettingsFromDefaults();
    fresh.createPersistentSubscriptionToAll('group', settings, { deadline: 50, credentials }).catch((error) => {
      outcome = String(error);
    });
    await until(() => other.faults.happened.length === 1);
    await pause(200);
    expect(outcome).toBe('still waiting');
    other.cutAll();
    await until(() => outcome !== 'still waiting');
    await fresh.dispose();
    await other.close();
  });
});
