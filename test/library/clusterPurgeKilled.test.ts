import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ModelServer } from '../eventStore/modelServer/modelServer.ts';
import { aNodeOf, aServer, becomes, certificatesOn, keyOf, leftIn, leftOn, nothingLeft, stateOn } from './clusters.ts';
import { aReadyUnit, end, publishTemplates, start, tobak, uuid, write } from './given.ts';
import { at, disa, majken, maternity, tolvan } from './people.ts';
import { aDirectory, masterKey, monday, type World } from './world.ts';

const seed = Number(process.env.FOLJA_SEED ?? 1177);
const isAll = process.env.FOLJA_KILLS === 'all';
const persons = [tolvan, disa, majken];
/** At which calls of a purge a process is killed: it makes about fifteen, and some more right after. */
const calls = 18;
const chosen = Array.from({ length: calls }, (_, call) => call).filter((call) => isAll || (call + seed) % 4 === 0);

const programOf = (call: number): string => uuid(900 + call);

/** A unit, with a program for each place at which a process is to be killed, which has ended. */
const aUnitOf = async (world: World): Promise<void> => {
  await publishTemplates(world);
  await aReadyUnit(world, maternity);
  for (const call of chosen) {
    const programId = programOf(call);
    const person = persons[call % persons.length];
    await start(world, tobak, person, { programId });
    await write(world, programId, uuid(700 + call), person);
    await end(world, programId);
  }
};

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Purges in a process of its own, and kills it at a call: before anything of that is done, or when it is done and not answered. */
const killedAt = async (server: ModelServer, directory: string, call: number) => {
  const given = {
    ...{ connection: server.connection, path: join(directory, 'node.db'), at: monday },
    ...{ key: Buffer.from(masterKey).toString('hex'), program: programOf(call) },
    actor: JSON.stringify(at(maternity, 'da')),
  };
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const program = join(import.meta.dirname, 'clusterPurgingProcess.ts');
  const child = spawn(process.execPath, ['--no-warnings', program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (text: Buffer) => {
    printed += text.toString();
  });
  while (!printed.includes('open')) await pause(5);
  const before = server.faults.happened.length;
  if (call > 0) server.faults.next({ rpc: 'any', times: call, fault: { kind: 'answer-late', ms: 0 } });
  const kind = call % 2 === 0 ? 'silence' : 'commit-in-silence';
  server.faults.next({ rpc: 'any', times: 1_000, fault: { kind } });
  child.stdin.write('go\n');
  const isThere = (): boolean => server.faults.happened.slice(before).some(({ fault }) => fault === kind);
  while (!isThere() && !printed.includes('_tag')) await pause(2);
  child.kill('SIGKILL');
  const [, signal] = await once(child, 'close');
  const isStopped = isThere();
  server.faults.clear();
  return { signal, isStopped, told: printed.includes('erasure-pending') };
};

const isPurged = async ({ events }: World, programId: string): Promise<boolean> =>
  (await events(`program-${programId}`)).at(-1)?.type === 'purged';

/** Whatever was begun is done, and nothing of it is anywhere; what was not begun is as it was. */
const expectFinished = async (world: World, server: ModelServer, call: number): Promise<void> => {
  const programId = programOf(call);
  const keyId = await keyOf(world, programId);
  if (!(await isPurged(world, programId))) {
    expect(leftOn(server, keyId, programId).sealed).toBeGreaterThan(0);
    return;
  }
  await becomes(async () => (await stateOn(world, programId)).erasure, 'erased');
  expect([leftIn(world.directory, keyId), leftOn(server, keyId, programId)]).toEqual([[], nothingLeft]);
  const certified = (await certificatesOn(world)).filter(({ data }) => JSON.stringify(data).includes(programId));
  expect([call, certified.length]).toEqual([call, 1]);
};

describe(`a process that is killed while it purges on a cluster, of seed ${seed}`, () => {
  test('P12 P2 R240 R242 at any call leaves a purge that the next open takes on, and forgets none that was told', async () => {
    const server = await aServer();
    const directory = aDirectory();
    const first = await aNodeOf(server, { directory });
    await aUnitOf(first);
    await first.close();
    const kills = [];
    for (const call of chosen) kills.push({ call, ...(await killedAt(server, directory, call)) });
    expect(kills.map(({ signal }) => signal)).toEqual(chosen.map(() => 'SIGKILL'));
    expect(kills.filter(({ isStopped }) => isStopped).length).toBeGreaterThan(chosen.length / 2);
    const world = await aNodeOf(server, { directory });
    const purged = await Promise.all(chosen.map((call) => isPurged(world, programOf(call))));
    for (const [index, { told, call }] of kills.entries()) expect([call, purged[index] || !told]).toEqual([call, true]);
    if (isAll) expect(new Set(purged)).toEqual(new Set([true, false]));
    await world.folja.cluster?.scavenge();
    for (const call of chosen) await expectFinished(world, server, call);
  }, 1_200_000);
});
