import type { Page, QueryInput } from 'folja';
import { dayAndTime } from './time.ts';
import type {
  Access,
  Case,
  Conversation,
  Count,
  Entry,
  Flag,
  Managed,
  Message,
  Module,
  OwnProgram,
  Program,
  StartPage,
  ToPurge,
  Undelivered,
} from './views.ts';

/** A dashboard: what is asked, and how the answer becomes a table. */
export type Dashboard = {
  readonly title: string;
  readonly query: QueryInput;
  readonly columns: readonly string[];
  readonly present: (answer: unknown) => { readonly notes: readonly string[]; readonly rows: readonly string[][] };
  /** How many rows a person is shown of a long one. */
  readonly most?: number;
};

const yes = (fact: boolean): string => (fact ? 'yes' : 'no');
export const time = (instant: string | undefined): string => (instant === undefined ? '' : dayAndTime(instant));
/** An HSA-id without the part that all of them share. */
export const tail = (hsaId: string | undefined): string => hsaId?.split('-').at(-1) ?? '';

export const page = <Row>(
  title: string,
  query: QueryInput,
  columns: readonly string[],
  cells: (row: Row) => string[],
  most?: number,
): Dashboard => ({
  ...{ title, query, columns },
  present: (answer) => ({ notes: [], rows: (answer as Page<Row>).rows.map(cells) }),
  ...(most === undefined ? {} : { most }),
});

export const several = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Flags by type; those that want something done have an exclamation mark. */
const flags = (row: Program): string =>
  row.flags.map(({ type, severity, count }) => several(count, type) + (severity === 'action' ? '!' : '')).join(', ');

const listed = ['Name', 'Number', 'Program', 'Started'];
const list = (row: Program): string[] => [row.name, row.personalNumber, row.title, row.startedOn];

const ongoing = (title: string, tab: string): Dashboard =>
  page<Program>(title, { view: 'overview', tab }, [...listed, 'Last active', 'Clinician', 'Flags'], (row) => [
    ...list(row),
    time(row.lastActiveAt),
    row.clinician.name,
    flags(row),
  ]);

export const mina = ongoing('Mina (my programs)', 'mine');
export const alla = ongoing('Alla (all programs of the unit)', 'all');

export const overlamningar = page<Program>(
  'Överlämningar (handovers to the unit)',
  { view: 'overview', tab: 'handovers' },
  [...listed, 'Clinician', 'From unit', 'Since'],
  (row) => [...list(row), row.clinician.name, tail(row.handover?.fromUnit), time(row.handover?.since)],
);

export const avslutade = page<Program>(
  'Avslutade (ended programs)',
  { view: 'overview', tab: 'ended' },
  [...listed, 'Ended', 'Clinician'],
  (row) => [...list(row), row.endedOn ?? '', row.clinician.name],
);

const moduleColumns = ['Module', 'Kind', 'State', 'Current', 'Progress', 'Days left', 'Resident finished'];
const moduleCells = (row: Module): string[] => [
  row.title,
  row.obligation,
  row.state,
  row.current ? 'current' : '',
  row.progress,
  String(row.daysLeft ?? ''),
  time(row.finishedAt),
];

const counted = (flags: readonly Flag[]): string =>
  Object.entries(Object.groupBy(flags, ({ type }) => type))
    .map(([type, ofType = []]) => several(ofType.length, type))
    .join(', ') || 'none';

/** The id of a flag of a type, in an answer of Hantera. */
export const flagIn = (answer: unknown, type: string): string =>
  (answer as Managed).flags.find((flag) => flag.type === type)?.flagId ?? '';

export const hantera = (programId: string, most = 5): Dashboard => ({
  title: 'Hantera (a program in detail)',
  query: { view: 'program', programId },
  columns: moduleColumns,
  most,
  present: (answer) => {
    const { name, personalNumber, version, lastActiveAt, welcomeText, flags, modules } = answer as Managed;
    return {
      notes: [
        `${name}, ${personalNumber}; version ${version}; last active ${time(lastActiveAt)}`,
        `Flags: ${counted(flags)}`,
        `Welcome text: ${welcomeText}`,
      ],
      rows: modules.map(moduleCells),
    };
  },
});

export const startPage = (programId: string, most = 5): Dashboard => ({
  title: "Startsidan (the resident's start page)",
  query: { view: 'my-program', programId },
  columns: ['Module', 'State', 'Current', 'Progress', 'Days left'],
  most,
  present: (answer) => {
    const { welcomeText, clinicianName, unread, writable, readableUntil, absence, followUps, modules } =
      answer as StartPage;
    const until = readableUntil === undefined ? '' : `; readable until ${readableUntil}`;
    return {
      notes: [
        welcomeText,
        `Clinician: ${clinicianName}; unread: ${unread}; may write: ${yes(writable)}${until}`,
        ...(absence === undefined ? [] : [`Away ${absence.from} – ${absence.to}: ${absence.text}`]),
        ...followUps.map(({ title, dueOn }) => `To be filled in: ${title}, from ${dueOn} on`),
      ],
      rows: modules.map(({ title, state, current, progress, daysLeft }) => [
        ...[title, state, current ? 'current' : '', progress, String(daysLeft ?? '')],
      ]),
    };
  },
});

export const ownPrograms = page<OwnProgram>(
  "Mina program (the resident's programs)",
  { view: 'my-programs' },
  ['Program', 'May read', 'May write', 'Unread'],
  (row) => [row.title, yes(row.readable), yes(row.writable), String(row.unread)],
);

export const conversations = (programId: string): Dashboard =>
  page<Conversation>(
    'Konversationer (conversations)',
    { view: 'conversations', programId },
    ['Subject', 'Messages', 'Unread', 'Last', 'Answer due'],
    (row) => [row.subject, String(row.messages), String(row.unread), time(row.lastAt), row.answerDueOn ?? ''],
  );

export const messages = (programId: string, conversationId: string): Dashboard =>
  page<Message>(
    'Meddelanden (messages, newest first)',
    { view: 'conversation', programId, conversationId },
    ['Sent', 'From', 'To', 'Message', 'Read'],
    (row) => [time(row.at), row.sender, tail(row.addressee), row.body, time(row.readAt)],
  );

export const purgeList = page<ToPurge>(
  'Att gallra (the purge list)',
  { view: 'purge-list' },
  ['Program', 'Ended', 'Days since', 'Open duties', 'Readable until'],
  (row) => [row.programId, row.endedOn, String(row.days), String(row.openDuties), row.readableUntil ?? ''],
);

export const caseload = page<Case>(
  "Ärenden (the unit's caseload)",
  { view: 'caseload' },
  ['Name', 'Program', 'Clinician', 'Active', 'To act on', 'Late', 'Over two years'],
  (row) => [
    ...[row.name, row.title, tail(row.clinician), yes(row.clinicianActive)],
    ...[String(row.actionFlags), String(row.overdueAnswers), yes(row.overTwoYears)],
  ],
);

export const undelivered = page<Undelivered>(
  'Ej levererade (what has not got through)',
  { view: 'undelivered' },
  ['To', 'Channel', 'About', 'Attempts', 'State'],
  (row) => [row.to, row.channel, row.about, String(row.attempts), row.state],
);

export const statistics = (templateId: string): Dashboard =>
  page<Count>(
    'Statistik (counts, of nobody)',
    { view: 'statistics', templateId },
    ['Unit', 'Month', 'Started', 'Ended', 'Ongoing', 'Messages'],
    (row) => [tail(row.unitId), row.month, ...[row.started, row.ended, row.ongoing, row.messages].map(String)],
    8,
  );

export const accessReport = page<Access>(
  "Åtkomst (the resident's access report)",
  { view: 'access-report' },
  ['When', 'Unit', 'What'],
  (row) => [time(row.at), row.unit, row.action],
  6,
);

const initials: Readonly<Record<string, string>> = {
  'authorization-administrator': 'BA',
  clinician: 'B',
  'resident-administrator': 'IA',
  'data-administrator': 'DA',
};

/** Whom an entry is about: the one who was asked for, and how many others a list showed. */
const about = ({ subjects }: Entry, asked: string): string => {
  const numbers = [...new Set(subjects.flatMap(({ personalNumber = [] }) => personalNumber))];
  const [first, ...others] = numbers.toSorted((one, other) => Number(other === asked) - Number(one === asked));
  return first === undefined ? '' : `${first}${others.length === 0 ? '' : ` +${others.length}`}`;
};

/** The audit log about one resident, by personal number: so it is found after the purge too. */
export const log = (personalNumber: string, most: number): Dashboard =>
  page<Entry>(
    'Loggen (the audit log about a resident)',
    { view: 'audit', perspective: 'owner', personalNumber, limit: 200 },
    ['No', 'When', 'Who', 'As', 'What', 'About', 'Outcome'],
    (row) => [
      String(row.seq),
      time(row.at),
      row.name ?? tail(row.actor),
      [initials[row.role ?? ''] ?? '', tail(row.unitId)].join(' ').trim(),
      row.action,
      about(row, personalNumber.replace('-', '')),
      row.code ?? row.outcome,
    ],
    most,
  );
