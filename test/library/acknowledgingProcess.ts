import { parseArgs } from 'node:util';
import { bundledTemplates, openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { office } from './people.ts';

// A process of its own that opens the library on a file, has commands acknowledged, says at which position the last one is, and then
// waits to be killed.
const { values } = parseArgs({ options: { path: { type: 'string' }, key: { type: 'string' } } });
const { path = '', key = '' } = values;
const folja = await openFolja({ store: sqliteStore({ path }), masterKey: Buffer.from(key, 'hex') });
let position = '0';
for (const { templateId, content } of bundledTemplates) {
  const receipt = await folja.execute(
    { type: 'publish-template', data: { templateId: `${templateId}-igen`, change: 'major', content } },
    office,
  );
  if (receipt._tag === 'Right') position = receipt.right.position;
}
process.stdout.write(`${position}\n`);
setInterval(() => undefined, 1_000);
