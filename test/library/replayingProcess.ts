import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';

// A process of its own that opens the library on a file: for each line `open` it opens a replay, for each other line it asks the last
// one the view that it was given, and prints what that came to; until it is killed or there are no more lines.
const { values } = parseArgs({
  options: { path: { type: 'string' }, key: { type: 'string' }, query: { type: 'string' }, actor: { type: 'string' } },
});
const { path = '', key = '', query = '{}', actor = '{}' } = values;
const folja = await openFolja({ store: sqliteStore({ path }), masterKey: Buffer.from(key, 'hex') });
const open = () => folja.replay({ until: { position: '1' } }, JSON.parse(actor));
let replay = await open();
process.stdout.write('"open"\n');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'open') replay = await open();
  const answer = line === 'open' ? 'open' : await replay.view(JSON.parse(query), JSON.parse(actor));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await folja.close();
