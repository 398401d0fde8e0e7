import { clientOf, credentials, events, kindOf, pause } from './clients.ts';
import { modelServer } from './modelServer.ts';

// A process of its own in which one connection fails while another client waits for its own server: with `batch` as the client appends by
// itself, with `classic` as our adapter makes it append. It says how the append that waited ended, and then that it is still alive.
const options = process.argv[2] === 'classic' ? { credentials } : {};
const [failing, slow] = [await modelServer(), await modelServer()];
const [one, two] = [clientOf(failing.connection), clientOf(slow.connection)];
for (const client of [one, two]) await client.appendToStream('warm', events(1), options);

const { calls } = slow;
const before = calls.Append + calls.BatchAppend;
slow.faults.next({ rpc: 'any', fault: { kind: 'answer-late', ms: 60 } });
failing.faults.next({ rpc: 'any', fault: { kind: 'cut-before-commit' } });
const waiting = two.appendToStream('slow', events(1), options).then(() => 'fine', kindOf);
while (calls.Append + calls.BatchAppend === before) await pause(1);
const cut = await one.appendToStream('cut', events(1), options).then(() => 'fine', kindOf);
const outcome = await waiting;
process.stdout.write(`${JSON.stringify({ cut, outcome })}\n`);
await pause(100);
process.stdout.write(`${JSON.stringify({ isWritten: slow.log.lastOf('slow') === 0 })}\n`);
process.exit(0);
