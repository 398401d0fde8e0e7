import { mkdirSync, readdirSync } from 'node:fs';
import { aResident } from '../simulation/people.ts';
import { seeded } from '../simulation/random.ts';
import type { Engine } from '../src/eventStore/engine.ts';
import { type Folja, openFolja } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { copyProgram, programOf, readModel } from './copying.ts';
import { benchKey } from './lives.ts';
import { callsOfLife, liveModel, sendOne } from './model.ts';
import { type Filled, markFilled, openPath } from './places.ts';
import type { Tell } from './rounds.ts';
import { watched } from './watched.ts';

/** Appends that are made at once share a commit. */
const together = 64;

/** Every so many programs, one is still going on: lists of those have something to show. */
const everyOngoing = 10;

/** Writes programs like the one that was lived, from a number to another; of some, the end may be left out. */
export const copyPrograms = async (
  engine: Engine,
  { first, last, isOngoing = () => false }: { first: number; last: number; isOngoing?: (program: number) => boolean },
  tell: Tell,
): Promise<void> => {
  const model = await readModel(engine);
  const beforeItsEnd = model.slice(0, -1);
  for (let next = first; next <= last; next += together) {
    const numbers = Array.from({ length: Math.min(together, last - next + 1) }, (_, index) => next + index);
    await Promise.all(numbers.map((number) => copyProgram(engine, isOngoing(number) ? beforeItsEnd : model, number)));
    tell(Math.min(next + together, last + 1) - first, last - first + 1);
  }
};

/** An opened library, and what it works with. */
export type OpenedStore = { readonly folja: Folja; readonly engine: Engine };

/** Opens a store of the bench, and makes it when it is not there. */
export const openStore = async (store: Filled): Promise<OpenedStore> => {
  const { store: watching, engine } = watched(sqliteStore({ path: openPath(store) }));
  const folja = await openFolja({ store: watching, masterKey: benchKey });
  return { folja, engine: engine() };
};

/** A program that is going on, of somebody who can sign in: the numbers of the copies are nobody's. */
const ongoingLife = {
  ...{ programId: programOf(0), conversationId: '0195d3a0-0000-7000-8000-000000000003' },
  person: aResident(seeded(0), 0),
};

/** Fills a store: two programs are lived, all others are copies of the first. Nothing that is there already is touched. */
export const fillStore = async (store: Filled, tell: Tell): Promise<void> => {
  mkdirSync(store.directory, { recursive: true });
  if (readdirSync(store.directory).length > 0)
    throw new Error(`${store.directory} is not empty, and holds no store that was filled to its end: remove it first`);
  const { folja, engine } = await openStore(store);
  await liveModel(folja);
  for (const call of callsOfLife(ongoingLife).slice(0, -1)) await sendOne(folja, call);
  const isOngoing = (program: number): boolean => program % everyOngoing === 0;
  await copyPrograms(engine, { first: 1, last: store.programs, isOngoing }, tell);
  await folja.close();
  markFilled(store);
};

/** Programs that are only looked at, and so stay as they are: those of the first half. */
export const lookedAt = ({ programs }: Filled, count: number): readonly string[] => {
  const step = Math.max(1, Math.floor(programs / 2 / count));
  const numbers = Array.from({ length: count }, (_, index) => 1 + index * step).filter((one) => one <= programs / 2);
  return [ongoingLife.programId, ...numbers.map(programOf)];
};

/** Ended programs of the second half, the last first: those that may be purged, unless they are already. */
export const purgeable = ({ programs }: Filled): readonly string[] =>
  Array.from({ length: Math.floor(programs / 2) }, (_, index) => programs - index)
    .filter((program) => program % everyOngoing !== 0)
    .map(programOf);

/** Ongoing programs, which can still be acted in. */
export const ongoing = ({ programs }: Filled, most: number): readonly string[] =>
  Array.from({ length: Math.min(most, Math.floor(programs / everyOngoing)) }, (_, index) =>
    programOf((index + 1) * everyOngoing),
  );
