import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { connectTo } from '../../../src/eventStore/eventStoreDb/connection.ts';
import { until } from '../modelServer/clients.ts';
import { modelCluster } from '../modelServer/cluster.ts';
import { modelServer } from '../modelServer/modelServer.ts';
import { aRecord, hearing, nothingUncaught } from './driverBuilders.ts';

nothingUncaught();

const bareFollower = fileURLToPath(new URL('bareFollower.ts', import.meta.url));

type Follower = {
  readonly append: () => Promise<string>;
  readonly follows: () => Promise<void>;
  readonly end: () => Promise<void>;
};

/**
 * A cluster is lost bit by bit: a log is followed on its first server, the second leads and goes down, and while another server is looked for, of
 * which none is told, the first cuts its connections.
 */
const loseBitByBit = async (followerOf: (connection: string) => Promise<Follower>): Promise<void> => {
  const shared = modelCluster();
  const [first, second] = [await modelServer({ cluster: shared }), await modelServer({ cluster: shared })];
  const hosts = `127.0.0.1:${first.port},127.0.0.1:${second.port}`;
  const follower = await followerOf(`esdb://${hosts}?tls=false&maxDiscoverAttempts=10&discoveryInterval=50`);
  await follower.follows();
  shared.elect(second.port);
  for (let tried = 0; tried < 5 && second.calls.Append === 0; tried += 1) await follower.append();
  expect(second.calls.Append).toBeGreaterThan(0);
  first.faults.next({ rpc: 'Gossip', times: 1000, fault: { kind: 'unavailable' } });
  await second.close();
  await follower.append();
  const last = follower.append();
  await pause(100);
  first.cutAll();
  expect(['refused', 'unavailable', 'lost']).toContain(await last);
  // Until nobody looks for a server any more.
  for (let asked = 0; asked < first.faults.happened.length; await pause(500)) asked = first.faults.happened.length;
  expect(first.faults.happened.length).toBeGreaterThan(2);
  first.faults.clear();
  await follower.end();
  await first.close();
};

describe('F17 a cluster that is lost bit by bit', () => {
  test('leaves the process as it is, and is used again when it is back', async () => {
    const heard = hearing();
    let calls = 0;
    await loseBitByBit(async (connection) => {
      const cluster = await connectTo(connection, { deadline: 2000 });
      cluster.follow(undefined, ['program-'], heard.listener);
      return {
        append: async () => (await cluster.append(`program-${calls++}`, -1, [aRecord()])).kind,
        follows: () => pause(200),
        end: async () => {
          expect((await cluster.members())._tag).toBe('Right');
          await cluster.close();
        },
      };
    });
    expect(heard.endings()).toBe(1);
  });

  test('ends a process in which the client is by itself', async () => {
    let errors = '';
    let code: number | null | undefined;
    await loseBitByBit(async (connection) => {
      const child = spawn(process.execPath, [bareFollower, connection]);
      const said: string[] = [];
      child.stdout.on('data', (text) => said.push(...String(text).trim().split('\n')));
      child.stderr.on('data', (text) => {
        errors += String(text);
      });
      child.stdin.on('error', () => undefined);
      child.on('exit', (ended) => {
        code = ended;
      });
      const next = async (): Promise<string> => {
        await until(() => said.length > 0 || code !== undefined, 20_000);
        return said.shift() ?? 'lost';
      };
      return {
        append: () => {
          child.stdin.write('append\n');
          return next();
        },
        follows: async () => expect(await next()).toBe('follows'),
        end: async () => {
          child.stdin.end();
          await until(() => code !== undefined);
        },
      };
    });
    expect(code).toBe(1);
    expect(errors).toContain('Failed to discover');
  });
});
