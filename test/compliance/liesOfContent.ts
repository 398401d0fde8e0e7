import { minorLines } from '../../src/compliance/checks/versions.ts';
import type { Trace } from '../../src/compliance/trace.ts';
import { hasChanged, type Lie, lastLook, ofType, one, type Spoiled, shownProgram } from './spoiling.ts';

type Rows = { rows: Record<string, unknown>[] };

const answerOf = (said: unknown): Record<string, unknown> =>
  one((said as { right?: Record<string, unknown> } | undefined)?.right);
const rowsOf = (said: unknown): Record<string, unknown>[] => (answerOf(said) as Rows).rows;

/** What was seen last of the first program in which something is so. */
const pictureWith = (trace: Spoiled, holds: (picture: Spoiled['looks'][number]['programs'][string]) => boolean) =>
  one(Object.values(lastLook(trace).programs).find(holds));

/** A form that was submitted, as the look at the end showed it, and its program. */
const submitted = (trace: Spoiled, state: string) => {
  const found = Object.values(lastLook(trace).programs).flatMap((picture) =>
    Object.entries(picture.forms ?? {}).map(([place, seen]) => ({ picture, place, seen })),
  );
  const form = one(
    found.find(({ seen, picture }) => {
      const shown = (seen.resident as { right?: { state?: string } }).right;
      return shown?.state === state && 'right' in picture.staff && 'right' in (picture.timeline ?? {});
    }),
  );
  const [moduleId = '', id = ''] = form.place.split('/');
  return { ...form, moduleId, id };
};

const occasions = (trace: Spoiled, state?: string) => {
  const ofProgram = pictureWith(trace, ({ activities }) => {
    const rows = (activities as { right?: Rows } | undefined)?.right?.rows ?? [];
    return rows.some((row) => state === undefined || row.state === state);
  });
  return rowsOf(ofProgram.activities);
};

/** A publication of some kind, with a program that was looked at before and after. */
const published = (trace: Spoiled, change: string) =>
  one(
    trace.watches.find(({ told }) => {
      const { call } = told;
      const isSuch = call.kind === 'command' && call.command?.type === 'publish-template';
      return isSuch && hasChanged(told) && JSON.stringify(call).includes(`"change":"${change}"`);
    }),
  );

/** What is not so in content, forms, plans and what is sent. */
export const aboutContent: readonly Lie[] = [
  [
    'I09',
    'a form that is a draft again',
    (trace) => {
      const forms = shownProgram(trace).modules.flatMap((module) => module.forms);
      Object.assign(one(forms.find(({ state }) => ['unread', 'opened'].includes(state))), { state: 'draft' });
    },
  ],
  [
    'I09',
    'a module that a hidden form colors',
    (trace) => {
      const modules = shownProgram(trace, ({ templateId }) => templateId === 'tobakshjalpen').modules;
      const module = one(
        modules.find(({ forms, progress }) => progress === 'none' && forms.some((form) => !form.visible)),
      );
      module.progress = 'yellow';
    },
  ],
  [
    'I10',
    'a flag of a form that was opened',
    (trace) => {
      const { picture, moduleId, id } = submitted(trace, 'opened');
      const staff = answerOf(picture.staff) as { flags: unknown[] };
      staff.flags.push({ type: 'form', link: { view: 'form', id, moduleId } });
    },
  ],
  [
    'I10',
    'a form in the timeline that nobody has opened',
    (trace) => {
      const { picture, moduleId, id } = submitted(trace, 'unread');
      rowsOf(picture.timeline).push({ type: 'form-submitted', summary: { moduleId, formId: id } });
    },
  ],
  [
    'I10',
    'a form that was opened twice',
    (trace) => {
      const event = ofType(trace, 'form-opened');
      trace.events.push({ ...event });
    },
  ],
  [
    'I12',
    'an answer that was lost',
    (trace) => {
      const { seen } = submitted(trace, 'unread');
      answerOf(seen.resident).answers = { 'fraga-1': 'something else' };
    },
  ],
  [
    'I12',
    'an occasion that was filled in and is missed',
    (trace) =>
      Object.assign(one(occasions(trace, 'registered').find(({ state }) => state === 'registered')), {
        state: 'missed',
      }),
  ],
  ['I24', 'a program in a version of no line', (trace) => Object.assign(shownProgram(trace), { version: '9.9' })],
  [
    'I24',
    'a program that a minor version left behind',
    (trace) => {
      const watch = one(trace.watches.find((each) => minorLines(trace as unknown as Trace, each as never).length > 0));
      watch.after = structuredClone(watch.before);
    },
  ],
  [
    'I24',
    'a program that a major version changed',
    (trace) => {
      const { after } = published(trace, 'major');
      Object.assign(one(Object.values(after)[0]), { resident: { right: { welcomeText: 'another' } } });
    },
  ],
  [
    'I25',
    'an occasion that is not in the schedule',
    (trace) => occasions(trace).push({ planId: 'p', occasion: '2026' }),
  ],
  ['I25', 'an occasion that never comes', (trace) => occasions(trace).pop()],
  [
    'I25',
    'an answer when the window had closed',
    (trace) => Object.assign(ofType(trace, 'activity-registered'), { at: '2035-01-01T00:00:00.000Z' }),
  ],
  [
    'I26',
    'a program that is another without its relative',
    (trace) => Object.assign(one(trace.apart[0]).after, { resident: { right: { welcomeText: 'another' } } }),
  ],
  ['I26', 'an act that took the relative', (trace) => one(trace.apart[0]).differing.push('open-program')],
  [
    'I27',
    'a count that went with a purge',
    (trace) => {
      const row = one(rowsOf(one(trace.counts[0]).after)[0]);
      row.started = 17;
    },
  ],
  [
    'I28',
    'a notification to somebody who never asked',
    (trace) => Object.assign(one(trace.notified.intended.find(({ hsaId }) => hsaId !== null)), { hsaId: 'SE-NOBODY' }),
  ],
  [
    'I28',
    'a notification through a channel that nobody chose',
    (trace) => {
      const intent = one(trace.notified.intended.find(({ hsaId }) => hsaId !== null));
      intent.channel = 'inbox';
    },
  ],
  [
    'I28',
    'a notification of what nobody subscribed to',
    (trace) => Object.assign(one(trace.notified.intended.find(({ hsaId }) => hsaId !== null)), { about: 'something' }),
  ],
  [
    'I28',
    'a notification by a channel that the resident never turned on',
    (trace) => Object.assign(one(trace.notified.intended.find(({ hsaId }) => hsaId === null)), { channel: 'letter' }),
  ],
  [
    'I28',
    'a delivery of what was never meant',
    (trace) => trace.notified.delivered.push({ ...one(trace.notified.delivered[0]), id: 'other' }),
  ],
  ['I28', 'a second delivery', (trace) => trace.notified.delivered.push(one(trace.notified.delivered[0]))],
];
