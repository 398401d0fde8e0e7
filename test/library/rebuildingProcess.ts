import { parseArgs } from 'node:util';
import { openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';

// A process of its own that builds read models anew, and prints how far it is: its parent kills it somewhere, or lets it end.
const { values } = parseArgs({ options: { path: { type: 'string' }, key: { type: 'string' } } });
const { path = '', key = '' } = values;

const folja = await openFolja({ store: sqliteStore({ path }), masterKey: Buffer.from(key, 'hex') });
const print = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
print('open');
const { events } = await folja.rebuild({ onProgress: (done, total) => print([done, total]) });
print({ events });
await folja.close();
