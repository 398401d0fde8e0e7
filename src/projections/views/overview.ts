import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { HsaId, Slug, Uuid } from '../../domain/identifiers.ts';
import { type Day, dayOf, type Instant } from '../../domain/time.ts';
import { checkpoint } from '../checkpoints.ts';
import { type HandoverRow, pendingOf, pendingTo } from '../handovers.ts';
import { firstSlice, type ProgramRow, programRow, programsOf, type Slice } from '../programs.ts';
import { titleFor } from '../templates.ts';
import {
  type Asking,
  cut,
  limitOf,
  type Opening,
  openTexts,
  pageOf,
  paging,
  readCursor,
  snapshot,
  type View,
} from '../view.ts';
import { countFlags, type FlagCount, flagsOf } from './flags.ts';
import { clinicianPosition, held } from './shared.ts';

const Query = z.strictObject({
  view: z.literal('overview'),
  tab: z.enum(['mine', 'all', 'ended', 'handovers']),
  ...paging,
});
type Query = z.infer<typeof Query>;

/** A row of the clinician's lists (R275, R276). */
type OverviewRow = {
  readonly programId: Uuid;
  readonly templateId: Slug;
  readonly title: string;
  readonly name: string;
  readonly personalNumber: string;
  readonly startedOn: Day;
  readonly lastActiveAt?: Instant;
  readonly clinician: { readonly hsaId: HsaId; readonly name: string };
  readonly flags: readonly FlagCount[];
  readonly status: 'ongoing' | 'ended';
  readonly endedOn?: Day;
  readonly handover?: {
    readonly handoverId: Uuid;
    readonly fromUnit: HsaId;
    readonly toUnit: HsaId;
    readonly since: Instant;
  };
};

/** What is read of one program, before anything personal is opened. */
type Found = {
  readonly key: number;
  readonly program: ProgramRow;
  readonly title: string;
  readonly clinicianAt: number | undefined;
  readonly flags: readonly FlagCount[];
  readonly handover: HandoverRow | undefined;
};

const found = (db: Database, program: ProgramRow, handover: HandoverRow | undefined): Omit<Found, 'key' | 'flags'> => ({
  program,
  title: titleFor(db, program),
  clinicianAt: clinicianPosition(db, program),
  handover,
});

const ofUnit = (db: Database, { tab }: Query, asking: Asking, slice: Slice): readonly Found[] => {
  const { at, core } = asking;
  const { unitId = '', hsaId = '' } = asking.by;
  const whose = held(asking, { unitId, clinician: tab === 'mine' ? hsaId : undefined });
  return programsOf(db, whose, tab === 'ended' ? 'ended' : 'ongoing', slice).map((program) => ({
    ...found(db, program, pendingOf(db, program.programId)),
    key: program.startedPosition,
    flags: countFlags(flagsOf(db, program, at, core.policy)),
  }));
};

/**
 * What the receiver sees of an offer has no flags (D15). One that waits today has waited since it was made, so a replay shows those of today
 * that had been made by then.
 */
const offered = (db: Database, { rights, by }: Asking, { before, limit }: Slice): readonly Found[] => {
  const slice = { before: Math.min(before, checkpoint(db, 'inline') + 1), limit };
  return pendingTo(rights.db, by.unitId ?? '', slice).flatMap((handover) => {
    const program = programRow(db, handover.programId);
    return program === undefined ? [] : [{ ...found(db, program, handover), key: handover.position, flags: [] }];
  });
};

const handoverOf = ({ handoverId, fromUnit, toUnit, since }: HandoverRow) => ({ handoverId, fromUnit, toUnit, since });

const present = ({ program, title, clinicianAt, flags, handover }: Found, tab: Query['tab'], text: Opening['text']) => {
  const { startedPosition, startedAt, lastActiveAt, endedAt, clinician, status, programId, templateId } = program;
  const name = text(startedPosition, 'name');
  const personalNumber = text(startedPosition, 'personalNumber');
  // Erased between the reading and the opening: there is nobody to show any more.
  if (name === undefined || personalNumber === undefined) return [];
  const isOffer = tab === 'handovers'; // D15: no activity
  const row: OverviewRow = {
    ...{ programId, templateId, title, name, personalNumber, flags, status },
    startedOn: dayOf(startedAt),
    ...(lastActiveAt === null || isOffer ? {} : { lastActiveAt }),
    clinician: { hsaId: clinician, name: text(clinicianAt, 'name') ?? '' },
    ...(endedAt === null ? {} : { endedOn: dayOf(endedAt) }),
    ...(handover === undefined ? {} : { handover: handoverOf(handover) }),
  };
  return [row];
};

/** The clinician's landing view: the tabs Mina, Alla, Avslutade and Överlämningar (R022, R178, R196, R203, R237, R274–R276). */
export const overview: View<Query> = {
  query: Query,
  permission: ({ tab }) => `overview ${tab}` as const,
  answer: async (asking: Asking, query) => {
    const name = `overview-${query.tab}`;
    const before = readCursor(name, query, firstSlice(0).before);
    if (E.isLeft(before)) return before;
    const slice = { before: before.right, limit: limitOf(query) + 1 };
    const { rows, asOf } = snapshot(asking, (db) => ({
      rows: query.tab === 'handovers' ? offered(db, asking, slice) : ofUnit(db, query, asking, slice),
      asOf: checkpoint(db, 'inline'),
    }));
    const page = cut(name, rows, query, ({ key }) => key);
    const text = await openTexts(
      asking,
      page.rows.flatMap(({ program, clinicianAt }) => [program.startedPosition, clinicianAt]),
    );
    if (E.isLeft(text)) return text;
    const shown = page.rows.flatMap((row) => present(row, query.tab, text.right));
    return E.right({
      answer: pageOf(shown, page.next, asOf),
      programs: shown.map(({ programId }) => programId),
      asOf,
    });
  },
};
