import { living, ofStaff, ownContent, responsible } from './relations.ts';
import type { Judge } from './state.ts';
import { changed, type Model, type ModelProgram, type Moment, no, nothing, plusDays } from './state.ts';

/** Who may end: the responsible clinician, and where the region says so the resident administrators of the unit (D8). */
const endable = (model: Model, programId: string, moment: Moment): ModelProgram | undefined => {
  const own = responsible(model, programId, moment);
  if (own !== undefined || !model.setting.policy.ending.byResidentAdministrator) return living(own);
  return living(ofStaff(model, programId, moment, 'resident-administrator'));
};

/** Whether a template knows a reason to end, and nothing forbids an end now (R227, D3). */
const mayEnd = (model: Model, program: ModelProgram, reason: string): boolean =>
  program.pending === undefined && ownContent(model, program)?.endReasons.some(({ code }) => code === reason) === true;

export const endProgram: Judge<'end-program'> = (model, { data }, moment) => {
  const program = endable(model, data.programId, moment);
  const { today } = moment;
  const { defaultDays, maxDays } = model.setting.policy.maintenance; // D12
  const until = data.maintenance === undefined ? undefined : (data.maintenance.until ?? plusDays(today, defaultDays));
  const isTooLate = until !== undefined && until > plusDays(today, maxDays);
  if (program === undefined || !mayEnd(model, program, data.reason) || isTooLate) return no;
  if (until !== undefined && until < today) return { kind: 'invalid' };
  return changed(() => {
    program.status = 'ended';
    program.readableUntil = until;
    program.current = undefined;
  });
};

const isReadable = ({ readableUntil }: ModelProgram, today: string): boolean =>
  readableUntil !== undefined && today <= readableUntil;

export const closeMaintenance: Judge<'close-maintenance'> = (model, { data }, moment) => {
  const program = responsible(model, data.programId, moment);
  if (program?.status !== 'ended') return no;
  return isReadable(program, moment.today)
    ? changed(() => {
        program.readableUntil = undefined;
      })
    : nothing;
};

export const purgeProgram: Judge<'purge-program'> = (model, { data }, moment) => {
  const program = ofStaff(model, data.programId, moment, 'data-administrator'); // R029, R031
  if (program === undefined || program.status === 'ongoing') return no;
  if (program.status === 'purged') return nothing;
  if (isReadable(program, moment.today)) return no; // D4
  return changed(() => {
    program.status = 'purged';
  });
};
