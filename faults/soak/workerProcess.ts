import { AsyncLocalStorage } from 'node:async_hooks';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { seeded } from '../../simulation/random.ts';
import { type Folja, openFolja, type Problem } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { judged } from './judging.ts';
import { livingWith } from './living.ts';
import type { Beginning, Order, Said } from './saying.ts';

// A process of its own that lives on a store with others: residents and clinicians of many programs at once. It says what came of each command
// before anybody goes on, and does what it is ordered to. It ends when its parent does.
const lines = createInterface({ input: process.stdin });
const told = new Promise<Beginning>((resolve) => {
  lines.once('line', (line) => {
    resolve(JSON.parse(line) as Beginning);
    lines.on('line', (more) => take(JSON.parse(more) as Order));
  });
});
lines.on('close', () => process.exit(0));

let isStopping = false;
/** Orders that came before the store was open wait for that; then each waits for the one before. */
let carrying: ((order: Exclude<Order, { readonly order: 'stop' }>) => Promise<void>) | undefined;
const whenOpen = Promise.withResolvers<void>();
let ordered = whenOpen.promise;
const take = (order: Order): void => {
  if (order.order === 'stop') isStopping = true;
  else ordered = ordered.then(() => carrying?.(order));
};
const say = (said: Said): void => void writeSync(1, `${JSON.stringify(said)}\n`);

const { path, seed, inFlight, ahead, keys, currentKey, units, programs } = await told;

const clock = { ahead, jumps: 0 };
const now = (): Date => new Date(Date.now() + clock.ahead);
const keyNamed = (id: string) => {
  const { key } = keys.find((one) => one.id === id) as Beginning['keys'][number];
  return { id, key: Buffer.from(key, 'hex') };
};

const opened = await openFolja({
  store: sqliteStore({ path }),
  masterKey: {
    current: keyNamed(currentKey),
    previous: keys.filter(({ id }) => id !== currentKey).map(({ id }) => keyNamed(id)),
  },
  clock: now,
  deliver: async () => undefined,
});
say({ say: 'open' });

/** How often the clock had jumped when what is under way began. */
const beginnings = new AsyncLocalStorage<number>();
const hasJumped = (): boolean => beginnings.getStore() !== clock.jumps;

/** The code of a refusal, or another kind; what nobody should be answered is said besides. */
const outcomeOf = (what: string, problem: Problem): string => {
  const { outcome, isUnclean } = judged(problem, hasJumped());
  if (isUnclean) say({ say: 'unclean', what: `${what}: ${outcome}` });
  return outcome;
};

const execute: Folja['execute'] = async (command, actor) => {
  const result = await opened.execute(command, actor);
  if (result._tag === 'Left') {
    say({ say: 'came', outcome: outcomeOf(command.type, result.left) });
    return result;
  }
  const { commandId: id, stream, revision, position, events, ids } = result.right;
  const there = events.length > 0;
  const acknowledged = { id, stream, revision, position: Number(position) };
  say({ say: 'came', outcome: there ? 'acknowledged' : 'already so', ...(there ? { acknowledged } : {}) });
  if (command.type === 'purge-program') say({ say: 'purged', programId: String(ids.programId) });
  return result;
};

const view: Folja['view'] = async (query, actor) => {
  const result = await opened.view(query, actor);
  if (result._tag === 'Left') outcomeOf(`view ${query.view}`, result.left);
  say({ say: 'viewed' });
  return result;
};

const living = livingWith({ ...opened, execute, view }, { random: seeded(seed), now, units, programs }, (program) =>
  say({ say: 'started', program }),
);

const orders: Readonly<Record<Exclude<Order['order'], 'stop'>, (order: Order) => Promise<void>>> = {
  jump: async (order) => {
    if (order.order !== 'jump') return;
    clock.ahead += order.by;
    clock.jumps += 1;
  },
  rebuild: async () => {
    await opened.rebuild();
    say({ say: 'done', order: 'rebuild' });
  },
  rotate: async (order) => {
    if (order.order !== 'rotate') return;
    await opened.rotateMasterKey(keyNamed(order.to));
    say({ say: 'done', order: 'rotate' });
  },
};

/** What an operation rejects with is a problem as data, and told as one. */
const carryOut = async (order: Exclude<Order, { readonly order: 'stop' }>): Promise<void> => {
  try {
    await orders[order.order](order);
  } catch (error) {
    const { problem } = error as { readonly problem?: Problem };
    if (problem === undefined) say({ say: 'unclean', what: `${order.order}: rejected` });
    else beginnings.run(clock.jumps, () => outcomeOf(order.order, problem));
  }
};

carrying = carryOut;
whenOpen.resolve();

const tellMemory = (): void => say({ say: 'memory', bytes: process.memoryUsage().rss });
tellMemory();
const telling = setInterval(tellMemory, 1_000);

const goOn = async (): Promise<void> => {
  while (!isStopping) {
    try {
      await beginnings.run(clock.jumps, living.something);
    } catch (error) {
      say({ say: 'unclean', what: `a call threw ${error instanceof Error ? error.name : typeof error}` });
      await wait(100);
    }
  }
};

await Promise.all(Array.from({ length: inFlight }, goOn));
await ordered;
clearInterval(telling);
await opened.close();
process.exit(0);
