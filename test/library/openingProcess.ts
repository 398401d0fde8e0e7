import { parseArgs } from 'node:util';
import { openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';

// A process of its own that opens a store, and prints how far it is: its parent kills it meanwhile, or lets it end.
const { values } = parseArgs({ options: { path: { type: 'string' }, key: { type: 'string' } } });
const { path = '', key = '' } = values;

const print = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const folja = await openFolja({
  store: sqliteStore({ path }),
  masterKey: Buffer.from(key, 'hex'),
  onProgress: (done, total) => print([done, total]),
});
await folja.close();
