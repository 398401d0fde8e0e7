import { parseArgs } from 'node:util';
import { openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';

// A process of its own that opens the library on a file, waits for a moment that several share, sends the commands that it was
// given, one after the other, and prints what each came to.
const { values } = parseArgs({
  options: { path: { type: 'string' }, key: { type: 'string' }, commands: { type: 'string' }, at: { type: 'string' } },
});
const { path = '', key = '', commands = '[]', at = '0' } = values;
const folja = await openFolja({ store: sqliteStore({ path }), masterKey: Buffer.from(key, 'hex') });
while (Date.now() < Number(at));
const results: unknown[] = [];
for (const [command, actor] of JSON.parse(commands)) results.push(await folja.execute(command, actor));
await folja.close();
process.stdout.write(JSON.stringify(results));
