import assert from 'node:assert/strict';
import type { Event, Picture, Said, ShownModule } from '../shown.ts';
import { outcomeOf, receiptOf, type Told, type Trace } from '../trace.ts';
import { type FoldedProgram, streamsOf } from './fold.ts';
import { eachSeen, type Looked, modulesOf, type Seen, shown } from './looks.ts';

type Colored = 'none' | 'yellow' | 'green';

const formColor = { none: 'none', draft: 'yellow', unread: 'green', opened: 'green' } as const;

const stateIn = ({ forms }: FoldedProgram, place: string): keyof typeof formColor => forms.get(place) ?? 'none';

/** What a module's color is to be: green when all its sections and visible forms are, none when none is begun (R133). */
const colorOf = (program: FoldedProgram, { id, sections, forms }: ShownModule): Colored => {
  const colors: readonly Colored[] = [
    ...sections.map((section) => program.sections.get(`${id}/${section.id}`) ?? 'none'),
    ...forms.filter(({ visible }) => visible).map((form) => formColor[stateIn(program, `${id}/${form.id}`)]),
  ];
  if (colors.length > 0 && colors.every((color) => color === 'green')) return 'green';
  return colors.some((color) => color !== 'none') ? 'yellow' : 'none';
};

const rank: Readonly<Record<string, number>> = { none: 0, yellow: 1, green: 2, draft: 1, unread: 2, opened: 3 };

/** I09: colors of sections, forms and modules are those that the events give, never go back, and no hidden form changes one. */
export const checkI09 = (trace: Looked): void => {
  const best = new Map<string, number>();
  const require = (place: string, now: string, wanted: string): void => {
    assert.equal(now, wanted, place);
    assert.ok((rank[now] ?? 0) >= (best.get(place) ?? 0), `${place} went back`);
    best.set(place, rank[now] ?? 0);
  };
  eachSeen(trace, (seen) => {
    const { program } = seen;
    for (const module of modulesOf(seen).flat()) {
      const place = `${program.id} ${module.id}`;
      for (const { id, progress } of module.sections)
        require(`${place}/${id}`, progress, program.sections.get(`${module.id}/${id}`) ?? 'none');
      for (const { id, state } of module.forms)
        require(`${place}/form ${id}`, state, stateIn(program, `${module.id}/${id}`));
      require(place, module.progress, colorOf(program, module));
    }
  });
};

type TimelineRow = { readonly type: string; readonly summary: Readonly<Record<string, string>> };

const rowsOf = (said: Said | undefined): readonly TimelineRow[] =>
  (shown(said) as { readonly rows?: readonly TimelineRow[] } | undefined)?.rows ?? [];

const isInTimeline = ({ timeline }: Picture, place: string): boolean =>
  rowsOf(timeline).some(
    ({ type, summary }) => type === 'form-submitted' && `${summary.moduleId}/${summary.formId}` === place,
  );

/** A form that was submitted is flagged and not in the timeline, or in the timeline and not flagged; after the end there are no flags. */
const requireOneOf = ({ program, staff, picture }: Seen): void => {
  if (staff === undefined || picture === undefined) return;
  const flagged = (staff.flags ?? [])
    .filter(({ type }) => type === 'form')
    .map(({ link }) => `${link?.moduleId}/${link?.id}`);
  const unread = [...program.forms].filter(([, state]) => state === 'unread').map(([place]) => place);
  assert.deepEqual(flagged.sort(), program.status === 'ongoing' ? unread.sort() : [], `${program.id} flagged forms`);
  if (shown(picture.timeline) === undefined) return;
  for (const [place, state] of program.forms)
    assert.equal(isInTimeline(picture, place), state === 'opened', `${program.id} ${place} in the timeline`);
};

/** What may happen to a form, by what it was before. */
const steps: Readonly<Record<string, { readonly from: readonly (string | undefined)[]; readonly to: string }>> = {
  'form-saved': { from: [undefined, 'draft'], to: 'draft' },
  'form-submitted': { from: [undefined, 'draft'], to: 'unread' },
  'form-opened': { from: ['unread'], to: 'opened' },
};

const requireOnce = (own: readonly Event[]): void => {
  const states = new Map<string, string>();
  for (const { type, data, stream } of own) {
    const step = Object.hasOwn(steps, type) ? steps[type] : undefined;
    if (step === undefined) continue;
    const place = `${data.moduleId}/${data.formId}`;
    assert.ok(step.from.includes(states.get(place)), `${stream} ${place}: ${type} when ${states.get(place)}`);
    states.set(place, step.to);
  }
};

/** I10: each submitted form is unread, flagged and not in the timeline, or opened, in it and not flagged; it is opened once. */
export const checkI10 = (trace: Looked): void => {
  eachSeen(trace, requireOneOf);
  for (const own of streamsOf(trace.events, 'program').values()) requireOnce(own);
};

type Answer = { readonly from: number; readonly programId: string; readonly place: string; readonly answers: unknown };

/** The answers that were accepted, with the position from which on they are there. */
const acceptedAnswers = (told: readonly Told[]): readonly Answer[] =>
  told.flatMap((one): readonly Answer[] => {
    const { call, until } = one;
    if (call.kind !== 'command' || receiptOf(one) === undefined || outcomeOf(one) !== 'changed') return [];
    const { type, data } = call.command;
    if (type === 'submit-form')
      return [
        { from: until, programId: data.programId, place: `${data.moduleId}/${data.formId}`, answers: data.answers },
      ];
    if (type !== 'register-activity') return [];
    return [
      { from: until, programId: data.programId, place: `${data.planId} ${data.occasion}`, answers: data.answers },
    ];
  });

type Filled = {
  readonly planId: string;
  readonly occasion: string;
  readonly state: string;
  readonly answers?: unknown;
};

const activityRows = ({ activities }: Picture): readonly Filled[] =>
  (shown(activities) as { readonly rows?: readonly Filled[] } | undefined)?.rows ?? [];

/** I12, answers: what was once accepted stays as it was, whatever becomes of days, modules and plans, as long as the resident may read. */
export const checkI12Answers = ({ looks, told }: Pick<Trace, 'looks' | 'told'>): void => {
  const accepted = acceptedAnswers(told);
  for (const { position, programs } of looks)
    for (const { from, programId, place, answers } of accepted) {
      const picture = programs[programId];
      if (from > position || picture === undefined) continue;
      const form = shown(picture.forms?.[place]?.resident) as { state?: string; answers?: unknown } | undefined;
      const row = activityRows(picture).find((one) => `${one.planId} ${one.occasion}` === place);
      if (form !== undefined) {
        assert.deepEqual(form.answers, answers, `${programId} ${place}`);
        assert.ok(['unread', 'opened'].includes(form.state ?? ''), `${programId} ${place} is ${form.state}`);
      }
      if (row !== undefined)
        assert.deepEqual([row.state, row.answers], ['registered', answers], `${programId} ${place}`);
    }
};
