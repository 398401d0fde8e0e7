import type { Page } from 'folja';
import { start, use } from './acts/amning.ts';
import { waits } from './acts/between.ts';
import { end, purge, waiting } from './acts/ending.ts';
import { handOver } from './acts/handover.ts';
import { proof } from './acts/proof.ts';
import { tobacco } from './acts/tobacco.ts';
import { units } from './acts/units.ts';
import { avslutade, mina } from './dashboards.ts';
import { malin, tore } from './people.ts';
import type { Post } from './post.ts';
import type { Stage } from './stage.ts';

const rowsIn = (answer: unknown): unknown => (answer as Page<unknown>).rows;

/** Builds the read models anew from the events: what they showed before, they show after. */
const rebuild = async (stage: Stage): Promise<void> => {
  stage.chapter('10. The other programs are untouched; the dashboards are built anew');
  const seen = [await stage.show(malin, mina), await stage.show(tore, avslutade)].map(rowsIn);
  const { events } = await stage.folja.rebuild();
  stage.note('the host', `rebuilds every dashboard from ${events} events`, 'ok', 'ok');
  const again = [
    await stage.look(malin, 'looks at Mina again', mina, 'ok'),
    await stage.look(tore, 'looks at Avslutade again', avslutade, 'ok'),
  ].map(rowsIn);
  const outcome = JSON.stringify(again) === JSON.stringify(seen) ? 'ok' : 'other rows';
  stage.note('the host', 'finds the same rows in both', outcome, 'ok');
};

/** The whole story, from an empty store to a purge. `beforePurge` is called when the store is full of personal texts. */
export const playStory = async (stage: Stage, post: Post, beforePurge: () => Promise<void>): Promise<void> => {
  await units(stage);
  const programId = await start(stage);
  const program = { programId, conversationId: await use(stage, programId) };
  const tobaccoId = await tobacco(stage);
  await handOver(stage, program);
  await waits(stage, post, program, tobaccoId);
  await end(stage, program, tobaccoId);
  const counted = await waiting(stage, program);
  await beforePurge();
  const head = await stage.folja.audit.head();
  await purge(stage, program, counted);
  await rebuild(stage);
  await proof(stage, head);
};
