import { parseArgs } from 'node:util';
import { openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';

// A process of its own that makes another master key the current one, and says when it begins and when it is done: its parent kills it.
const { values } = parseArgs({
  options: { path: { type: 'string' }, key: { type: 'string' }, next: { type: 'string' }, at: { type: 'string' } },
});
const { path = '', key = '', next = '', at = '' } = values;

const clock = (): Date => new Date(at);
const folja = await openFolja({ store: sqliteStore({ path }), masterKey: Buffer.from(key, 'hex'), clock });
process.stdout.write('open\n');
await folja.rotateMasterKey({ id: 'next', key: Buffer.from(next, 'hex') });
process.stdout.write('done\n');
await folja.close();
