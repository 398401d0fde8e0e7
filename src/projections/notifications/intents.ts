import type { Database } from 'better-sqlite3';
import type { Uuid } from '../../domain/identifiers.ts';
import { occasionAt } from '../../domain/program/schedule.ts';
import { programIdOf, templateIdOf } from '../../eventStore/streams.ts';
import { planRow } from '../activityPlans.ts';
import { unitsWith } from '../enabledTemplates.ts';
import { receiverOf } from '../handovers.ts';
import { type Projection, type Recorded, run } from '../projection.ts';
import { holdersOf } from '../staff.ts';
import { deadlinesSchema, deadlineTables } from './deadlines.ts';
import { hearingSchema, hearingTables } from './hearing.ts';
import { outboxSchema } from './outbox.ts';
import { type News, tellClinician, tellResident, tellStaff } from './telling.ts';

type Happening = Pick<Recorded<'ended'>, 'id' | 'stream' | 'at'>;

const newsOf = ({ id, stream, at }: Happening, about: string): News & { readonly programId: Uuid } => ({
  ...{ cause: id, programId: programIdOf(stream), about, at },
});

const messageSent = (db: Database, event: Recorded<'message-sent'>): void => {
  const news = newsOf(event, 'message');
  if (event.data.from === 'resident') tellClinician(db, news);
  else tellResident(db, news, event.data.notifyInbox);
};

/** The end of the window in which an occasion can be filled in: a reminder of it is of no use after that. */
const closingOf = (db: Database, programId: Uuid, { about, due }: Recorded<'reminder-sent'>['data']) => {
  if (!('planId' in about) || due === undefined) return undefined;
  const plan = planRow(db, programId, about.planId);
  return plan === undefined ? undefined : occasionAt(plan.eras, due)?.closes;
};

const reminded = (db: Database, event: Recorded<'reminder-sent'>): void => {
  const news = newsOf(event, 'reminder');
  tellResident(db, { ...news, relevantUntil: closingOf(db, news.programId, event.data) }, true);
};

/** Those who decide on a handover at the receiving unit (R191, R195). */
const tellReceivers = (
  db: Database,
  event: Happening & { readonly data: { readonly handoverId: Uuid } },
  unitId = receiverOf(db, programIdOf(event.stream), event.data.handoverId),
): void => {
  if (unitId === undefined) return;
  for (const hsaId of holdersOf(db, unitId, 'resident-administrator'))
    tellStaff(db, newsOf(event, 'handover'), { unitId, hsaId });
};

/** The new clinician is told (R204). What the resident has not had yet now concerns the new unit. */
const handedOver = (db: Database, event: Recorded<'handed-over'>): void => {
  const { toUnit: unitId, clinician: hsaId } = event.data;
  const move = `UPDATE outbox SET unit_id = ? WHERE program_id = ? AND to_kind = 'resident'`;
  run(db, move, unitId, programIdOf(event.stream));
  tellStaff(db, newsOf(event, 'handover'), { unitId, hsaId });
};

/** Those who treat by the template are told of its new version (R268). */
const published = (db: Database, { id, stream, at }: Recorded<'template-published'>): void => {
  const templateId = templateIdOf(stream);
  for (const unitId of unitsWith(db, templateId))
    for (const hsaId of holdersOf(db, unitId, 'clinician', templateId))
      tellStaff(db, { cause: id, about: 'new-version', at }, { unitId, hsaId });
};

const purged = (db: Database, { stream }: Recorded<'purged'>): void => {
  run(db, 'DELETE FROM outbox WHERE program_id = ?', programIdOf(stream));
  run(db, 'DELETE FROM noted_deadlines WHERE program_id = ?', programIdOf(stream));
};

/**
 * Who is to be notified of what (R158, R161–R172, R221, R228, R268), from the read models as they stand at each event. How far a notification
 * has come does not follow from events, so the outbox is never rebuilt: it sees every event once, in the transaction of its append.
 */
export const intents: Projection = {
  name: 'outbox',
  version: 1,
  schema: outboxSchema + deadlinesSchema + hearingSchema,
  tables: { outbox: { program: 'program_id' }, ...deadlineTables, ...hearingTables },
  on: {
    'message-sent': messageSent,
    'comment-made': (db, event) => tellClinician(db, newsOf(event, 'comment')),
    'form-submitted': (db, event) => tellClinician(db, newsOf(event, 'form')),
    'reminder-sent': reminded,
    'absence-announced': (db, event) => tellResident(db, newsOf(event, 'absence'), true),
    ended: (db, event) => {
      if (event.data.notifyResident) tellResident(db, newsOf(event, 'ended'), true); // I19
    },
    'handover-initiated': (db, event) => tellReceivers(db, event, event.data.toUnit),
    'handover-withdrawn': (db, event) => tellReceivers(db, event),
    'handover-denied': (db, event) => tellClinician(db, newsOf(event, 'handover')),
    'handed-over': handedOver,
    'template-published': published,
    purged,
  },
};
