import type { Row, Section } from './rows.ts';
import { sixWorks } from './sixWorks.ts';

/** A limit that a number of a row is to keep. */
type Target = {
  readonly section: Section;
  readonly isOf: (row: Row) => boolean;
  readonly what: 'ratio' | 'CPU' | 'peak' | 'median';
  readonly least?: number;
  readonly most?: number;
  /** True where the number itself does not count as kept. */
  readonly isStrict?: boolean;
};

/** What a target comes to in a row: told as it is printed, and whether it is met. */
export type Verdict = { readonly says: string; readonly isMet: boolean };

const mebibyte = 2 ** 20;
const named =
  (...works: readonly string[]) =>
  ({ work }: Row): boolean =>
    works.includes(work);
/** A size is compared with the smallest, which has nothing to be compared with itself. */
const isLarger = ({ programs, floor }: Row): boolean => programs !== floor.programs;

/** What the library is to come to; each limit on a ratio is on the work against its floor of the same run. */
const targets: readonly Target[] = [
  {
    section: 'events',
    isOf: named(sixWorks.one, sixWorks.ten, sixWorks.inline),
    what: 'ratio',
    least: 0.9,
  },
  { section: 'events', isOf: named(sixWorks.command), what: 'ratio', least: 1, isStrict: true },
  { section: 'events', isOf: named(sixWorks.replay), what: 'ratio', least: 0.8 },
  { section: 'events', isOf: named(sixWorks.catchUp), what: 'ratio', least: 0.3 },
  { section: 'commands', isOf: named('commands, one at a time'), what: 'ratio', least: 0.5 },
  { section: 'commands', isOf: named('commands, 64 in flight'), what: 'ratio', least: 1 },
  { section: 'commands', isOf: named('commands, 64 in flight'), what: 'CPU', most: 150 },
  { section: 'views', isOf: isLarger, what: 'ratio', most: 1.3 },
  {
    section: 'views',
    isOf: ({ work }) => /^overview (mine|all|ended)/.test(work),
    what: 'CPU',
    most: 2_000,
    isStrict: true,
  },
  ...(['sizes', 'open', 'purge'] as const).map(
    (section): Target => ({ section, isOf: isLarger, what: 'ratio', most: 1.3 }),
  ),
  { section: 'memory', isOf: () => true, what: 'median', most: 250, isStrict: true },
  { section: 'rebuild', isOf: () => true, what: 'peak', most: 400 * mebibyte, isStrict: true },
];

const numberOf = (row: Row, what: Target['what']): number => {
  if (what === 'ratio') return row.ratio;
  if (what === 'CPU') return row.cpuMicroseconds ?? Number.NaN;
  return what === 'peak' ? (row.peakBytes ?? Number.NaN) : row.median;
};

const limitText = ({ what, isStrict }: Target, sign: string, limit: number): string => {
  const amount = what === 'peak' ? `${limit / mebibyte} MiB` : `${limit}`;
  const subject = { ratio: '×', CPU: 'CPU', peak: 'peak', median: '' }[what];
  const signs = { '≥': '>', '≤': '<' } as Readonly<Record<string, string>>;
  return `${subject} ${isStrict === true ? signs[sign] : sign} ${amount}`.trim();
};

const verdictOf = (row: Row, target: Target): Verdict => {
  const { least, most, isStrict = false } = target;
  const [number, limit] = [numberOf(row, target.what), least ?? most ?? Number.NaN];
  const isMet = (least === undefined ? number < limit : number > limit) || (!isStrict && number === limit);
  return { says: limitText(target, least === undefined ? '≤' : '≥', limit), isMet };
};

/** The targets of a row, each met or not; what was not measured is not met. */
export const verdictsOn = (row: Row): readonly Verdict[] =>
  targets.filter(({ section, isOf }) => section === row.section && isOf(row)).map((target) => verdictOf(row, target));
