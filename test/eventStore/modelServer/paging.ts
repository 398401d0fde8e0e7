import type { LogRecord } from './rules.ts';

/** A place in the whole log, as clients name it. */
export type Place = { readonly commit: number; readonly prepare: number };

/** Which records a reader of the whole log wants. */
export type Wanted = (record: LogRecord) => boolean;

/** A part of the whole log that was looked through. */
export type Page = {
  readonly records: readonly LogRecord[];
  /** Where the next page begins. */
  readonly next: Place;
  /** How many records were looked at. */
  readonly considered: number;
  readonly isEnd: boolean;
};

// What the server keeps for itself is never shown in the whole log.
const ofGroups = /^\$persistentsubscription-\$all::.*-(?:checkpoint|parked)$/;
const isShown: Wanted = ({ stream }) => stream !== '$epoch-information' && !ofGroups.test(stream);

/** How a filter is described on the wire. */
export type FilterExpression = { readonly getRegex: () => string; readonly getPrefixList: () => readonly string[] };

type Filter = {
  readonly getStreamIdentifier: () => FilterExpression | undefined;
  readonly getEventType: () => FilterExpression | undefined;
};

/** The records that a filter lets through, of those that are shown at all. */
export const wantedBy = (filter: Filter | undefined): Wanted => {
  const byStream = filter?.getStreamIdentifier();
  const expression = byStream ?? filter?.getEventType();
  if (!expression) return isShown;
  const text = ({ stream, type }: LogRecord): string => (byStream ? stream : type);
  const pattern = expression.getRegex() === '' ? undefined : new RegExp(expression.getRegex());
  const prefixes = expression.getPrefixList();
  return (record) =>
    isShown(record) &&
    (pattern ? pattern.test(text(record)) : prefixes.some((prefix) => text(record).startsWith(prefix)));
};

/** The index of the first record at a position or behind it. */
export const firstAt = (records: readonly LogRecord[], position: number): number => {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.position ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Reads on from a place: until there are so many, so many were looked at, or there is nothing more. */
export const pageForwards = (
  log: readonly LogRecord[],
  from: Place,
  max: number,
  window: number,
  isWanted: Wanted,
): Page => {
  const records: LogRecord[] = [];
  let considered = 0;
  let next = from;
  let index = firstAt(log, from.commit);
  while (records.length < max && considered < window) {
    const record = log[index];
    if (!record) return { records, next, considered, isEnd: true };
    considered += 1;
    index += 1;
    if (isWanted(record)) records.push(record);
    next = { commit: record.next, prepare: 0 };
  }
  return { records, next, considered, isEnd: false };
};

/** Reads back from a place, which is behind the first record that can be found. */
export const readBackwards = (log: readonly LogRecord[], from: Place, max: number, isWanted: Wanted): LogRecord[] => {
  const records: LogRecord[] = [];
  let index = firstAt(log, from.commit) - 1;
  for (; index >= 0 && records.length < max; index -= 1) {
    const record = log[index];
    if (record && record.next <= from.commit && isWanted(record)) records.push(record);
  }
  return records;
};
