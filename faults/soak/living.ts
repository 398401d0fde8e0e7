import { end, lookAfter, pry } from '../../simulation/administration.ts';
import { type Agenda, aDay } from '../../simulation/agenda.ts';
import { callingWith } from '../../simulation/calling.ts';
import { attend } from '../../simulation/clinician.ts';
import { aResident, auditor, residentActor } from '../../simulation/people.ts';
import type { Life, Program } from '../../simulation/program.ts';
import type { Random } from '../../simulation/random.ts';
import type { Unit } from '../../simulation/region.ts';
import { visit } from '../../simulation/resident.ts';
import { start } from '../../simulation/year.ts';
import type { Folja } from '../../src/index.ts';

type Given = {
  readonly random: Random;
  readonly now: () => Date;
  readonly units: readonly Unit[];
  /** Programs that were started elsewhere. */
  readonly programs: readonly Program[];
};

type Task = () => Promise<void>;

/** How much is remembered of what is still to be done, so that memory says something of the library and nothing of this. */
const mostPlanned = 2_000;

/** Time does not wait here: what is planned is done some time, in any order. */
const hurried = (now: () => Date, random: Random, tasks: Task[]): Agenda => ({
  now,
  day: (offset = 0) => new Date(now().getTime() + offset * aDay).toISOString().slice(0, 10),
  plan: (_daysAhead, _minute, run) => {
    if (tasks.length < mostPlanned) tasks.push(run);
    else tasks[random.between(0, tasks.length - 1)] = run;
  },
  liveUntil: async () => undefined,
});

const anyOf = <Item>(random: Random, items: readonly Item[]): Item | undefined =>
  items.length === 0 ? undefined : random.pick(items);

/** A new program; who hears of it is told. */
const startOne = async (life: Life, number: number, onStarted: (program: Program) => void): Promise<void> => {
  const { random, units, programs } = life;
  const before = new Set(programs.keys());
  await start(life, random.pick(units), aResident(random, number));
  for (const [programId, program] of programs) if (!before.has(programId)) onStarted(program);
};

/** Programs that have ended are purged as soon as anybody may. */
const purgeOne = async ({ calling, random, programs }: Life): Promise<void> => {
  const program = anyOf(
    random,
    [...programs.values()].filter(({ state }) => state === 'ended'),
  );
  if (program === undefined) return;
  const { programId, unit } = program;
  await calling.send('close-maintenance', { programId }, program.clinician);
  const data = { programId, disposalDecision: 'RA-2026/1' };
  const receipt = await calling.send('purge-program', data, unit.administrator);
  if (receipt !== undefined) programs.delete(programId);
};

/** What is looked at besides. */
const lookAround = async ({ calling, random, programs }: Life): Promise<void> => {
  await calling.see({ view: 'audit', perspective: 'provider', limit: 50 }, auditor);
  const program = anyOf(random, [...programs.values()]);
  if (program === undefined) return;
  const { clinician, resident, programId } = program;
  await calling.see({ view: 'overview', tab: 'all', limit: 50 }, clinician);
  await calling.see({ view: 'timeline', programId }, clinician);
  await calling.see({ view: 'access-report' }, residentActor(resident));
};

/** A life in which one thing or another happens, as often as is asked; any number may be under way at once. */
export const livingWith = (folja: Folja, given: Given, onStarted: (program: Program) => void) => {
  const { random, now, units } = given;
  const tasks: Task[] = [];
  const programs = new Map(given.programs.map((program) => [program.programId, program]));
  const calling = callingWith(folja, random);
  const life: Life = { calling, random, agenda: hurried(now, random, tasks), units, programs };
  for (const program of given.programs)
    tasks.push(
      () => visit(life, program),
      () => attend(life, program),
    );
  let number = 0;
  const begin = (): Promise<void> => {
    number += 1;
    return startOne(life, number, onStarted);
  };
  const endOne = async (): Promise<void> => {
    const program = anyOf(random, [...programs.values()]);
    if (program !== undefined) await end(life, program);
  };
  const rare: readonly Task[] = [
    () => lookAround(life),
    () => pry(life),
    () => lookAfter(life, random.pick(units)),
    async () => void (await folja.tick()),
    endOne,
  ];
  const something = async (): Promise<void> => {
    if (tasks.length === 0 || random.happens(0.05)) return begin();
    if (random.happens(0.05)) return purgeOne(life);
    if (random.happens(0.1)) return random.pick(rare)();
    const [task] = tasks.splice(random.between(0, tasks.length - 1), 1);
    return task?.();
  };
  return { something };
};
