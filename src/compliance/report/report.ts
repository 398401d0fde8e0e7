import type { Verdict, Verdicts } from '../compliance.ts';
import { againOf, type Failure, linesOf } from '../failure.ts';
import type { Tried } from './tried.ts';

/** When something was tried, as the report is to say it: a day, or an instant. */
export type ReportOptions = { readonly at: string };

const holds = ({ failure }: Pick<Verdict, 'failure'>): boolean => failure === undefined;

/** How many of the rules hold, in one sentence. */
export const sumOf = ({ verdicts, tried }: Verdicts): string => {
  const held = verdicts.filter(holds).length;
  const runs = `${tried.runs} ${tried.runs === 1 ? 'run' : 'runs'} (seed ${tried.seed})`;
  return held === verdicts.length
    ? `All ${held} rules hold in ${runs}.`
    : `${verdicts.length - held} of ${verdicts.length} rules do not hold in ${runs}.`;
};

/** What stands in a cell is not to end it. */
const cell = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
];

const triedRows = (tried: Tried, at: string): readonly (readonly string[])[] => [
  ['When', at],
  ['Library', `folja ${tried.folja}`],
  ['Tried with', `fast-check ${tried.fastCheck}, Node.js ${tried.node}`],
  ['Policy', tried.policy],
  ...tried.templates.map(({ templateId, title, digest }) => [
    'Template',
    `${templateId} (${title}), SHA-256 ${digest}`,
  ]),
  ['Seed', `${tried.seed}${tried.path === undefined ? '' : `, from run ${tried.path} on`}`],
  ['Runs', `${tried.runs}, of ${tried.steps} steps at most`],
  ['Calls', String(tried.calls)],
];

const ruleRow = (verdict: Verdict): readonly string[] => {
  const { id, en, sv, sources, runs } = verdict;
  return [id, en, sv, sources.join(', '), String(runs), holds(verdict) ? 'holds' : '**does not hold**'];
};

/** A fence that nothing in a text ends. */
const fenced = (lines: readonly string[]): readonly string[] => {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...lines, fence];
};

const told = (failure: Failure): readonly string[] => [
  '',
  `### ${failure.id}: ${failure.en}`,
  '',
  `*${failure.sv}* — ${failure.sources.join(', ')}`,
  '',
  ...fenced([...linesOf(failure).flatMap((line) => line.split('\n')), '', `The same again: ${againOf(failure)}`]),
];

/** What became of the rules, as a page for people: an auditor, a change's reviewers. Nothing in it is personal. */
export const reportAsMarkdown = (found: Verdicts, { at }: ReportOptions): string => {
  const failures = found.verdicts.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  return [
    '# Compliance of Folja',
    '',
    sumOf(found),
    '',
    ...table(['What', 'Which'], triedRows(found.tried, at)),
    '',
    '## Rules',
    '',
    'Each rule was held against the same random runs of commands, questions and clocks through the library as the host opens it.',
    '',
    ...table(['Rule', 'English', 'Svenska', 'Sources', 'Runs', 'Verdict'], found.verdicts.map(ruleRow)),
    '',
    '## What does not hold',
    ...(failures.length === 0 ? ['', 'Nothing.'] : failures.flatMap(told)),
    '',
    '## What the runs came to',
    '',
    'A rule that no run came to the case of was not tried: what is missing here, or is rare, says so.',
    '',
    ...table(
      ['What', 'Times'],
      Object.entries(found.reach).map(([name, count]) => [name, String(count)]),
    ),
    '',
  ].join('\n');
};

/** The same as JSON, for programs: what was tried, each rule with its verdict, the failures, the reach. */
export const reportAsJson = (found: Verdicts, { at }: ReportOptions): string => {
  const { tried, verdicts, reach } = found;
  const document = {
    at,
    ok: verdicts.every(holds),
    tried,
    rules: verdicts.map((verdict) => ({ ...verdict, verdict: holds(verdict) ? 'holds' : 'does-not-hold' })),
    reach,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
};
