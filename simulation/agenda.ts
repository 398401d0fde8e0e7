export const aDay = 86_400_000;
const aMinute = 60_000;

type Task = { readonly at: number; readonly run: () => Promise<void> };

/** What is going to happen, in the order of its time. Time stands still while something happens. */
export type Agenda = {
  readonly now: () => Date;
  /** Today in the form of a day; the simulated region's days begin at midnight UTC. */
  readonly day: (offset?: number) => string;
  /** Puts a task some whole days ahead, at a minute of that day; what would lie in the past comes at once. */
  readonly plan: (daysAhead: number, minuteOfDay: number, run: Task['run']) => void;
  /** Lives until an instant. */
  readonly liveUntil: (end: number, onDay: (today: Date) => void) => Promise<void>;
};

/** Tasks that are due, in the order of their time; those of the same time in the order in which they were planned. */
const firstDue = (tasks: readonly Task[]): number =>
  tasks.reduce((best, task, index) => (task.at < (tasks[best] as Task).at ? index : best), 0);

export const agendaFrom = (beginning: number): Agenda => {
  let now = beginning;
  const days = new Map<number, Task[]>();
  const dayOf = (at: number): number => Math.floor(at / aDay);
  const tasksOf = (day: number): Task[] => {
    const tasks = days.get(day) ?? [];
    days.set(day, tasks);
    return tasks;
  };
  const liveOneDay = async (day: number): Promise<void> => {
    const tasks = tasksOf(day);
    while (tasks.length > 0) {
      const [task] = tasks.splice(firstDue(tasks), 1);
      now = Math.max(now, task?.at ?? now);
      await task?.run();
    }
    days.delete(day);
  };
  return {
    now: () => new Date(now),
    day: (offset = 0) => new Date(now + offset * aDay).toISOString().slice(0, 10),
    plan: (daysAhead, minuteOfDay, run) => {
      const at = Math.max(now, (dayOf(now) + daysAhead) * aDay + minuteOfDay * aMinute);
      tasksOf(dayOf(at)).push({ at, run });
    },
    liveUntil: async (end, onDay) => {
      for (let day = dayOf(now); day * aDay < end; day += 1) {
        now = Math.max(now, day * aDay);
        onDay(new Date(now));
        await liveOneDay(day);
      }
    },
  };
};
