import { setTimeout as wait } from 'node:timers/promises';
import type { Program } from '../../simulation/program.ts';
import type { Random } from '../../simulation/random.ts';
import type { Unit } from '../../simulation/region.ts';
import { aChild, type Child } from '../child.ts';
import { jumpFrom, type Planned } from './plan.ts';
import type { Beginning, Order, Said } from './saying.ts';
import { add, type Memory, noteUnclean, type Sums, withMemory } from './sums.ts';

/** The processes on one store, and what they have in common. */
export type Workers = {
  readonly path: string;
  readonly random: Random;
  readonly sums: Sums;
  readonly keys: Beginning['keys'];
  readonly units: readonly Unit[];
  readonly programs: Map<string, Program>;
  readonly places: Place[];
  /** Memory of the one process that is never killed. */
  memory: Memory | undefined;
  currentKey: number;
  isOver: boolean;
};

/** A place of a process: who has it dies, and another takes it. */
type Place = { readonly isSteady: boolean; readonly inFlight: number; child?: Child; ahead: number };

/** The first is never killed, so that its memory can be followed. */
export const places = (): Place[] => [
  { isSteady: true, inFlight: 22, ahead: 0 },
  { isSteady: false, inFlight: 21, ahead: 0 },
  { isSteady: false, inFlight: 21, ahead: 0 },
];

const mostHandedOver = 20;

/** Some of the programs that are under way, so that several processes have to do with the same ones. */
const somePrograms = ({ programs, random }: Workers): readonly Program[] => {
  const all = [...programs.values()];
  return Array.from({ length: Math.min(mostHandedOver, all.length) }, () => random.pick(all));
};

const hear = (workers: Workers, place: Place, said: Said): void => {
  const { sums, programs, keys } = workers;
  add(sums, said);
  if (said.say === 'started') programs.set(said.program.programId, said.program);
  if (said.say === 'purged') programs.delete(said.programId);
  if (said.say === 'memory' && place.isSteady) workers.memory = withMemory(workers.memory, said.bytes);
  if (said.say === 'done' && said.order === 'rotate') {
    sums.rotations += 1;
    workers.currentKey = Math.min(workers.currentKey + 1, keys.length - 1);
  }
};

const order = ({ child }: Place, given: Order): void => child?.say(JSON.stringify(given));

const watchEnd = async (workers: Workers, place: Place, child: Child): Promise<void> => {
  const end = await child.ended;
  if (end !== 0 && end !== 'SIGKILL') noteUnclean(workers.sums, 'a process ended by itself');
  if (place.child === child && !workers.isOver) await begin(workers, place);
};

/** Starts a process in a place; resolves when it has opened the store. */
export const begin = async (workers: Workers, place: Place): Promise<void> => {
  const { path, random, keys, units, currentKey } = workers;
  const child = aChild('soak/workerProcess.ts', { keepsLines: false });
  place.child = child;
  const isOpen = new Promise<void>((resolve) => {
    child.onLine((line) => {
      const said = JSON.parse(line) as Said;
      if (said.say === 'open') resolve();
      hear(workers, place, said);
    });
    void child.ended.then(() => resolve());
  });
  const { inFlight, ahead } = place;
  const told: Beginning = {
    ...{ path, seed: random.between(0, 2 ** 31), inFlight, ahead, keys, units },
    ...{ currentKey: keys[currentKey]?.id ?? '', programs: somePrograms(workers) },
  };
  child.say(JSON.stringify(told));
  void watchEnd(workers, place, child);
  await isOpen;
};

const kill = (workers: Workers): void => {
  const mortal = workers.random.pick(workers.places.filter(({ isSteady }) => !isSteady));
  workers.sums.kills += 1;
  mortal.child?.signal('SIGKILL');
};

const jump = (workers: Workers): void => {
  const place = workers.random.pick(workers.places);
  const by = jumpFrom(place.ahead, workers.random);
  place.ahead += by;
  workers.sums.jumps += 1;
  order(place, { order: 'jump', by });
};

/** The steady one rotates, so that a rotation is not begun and forgotten; the others know the next key already. */
const rotate = ({ places: all, keys, currentKey }: Workers): void => {
  const steady = all.find(({ isSteady }) => isSteady);
  const next = keys[currentKey + 1];
  if (steady !== undefined && next !== undefined) order(steady, { order: 'rotate', to: next.id });
};

const doing: Readonly<Record<Planned['what'], (workers: Workers) => void>> = {
  kill,
  jump,
  rotate,
  rebuild: ({ places: all, random }) => order(random.pick(all), { order: 'rebuild' }),
};

/** Does to the processes what is planned, each when it is time. */
export const carryOut = async (workers: Workers, plan: readonly Planned[], milliseconds: number): Promise<void> => {
  const began = performance.now();
  const until = (at: number): Promise<void> => wait(Math.max(0, at - (performance.now() - began)));
  for (const { at, what } of plan) {
    await until(at);
    doing[what](workers);
  }
  await until(milliseconds);
};

/** Lets every process finish what it is at, and end. */
export const stopAll = async (workers: Workers): Promise<void> => {
  workers.isOver = true;
  for (const place of workers.places) order(place, { order: 'stop' });
  await Promise.all(workers.places.map(({ child }) => child?.ended));
};
