import type { Database } from 'better-sqlite3';
import type { Slug, Uuid } from '../../domain/identifiers.ts';
import { daysLeft } from '../../domain/program/state.ts';
import type { Module, Obligation, TemplateContent } from '../../domain/template/content.ts';
import type { Day, Instant } from '../../domain/time.ts';
import { type ModuleRow, moduleRows, type SectionRow, sectionRows } from '../modules.ts';

/** Progress by color (R132): not begun, begun, finished. */
type Progress = 'none' | 'yellow' | 'green';

/** A module of a program, as both sides see it. */
export type ModuleView = {
  readonly id: Slug;
  readonly title: string;
  readonly obligation: Obligation;
  readonly recommendedDuring?: Slug;
  readonly state: 'closed' | 'open' | 'completed';
  readonly current: boolean;
  readonly progress: Progress;
  readonly finishedAt?: Instant;
  /** 0 on the last day, negative after; absent where the module has no end. */
  readonly daysLeft?: number;
  readonly sections: readonly { readonly id: Slug; readonly title: string; readonly progress: Progress }[];
  readonly forms: readonly {
    readonly id: Slug;
    readonly title: string;
    readonly visible: boolean;
    readonly state: 'none' | 'draft' | 'unread' | 'opened';
  }[];
};

/** A module is green when all its sections and visible forms are; hidden forms never count (R133, R134). */
const progressOf = (parts: readonly Progress[]): Progress => {
  if (parts.length > 0 && parts.every((part) => part === 'green')) return 'green';
  return parts.some((part) => part !== 'none') ? 'yellow' : 'none';
};

const daysLeftOf = (row: ModuleRow | undefined, today: Day): { readonly daysLeft?: number } => {
  if (row === undefined || row.state !== 'open') return {};
  const left = daysLeft({ activatedOn: row.activatedOn, days: row.days ?? undefined }, today);
  return left === undefined ? {} : { daysLeft: left };
};

const moduleView = (
  { id, title, obligation, recommendedDuring, sections, forms }: Module,
  row: ModuleRow | undefined,
  begun: readonly SectionRow[],
  today: Day,
): ModuleView => {
  const sectionViews = sections.map((section) => ({
    ...section,
    progress: begun.find(({ sectionId }) => sectionId === section.id)?.progress ?? ('none' as Progress),
  }));
  // Forms cannot be filled in by this version of the library, so no form has a state of its own yet.
  const formViews = forms.map((form) => ({
    id: form.id,
    title: form.title,
    visible: form.visible,
    state: 'none' as const,
  }));
  const visible = formViews.filter((form) => form.visible).map((): Progress => 'none');
  return {
    ...{ id, title, obligation },
    ...(recommendedDuring === undefined ? {} : { recommendedDuring }),
    state: row?.state ?? 'closed',
    current: row?.current === 1,
    progress: progressOf([...sectionViews.map(({ progress }) => progress), ...visible]),
    ...(row === undefined || row.finishedAt === null ? {} : { finishedAt: row.finishedAt }),
    ...daysLeftOf(row, today),
    sections: sectionViews,
    forms: formViews,
  };
};

/** The modules of a program in the order of its content, with states, progress and days left on a day. */
export const moduleViews = (
  db: Database,
  programId: Uuid,
  content: TemplateContent,
  today: Day,
): readonly ModuleView[] => {
  const rows = new Map(moduleRows(db, programId).map((row) => [row.moduleId, row]));
  const begun = sectionRows(db, programId);
  return content.modules.map((module) =>
    moduleView(
      module,
      rows.get(module.id),
      begun.filter(({ moduleId }) => moduleId === module.id),
      today,
    ),
  );
};
