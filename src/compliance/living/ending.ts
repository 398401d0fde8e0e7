import type { Notification } from '../../clock/delivery.ts';
import type { Life } from '../lives.ts';
import type { ModelProgram } from '../model/state.ts';
import type { Apart, Notified, Trace } from '../trace.ts';
import { liveApart } from './apart.ts';
import { auditLength } from './auditing.ts';
import type { Ground } from './grounds.ts';
import { newIntents } from './intents.ts';
import { openOn } from './opened.ts';
import { pictureOf } from './pictures.ts';
import { type Begin, beginning } from './preparing.ts';
import { dump } from './remnants.ts';
import { askingIn, minute, positionOf, type Run } from './run.ts';
import { scan } from './steps.ts';

/** All read models before and after they are built anew. */
export const rebuildAndCompare = async (run: Run): Promise<Trace['tables']> => {
  await auditLength(run.engine);
  const position = await positionOf(run);
  const incremental = dump(run.engine.readModels);
  await run.folja.rebuild();
  const rebuilt = dump(run.engine.readModels);
  run.auditLengths.push(await auditLength(run.engine));
  return { position, incremental, rebuilt };
};

/** Everything once more after a new start, where something outlives it: the purged are gone there too. */
export const reopen = async (run: Run, ground: Ground): Promise<void> => {
  await run.folja.close();
  const closed = ground.files();
  const { folja, engine } = await openOn(ground, () => new Date(run.time.now), run.deliver);
  Object.assign(run, { folja, engine });
  await scan(run, [...closed, ...ground.files()]);
};

const howRarely = 4;

/** Some of the runs are lived once more, without one of their residents. */
export const apartOf = async (run: Run, begin: Begin, { units }: Life): Promise<readonly Apart[]> => {
  if (run.steps.length % howRarely !== 0) return [];
  const picture = (program: ModelProgram) => pictureOf(askingIn(run), program, true);
  const lived = { ...run, units, now: run.time.now, picture };
  const apart = await liveApart(begin, lived, run.steps[0]?.a ?? 0);
  return apart === undefined ? [] : [apart];
};

/** A clock that has stood still reminds of each occasion since: it comes where few days have passed. */
const fewDays = 60 * 24 * 60 * minute;

/** At the end of such a run the clock comes, and the host is given all that waits. */
export const notify = async (run: Run, delivered: readonly Notification[], { after }: Life): Promise<Notified> => {
  if (run.time.now - beginning - after * minute < fewDays) {
    const position = await positionOf(run);
    await run.folja.tick();
    run.intended.push(...newIntents(run.engine, run.intended, position));
  }
  return { intended: run.intended, delivered };
};

/** The read models are built anew after every second run. */
export const isRebuilt = ({ steps }: Run): boolean => (steps[0]?.b ?? 0) % 2 === 0;
