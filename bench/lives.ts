import { randomUUID } from 'node:crypto';
import { aResident } from '../simulation/people.ts';
import { seeded } from '../simulation/random.ts';
import type { Folja } from '../src/index.ts';
import { type Call, callsOfLife, clinician, type Lived, looksAtLife, sendOne } from './model.ts';

export const benchKey = new Uint8Array(32).fill(7);

/** Milliseconds that each call took. */
export type Times = { readonly commands: number[]; readonly views: number[] };

const numbers = new Set<string>();

/** A program of nobody in particular; no number comes twice. */
export const aLife = (seed: number): Lived => {
  for (let given = seed; ; given += 1_000_003) {
    const person = aResident(seeded(given), given);
    if (numbers.has(person.personalNumber)) continue;
    numbers.add(person.personalNumber);
    return { programId: randomUUID(), conversationId: randomUUID(), person };
  }
};

/** How long something took. */
export const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

/** Looks; what is not shown is a mistake here. */
export const look = async (folja: Folja, [view, query, actor]: Call): Promise<void> => {
  const seen = await folja.view({ view, ...query }, actor as Parameters<Folja['view']>[1]);
  if (seen._tag === 'Left') throw new Error(`${view} was not shown: ${JSON.stringify(seen.left)}`);
};

/** Looks at a list of the unit; what is cheap to show still costs an entry in the log. */
export const lookOnce = (folja: Folja): Promise<void> => look(folja, ['overview', { tab: 'all' }, clinician]);

/** Lives one program from its start to its end, and looks at it before that. */
export const liveOne = async (folja: Folja, seed: number, times: Times): Promise<void> => {
  const lived = aLife(seed);
  const calls = callsOfLife(lived);
  for (const [index, call] of calls.entries()) {
    if (index === calls.length - 1)
      for (const asked of looksAtLife(lived)) times.views.push(await timed(() => look(folja, asked)));
    times.commands.push(await timed(() => sendOne(folja, call)));
  }
};

/** How many commands a life has, and how often somebody looks. */
export const commandsOfLife = callsOfLife(aLife(0)).length;
export const looksOfLife = looksAtLife(aLife(0)).length;
