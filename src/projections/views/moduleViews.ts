import type { Database } from 'better-sqlite3';
import type { Slug, Uuid } from '../../domain/identifiers.ts';
import { daysLeft, type FormState } from '../../domain/program/state.ts';
import type { Form, Module, Obligation, TemplateContent } from '../../domain/template/content.ts';
import type { Day, Instant } from '../../domain/time.ts';
import { type FormRow, formRows } from '../forms.ts';
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
    readonly state: 'none' | FormState;
    readonly submittedAt?: Instant;
  }[];
};

/** Green when all parts are, none when none is begun (R133). */
const progressOf = (parts: readonly Progress[]): Progress => {
  if (parts.length > 0 && parts.every((part) => part === 'green')) return 'green';
  return parts.some((part) => part !== 'none') ? 'yellow' : 'none';
};

const daysLeftOf = (row: ModuleRow | undefined, today: Day): { readonly daysLeft?: number } => {
  if (row === undefined || row.state !== 'open') return {};
  const left = daysLeft({ activatedOn: row.activatedOn, days: row.days ?? undefined }, today);
  return left === undefined ? {} : { daysLeft: left };
};

const begunForm: Readonly<Record<FormState, Progress>> = { draft: 'yellow', unread: 'green', opened: 'green' };

const formView = ({ id, title, visible }: Form, row: FormRow | undefined): ModuleView['forms'][number] => ({
  ...{ id, title, visible },
  state: row?.state ?? 'none',
  ...(row === undefined || row.submittedAt === null ? {} : { submittedAt: row.submittedAt }),
});

/** What of a module counts for the resident's progress: its sections and its visible forms (R133, R134). */
const progressesOf = ({ sections, forms }: Pick<ModuleView, 'sections' | 'forms'>): readonly Progress[] => [
  ...sections.map(({ progress }) => progress),
  ...forms
    .filter(({ visible }) => visible)
    .map(({ state }): Progress => (state === 'none' ? 'none' : begunForm[state])),
];

/** What has happened in a module. */
type Happenings = {
  readonly row: ModuleRow | undefined;
  readonly sections: readonly SectionRow[];
  readonly forms: readonly FormRow[];
};

const moduleView = (module: Module, { row, ...begun }: Happenings, today: Day): ModuleView => {
  const { id, title, obligation, recommendedDuring } = module;
  const sections = module.sections.map((section) => ({
    ...section,
    progress: begun.sections.find(({ sectionId }) => sectionId === section.id)?.progress ?? ('none' as Progress),
  }));
  const forms = module.forms.map((form) =>
    formView(
      form,
      begun.forms.find(({ formId }) => formId === form.id),
    ),
  );
  return {
    ...{ id, title, obligation },
    ...(recommendedDuring === undefined ? {} : { recommendedDuring }),
    state: row?.state ?? 'closed',
    current: row?.current === 1,
    progress: progressOf(progressesOf({ sections, forms })),
    ...(row === undefined || row.finishedAt === null ? {} : { finishedAt: row.finishedAt }),
    ...daysLeftOf(row, today),
    sections,
    forms,
  };
};

/** The modules of a program in the order of its content, with states, progress and days left on a day. */
export const moduleViews = (
  db: Database,
  programId: Uuid,
  content: TemplateContent,
  today: Day,
): readonly ModuleView[] => {
  const rows = moduleRows(db, programId);
  const sections = sectionRows(db, programId);
  const forms = formRows(db, programId);
  const of = ({ id }: Module) => ({
    row: rows.find(({ moduleId }) => moduleId === id),
    sections: sections.filter(({ moduleId }) => moduleId === id),
    forms: forms.filter(({ moduleId }) => moduleId === id),
  });
  return content.modules.map((module) => moduleView(module, of(module), today));
};
