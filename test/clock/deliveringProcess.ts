import { parseArgs } from 'node:util';
import { openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';

// A process of its own that hands over one notification: it prints its id, and then never comes to an end with it.
const { values } = parseArgs({
  options: { path: { type: 'string' }, key: { type: 'string' }, now: { type: 'string' } },
});
const { path = '', key = '', now = '' } = values;
const folja = await openFolja({
  store: sqliteStore({ path }),
  masterKey: Buffer.from(key, 'hex'),
  clock: () => new Date(now),
  deliver: ({ id }) => {
    process.stdout.write(id);
    return new Promise(() => undefined);
  },
});
// Something to live for until it is killed.
setInterval(() => undefined, 1_000);
await folja.tick();
