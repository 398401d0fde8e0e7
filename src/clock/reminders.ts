import * as E from 'fp-ts/lib/Either.js';
import type { Actor } from '../access/actor.ts';
import type { Core } from '../access/core.ts';
import { derivedId } from '../access/ids.ts';
import type { Problem } from '../access/problem.ts';
import type { Receipt } from '../commands/receipt.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { Subject } from '../domain/program/events.ts';
import { dayOf, type Instant, startOfDay } from '../domain/time.ts';
import { type DueFollowUp, dueFollowUps } from '../projections/followUps.ts';
import { dueOccasions, type PlanToRemindOf, plansToRemindOf } from '../projections/planReminders.ts';

/** The write side, as the clock uses it. */
export type Send = (command: object, actor: Actor, fresh: () => Uuid) => Promise<E.Either<Problem, Receipt>>;

/** What the clock reminds with. */
export type Reminding = { readonly core: Core; readonly send: Send; readonly closing: AbortSignal };

const clock: Actor = { kind: 'system', process: 'clock' };
const slice = 100;

type Reminder = { readonly programId: Uuid; readonly about: Subject; readonly what: string; readonly due: Instant };

/** What became of a reminder: sent, refused for itself alone, or not decided, which is no time to go on. */
type Outcome = 'sent' | 'refused' | 'failed';

/** The id follows from the program, the subject and when it was due: any number of nodes, however often, remind once. */
const remind = async ({ send }: Reminding, { programId, about, what, due }: Reminder): Promise<Outcome> => {
  const id = derivedId(programId, `reminder ${what} ${due}`);
  const sent = await send({ type: 'send-reminder', id, data: { programId, about, due } }, clock, () => id);
  if (E.isRight(sent)) return 'sent';
  return sent.left.kind === 'refused' || sent.left.kind === 'invalid' ? 'refused' : 'failed';
};

/** What is due of one follow-up or plan, in the order in which it is to be reminded of. */
type Listed<Place> = {
  readonly next: (after: Place | undefined) => readonly Place[];
  readonly remindersOf: (place: Place) => readonly Reminder[];
};

const remindOf = async (
  reminding: Reminding,
  reminders: readonly Reminder[],
): Promise<{ readonly sent: number; readonly failed: boolean }> => {
  let sent = 0;
  for (const reminder of reminders) {
    const outcome = reminding.closing.aborted ? 'failed' : await remind(reminding, reminder);
    if (outcome === 'sent') sent += 1;
    if (outcome === 'failed') return { sent, failed: true };
    if (outcome === 'refused') break;
  }
  return { sent, failed: false };
};

/** Goes through a list once; one that is refused stops no other. */
const goThrough = async <Place>(reminding: Reminding, { next, remindersOf }: Listed<Place>): Promise<number> => {
  let sent = 0;
  for (let page = next(undefined); page.length > 0; page = next(page.at(-1))) {
    for (const place of page) {
      const result = await remindOf(reminding, remindersOf(place));
      sent += result.sent;
      if (result.failed) return sent;
    }
  }
  return sent;
};

const ofFollowUp = ({ programId, followUpId, dueOn }: DueFollowUp): Reminder => ({
  ...{ programId, about: { followUpId }, what: `follow-up ${followUpId}`, due: startOfDay(dueOn) },
});

const ofOccasion =
  ({ programId, planId }: PlanToRemindOf) =>
  (due: Instant): Reminder => ({ programId, about: { planId }, what: `plan ${planId}`, due });

/** Reminds residents of what is due: follow-ups from their day on (R221), and every occasion of the plans that are to be reminded of (R170). */
export const remindAll = async (reminding: Reminding): Promise<number> => {
  const { readModels, now } = reminding.core;
  const at = now().toISOString();
  const followUps = await goThrough<DueFollowUp>(reminding, {
    next: (after) => dueFollowUps(readModels, dayOf(at), slice, after),
    remindersOf: (followUp) => [ofFollowUp(followUp)],
  });
  const occasions = await goThrough<PlanToRemindOf>(reminding, {
    next: (after) => plansToRemindOf(readModels, at, slice, after),
    remindersOf: (plan) => dueOccasions(readModels, plan, at).map(ofOccasion(plan)),
  });
  return followUps + occasions;
};
