/**
 * Runs the compliance properties on the store in memory until a rule fails, and prints which: a process of its own, for each mutant. What it
 * prints is one line of JSON.
 */
import { writeSync } from 'node:fs';
import { groundsOf } from '../src/compliance/living/grounds.ts';
import { trying } from '../src/compliance/trying.ts';
import { inMemoryStore } from '../src/eventStore/inMemory.ts';
import { openFolja } from '../src/folja.ts';

const [runs = '60', seed = '1177'] = process.argv.slice(2);
const masterKey = new Uint8Array(32).fill(7);
const policy = { id: 'mutants-1', testResidents: ['200101309821'] };

const { findings } = trying({
  grounds: groundsOf((given) => openFolja({ store: inMemoryStore(), masterKey, policy, ...given })),
  ...{ runs: Number(runs), seed: Number(seed), mostSteps: 36, worlds: 64, untilFailure: true },
});

const result = await findings().then(
  ({ failed, runs: lived }) => ({ lived, failed: [...failed.keys()] }),
  // What was thrown may hold anything: that it was is all that is told.
  () => ({ lived: 0, failed: [], broke: true }),
);
writeSync(1, `${JSON.stringify(result)}\n`);
process.exit(0);
