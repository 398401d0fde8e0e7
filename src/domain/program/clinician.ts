import * as E from 'fp-ts/lib/Either.js';
import type { Circumstances, Decision } from '../decider.ts';
import { refused } from '../decider.ts';
import { dayOf } from '../time.ts';
import type { ProgramCommand } from './commands.ts';
import type { ProgramEvent } from './events.ts';
import type { ProgramFacts } from './facts.ts';
import type { Ongoing } from './state.ts';

type Decided = Decision<ProgramEvent>;
type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;

/** Another clinician of the same unit becomes responsible (R024, R209, R210). */
export const changeClinician = (
  { data: { clinician, reason } }: Of<'change-clinician'>,
  program: Ongoing,
  facts: ProgramFacts,
): Decided => {
  if (program.clinician === clinician) return E.right([]);
  return facts.clinicianUnfit === undefined
    ? E.right([{ type: 'clinician-changed', data: { from: program.clinician, to: clinician, reason } }])
    : E.left(refused('clinician-not-eligible'));
};

/** The resident is told that the clinician is away (R025, R211). */
export const announceAbsence = (
  { data: { from, to, text } }: Of<'announce-absence'>,
  { at }: Pick<Circumstances, 'at'>,
): Decided =>
  to < dayOf(at)
    ? E.left({ kind: 'invalid', issues: [{ path: 'data.to', code: 'in-the-past' }] })
    : E.right([{ type: 'absence-announced', data: { from, to }, sealed: { text } }]);
