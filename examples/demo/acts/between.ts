import { documentation, dutiesIn, timeline } from '../contents.ts';
import { caseload, startPage, undelivered } from '../dashboards.ts';
import { britt, isa, tolvan, tore, ture } from '../people.ts';
import type { Post } from '../post.ts';
import type { Stage } from '../stage.ts';
import { notifications, tick } from './clock.ts';
import { document } from './journal.ts';

type Program = { readonly programId: string; readonly conversationId: string };

/** A clinician is away: the resident administrator sees what waits, and tells the parent. */
const away = async (stage: Stage, { programId, conversationId }: Program): Promise<void> => {
  const data = { programId, conversationId };
  stage.goTo('2026-05-20T17:30:00.000Z');
  const question = 'Det går bättre nu! Ska jag ändå komma i juni?';
  await stage.act(tolvan, 'writes again', { type: 'reply', data: { ...data, body: question } });
  stage.goTo('2026-06-01T06:30:00.000Z');
  await stage.show(isa, caseload);
  const absence = {
    programId,
    from: '2026-06-01',
    to: '2026-06-14',
    text: 'Britt är ledig. Ring oss på BVC i stället.',
  };
  await stage.act(isa, 'announces that Britt Brunberg is away', { type: 'announce-absence', data: absence });
  stage.goTo('2026-06-01T18:00:00.000Z');
  await stage.show(tolvan, startPage(programId, 1));
  stage.goTo('2026-06-15T06:40:00.000Z');
  await stage.act(britt, 'is back, and reads', { type: 'read-conversation', data });
  const body = 'Roligt att höra! Kom gärna ändå, så väger vi henne.';
  await stage.act(britt, 'answers', { type: 'reply', data: { ...data, body } });
  await document(stage, britt, programId, dutiesIn(await stage.show(britt, documentation(programId))));
};

/** Three months after the start the patient is to say how it went: the module is closed, and its form takes answers all the same. */
const followUp = async (stage: Stage, post: Post, programId: string): Promise<void> => {
  const place = { programId, moduleId: 'steg-5', formId: 'fragor' };
  const filled = { ...place, answers: { 'fraga-1': 'Rökfri sedan april, och sover bättre.' } };
  stage.goTo('2026-06-15T07:00:00.000Z');
  const early = 'refused: module-not-open';
  await stage.act(ture, 'fills in the follow-up a day early', { type: 'submit-form', data: filled }, early);
  stage.goTo('2026-06-16T06:00:00.000Z');
  post.take(); // those of earlier days
  post.smsWorks(false);
  await tick(stage, { reminders: 1, expired: 2, delivered: 6 });
  await stage.show(tore, undelivered);
  post.smsWorks(true);
  await tick(stage, { reminders: 0, expired: 0, delivered: 1 });
  notifications(stage, post);
  await stage.act(ture, 'fills in the follow-up of 3 months', { type: 'submit-form', data: filled });
  await stage.act(tore, 'opens it', { type: 'open-form', data: place });
  await stage.show(tore, timeline(programId, '2026-03-28'));
};

/** 6. What somebody waits for: an answer, a clinician who is away, a follow-up. */
export const waits = async (stage: Stage, post: Post, program: Program, tobaccoId: string): Promise<void> => {
  stage.chapter('6. A parent waits for an answer, and a follow-up falls due');
  await away(stage, program);
  await followUp(stage, post, tobaccoId);
};
