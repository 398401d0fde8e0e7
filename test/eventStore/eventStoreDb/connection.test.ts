import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectTo } from '../../../src/eventStore/eventStoreDb/connection.ts';
import { targetIn } from '../../../src/eventStore/eventStoreDb/connectionString.ts';
import { aStream, clientOf } from '../modelServer/clients.ts';
import { type ModelServer, modelServer } from '../modelServer/modelServer.ts';
import { aRecord, nothingUncaught } from './driverBuilders.ts';

nothingUncaught();

const run = promisify(execFile);
const user = 'Somebody';
const password = 'Secret-42';
const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** The sentence with which a string is refused, with all that was printed meanwhile. */
const refusalOf = async (connection: string): Promise<string> => {
  const printed: string[] = [];
  const spies = (['log', 'info', 'warn', 'error'] as const).map((way) =>
    vi.spyOn(console, way).mockImplementation((...words) => void printed.push(words.join(' '))),
  );
  const refused = await connectTo(connection).then(
    (cluster) => cluster.close().then(() => 'taken'),
    (error) => `${inspect(error, { showHidden: true, depth: 9 })} ${error.name} ${error.message}`,
  );
  for (const spy of spies) spy.mockRestore();
  return `${refused} ${printed.join(' ')}`;
};

const who = `${user}:${password}`;

describe('a connection string that is wrong', () => {
  test.each([
    '',
    'esdb:',
    `http://${who}@127.0.0.1:2113`,
    `esdb:/${who}@127.0.0.1:2113`,
    `${who}@127.0.0.1:2113`,
    `esdb://${who}@`,
    `esdb://${who}@127.0.0.1:port`,
    `esdb://${who}@127.0.0.1:2113:2114`,
    `esdb://${who}@127.0.0.1:2113?tls`,
    `esdb://${who}@127.0.0.1:2113?tls=perhaps`,
    `esdb://${who}@127.0.0.1:2113?nodePreference=${user}`,
    `esdb://${who}@127.0.0.1:2113?keepAliveInterval=-1`,
    `esdb://${who}@127.0.0.1:2113?keepAliveTimeout=often`,
    `esdb://${user}@127.0.0.1:2113`,
    `esdb://:${password}@127.0.0.1:2113`,
    `esdb://${user}:@127.0.0.1:2113`,
    `esdb://${user}:${password}%ZZ@127.0.0.1:2113`,
    `esdb://${user}:${password}?x@127.0.0.1:2113`,
    `esdb://${who}@127.0.0.1:2113?tlsCAFile=/nonesuch/${user}.crt`,
    `esdb://${who}@127.0.0.1:2113?userCertFile=/nonesuch.crt&userKeyFile=/nonesuch.key`,
    'esdb://127.0.0.1:2113',
    'esdb://127.0.0.1:2113?tls=true',
  ])('is refused in a sentence, without user and password: %s', async (connection) => {
    const refusal = await refusalOf(connection);
    expect(refusal).toContain('SetUpError');
    expect(refusal).not.toContain('Secret');
    expect(refusal).not.toContain(user);
  });

  test('is told of, password and all, by the client itself', () => {
    const told = ((): unknown => {
      try {
        return clientOf(`esdb://${who}@127.0.0.1:2113?tls`);
      } catch (error) {
        return error;
      }
    })();
    expect(inspect(told)).toContain(password);
  });
});

describe('a connection string', () => {
  test.each([
    {
      connection: `esdb://${who}@one:1,two:2?tls=true`,
      address: 'esdb://one:1,two:2?tls=true',
      credentials: [user, password],
    },
    { connection: ` esdb+discover://${who}@host/ `, address: 'esdb+discover://host', credentials: [user, password] },
    { connection: 'esdb://a%40b:p%3Aq%2F%40%3F@host', address: 'esdb://host', credentials: ['a@b', 'p:q/@?'] },
    { connection: 'esdb://a:p:q@r@host', address: 'esdb://host', credentials: ['a', 'p:q@r'] },
    { connection: 'esdb://host?TLS=false', address: 'esdb://host?TLS=false', credentials: ['nobody', 'nothing'] },
  ])('is read as users of the client write it: $connection', ({ connection, address, credentials }) => {
    const target = targetIn(connection);
    expect(target.address).toBe(address);
    expect([target.credentials?.username, target.credentials?.password]).toEqual(credentials);
    expect(inspect(target, { depth: 9 })).not.toContain(credentials[1]);
    expect(JSON.stringify(target)).not.toContain(credentials[1]);
  });

  test('with what the client does not know is taken, and nothing of the password is printed', async () => {
    const taken = await refusalOf(`esdb://${who}@127.0.0.1:2113?unheardOf=1&tlsVerifyCert=false`);
    expect(taken).toContain('taken');
    expect(taken).toContain('unheardOf');
    expect(taken).not.toContain(password);
  });
});

describe('an open connection', () => {
  let server: ModelServer;
  beforeAll(async () => {
    server = await modelServer();
  });
  afterAll(() => server.close());

  test('shows nothing of user and password', async () => {
    const cluster = await connectTo(`esdb://${who}@127.0.0.1:${server.port}?tls=false`);
    await cluster.append(aStream(), -1, [aRecord()]);
    const shown = `${inspect(cluster, { showHidden: true, depth: 20 })} ${JSON.stringify(cluster)}`;
    expect(shown).toContain('append');
    expect(shown).not.toContain(password);
    await cluster.close();
  });

  test('prints no password where DEBUG asks the client for everything, and lets its process end', async () => {
    const entry = join(repository, 'src/eventStore/eventStoreDb/connection.ts');
    const connection = `esdb://${who}@127.0.0.1:${server.port}?tls=false`;
    const script = `
      const { connectTo } = await import(${JSON.stringify(entry)});
      const cluster = await connectTo(${JSON.stringify(connection)});
      const record = { id: crypto.randomUUID(), type: 'tried', data: { text: 'written' }, metadata: {} };
      const appended = await cluster.append('program-debug', 'any', [record]);
      cluster.follow(undefined, ['program-'], { record() {}, ended() {} });
      await cluster.read('program-debug');
      await cluster.close();
      console.log(appended.kind);`;
    const options = { env: { ...process.env, DEBUG: 'esdb:*' }, timeout: 30_000 };
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], options);
    expect(stdout).toContain('committed');
    expect(stderr).toContain('appendToStream');
    expect(stderr).toContain(user);
    expect(stderr).not.toContain(password);
    expect(stderr).not.toContain(Buffer.from(who).toString('base64'));
  });
});

describe('a host that has not installed the client', () => {
  const directory = mkdtempSync(join(tmpdir(), 'folja-driver-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const toldBy = async (): Promise<string> => {
    const entry = join(directory, 'src/eventStore/eventStoreDb/connection.ts');
    const script = `
      const { connectTo } = await import(${JSON.stringify(entry)});
      const opened = await connectTo('esdb://${who}@127.0.0.1:1?tls=false').catch((error) => error);
      console.log(opened.name, opened.message);
      await opened.close?.();`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { timeout: 30_000 });
    return stdout;
  };

  test('is told how to', async () => {
    cpSync(join(repository, 'src'), join(directory, 'src'), { recursive: true });
    cpSync(join(repository, 'package.json'), join(directory, 'package.json'));
    // An empty place: whatever lies in a folder further up is not found.
    const client = join(directory, 'node_modules/@eventstore/db-client');
    mkdirSync(client, { recursive: true });
    symlinkSync(join(repository, 'node_modules/fp-ts'), join(directory, 'node_modules/fp-ts'));
    const told = await toldBy();
    expect(told).toContain('SetUpError');
    expect(told).toContain('npm install @eventstore/db-client@6.2.1');
    rmdirSync(client);
    symlinkSync(join(repository, 'node_modules/@eventstore/db-client'), client);
    expect(await toldBy()).not.toContain('SetUpError');
  });
});
