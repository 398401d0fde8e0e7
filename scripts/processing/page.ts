import type { ProcessedEvent, ProcessedField, ProcessedStore, ProcessingRecord } from '../../src/privacy/processing.ts';

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

const code = (text: string): string => `\`${text}\``;
const list = (words: readonly string[]): string => words.join(', ') || '–';

const named = (fields: readonly ProcessedField[]): string =>
  fields.map(({ name, category }) => (category === 'none' ? code(name) : `${code(name)} (${category})`)).join(', ') ||
  '–';

const eventRow = ({ type, fields, purposes, retention, recipients }: ProcessedEvent): readonly string[] => [
  code(type),
  named(fields.filter(({ sealed }) => sealed)),
  named(fields.filter(({ sealed }) => !sealed)),
  ...[list(purposes), list(retention), list(recipients)],
];

const headings = {
  unit: 'Units and their staff',
  template: 'Content of programs',
  program: 'Programs',
  handover: 'Handovers',
  'access-log': 'The access log',
} as const satisfies Readonly<Record<ProcessedEvent['aggregate'], string>>;

const eventHead = ['event', 'personal part, sealed', 'skeleton, in clear', 'purpose', 'retention', 'recipients'];

const aggregateSection = (aggregate: ProcessedEvent['aggregate'], events: readonly ProcessedEvent[]): string => {
  const own = events.filter((event) => event.aggregate === aggregate);
  const [{ subjects, legalBasis }] = own as [ProcessedEvent];
  return [
    `## ${headings[aggregate]}`,
    `Of ${subjects.join(' and ')}; legal basis: ${legalBasis}.`,
    table(eventHead, own.map(eventRow)),
  ].join('\n\n');
};

const storeRow = ({ name, holds, subjects, categories, purposes, legalBasis, ...rest }: ProcessedStore) => [
  ...[name, holds, list(subjects), list(categories), list(purposes), legalBasis],
  ...[list(rest.retention), list(rest.recipients)],
];
const storeHead = ['what', 'holds', 'subjects', 'category', 'purpose', 'legal basis', 'retention', 'recipients'];

const termSection = (title: string, words: Readonly<Record<string, string>>): string =>
  `### ${title}\n\n${table(['word', 'means'], Object.entries(words))}`;

const introduction = `# Record of processing

What the library processes, of whom, why, on what basis, for how long, and who gets it: the part of a care provider's record (GDPR art. 30) that the library
can know. It is made from the shapes of the events by \`node scripts/processing.ts\`; the same as data is \`processingRecord\` from \`folja\`.

**The care provider is the controller**, and adds what no library knows: its own name and contacts and those of its data protection officer, the processors that
run the host, transfers to other countries (the library makes none), and what the host itself keeps or copies. The host gets every event, without its personal
part, through \`subscribe\`, and personal data in the answers that it asks for. Legal bases are those that the library is made for; the controller
confirms them. How data are protected is in [privacy.md](privacy.md).

An event has a skeleton, which stays in the log, and perhaps a personal part, which is sealed beside it and can be deleted. A category stands behind each field that is
about somebody; \`health\` in a skeleton are codes, days and ids under the program's id alone.`;

/** The record of processing as a page for a data protection officer. */
export const pageOf = ({ terms, envelope, events, stores }: ProcessingRecord): string =>
  `${[
    introduction,
    '## Words',
    termSection('Categories of data', terms.category),
    termSection('Data subjects', terms.subject),
    termSection('Purposes', terms.purpose),
    termSection('Legal bases', terms.legalBasis),
    termSection('Retention, and what ends it', terms.retention),
    termSection('Recipients', terms.recipient),
    '## Every event',
    `Besides its own fields each says who did it, when and by which command: ${named(envelope)}. \`by.person\` is a reference under the key of an audit year, and \`stream\` holds the id of the program, the unit or the template.`,
    ...(Object.keys(headings) as (keyof typeof headings)[]).map((aggregate) => aggregateSection(aggregate, events)),
    '## Beside the events',
    table(storeHead, stores.map(storeRow)),
  ].join('\n\n')}\n`;
