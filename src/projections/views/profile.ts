import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { checkpoint } from '../checkpoints.ts';
import { roleRows, settingsRow } from '../staff.ts';
import { snapshot, type View } from '../view.ts';

const Query = z.strictObject({ view: z.literal('profile') });

const listOf = (json: string | undefined): readonly string[] => JSON.parse(json ?? '[]') as readonly string[];

/**
 * The tab Min profil: one's own choice of notifications on the unit, all off until it is made (R161–R165), and whether this is the first
 * sign-in, when it is to be made (R065).
 */
export const profile: View<z.infer<typeof Query>> = {
  query: Query,
  answer: async (asking) => {
    const { unitId = '', hsaId = '' } = asking.by;
    const { settings, roles, asOf } = snapshot(asking, (db) => ({
      settings: settingsRow(db, unitId, hsaId),
      roles: roleRows(db, unitId, hsaId).map(({ role }) => role),
      asOf: checkpoint(db, 'inline'),
    }));
    const answer = {
      receive: settings?.receive === 1,
      channels: listOf(settings?.channels),
      flagTypes: listOf(settings?.flagTypes),
      firstSignIn: (settings?.signIns ?? 0) < 2,
      roles,
    };
    return E.right({ answer, programs: [], asOf });
  },
};
