import { duringHandover } from '../../src/compliance/checks/pairs.ts';
import type { Trace } from '../../src/compliance/trace.ts';
import { tobak } from '../../src/compliance/world.ts';
import {
  hasChanged,
  type Lie,
  lastLook,
  ofType,
  one,
  residentsAnswer,
  type Spoiled,
  shownProgram,
  typeOf,
  watchOf,
} from './spoiling.ts';

const stranger = 'SE2321000131-NOBODY';
const refusal = { left: { kind: 'refused' as const, code: 'not-permitted' as const } };

const pictureAfter = (trace: Spoiled, ...types: readonly string[]) => {
  const { after, about = '' } = watchOf(trace, ...types);
  return one(after[about]);
};

/** What is not so in what anybody was shown. */
export const aboutViews: readonly Lie[] = [
  [
    'I04',
    'another clinician than the responsible one',
    (trace) =>
      Object.assign(
        shownProgram(trace, ({ status }) => status === 'ongoing'),
        { clinician: stranger },
      ),
  ],
  [
    'I07',
    'a treatment that is done too early',
    (trace) =>
      Object.assign(
        shownProgram(trace, ({ templateId }) => templateId === tobak),
        { mandatoryDone: true },
      ),
  ],
  [
    'I08',
    'a chapter that is closed',
    (trace) =>
      Object.assign(one(shownProgram(trace, ({ templateId }) => templateId !== tobak).modules[3]), { state: 'closed' }),
  ],
  [
    'I09',
    'a color that nobody earned',
    (trace) => {
      const section = one(shownProgram(trace).modules[0]?.sections[0]);
      section.progress = section.progress === 'green' ? 'none' : 'green';
    },
  ],
  [
    'I11',
    'an addressee in a resident’s view',
    (trace) => Object.assign(residentsAnswer(trace, 'my-programs'), { addressee: 'somebody' }),
  ],
  [
    'I11',
    'an HSA-id in a resident’s view',
    (trace) => Object.assign(residentsAnswer(trace, 'my-program'), { clinicianName: stranger }),
  ],
  [
    'I11',
    'the timeline of a resident’s own program',
    (trace) => {
      const asked = trace.told.find(({ call }) => call.kind === 'view' && call.query.view === 'my-programs');
      const { call } = one(asked);
      if (call.kind === 'view') call.query.view = 'timeline';
    },
  ],
  [
    'I12',
    'a day more than is left',
    (trace) => {
      const module = one(shownProgram(trace).modules[0]);
      module.daysLeft = (module.daysLeft ?? 0) + 1;
    },
  ],
  [
    'I14',
    'a resident whom a handover stops',
    (trace) => {
      const during = duringHandover(trace as unknown as Trace).find(({ isAllowed }) => isAllowed === true);
      Object.assign(one(during).told, { said: refusal });
    },
  ],
  [
    'I16',
    'a denial that changed something',
    (trace) => Object.assign(pictureAfter(trace, 'deny-handover'), { staff: { right: { welcomeText: 'another' } } }),
  ],
  [
    'I17',
    'a handover in the tab of another unit',
    (trace) => {
      const tabs = Object.values(lastLook(trace).units).map((lists) => one(lists.handovers));
      const tab = one(tabs.find((said) => 'right' in said)) as { right: { rows: unknown[] } };
      tab.right.rows = [...tab.right.rows, { programId: 'another' }];
    },
  ],
  [
    'I18',
    'a conversation that a handover lost',
    (trace) =>
      Object.assign(pictureAfter(trace, 'approve-handover'), {
        conversations: { right: { rows: [{ subject: 'another' }] } },
      }),
  ],
  [
    'I20',
    'a program that its resident reads after the end',
    (trace) => {
      const ended = ofType(trace, 'purged').stream.slice('program-'.length);
      Object.assign(one(lastLook(trace).programs[ended]), { resident: { right: { writable: false } } });
    },
  ],
  [
    'I21',
    'a purged program that is still listed',
    (trace) => {
      const programId = ofType(trace, 'purged').stream.slice('program-'.length);
      const lists = Object.values(lastLook(trace).mine) as { right: { rows: unknown[] } }[];
      one(lists[0]).right.rows = [{ programId }];
    },
  ],
  ['I21', 'something that was found after a purge', (trace) => trace.remnants.push('a row in messages')],
  [
    'I22',
    'a start that changed an old program',
    (trace) => {
      const starts = trace.watches.filter(({ told }) => typeOf(told) === 'start-program' && hasChanged(told));
      const old = starts.flatMap(({ after }) => Object.values(after));
      Object.assign(one(old[0]), { resident: { right: { welcomeText: 'another' } } });
    },
  ],
  ['I23', 'a call without an entry', (trace) => trace.audit.splice(trace.audit.length - 5, 1)],
  ['I23', 'an entry without a call', (trace) => trace.audit.push({ ...one(trace.audit.at(-1)) })],
  ['I23', 'an entry that names somebody else', (trace) => Object.assign(one(trace.audit.at(-5)), { actor: stranger })],
  [
    'I23',
    'an entry without the program that it is about',
    (trace) => {
      const entries = trace.audit.filter(({ action, outcome }) => action === 'start-program' && outcome === 'allowed');
      Object.assign(one(entries[0]), { subjects: [] });
    },
  ],
  ['I23', 'a log that has shrunk', (trace) => trace.auditLengths.push(1)],
  [
    'I26',
    'a text of another in a resident’s view',
    (trace) => Object.assign(residentsAnswer(trace, 'my-program'), { welcomeText: 'canary-9999-x' }),
  ],
];
