import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { Failure } from '../../access/failure.ts';
import { Slug } from '../../domain/identifiers.ts';
import { unfitClinician } from '../../domain/unit/state.ts';
import { checkpoint } from '../checkpoints.ts';
import { roleRows, type StaffRow, staffRows } from '../staff.ts';
import { newestContent } from '../templates.ts';
import { type Asking, cut, limitOf, openTexts, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';
import { unitsOf } from './shared.ts';

const Query = z.strictObject({ view: z.literal('staff'), eligibleFor: Slug.optional(), ...paging });
type Query = z.infer<typeof Query>;

type Found = { readonly row: StaffRow; readonly roles: ReturnType<typeof roleRows> };

/** Whether somebody may be responsible for a template's programs here: judged by the unit's own history (R200). */
const eligibility = async (
  asking: Asking,
  templateId: string | undefined,
): Promise<E.Either<Failure, (found: Found) => boolean>> => {
  const { core, by } = asking;
  if (templateId === undefined) return E.right(() => true);
  const template = newestContent(core.readModels, templateId);
  const { unitId = '' } = by;
  const units = await unitsOf(asking, [unitId]);
  if (E.isLeft(units)) return units;
  const unit = units.right.get(unitId);
  if (template === undefined || unit === undefined) return E.right(() => false);
  const wanted = { templateId, eligibility: template.content.eligibility };
  return E.right(({ row }) => unfitClinician(unit, row.hsaId, wanted, core.policy) === undefined);
};

const listOf = (json: string): readonly string[] => JSON.parse(json) as readonly string[];

const present = ({ row, roles }: Found, name: string, showsSignIns: boolean) => {
  const limits = roles.find(({ role }) => role === 'clinician')?.templateIds ?? null;
  return {
    hsaId: row.hsaId,
    name,
    profession: row.profession,
    employment: row.employment,
    assignments: listOf(row.assignments),
    trainings: listOf(row.trainings),
    roles: roles.map(({ role }) => role),
    ...(limits === null ? {} : { templateIds: listOf(limits) }),
    active: row.active === 1,
    // R016: only the authorization administrator sees when staff has been signed in.
    ...(row.lastSignInAt === null || !showsSignIns ? {} : { lastSignInAt: row.lastSignInAt }),
  };
};

/** The unit's staff: roles, directory facts, and for its administrator the last sign-in (R014–R016, R199, R200). */
export const staffView: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const { unitId = '', role } = asking.by;
    const after = readCursor('staff', query, '');
    if (E.isLeft(after)) return after;
    const { found, asOf } = snapshot(asking, (db) => ({
      found: staffRows(db, unitId, after.right, limitOf(query) + 1).map(
        (row): Found => ({ row, roles: roleRows(db, unitId, row.hsaId) }),
      ),
      asOf: checkpoint(db, 'inline'),
    }));
    const page = cut('staff', found, query, ({ row }) => row.hsaId);
    const isEligible = await eligibility(asking, query.eligibleFor);
    if (E.isLeft(isEligible)) return isEligible;
    const shown = page.rows.filter(isEligible.right);
    const text = await openTexts(
      asking,
      shown.map(({ row }) => row.namePosition),
    );
    if (E.isLeft(text)) return text;
    const showsSignIns = role === 'authorization-administrator';
    const rows = shown.map((row) => present(row, text.right(row.row.namePosition, 'name') ?? '', showsSignIns));
    return E.right({ answer: pageOf(rows, page.next, asOf), programs: [], asOf });
  },
};
