import type { Tell } from '../rounds.ts';
import type { Row } from '../rows.ts';
import { fillStore } from '../stores.ts';
import { commandTask, mixedTask } from './commandTask.ts';
import { eventTask } from './eventTask.ts';
import { hostTask, memoryTask } from './memoryTask.ts';
import { openTask, purgeTask, sizeTask } from './sizeTasks.ts';
import type { Params, Task } from './task.ts';
import { viewTask } from './viewTask.ts';
import { bytesTask, rebuildTask, verifyTask } from './wholeTasks.ts';

const fillTask: Task = async ({ stores }, tell) => {
  for (const store of stores) await fillStore(store, tell);
  return [];
};

/** Everything that the bench does in processes of their own, by name. */
const tasks = {
  ...{ fill: fillTask, event: eventTask, command: commandTask, mixed: mixedTask, view: viewTask, size: sizeTask },
  ...{ open: openTask, purge: purgeTask, verify: verifyTask, rebuild: rebuildTask, memory: memoryTask },
  ...{ host: hostTask, bytes: bytesTask },
} satisfies Readonly<Record<string, Task>>;

/** What a process of the bench is told to do. */
export type Job = { readonly task: keyof typeof tasks; readonly params: Params };

/** Does a job. */
export const doJob = ({ task, params }: Job, tell: Tell): Promise<readonly Row[]> => tasks[task](params, tell);
