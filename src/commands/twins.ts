import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import { derivedId } from '../access/ids.ts';
import type { SubjectRows } from '../access/subjects.ts';
import type { StoredEvent } from '../eventStore/eventStore.ts';
import { programIdOf } from '../eventStore/streams.ts';
import { lookUp } from '../privacy/residentIndex.ts';
import { programRow } from '../projections/programs.ts';
import type { Plan } from './plan.ts';
import { type Sending, write } from './write.ts';

const text = 'Invånaren har redan ett pågående program av samma slag på enheten. Avsluta det ena.';

/** Whether the resident has another program of the kind that goes on at the unit, and that was there first. */
const hasElder = async (core: Core, { position, stream }: StoredEvent, personalNumber: string): Promise<boolean> => {
  const found = await lookUp(core, personalNumber);
  const mine = programRow(core.readModels, programIdOf(stream));
  if (E.isLeft(found) || mine === undefined) return false;
  return found.right.streams.some((other) => {
    if (other === stream) return false;
    const row = programRow(core.readModels, programIdOf(other));
    const isOfKind = row?.unitId === mine.unitId && row.templateId === mine.templateId && row.status === 'ongoing';
    return isOfKind && row.startedPosition < position;
  });
};

/**
 * Raises a flag on a program that was started, or handed over, at the same moment as another of its kind, for the same resident at the same unit: no
 * store keeps two machines from that, and the clinician is to end one (D27).
 */
export const flagTwin = async (
  core: Core,
  subjects: SubjectRows,
  plan: Plan,
  started: readonly StoredEvent[],
  { commandId: startId, at }: Pick<Sending, 'commandId' | 'at'>,
): Promise<void> => {
  const [first, last] = [started[0], started.at(-1)];
  const personalNumber = plan.starting?.personalNumber ?? plan.arriving;
  if (personalNumber === undefined || first === undefined || last === undefined) return;
  if (!(await hasElder(core, first, personalNumber))) return;
  const programId = programIdOf(first.stream);
  const commandId = derivedId(startId, 'twin');
  const flagId = derivedId(commandId, 'flag');
  const { stream, keyId, programs } = plan;
  const proposed = [{ type: 'flag-raised', data: { flagId, severity: 'action' }, sealed: { text } }] as const;
  await write(
    ...([core, subjects] as const),
    { stream, keyId, programs, revision: last.revision, heads: {}, decision: E.right(proposed) },
    proposed,
    {
      command: { type: 'raise-flag', data: { programId, severity: 'action', text } },
      actor: { kind: 'system', process: 'directory' },
      by: { kind: 'system', process: 'operations' },
      ...{ commandId, at },
    },
  );
};
