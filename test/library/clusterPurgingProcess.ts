/** Purges a program on a node of a cluster, in a process of its own: says when it is open, and begins when it is told to. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { eventStoreDbStore } from '../../src/eventStoreDb.ts';
import { type Actor, openFolja } from '../../src/index.ts';

const texts = ['connection', 'path', 'key', 'program', 'actor', 'at'] as const;
const options = Object.fromEntries(texts.map((name) => [name, { type: 'string' } as const]));
const given = parseArgs({ options }).values as Record<(typeof texts)[number], string>;

const folja = await openFolja({
  store: eventStoreDbStore({ connection: given.connection, readModelPath: given.path, deadline: 60_000 }),
  masterKey: new Uint8Array(Buffer.from(given.key, 'hex')),
  clock: () => new Date(given.at),
});
process.stdout.write('open\n');
await once(process.stdin, 'data');
const data = { programId: given.program, disposalDecision: 'RA-2026/1' };
const result = await folja.execute({ type: 'purge-program', data }, JSON.parse(given.actor) as Actor);
process.stdout.write(`${JSON.stringify(result)}\n`);
