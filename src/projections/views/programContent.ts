import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { type Refusal, refused } from '../../domain/decider.ts';
import type { Day } from '../../domain/time.ts';
import { checkpoint } from '../checkpoints.ts';
import type { ProgramRow } from '../programs.ts';
import { contentFor } from '../templates.ts';
import { unitWelcomeText } from '../units.ts';
import { type ModuleView, moduleViews } from './moduleViews.ts';

/** What both sides' views of one program are made of, before anything personal is opened. */
export type ProgramContent = {
  readonly row: ProgramRow;
  readonly version: string;
  readonly modules: readonly ModuleView[];
  /** Shown until the clinician has written a welcome text of the program's own. */
  readonly standardText: string;
  readonly asOf: number;
};

/** Reads what both sides see of a program on a day. */
export const programContent = (db: Database, row: ProgramRow, today: Day): E.Either<Refusal, ProgramContent> => {
  const template = contentFor(db, row);
  if (template === undefined) return E.left(refused('unknown-template'));
  return E.right({
    row,
    version: template.version,
    modules: moduleViews(db, row.programId, template.content, today),
    // The text of the unit where it started stays after a handover (R208); else the template's own (R093).
    standardText: unitWelcomeText(db, row.startedAtUnit, row.templateId) ?? template.content.welcomeText,
    asOf: checkpoint(db, 'inline'),
  });
};

/** How long the resident may read an ended program; nothing where there is no such day (D12). */
export const readable = ({ readableUntil }: ProgramRow) => (readableUntil === null ? {} : { readableUntil });
