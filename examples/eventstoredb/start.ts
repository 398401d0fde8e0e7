/** Opens the library on a node of a cluster, and publishes a template: `node start.ts` with FOLJA_EVENTSTORE and FOLJA_MASTER_KEY_FILE set. */
import { readFileSync } from 'node:fs';
import { type Actor, bundledTemplates, openFolja } from 'folja';
import { eventStoreDbStore } from 'folja/eventstoredb';

const setting = (name: string, otherwise?: string): string => {
  const value = process.env[name] ?? otherwise;
  if (value === undefined) throw new Error(`Set ${name} first: README.md says to what.`);
  return value;
};

const store = eventStoreDbStore({
  connection: setting('FOLJA_EVENTSTORE'),
  readModelPath: setting('FOLJA_NODE_FILE', 'node.db'),
  prefix: setting('FOLJA_PREFIX', ''),
  onProgress: (done, total) => console.log(`Following the cluster: ${done} of ${total} bytes`),
});
const masterKey = Buffer.from(readFileSync(setting('FOLJA_MASTER_KEY_FILE'), 'utf8').trim(), 'hex');
const folja = await openFolja({ store, masterKey });

const office: Actor = {
  ...{ kind: 'platform', hsaId: 'SE2321000131-P8', office: 'production-office' },
  authentication: { method: 'siths', assurance: 3 },
};
const { templateId, content } = bundledTemplates[0] ?? {};
const publish = { type: 'publish-template', data: { templateId, change: 'major', content } };

const result = await folja.execute(publish, office);
if (result._tag === 'Left') {
  console.log(`${publish.type}: ${JSON.stringify(result.left)}`);
  process.exitCode = 1;
} else {
  const { position, events } = result.right;
  console.log(`${publish.type}: ${events.map(({ type }) => type).join(', ')} at position ${position}`);
  // Good on every node: another one shows it as soon as this resolves there.
  await folja.caughtUp(position);
}
for (const { nodeId, openedAt, isThis } of (await folja.cluster?.nodes()) ?? [])
  console.log(`node ${nodeId}, opened ${openedAt}${isThis ? ': this one' : ''}`);

await folja.close();
