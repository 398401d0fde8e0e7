import type { Database } from 'better-sqlite3';
import { derivedId } from '../../access/ids.ts';
import type { HsaId, Uuid } from '../../domain/identifiers.ts';
import type { Instant } from '../../domain/time.ts';
import { type ConcernedRow, concernedRow } from '../programs.ts';
import { type SettingsRow, settingsRow } from '../staff.ts';
import { type Channel, post } from './outbox.ts';

/** What somebody is to be told: the event or the deadline that it came of, and its kind; never what was written (R171). */
export type News = {
  readonly cause: Uuid;
  readonly programId?: Uuid;
  readonly about: string;
  readonly at: Instant;
  readonly relevantUntil?: Instant | undefined;
};

const tell = (
  db: Database,
  { cause, programId, about, at, relevantUntil }: News,
  to: { readonly unitId: HsaId; readonly hsaId: HsaId | null },
  channels: readonly Channel[],
): void => {
  for (const channel of channels) {
    const id = derivedId(cause, `${to.hsaId ?? 'resident'} ${channel}`);
    const rest = { programId: programId ?? null, createdAt: at, relevantUntil: relevantUntil ?? null };
    post(db, { id, cause, ...to, channel, about, ...rest });
  }
};

const listIn = (json: string): readonly string[] => JSON.parse(json) as readonly string[];

/** The channels through which a staff member wants to be told of something: none unless they ticked it (R158, R161–R163, I28). */
const wanted = ({ active, receive, flagTypes, channels }: SettingsRow, about: string): readonly Channel[] =>
  active === 1 && receive === 1 && listIn(flagTypes).includes(about) ? (listIn(channels) as readonly Channel[]) : [];

/** Tells a staff member of a unit, as they have chosen there. */
export const tellStaff = (db: Database, news: News, to: { readonly unitId: HsaId; readonly hsaId: HsaId }): void => {
  const settings = settingsRow(db, to.unitId, to.hsaId);
  if (settings !== undefined) tell(db, news, to, wanted(settings, news.about));
};

/** Tells the responsible clinician of a program. */
export const tellClinician = (db: Database, news: News & { readonly programId: Uuid }): void => {
  const row = concernedRow(db, news.programId);
  if (row !== undefined) tellStaff(db, news, { unitId: row.unitId, hsaId: row.clinician });
};

const outside = ['inbox', 'sms', 'email'] as const;

/** Beside the notice in the platform, the channels that the resident has turned on (R167, R168, D7). */
const channelsOf = (row: ConcernedRow, alsoOutside: boolean): readonly Channel[] => [
  'platform',
  ...outside.filter((channel) => alsoOutside && row[channel] === 1),
];

/** Tells the resident of a program, in the platform, and outside it where that is asked for. */
export const tellResident = (db: Database, news: News & { readonly programId: Uuid }, alsoOutside: boolean): void => {
  const row = concernedRow(db, news.programId);
  if (row !== undefined) tell(db, news, { unitId: row.unitId, hsaId: null }, channelsOf(row, alsoOutside));
};
