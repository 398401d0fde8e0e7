import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { HsaId, Slug, Uuid } from '../../domain/identifiers.ts';
import { type Day, dayOf, type Instant } from '../../domain/time.ts';
import { checkpoint } from '../checkpoints.ts';
import { type HandoverRow, pendingAmong, pendingTo } from '../handovers.ts';
import { type ListedProgram, programsOf } from '../programLists.ts';
import { firstSlice, programRows } from '../programs.ts';
import { namesIn } from '../staff.ts';
import { titlesIn } from '../templates.ts';
import {
  type Asking,
  cut,
  limitOf,
  type Opening,
  openTexts,
  type PageOf,
  pageOf,
  paging,
  readCursor,
  snapshot,
  type View,
} from '../view.ts';
import { type FlagCount, flagCounts } from './flagCounts.ts';
import { held } from './shared.ts';

const Query = z.strictObject({
  view: z.literal('overview'),
  tab: z.enum(['mine', 'all', 'ended', 'handovers']),
  ...paging,
});
type Query = z.infer<typeof Query>;

/** Each tab has cursors of its own. */
const nameOf = ({ tab }: Query): string => `overview-${tab}`;

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
  readonly program: ListedProgram;
  readonly title: string;
  readonly clinicianAt: number | undefined;
  readonly flags: readonly FlagCount[];
  readonly handover: HandoverRow | undefined;
};

const completing = (db: Database) => {
  const [titleOf, nameAt] = [titlesIn(db), namesIn(db)];
  return (program: ListedProgram, flags: Found['flags'], handover: Found['handover']): Found => ({
    program,
    title: titleOf(program),
    clinicianAt: nameAt({ unitId: program.unitId, hsaId: program.clinician }),
    flags,
    handover,
  });
};

const ofUnit = (db: Database, query: Query, asking: Asking, before: number): PageOf<Found> => {
  const { at, core, by } = asking;
  const { unitId = '', hsaId = '' } = by;
  const whose = held(asking, { unitId, clinician: query.tab === 'mine' ? hsaId : undefined });
  const slice = { before, limit: limitOf(query) + 1 };
  const rows = programsOf(db, whose, query.tab === 'ended' ? 'ended' : 'ongoing', slice);
  const page = cut(nameOf(query), rows, query, ({ startedPosition }) => startedPosition);
  const pending = pendingAmong(
    db,
    page.rows.map(({ programId }) => programId),
  );
  const flags = flagCounts(db, page.rows, { now: at, policy: core.policy, pending });
  const complete = completing(db);
  const found = page.rows.map((program) =>
    complete(program, flags.get(program.programId) ?? [], pending.get(program.programId)),
  );
  return { rows: found, next: page.next };
};

/**
 * What the receiver sees of an offer has no flags (D15). One that waits today has waited since it was made, so a replay shows those of today
 * that had been made by then.
 */
const offered = (db: Database, query: Query, { rights, by }: Asking, before: number): PageOf<Found> => {
  const slice = { before: Math.min(before, checkpoint(db, 'inline') + 1), limit: limitOf(query) + 1 };
  const pending = pendingTo(rights.db, by.unitId ?? '', slice);
  const page = cut(nameOf(query), pending, query, ({ position }) => position);
  const programs = programRows(
    db,
    page.rows.map(({ programId }) => programId),
  );
  const complete = completing(db);
  const found = page.rows.flatMap((handover) => {
    const program = programs.get(handover.programId);
    return program === undefined ? [] : [complete(program, [], handover)];
  });
  return { rows: found, next: page.next };
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
    const before = readCursor(nameOf(query), query, firstSlice(0).before);
    if (E.isLeft(before)) return before;
    const find = query.tab === 'handovers' ? offered : ofUnit;
    const { page, asOf } = snapshot(asking, (db) => ({
      page: find(db, query, asking, before.right),
      asOf: checkpoint(db, 'inline'),
    }));
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
