import { start, use } from './acts/amning.ts';
import { end, purge, waiting } from './acts/ending.ts';
import { handOver } from './acts/handover.ts';
import { tobacco } from './acts/tobacco.ts';
import { units } from './acts/units.ts';
import { hantera } from './dashboards.ts';
import { tore } from './people.ts';
import type { Stage } from './stage.ts';

/** Builds the read models anew from the events: what they showed before, they show after. */
const rebuild = async (stage: Stage, tobaccoId: string): Promise<void> => {
  stage.chapter('9. The other program goes on; its dashboard is built anew from the events');
  const before = await stage.show(tore, hantera(tobaccoId));
  const { events } = await stage.folja.rebuild();
  stage.note('the host', `rebuilds every dashboard from ${events} events`, 'ok', 'ok');
  const after = await stage.folja.view(hantera(tobaccoId).query, tore.actor);
  const isSame = after._tag === 'Right' && JSON.stringify(after.right) === JSON.stringify(before);
  stage.note('the host', 'compares it with the one above', isSame ? 'ok: the same' : 'another', 'ok: the same');
};

/** The whole story, from an empty store to a purge. `beforePurge` is called when the store is full of personal texts. */
export const playStory = async (stage: Stage, beforePurge: () => Promise<void>): Promise<void> => {
  await units(stage);
  const programId = await start(stage);
  const program = { programId, conversationId: await use(stage, programId) };
  const tobaccoId = await tobacco(stage);
  await handOver(stage, program);
  await end(stage, program);
  await waiting(stage);
  await beforePurge();
  await purge(stage, program);
  await rebuild(stage, tobaccoId);
};
