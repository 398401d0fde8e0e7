import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { Uuid } from '../../domain/identifiers.ts';
import type { Policy } from '../../domain/policy.ts';
import type { TemplateContent } from '../../domain/template/content.ts';
import { addMonths, type Day, dayOf } from '../../domain/time.ts';
import { checkpoint } from '../checkpoints.ts';
import { countUnread, unreadMessages } from '../conversations.ts';
import type { ProgramRow } from '../programs.ts';
import { contentOf, type VersionedContent } from '../templates.ts';
import { unitWelcomeText } from '../units.ts';
import { type Answer, type Asking, openTexts, refuseView, snapshot, type View } from '../view.ts';
import { type ModuleView, moduleViews } from './moduleViews.ts';
import { clinicianPosition, relatedProgram } from './shared.ts';

const Query = z.strictObject({ view: z.literal('program'), programId: Uuid });
const MyQuery = z.strictObject({ view: z.literal('my-program'), programId: Uuid });

/** What both sides' views of one program are made of, before anything personal is opened. */
type Found = {
  readonly row: ProgramRow;
  readonly template: VersionedContent;
  readonly modules: readonly ModuleView[];
  readonly standardText: string;
  readonly clinicianAt: number | undefined;
  readonly asOf: number;
};

const find = (db: Database, row: ProgramRow, today: Day): Found | undefined => {
  const template = contentOf(db, row.templateId, row.major);
  if (template === undefined) return undefined;
  return {
    row,
    template,
    modules: moduleViews(db, row.programId, template.content, today),
    // The text of the unit where it started stays after a handover (R208); else the template's own (R093).
    standardText: unitWelcomeText(db, row.startedAtUnit, row.templateId) ?? template.content.welcomeText,
    clinicianAt: clinicianPosition(db, row),
    asOf: checkpoint(db, 'inline'),
  };
};

const followUps = ({ followUps: planned }: TemplateContent, { startedAt }: ProgramRow, today: Day) =>
  planned.map(({ id, moduleId, formId, afterMonths }) => {
    const dueOn = addMonths(dayOf(startedAt), afterMonths);
    return { id, moduleId, formId, dueOn, state: dueOn > today ? ('coming' as const) : ('due' as const) };
  });

/** An unread message of the resident's is a flag with a link to it (R152, R153); all flags close at the end (D21). */
const flags = (db: Database, { programId, status }: ProgramRow, { severities }: Policy) =>
  (status === 'ongoing' ? unreadMessages(db, programId, 'resident') : []).map(({ messageId, conversationId, at }) => ({
    flagId: messageId,
    type: 'message',
    severity: severities.message ?? ('action' as const),
    since: at,
    link: { view: 'conversation', id: conversationId },
  }));

const isDone = (modules: readonly ModuleView[]): boolean =>
  modules.every(({ obligation, state }) => obligation !== 'mandatory' || state === 'completed');

const readable = ({ readableUntil }: ProgramRow) => (readableUntil === null ? {} : { readableUntil });

const answerStaff = async (asking: Asking, programId: Uuid): Answer => {
  const related = await relatedProgram(asking, programId);
  if (E.isLeft(related)) return related;
  const read = snapshot(asking, (db) =>
    E.map((row: ProgramRow) => ({ found: find(db, row, asking.today), flags: flags(db, row, asking.core.policy) }))(
      related.right(db),
    ),
  );
  if (E.isLeft(read)) return read;
  const { found } = read.right;
  if (found === undefined) return refuseView('unknown-template');
  const { row, template, modules, standardText, asOf } = found;
  const text = await openTexts(asking, [row.startedPosition, row.welcomePosition]);
  if (E.isLeft(text)) return text;
  const name = text.right(row.startedPosition, 'name');
  const personalNumber = text.right(row.startedPosition, 'personalNumber');
  if (name === undefined || personalNumber === undefined) return refuseView('program-purged');
  const { templateId, unitId, clinician, status, lastActiveAt } = row;
  const answer = {
    ...{ programId, templateId, version: template.version, unitId, clinician, status, name, personalNumber },
    welcomeText: text.right(row.welcomePosition, 'text') ?? standardText,
    ...(lastActiveAt === null ? {} : { lastActiveAt }),
    ...readable(row),
    mandatoryDone: isDone(modules),
    modules,
    followUps: followUps(template.content, row, asking.today),
    plans: [],
    flags: read.right.flags,
  };
  return E.right({ answer, programs: [programId], asOf });
};

const answerResident = async (asking: Asking, programId: Uuid): Answer => {
  const related = await relatedProgram(asking, programId);
  if (E.isLeft(related)) return related;
  const read = snapshot(asking, (db) =>
    E.map((row: ProgramRow) => ({
      found: find(db, row, asking.today),
      unread: countUnread(db, programId, 'staff'),
    }))(related.right(db)),
  );
  if (E.isLeft(read)) return read;
  const { found, unread } = read.right;
  if (found === undefined) return refuseView('unknown-template');
  const { row, modules, standardText, clinicianAt, asOf } = found;
  const text = await openTexts(asking, [row.welcomePosition, clinicianAt]);
  if (E.isLeft(text)) return text;
  const answer = {
    welcomeText: text.right(row.welcomePosition, 'text') ?? standardText,
    modules: modules.filter(({ state }) => state !== 'closed'),
    unread,
    writable: row.status === 'ongoing',
    ...readable(row),
    clinicianName: text.right(clinicianAt, 'name') ?? '',
  };
  return E.right({ answer, programs: [programId], asOf });
};

/** The tab Hantera: how far the resident has come, and everything the clinician steers (R124, R135–R137, R277). */
export const program: View<z.infer<typeof Query>> = {
  query: Query,
  answer: (asking, { programId }) => answerStaff(asking, programId),
};

/** The resident's start page of a program: welcome text, open modules, own progress, unread (R095, R103, R166). */
export const myProgram: View<z.infer<typeof MyQuery>> = {
  query: MyQuery,
  answer: (asking, { programId }) => answerResident(asking, programId),
};
