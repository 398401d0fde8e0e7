import type { Person } from '../people.ts';
import type { Stage } from '../stage.ts';
import type { Duty } from '../views.ts';

/** The clinician has written in the journal, and registered the code of each contact there: the library is told so. */
export const document = async (
  stage: Stage,
  clinician: Person,
  programId: string,
  duties: readonly Duty[],
): Promise<void> => {
  for (const { dutyId, cause, since, code } of duties) {
    const data = { programId, dutyId, ...(code === undefined ? {} : { code }) };
    const what = `documents ${cause} of ${since.slice(5, 10)}, ${code ?? 'no code'}`;
    await stage.act(clinician, what, { type: 'record-documentation', data });
  }
};
