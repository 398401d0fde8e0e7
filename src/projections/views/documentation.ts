import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { Uuid } from '../../domain/identifiers.ts';
import { checkpoint } from '../checkpoints.ts';
import { type OpenDuty, openDuties, openDutiesOf } from '../duties.ts';
import type { ProgramRow } from '../programs.ts';
import { type Asking, cut, limitOf, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';
import { held, relatedProgram } from './shared.ts';

const Query = z.strictObject({ view: z.literal('documentation'), programId: Uuid.optional(), ...paging });
type Query = z.infer<typeof Query>;

const ofProgram = async (asking: Asking, query: Query, programId: Uuid, after: number) => {
  const related = await relatedProgram(asking, programId);
  if (E.isLeft(related)) return related;
  return E.right((db: Database) =>
    E.map((row: ProgramRow) =>
      openDuties(db, row.programId, asking.core.policy)
        .filter(({ position }) => position > after)
        .slice(0, limitOf(query) + 1),
    )(related.right(db)),
  );
};

const ofAsker = (asking: Asking, query: Query, after: number) => {
  const { unitId = '', hsaId = '' } = asking.by;
  const whose = held(asking, { unitId, clinician: hsaId });
  return E.right((db: Database) => E.right(openDutiesOf(db, whose, asking.core.policy, after, limitOf(query) + 1)));
};

const present = ({ position: _, ...duty }: OpenDuty) => duty;

/**
 * What is still to be written in the journal, with the code to register: of one program, or of all those that the asker answers for, until it
 * is attested or the program purged (R252–R261).
 */
export const documentation: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const after = readCursor('documentation', query, 0);
    if (E.isLeft(after)) return after;
    const { programId } = query;
    const read =
      programId === undefined
        ? ofAsker(asking, query, after.right)
        : await ofProgram(asking, query, programId, after.right);
    if (E.isLeft(read)) return read;
    const { found, asOf } = snapshot(asking, (db) => ({ found: read.right(db), asOf: checkpoint(db, 'inline') }));
    if (E.isLeft(found)) return found;
    const page = cut('documentation', found.right, query, ({ position }) => position);
    const programs = [...new Set(page.rows.map((duty) => duty.programId))];
    const shown = programId === undefined ? programs : [programId];
    return E.right({ answer: pageOf(page.rows.map(present), page.next, asOf), programs: shown, asOf });
  },
};
