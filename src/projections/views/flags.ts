import type { Database } from 'better-sqlite3';
import { derivedId } from '../../access/ids.ts';
import type { Slug, Uuid } from '../../domain/identifiers.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Severity } from '../../domain/program/events.ts';
import { type causedFlags, expiredFlag, formFlag } from '../../domain/program/flags.ts';
import { missedBy } from '../../domain/program/plans.ts';
import { daysLeft } from '../../domain/program/state.ts';
import { addDays, dayOf, type Instant, startOfDay } from '../../domain/time.ts';
import { planRows } from '../activityPlans.ts';
import { unreadComments } from '../comments.ts';
import { unreadMessages } from '../conversations.ts';
import { clearedOccasions, missedFlagId, occasionKey, raisedFlags } from '../flags.ts';
import { formRows } from '../forms.ts';
import { pendingOf } from '../handovers.ts';
import { moduleRows } from '../modules.ts';
import type { ProgramRow } from '../programs.ts';
import type { Opening } from '../view.ts';

/** What a flag may be of. */
export type FlagType = (typeof causedFlags)[number] | 'manual' | 'activity-missed';

/** A flag that is up; the text of one that a clinician raised lies sealed at `textPosition`. */
export type Flag = {
  /** Derived where it is shown: that takes time, and lists only count. */
  readonly flagId: () => Uuid;
  readonly type: FlagType;
  readonly severity: Severity;
  readonly since: Instant;
  readonly textPosition?: number;
  /** The view that shows the cause, and what in it (R153); `moduleId` where a form is not named by its id alone. */
  readonly link: { readonly view: string; readonly id?: string; readonly moduleId?: Slug };
};

/** A flag before the region's choice of how severe its type is. */
type Raised = Omit<Flag, 'type' | 'severity'>;

const messages = (db: Database, programId: Uuid): readonly Raised[] =>
  unreadMessages(db, programId).map(({ messageId, conversationId, at }) => ({
    flagId: () => messageId,
    since: at,
    link: { view: 'conversation', id: conversationId },
  }));

const comments = (db: Database, programId: Uuid): readonly Raised[] =>
  unreadComments(db, programId).map(({ commentId, at }) => ({
    flagId: () => commentId,
    since: at,
    link: { view: 'comments', id: commentId },
  }));

const submittedForms = (db: Database, programId: Uuid): readonly Raised[] =>
  formRows(db, programId).flatMap(({ moduleId, formId, state, submittedAt }) =>
    state === 'unread' && submittedAt !== null
      ? [
          {
            flagId: () => formFlag(derivedId, programId, { moduleId, formId }),
            since: submittedAt,
            link: { view: 'form', id: formId, moduleId },
          },
        ]
      : [],
  );

/** Open modules whose days have run out: since the beginning of the day after the last (D6, D19). */
const expiredModules = (db: Database, programId: Uuid, now: Instant): readonly Raised[] =>
  moduleRows(db, programId).flatMap(({ moduleId, state, activatedOn, days }) => {
    if (state !== 'open' || days === null) return [];
    if ((daysLeft({ activatedOn, days }, dayOf(now)) ?? 0) >= 0) return [];
    const flagId = () => expiredFlag(derivedId, programId, { moduleId, activatedOn, days });
    const since = startOfDay(addDays(activatedOn, days + 1));
    return [{ flagId, since, link: { view: 'program', id: moduleId } }];
  });

const pendingHandovers = (db: Database, programId: Uuid): readonly Raised[] => {
  const pending = pendingOf(db, programId);
  if (pending === undefined) return [];
  const { handoverId, since } = pending;
  return [{ flagId: () => handoverId, since, link: { view: 'overview', id: handoverId } }];
};

const missedOccasions = (db: Database, programId: Uuid, now: Instant): readonly Raised[] => {
  const plans = planRows(db, programId);
  const cleared = plans.length === 0 ? new Set() : clearedOccasions(db, [programId]);
  return plans.flatMap((plan) => {
    const { planId } = plan;
    return missedBy(plan, now)
      .filter(({ at }) => !cleared.has(occasionKey(planId, at)))
      .map(({ at, closes }) => ({
        flagId: () => missedFlagId(planId, at),
        since: closes,
        link: { view: 'activities', id: planId },
      }));
  });
};

const manual = (db: Database, programId: Uuid): readonly Flag[] =>
  raisedFlags(db, programId).map(({ flagId, severity, since, position }) => ({
    ...{ flagId: () => flagId, type: 'manual', severity, since },
    textPosition: position,
    link: { view: 'program' },
  }));

/** How severe flags of a type are: the region's choice. */
export const severityOf = (type: FlagType, { severities }: Pick<Policy, 'severities'>): Severity =>
  severities[type] ?? 'action';

/**
 * The flags of a program that are up at an instant (R152–R160, D21): what waits for the clinician, each until its cause is attended to, and
 * those that are taken down by hand. By type, the oldest of each first; none after the end. Nothing personal is opened.
 */
export const flagsOf = (
  db: Database,
  { programId, status }: Pick<ProgramRow, 'programId' | 'status'>,
  now: Instant,
  policy: Pick<Policy, 'severities'>,
): readonly Flag[] => {
  if (status !== 'ongoing') return [];
  const typed = (type: FlagType, raised: readonly Raised[]): readonly Flag[] =>
    raised.map((flag) => ({ ...flag, type, severity: severityOf(type, policy) }));
  return [
    ...typed('message', messages(db, programId)),
    ...typed('comment', comments(db, programId)),
    ...typed('form', submittedForms(db, programId)),
    ...typed('activity-missed', missedOccasions(db, programId, now)),
    ...typed('time-expired', expiredModules(db, programId, now)),
    ...typed('handover', pendingHandovers(db, programId)),
    ...manual(db, programId),
  ];
};

/** The flags as a program shows them, the oldest first, with the texts of those that a clinician raised. */
export const presentFlags = (flags: readonly Flag[], text: Opening['text']) =>
  flags
    .toSorted((one, other) => (one.since < other.since ? -1 : Number(one.since > other.since)))
    .map(({ flagId, textPosition, ...flag }) => {
      const opened = text(textPosition, 'text');
      return { flagId: flagId(), ...flag, ...(opened === undefined ? {} : { text: opened }) };
    });
