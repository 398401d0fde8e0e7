import assert from 'node:assert/strict';
import { around } from '../living/pictures.ts';
import { standing, windowsOf } from '../model/occasions.ts';
import { type ModelPlan, swedishDay } from '../model/state.ts';
import type { Event } from '../shown.ts';
import type { Trace } from '../trace.ts';
import { foldProgram, streamsOf } from './fold.ts';
import { eachSeen, type Looked, type Seen, shown } from './looks.ts';

type Row = { readonly planId: string; readonly occasion: string; readonly closes: string; readonly state: string };

const mostRows = 200;

/** The occasions of a plan around a day, and how it stands with each, by the calendar's rule alone. */
const wantedOf = ([planId, plan]: readonly [string, ModelPlan], { look, day }: Seen): readonly Row[] => {
  const { from, to } = around(day);
  return windowsOf(plan, from, to).map((window) => ({
    ...{ planId, occasion: window.at, closes: window.closes },
    state: standing(window, plan, look.at),
  }));
};

const keyOf = ({ occasion, planId }: Row): string => `${occasion} ${planId}`;

const requireOccasions = (seen: Seen): void => {
  const answer = shown(seen.picture?.activities) as { readonly rows: readonly Row[] } | undefined;
  if (answer === undefined) return;
  const wanted = [...seen.program.plans].flatMap((plan) => wantedOf(plan, seen));
  assert.deepEqual(
    answer.rows.map(({ planId, occasion, closes, state }) => ({ planId, occasion, closes, state })),
    wanted.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)).slice(0, mostRows),
    seen.program.id,
  );
};

/** An answer lies in the window of an occasion that the plan had then, and is the first to it. */
const requireWindow = (own: readonly Event[], event: Event): void => {
  const { planId = '', occasion = '' } = event.data;
  const what = `${event.stream} ${planId} ${occasion}`;
  const plan = foldProgram(own.slice(0, event.revision))?.plans.get(planId);
  assert.ok(plan !== undefined && plan.stoppedAt === undefined, `${what}: no such plan`);
  const day = swedishDay(occasion);
  const window = windowsOf(plan, day, day).find(({ at }) => at === occasion);
  assert.ok(window !== undefined, `${what}: no occasion`);
  assert.ok(window.at <= event.at && event.at < window.closes, `${what}: outside at ${event.at}`);
  assert.ok(!plan.registered.has(occasion), `${what}: twice`);
};

/** I25: the occasions follow from schedule and calendar alone, and no answer lies outside one. */
export const checkI25 = (trace: Looked & Pick<Trace, 'events'>): void => {
  eachSeen(trace, requireOccasions);
  for (const own of streamsOf(trace.events, 'program').values())
    for (const event of own.filter(({ type }) => type === 'activity-registered')) requireWindow(own, event);
};
