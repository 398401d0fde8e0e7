import * as E from 'fp-ts/lib/Either.js';
import type { Circumstances, Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { Uuid } from '../identifiers.ts';
import { dayOf, type Instant } from '../time.ts';
import type { ProgramCommand } from './commands.ts';
import type { ProgramEvent } from './events.ts';
import { missedBy, missedFlag } from './plans.ts';
import { daysLeft, type Ongoing } from './state.ts';

type Decided = Decision<ProgramEvent>;
type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;
type Derive = Circumstances['derive'];

const no = (code: RefusalCode): Decided => E.left(refused(code));

/** The types of flags that close with their cause (D21). A flag that a clinician raises is `manual`. */
export const causedFlags = ['message', 'comment', 'form', 'time-expired', 'handover'] as const;

/** The id of the flag of a submitted form: derived from the program's. */
export const formFlag = (
  derive: Derive,
  programId: Uuid,
  { moduleId, formId }: { moduleId: string; formId: string },
): Uuid => derive(programId, `form ${moduleId} ${formId}`);

/** The id of the flag of a module whose days have run out: derived from the program's, for each last day anew. */
export const expiredFlag = (
  derive: Derive,
  programId: Uuid,
  { moduleId, activatedOn, days }: { moduleId: string; activatedOn: string; days: number },
): Uuid => derive(programId, `time-expired ${moduleId} ${activatedOn} ${days}`);

const missedFlags = (program: Ongoing, at: Instant, derive: Derive): readonly Uuid[] =>
  [...program.plans].flatMap(([planId, plan]) =>
    missedBy(plan, at).map((occasion) => derive(planId, missedFlag(occasion.at))),
  );

/** A flag of the clinician's own (R156). */
export const raiseFlag = (
  { data: { severity, text } }: Of<'raise-flag'>,
  { newId }: Pick<Circumstances, 'newId'>,
): Decided => E.right([{ type: 'flag-raised', data: { flagId: newId('flag'), severity }, sealed: { text } }]);

/** The flags that are up and close with their cause only. */
const causedNow = (program: Ongoing, programId: Uuid, { at, derive }: Circumstances): ReadonlySet<Uuid> => {
  const today = dayOf(at);
  const messages = [...program.conversations.values()].flatMap(({ unread }) => [...unread.staff]);
  const comments = [...program.comments].filter(([, state]) => state === 'unread').map(([id]) => id);
  const forms = [...program.forms]
    .filter(([, state]) => state === 'unread')
    .map(([key]) => {
      const [moduleId = '', formId = ''] = key.split(' ');
      return formFlag(derive, programId, { moduleId, formId });
    });
  const expired = [...program.modules].flatMap(([moduleId, module]) =>
    module.state === 'open' && module.days !== undefined && (daysLeft(module, today) ?? 0) < 0
      ? [expiredFlag(derive, programId, { moduleId, activatedOn: module.activatedOn, days: module.days })]
      : [],
  );
  const handover = program.pendingHandover === undefined ? [] : [program.pendingHandover];
  return new Set([...messages, ...comments, ...forms, ...expired, ...handover]);
};

/** Takes a flag down by hand: one that was raised by hand, or of a missed occasion; the others close with their cause (D21, R160). */
export const clearFlag = (
  { data: { programId, flagId } }: Of<'clear-flag'>,
  program: Ongoing,
  circumstances: Circumstances,
): Decided => {
  if (program.clearedFlags.has(flagId)) return E.right([]);
  const isByHand =
    program.raisedFlags.has(flagId) || missedFlags(program, circumstances.at, circumstances.derive).includes(flagId);
  if (isByHand) return E.right([{ type: 'flag-cleared', data: { flagId } }]);
  return no(causedNow(program, programId, circumstances).has(flagId) ? 'flag-closes-with-cause' : 'unknown-flag');
};
