import fc from 'fast-check';
import type { Notification } from '../../clock/delivery.ts';
import type { Life, Step } from '../lives.ts';
import { emptyModel } from '../model/state.ts';
import type { Template } from '../setting.ts';
import type { Trace } from '../trace.ts';
import { auditOf } from './auditing.ts';
import { crowdOn } from './crowding.ts';
import { apartOf, isRebuilt, notify, rebuildAndCompare, reopen } from './ending.ts';
import type { Ground, Grounds } from './grounds.ts';
import { eventsOf } from './opened.ts';
import { type Begin, type Begun, beginning, beginningOn, hearAll, type Send } from './preparing.ts';
import { look, minute, newRun, programsOf, type Run, tell } from './run.ts';
import { makeAttempts, scan, takeStep } from './steps.ts';

/** Sends the calls with which runs begin. */
const sendSetUp: Send = async (opened, setting, calls) => {
  const run = newRun(
    opened,
    { time: { now: beginning }, deliver: async () => undefined },
    { model: emptyModel(setting), told: [], heard: [] },
  );
  for (const lists of calls) {
    await Promise.all(
      lists.map(async (list) => {
        for (const call of list) await tell(run, 'set-up', call);
      }),
    );
  }
  return { model: run.model, told: run.told };
};

const live = async (run: Run, ground: Ground, { steps }: Life): Promise<void> => {
  run.folja.subscribe((event) => run.heard.push(event));
  const take = async (step: Step): Promise<void> => {
    run.steps.push(step);
    await takeStep(run, ground, step, run.steps.length - 1);
  };
  await fc.asyncModelRun(() => ({ model: run.model, real: { take } }), steps);
  await makeAttempts(run, ground);
  await look(run);
};

const traceOf = async (run: Run, ground: Ground, life: Life, begin: Begin, delivered: readonly Notification[]) => {
  await hearAll(run, run.heard);
  const events = await eventsOf(run);
  const apart = await apartOf(run, begin, life);
  const audit = await auditOf(run.folja, run.model.setting.policy);
  const tables = isRebuilt(run)
    ? await rebuildAndCompare(run)
    : { position: 0, incremental: new Map(), rebuilt: new Map() };
  if (run.erased.length > 0 && ground.outlives) await reopen(run, ground);
  else await scan(run, ground.files());
  const notified = await notify(run, delivered, life);
  const owners = new Map(programsOf(run).map(({ id, resident }) => [id, resident]));
  const crowd = await crowdOn(run, run.model);
  const { setting } = run.model;
  const { steps, told, heard, looks, watches, canaries, auditLengths, counts, remnants } = run;
  return {
    ...{ setting, life, steps, told, events, heard, looks, watches, canaries, owners, audit, auditLengths, tables },
    ...{ remnants, counts, apart, notified, crowd },
  };
};

/** Sends a whole run of commands and questions through the library, and gives back everything that came of it. */
const exploreOn = async (begin: Begin, life: Life): Promise<Trace> => {
  const time = { now: beginning };
  const delivered: Notification[] = [];
  const deliver = async (notification: Notification) => void delivered.push(notification);
  const { known, opened, ground }: Begun = await begin(life.units, { clock: () => new Date(time.now), deliver });
  const run = newRun(opened, { time, deliver }, known);
  time.now += life.after * minute;
  try {
    await live(run, ground, life);
    return await traceOf(run, ground, life, begin, delivered);
  } finally {
    await run.folja.close();
    ground.remove();
  }
};

/** Explores on some grounds with the host's templates: each life on a ground of its own. */
export const exploring = (grounds: Grounds, templates: readonly Template[]): ((life: Life) => Promise<Trace>) => {
  const begin = beginningOn(grounds, templates, sendSetUp);
  return (life) => exploreOn(begin, life);
};
