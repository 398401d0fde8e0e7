import { canariesIn } from '../proposing/scene.ts';
import type { Trace } from '../trace.ts';
import { numberOf } from '../world.ts';
import { namesOf } from './names.ts';

type Known = Pick<Trace, 'told' | 'events' | 'owners' | 'canaries'>;

/** Fields of commands in which persons are named, or write. */
const personal = new Set(['name', 'subject', 'body', 'text', 'title', 'answers']);

const textsUnder = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsUnder) : [];
};

/** Every name and text that was sent: those of a template are its own, and nobody's. */
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, part]) => {
    if (field === 'content') return [];
    return personal.has(field) ? [...textsUnder(part), ...textsIn(part)] : textsIn(part);
  });
};

const textsOf = ({ told }: Known): readonly string[] =>
  told.flatMap(({ call }) => (call.kind === 'command' ? textsIn(call.command?.data) : []));

const formsOf = (number: string): readonly string[] => {
  const [twelve, ten] = [numberOf(number), numberOf(number).slice(2)];
  const parted = (digits: string): readonly string[] =>
    ['', '-', '+'].map((sign) => `${digits.slice(0, -4)}${sign}${digits.slice(-4)}`);
  return [number, ...parted(twelve), ...parted(ten)];
};

const numbersIn = ({ told, owners }: Known): readonly string[] => {
  const asking = told.flatMap(({ call: { actor } }) => (actor.kind === 'resident' ? [actor.personalNumber] : []));
  const meant = told.flatMap(({ call }) =>
    call.kind === 'command' && call.command?.type === 'start-program'
      ? [call.command.data?.resident?.personalNumber ?? '']
      : [],
  );
  return [...new Set([...owners.values(), ...asking, ...meant])].filter((number) => number !== '');
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** Within a longer word a name is another's, or nobody's. */
const alone = (text: string): string => `(?<![\\p{L}\\p{N}])${escaped(text)}(?![\\p{L}\\p{N}])`;
/** As it stands in a text, and as an escape would have it there. */
const written = (text: string): readonly string[] => [...new Set([text, JSON.stringify(text).slice(1, -1)])];

type Replacement = readonly [found: RegExp, instead: string | ((found: string) => string)];

const anyOf = (
  texts: readonly string[],
  form: (text: string) => string,
  instead: Replacement[1],
): readonly Replacement[] => {
  // The longest first: one may lie in another.
  const sorted = [...new Set(texts)]
    .filter((text) => text.trim() !== '')
    .toSorted((one, other) => other.length - one.length);
  return sorted.length === 0 ? [] : [[new RegExp(sorted.map(form).join('|'), 'giu'), instead]];
};

/** Whatever has the form of something personal, also where no call of the run has it. */
const anybodys: readonly Replacement[] = [
  [/\b(?:program|unit|flesh|access|template)-(?=[0-9a-f]{8}-[0-9a-f]{4}-)/gi, ''],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, 'an id'],
  [/\bSE(?:16)?\d{10}-[A-Za-z0-9]+/g, 'an HSA-id'],
  [/\p{L}{0,30}\s?canary-\d+-x/gu, 'a text'],
  [/(?<!\d)(?:\d{8}|\d{6})[\p{Pd}\p{Zs}\u2212+]?\d{4}(?!\d)/gu, 'a number'],
  [/\b[0-9a-f]{32,}\b/gi, 'a digest'],
];

const replacementsOf = (trace: Known): readonly Replacement[] => {
  const { all } = namesOf(trace);
  const known = new Map([...all].map(([id, name]) => [id.toLowerCase(), name]));
  const numbers = numbersIn(trace);
  const texts = [...textsOf(trace), ...trace.canaries.keys()].flatMap(written);
  const ids = [...all.keys()].filter((id) => !/^\d+$/.test(id));
  const nameOf = (found: string): string =>
    known.get(found.toLowerCase().replace(/^(?:program|unit|flesh)-/, '')) ?? 'an id';
  return [
    ...anyOf(texts, (text) => (canariesIn(text).length > 0 ? escaped(text) : alone(text)), 'a text'),
    ...anyOf(numbers.flatMap(formsOf), escaped, 'a number'),
    ...anyOf(ids, (id) => `(?:program-|unit-|flesh-)?${escaped(id)}(?![\\p{L}\\p{N}])`, nameOf),
    ...anybodys,
  ];
};

const [mostLines, mostLetters] = [40, 4_000];
/** What lies behind this many letters is not shown, whatever becomes of those before. */
const mostRead = 100_000;

/** What a check throws may hold whole tables: as much as a person reads. */
const bounded = (text: string): string => {
  const lines = text.split('\n');
  const first = lines.slice(0, mostLines).join('\n');
  const left = lines.length - mostLines;
  const short = first.length > mostLetters ? `${first.slice(0, mostLetters)}…` : first;
  return left > 0 ? `${short}\n… and ${left} more lines` : short;
};

/**
 * Takes everybody of a run out of texts: numbers, names, texts and ids become what they are, or their place in the run, such as `program 1`;
 * also what has the form of a number or an id of nobody there. Long texts end early.
 */
export const withoutPersonsOf = (trace: Known): ((text: string) => string) => {
  const replacements = replacementsOf(trace);
  const replace = (text: string, [found, instead]: Replacement): string =>
    typeof instead === 'string' ? text.replace(found, instead) : text.replace(found, instead);
  return (text) => bounded(replacements.reduce(replace, text.slice(0, mostRead)));
};

/** A text without anybody of a run. */
export const withoutPersons = (trace: Known, text: string): string => withoutPersonsOf(trace)(text);
