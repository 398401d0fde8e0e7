import type { LogProblem } from '../../audit/verifying.ts';
import { counted } from '../formats.ts';

/**
 * What is wrong, besides the log's own problems: `anchors-missing`, no anchor vouches for it; `view`, a table is not what the events
 * say; `views`, that cannot be told; `pages`, the file itself is damaged.
 */
export type Problem = {
  readonly kind: LogProblem['kind'] | 'anchors-missing' | 'view' | 'views' | 'pages';
  readonly seq?: number;
  readonly position?: string;
  readonly what?: string;
};

/** What a verification came to. */
export type Verified = {
  readonly ok: boolean;
  /** How many events were checked. */
  readonly entries: number;
  readonly root: string;
  /** How many signed heads the log was held against. */
  readonly heads: number;
  /** How many tables of views were compared with what the events give. */
  readonly tables: number;
  readonly problems: readonly Problem[];
};

const meanings: { readonly [Kind in Problem['kind']]: string } = {
  digest: 'an event was altered: it fails the digest beside it',
  shape: 'an event cannot be read as one of its type',
  place: 'an event lies elsewhere than it says',
  flesh: 'sealed bytes are not those that their event names',
  gap: 'events are missing',
  unreadable: 'a row cannot be read',
  revision: 'an event does not follow the one before it in its stream',
  'flesh-missing': 'sealed bytes are gone, and their program is not purged',
  tile: 'the tree over the log holds another hash than the events give',
  frontier: 'the tree over the log ends otherwise than the events do',
  anchor: 'the log does not continue its anchor',
  head: 'the log does not continue a signed head',
  signature: 'a head is not signed by the key of this store',
  'public-key': 'the key that heads are checked with',
  entry: 'an entry of the audit log is not what its events say',
  log: 'the audit log is not what the events say',
  'anchors-missing': 'there are no anchors to hold the log against',
  view: 'a table of a view is not what the events say: run folja rebuild',
  views: 'the views cannot be compared with the events',
  pages: 'a page of the file, or an index, is damaged: restore it from a backup',
};

/** How many places of one kind of problem a person is shown; the rest is counted. */
const shown = 5;

const placesOf = (problems: readonly Problem[]): string => {
  const places = problems.flatMap(({ seq, position }) => position ?? (seq === undefined ? [] : `entry ${seq}`));
  if (places.length === 0) return '';
  const more = places.length > shown ? ` and ${places.length - shown} more` : '';
  return ` at ${places.slice(0, shown).join(', ')}${more}`;
};

/** One line for problems that are alike: an event that was altered is noticed by every head that came after it. */
const linesOf = (problems: readonly Problem[]): readonly string[] => {
  const alike = Map.groupBy(problems, ({ kind, what }) => `${kind} ${what}`);
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { kind, what } = first;
    return `! ${kind}${placesOf([first, ...others])}: ${meanings[kind]}${what === undefined ? '' : ` (${what})`}\n`;
  });
};

/** What a verification came to, for people. */
export const written = ({ entries, root, heads, tables, problems }: Verified): string =>
  [
    `${counted(entries, 'event')} checked, root ${root}\n`,
    `${counted(heads, 'signed head')} held against the log\n`,
    `${counted(tables, 'table')} of views compared with the events\n`,
    ...linesOf(problems),
    problems.length === 0 ? 'Nothing is wrong.\n' : `${counted(problems.length, 'problem')}.\n`,
  ].join('');
