import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { headOf } from '../../src/audit/tree.ts';
import type { Engine, Store } from '../../src/eventStore/engine.ts';
import { eventStoreDbStore } from '../../src/eventStoreDb.ts';
import { openFolja } from '../../src/index.ts';

// A process of its own that opens the library on a node of a cluster, with a file of its own. It is asked line by line, does what it is asked at once,
// also when more is asked meanwhile, and prints what each came to, and every notification as it is handed over; until its input ends, or it is killed.
const { values } = parseArgs({
  options: {
    ...{ connection: { type: 'string' }, path: { type: 'string' }, key: { type: 'string' }, at: { type: 'string' } },
  },
});
const { connection = '', path = '', key = '', at = '' } = values;

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

let now = at;
const opened: Engine[] = [];
const store: Store = {
  open: async (...given) => {
    const engine = await eventStoreDbStore({ connection, readModelPath: path }).open(...given);
    opened.push(engine);
    return engine;
  },
};
const folja = await openFolja({
  ...{ store, masterKey: Buffer.from(key, 'hex'), clock: () => new Date(now) },
  deliver: async (delivered) => print({ delivered }),
});
const { events, readModels } = opened[0] as Engine;

const doings: Readonly<Record<string, (...given: never[]) => unknown>> = {
  execute: folja.execute,
  view: folja.view,
  caughtUp: folja.caughtUp,
  tick: folja.tick,
  position: () => events.lastPosition()(),
  head: () => headOf(readModels),
  clock: (instant: string) => {
    now = instant;
  },
};

const answer = async (line: string): Promise<void> => {
  const { number, what, given } = JSON.parse(line);
  print({ number, answer: await doings[what]?.(...(given as never[])) });
};

print({ isOpen: true });
const asked = new Set<Promise<void>>();
for await (const line of createInterface({ input: process.stdin })) {
  const answering = answer(line);
  asked.add(answering);
  void answering.then(() => asked.delete(answering));
}
await Promise.all(asked);
await folja.close();
