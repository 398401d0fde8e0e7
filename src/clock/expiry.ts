import { setImmediate as nextTurn } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import { type Day, dayOf, type Instant } from '../domain/time.ts';
import type { Sharing } from '../eventStore/engine.ts';
import { inTransaction } from '../eventStore/transaction.ts';
import {
  type Deadline,
  expiredModules,
  isNoted,
  missedSince,
  note,
  notePlansThrough,
  type PlanPlace,
  plansNotedThrough,
  plansSince,
} from '../projections/notifications/deadlines.ts';

/** The work of one look at the deadlines: read models, at an instant, until the library closes. */
export type Noting = { readonly core: Core; readonly closing: AbortSignal; readonly sharing?: Sharing | undefined };

const slice = 100;
const beforeAnyPlan: PlanPlace = { programId: '', planId: '' };

/** Tells all nodes, which note what is told to them; how many nobody had told of, or undefined when not all could be told. */
const tellAll = async (sharing: Sharing, deadlines: readonly Deadline[], at: Instant): Promise<number | undefined> => {
  const told = await Promise.all(
    deadlines.map((deadline) => sharing.tell({ type: 'deadline-noted', data: { ...deadline, at } })()),
  );
  if (told.some(E.isLeft)) return undefined;
  return told.filter((one) => E.isRight(one) && one.right === 'told').length;
};

/** Notes deadlines with what is told of them in one transaction; how many were new, or undefined when they were not written. */
const noteAll = async (
  { core, sharing }: Noting,
  deadlines: readonly Deadline[],
  at: Instant,
): Promise<number | undefined> => {
  const { readModels } = core;
  if (sharing !== undefined) {
    const unknown = deadlines.filter((deadline) => !isNoted(readModels, deadline));
    const told = await tellAll(sharing, unknown, at);
    return unknown.every((deadline) => isNoted(readModels, deadline)) ? told : undefined;
  }
  const noted = await inTransaction(readModels, () => deadlines.filter((one) => note(readModels, one, at)).length);
  return E.isLeft(noted) ? undefined : noted.right;
};

const noteModules = async (noting: Noting, at: Instant): Promise<number> => {
  let expired = 0;
  for (;;) {
    const found = expiredModules(noting.core.readModels, dayOf(at), slice);
    if (found.length === 0 || noting.closing.aborted) return expired;
    const noted = await noteAll(noting, found, at);
    if (noted === undefined) return expired;
    expired += noted;
    await nextTurn();
  }
};

const notePlans = async (noting: Noting, since: Day, at: Instant): Promise<number> => {
  const { readModels } = noting.core;
  let expired = 0;
  const next = (after: PlanPlace) => plansSince(readModels, since, after, slice);
  for (let page = next(beforeAnyPlan); page.length > 0; page = next(page.at(-1) as PlanPlace)) {
    for (const plan of page) {
      const missed = missedSince(readModels, plan, since, at);
      const noted = missed.length === 0 ? 0 : await noteAll(noting, missed, at);
      if (noted === undefined || noting.closing.aborted) return expired;
      expired += noted;
    }
    await nextTurn();
  }
  await inTransaction(readModels, () => notePlansThrough(readModels, dayOf(at)));
  return expired;
};

/**
 * Finds the deadlines that have passed since the last time, and tells the responsible clinicians of each once, as they have chosen: modules
 * whose days ran out, and occasions that were missed (R131, R158, R220). They are no events; what asks for them compares them with its clock.
 */
export const noteExpired = async (noting: Noting): Promise<number> => {
  const at = noting.core.now().toISOString();
  const since = plansNotedThrough(noting.core.readModels);
  const modules = await noteModules(noting, at);
  const isNewDay = since !== undefined && since < dayOf(at);
  return modules + (isNewDay ? await notePlans(noting, since, at) : 0);
};
