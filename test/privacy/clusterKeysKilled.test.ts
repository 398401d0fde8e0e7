import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import type { MasterKey } from '../../src/privacy/keys.ts';
import { aPlace, aServer, openKeyNode, type Place } from './clusterKeysNodes.ts';
import { bytesOf, first, rightOf, second, takeMany } from './keyFiles.ts';
import { inProcess, source, temporaryDirectory } from './realFiles.ts';

const root = new URL('../../', import.meta.url);
const seed = Number(process.env.FOLJA_SEED ?? Date.now() % 2 ** 31);

/** A process of its own that opens the keys of a node, works with them, and closes all. */
const program = (
  { server, prefix }: Place,
  { current, previous = [] }: MasterKey,
  path: string,
  work: string,
): string => `
  import { writeSync } from 'node:fs';
  import { apart } from ${source('eventStore/eventStoreDb/apart.ts')};
  import { connectTo } from ${source('eventStore/eventStoreDb/connection.ts')};
  import { nodeSchema, nodeUserVersion } from ${source('eventStore/eventStoreDb/nodeSchema.ts')};
  import { openNode, storeIdIn } from ${source('eventStore/eventStoreDb/opening.ts')};
  import { openSqliteFile } from ${source('eventStore/sqliteFile.ts')};
  import { nodeApplicationId } from ${source('eventStore/storeTables.ts')};
  import { openClusterKeys } from ${source('privacy/clusterKeys.ts')};
  const keyOf = ([id, byte]) => ({ id, key: new Uint8Array(32).fill(byte) });
  const [current, ...previous] = ${JSON.stringify([current, ...previous].map(({ id, key }) => [id, key[0]]))}.map(keyOf);
  const cluster = apart(await connectTo(${JSON.stringify(server.connection)}, { deadline: 3_000 }), ${JSON.stringify(prefix)});
  const storeId = await storeIdIn(cluster);
  const { db } = await openSqliteFile({
    path: ${JSON.stringify(path)}, name: 'file of read models', applicationId: nodeApplicationId, userVersion: nodeUserVersion,
    journalMode: 'wal', synchronous: 'full', schema: nodeSchema, storeId,
  });
  const prepare = () => ({ inline: () => undefined, committed: () => undefined });
  const { node } = await openNode({ cluster, db, prepare, deadline: 6_000 });
  const keys = await openClusterKeys({ node, storeId, masterKey: { current, previous } });
  const close = async () => {
    keys.close();
    await node.follower.stop();
    db.close();
    await cluster.close();
  };
  ${work}`;

/** Lets a process wrap some keys anew, and kills it a moment later, wherever it then is. */
const killed = async (code: string, milliseconds: number): Promise<void> => {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], { cwd: root });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  await wait(milliseconds);
  child.kill('SIGKILL');
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
};

test(`P12 P13 a node that is killed while it wraps keys anew loses none, and another goes on (seed ${seed})`, async () => {
  const [place, directory] = [aPlace(await aServer()), temporaryDirectory()];
  const here = await openKeyNode(place);
  const ids = await takeMany(here.keys, 100);
  const before = await Promise.all(ids.map((id) => bytesOf(here.keys, id)));
  const gone = ids[0] ?? '';
  await rightOf(here.keys.destroy(gone));
  const work = `await keys.rewrap(keyOf(['second', 2]), () => writeSync(1, '.'))();
    setInterval(() => {}, 1_000);`;
  for (const [index, delay] of fc.sample(fc.integer({ min: 0, max: 40 }), { numRuns: 3, seed }).entries()) {
    const masterKey = index === 0 ? { current: first } : { current: second, previous: [first] };
    await killed(program(place, masterKey, `${directory}/${index}.db`, work), delay);
    const after = await openKeyNode(place, { current: second, previous: [first] });
    const wrapped = new Map((await rightOf(after.keys.epochs())).map(({ id, keys }) => [id, keys]));
    // Each was killed behind its first slice, the last one perhaps behind all of them.
    expect(wrapped.get('second')).toBeGreaterThanOrEqual(16 * (index + 1));
    if (index === 0) expect(wrapped.get('first')).toBeGreaterThan(0);
    expect(await Promise.all(ids.slice(1).map((id) => bytesOf(after.keys, id)))).toEqual(before.slice(1));
    expect(await after.keys.open(gone)()).toEqual(E.left({ kind: 'erased' }));
    await after.close();
  }
  await rightOf((await openKeyNode(place, { current: second, previous: [first] })).keys.rewrap(second));
  const end = await openKeyNode(place, { current: second });
  expect((await rightOf(end.keys.epochs())).map(({ id }) => id)).toEqual(['second']);
  expect(await Promise.all(ids.slice(1).map((id) => bytesOf(end.keys, id)))).toEqual(before.slice(1));
}, 240_000);

test('keys in a cluster that are closed keep no process alive, whatever was under way', async () => {
  const place = aPlace(await aServer());
  const work = `const taken = await keys.take()();
    const [taking, renewing] = [keys.take()(), keys.renew('index')()];
    await close();
    await Promise.all([taking, renewing]);
    const closedAt = Date.now();
    process.on('exit', () => writeSync(1, taken._tag + ' ' + (Date.now() - closedAt < 500 ? 'soon' : 'late')));`;
  const code = program(place, { current: first }, `${temporaryDirectory()}/node.db`, work);
  expect(await inProcess(code)).toBe('Right soon');
});
