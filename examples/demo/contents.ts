import type { Page } from 'folja';
import { type Dashboard, page, several, tail, time } from './dashboards.ts';
import type { Taken } from './post.ts';
import type { Listed } from './stage.ts';
import type { Comment, Duty, Erasure, FormAnswers, Happening, Occasion, Written } from './views.ts';

type Place = { readonly programId: string; readonly moduleId: string; readonly formId: string };

/** What lies in one program, as its clinician sees it. */
export const form = (place: Place): Dashboard => ({
  title: 'Formulär (a form)',
  query: { view: 'form', ...place },
  columns: ['Question', 'Answer'],
  present: (answer) => {
    const { state, submittedAt, answers } = answer as FormAnswers;
    return {
      notes: [`${state}; submitted ${time(submittedAt)}`],
      rows: Object.entries(answers).map((row) => [...row]),
    };
  },
});

export const comments = (programId: string): Dashboard =>
  page<Comment>(
    'Kommentarer (comments)',
    { view: 'comments', programId },
    ['Written', 'Module', 'Section', 'Comment', 'Read'],
    (row) => [time(row.at), row.moduleId, row.sectionId, row.text, time(row.readAt)],
  );

/** The hours and minutes of an instant in UTC, beside which one sees what the clocks in Sweden do. */
const utc = (instant: string): string => instant.slice(11, 16);

export const activities = (programId: string, from: string, to: string): Dashboard =>
  page<Occasion>(
    'Aktiviteter (occasions of activity plans)',
    { view: 'activities', programId, from, to },
    ['Due', 'UTC', 'Closes', 'State', 'Element', 'Answer'],
    (row) => [
      ...[time(row.occasion), utc(row.occasion), time(row.closes), row.state],
      ...[row.titles.join(', '), row.answers?.join(', ') ?? ''],
    ],
  );

/** What an event was about, in the words of the template where it has some. */
const aboutOf = ({ moduleTitle, sectionTitle, formTitle, ...rest }: Happening['summary']): string =>
  [sectionTitle ?? formTitle, moduleTitle].filter(Boolean).join(' in ') || (rest.followUpId ?? rest.from ?? '');

export const timeline = (programId: string, from: string): Dashboard =>
  page<Happening>(
    'Tidslinje (the timeline)',
    { view: 'timeline', programId, from },
    ['When', 'What', 'By', 'About'],
    (row) => [time(row.at), row.type, tail(row.by), aboutOf(row.summary)],
    6,
  );

export const documentation = (programId: string): Dashboard =>
  page<Duty>(
    'Dokumentation (what the journal lacks)',
    { view: 'documentation', programId },
    ['Since', 'What', 'Code', 'Attribute'],
    (row) => [time(row.since), row.cause, row.code ?? '', row.attribute ?? ''],
    8,
  );

/** The duties of an answer. */
export const dutiesIn = (answer: unknown): readonly Duty[] => (answer as Page<Duty>).rows;

/** How far a purge has come. */
export const erasure = (programId: string): Dashboard => ({
  title: 'Gallring (how far the purge has come)',
  query: { view: 'purge', programId },
  columns: ['Decided', 'Decision', 'State', 'Waits for'],
  present: (answer) => {
    const { purgedAt, disposalDecision, erasure: state, waitingFor = [] } = answer as Erasure;
    return { notes: [], rows: [[time(purgedAt), disposalDecision, state, waitingFor.join(', ')]] };
  },
});

const holds = (part: unknown): string =>
  Array.isArray(part) ? several(part.length, 'item') : Object.keys(part as object).join(', ');

/** Only the outline of an export: all of it is personal. */
export const outline = (document: object): Listed => {
  const { format, exportedAt, ...parts } = document as Written;
  return {
    title: 'Export (what it holds, in outline)',
    notes: [`${format}, ${time(exportedAt)}, ${several(JSON.stringify(document).length, 'character')}`],
    columns: ['Part', 'Holds'],
    rows: Object.entries(parts).map(([name, part]) => [name, holds(part)]),
  };
};

/** What a host was given to tell. */
export const taken = (notifications: readonly Taken[]): Listed => ({
  title: 'Aviseringar (notifications handed to the host)',
  notes: [],
  columns: ['To', 'Channel', 'About'],
  rows: notifications.map(({ to, channel, about }) => [to, channel, about]),
});
