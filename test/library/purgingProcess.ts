import { parseArgs } from 'node:util';
import type { Store } from '../../src/eventStore/engine.ts';
import { openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';

// A process of its own that purges programs, one after the other, prints what each came to, and waits for ever at a place of its choice: its
// parent kills it there, or at any other moment.
const { values } = parseArgs({
  options: {
    ...{ path: { type: 'string' }, key: { type: 'string' }, programs: { type: 'string' }, actor: { type: 'string' } },
    ...{ stop: { type: 'string' }, at: { type: 'string' } },
  },
});
const { path = '', key = '', programs = '[]', actor = '{}', stop = '', at = '' } = values;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** A port of which one function, once it is done, never comes back. */
const stoppingAt = <Port extends object>(port: Port, prefix: string): Port =>
  Object.fromEntries(
    Object.entries(port).map(([name, work]) => [
      name,
      typeof work !== 'function' || !stop.startsWith(`${prefix}.${name}`)
        ? work
        : (...given: readonly unknown[]) => {
            const task = work(...given) as (() => Promise<unknown>) | undefined;
            const isHere = stop === [`${prefix}.${name}`, ...(name === 'moveErasure' ? [given[1]] : [])].join(' ');
            if (!isHere) return task;
            const halt = (): Promise<never> => {
              print('stopped');
              setInterval(() => undefined, 60_000);
              return new Promise<never>(() => undefined);
            };
            return task === undefined ? print('stopped') : () => task().then(halt);
          },
    ]),
  ) as Port;

const store: Store = {
  open: async (...given) => {
    const engine = await sqliteStore({ path }).open(...given);
    return { ...engine, events: stoppingAt(engine.events, 'events'), keys: stoppingAt(engine.keys, 'keys') };
  },
};
const clock = (): Date => new Date(at);
const folja = await openFolja({ store, masterKey: Buffer.from(key, 'hex'), clock });
print('open');
for (const programId of JSON.parse(programs)) {
  const command = { type: 'purge-program', data: { programId, disposalDecision: 'RA-2026/1' } };
  print(JSON.stringify(await folja.execute(command, JSON.parse(actor))));
}
await folja.close();
