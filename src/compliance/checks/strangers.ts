import assert from 'node:assert/strict';
import type { Trace } from '../trace.ts';
import { numberOf } from '../world.ts';
import { programsAt } from './fold.ts';

/** Views of one program, which is named in the query. */
const ofOne = ['program', 'form', 'comments', 'conversations', 'conversation', 'activities', 'timeline', 'my-program'];
/** Those of them that only staff sees, and only the resident. */
const ofStaff = ['program', 'timeline'];
const ofResident = ['my-program'];

type Asked = Pick<Trace, 'events' | 'owners'>;

/** Whether somebody has to do with a program, as its events stood when they asked. */
const isRelated = (
  { events, owners }: Asked,
  { call, after }: Trace['told'][number],
  { view, programId }: { readonly view: string; readonly programId: string },
): boolean => {
  const { actor } = call;
  if (actor.kind === 'resident')
    return owners.get(programId) === numberOf(actor.personalNumber) && !ofStaff.includes(view);
  const program = programsAt(events, after).get(programId);
  return actor.kind === 'staff' && program?.unitId === actor.unitId && !ofResident.includes(view);
};

/** Nobody sees a program but staff of the unit that has it and its own resident, each what is theirs to see. */
export const checkStrangers = ({ told, events, owners }: Pick<Trace, 'told'> & Asked): void => {
  for (const one of told) {
    if (one.call.kind !== 'view' || !('right' in one.said)) continue;
    const { view, programId } = one.call.query;
    if (typeof programId !== 'string' || !ofOne.includes(view)) continue;
    assert.ok(isRelated({ events, owners }, one, { view, programId }), `${view} was shown to a ${one.call.actor.kind}`);
  }
};
