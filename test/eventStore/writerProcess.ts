import { once } from 'node:events';
import { parseArgs } from 'node:util';
import type { StoredEvent } from '../../src/eventStore/eventStore.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { anEvent } from './events.ts';

// A process of its own that appends to one stream until it has succeeded so many times: it reads the head, expects it, and tries
// again when somebody else was first. It prints what it was told that it had written, and how it lost.
const { values } = parseArgs({
  options: { path: { type: 'string' }, key: { type: 'string' }, stream: { type: 'string' }, count: { type: 'string' } },
});
const { path = '', key = '', stream = '', count = '0' } = values;
const masterKey = { current: { id: 'master', key: Buffer.from(key, 'hex') } };
const { events, keys } = await sqliteStore({ path }).open(masterKey, () => ({ inline: () => {}, committed: () => {} }));

// All writers begin together, when the parent says so.
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdin.unref();

const written: Pick<StoredEvent, 'id' | 'revision' | 'position'>[] = [];
const lost: string[] = [];
while (written.length < Number(count)) {
  const history = await events.read(stream)();
  const head = history._tag === 'Right' ? history.right.length - 1 : -1;
  const result = await events.append(stream, head === -1 ? 'no-stream' : head, [anEvent()])();
  if (result._tag === 'Left') lost.push(result.left.kind);
  else for (const { id, revision, position } of result.right) written.push({ id, revision, position });
}
process.stdout.write(JSON.stringify({ written, lost }));
await events.close();
keys.close();
