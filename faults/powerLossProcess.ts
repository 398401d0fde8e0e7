import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Engine } from '../src/eventStore/engine.ts';
import { openFolja } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { at, maternity } from '../test/library/people.ts';
import { appendAt } from './appending.ts';
import { clock, masterKey, programs, uuid } from './region.ts';

// A process of its own, recorded while it works on a store: it makes one or opens one, appends to it or purges two programs, and prints each
// command that was acknowledged.
const { values } = parseArgs({
  options: { path: { type: 'string' }, script: { type: 'string' }, synchronous: { type: 'string' } },
});
const { path = '', script = '', synchronous = 'full' } = values;

let engine: Engine | undefined;
const store = sqliteStore({ path });
const folja = await openFolja({
  store: { open: async (...given) => (engine = await store.open(...given)) },
  ...{ masterKey, clock },
});
const appending = { folja, engine: engine as Engine };
const { readModels } = appending.engine;
readModels.pragma(`synchronous = ${synchronous}`);
// Pages move into the file every now and then, and not only at the end.
readModels.pragma('wal_autocheckpoint = 60');

const print = (line: string): void => void writeSync(1, `${line}\n`);
const appendsEach = 12;

const append = async (numbers: readonly number[]): Promise<void> => {
  for (const number of numbers) {
    const { id, outcome } = await appendAt(appending, number);
    if (outcome === 'done') print(id);
  }
};

const purge = async (programId: string, id: string): Promise<void> => {
  const ended = { programId, reason: 'avslutad-enligt-plan', residentAware: true };
  await folja.execute({ type: 'end-program', data: ended }, at(maternity, 'b'));
  const command = { type: 'purge-program', data: { programId, disposalDecision: 'RA-2026/1' }, id };
  const result = await folja.execute(command, at(maternity, 'da'));
  if (result._tag === 'Right') print(`${id} ${result.right.erasure} ${programId}`);
};

const all = Array.from({ length: appendsEach }, (_, number) => number);
/** Every third append is a new unit, which a new store takes too. */
const ofNewStores = all.map((number) => 3 * number);
if (script === 'append') await append(all);
if (script === 'make') await append(ofNewStores);
if (script === 'purge') for (const [number, id] of programs.slice(0, 2).entries()) await purge(id, uuid(100 + number));
await folja.close();
