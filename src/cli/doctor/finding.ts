import { counted } from '../formats.ts';

/** What was found out about one thing of a store. */
export type Finding = {
  /** What it is about: a line of its own in what is printed. */
  readonly about: string;
  readonly name: string;
  readonly value: string | number;
  /** What is to be done, where something is wrong. */
  readonly problem?: string;
};

/** Findings about one thing: a problem's sentence comes last, where there is one. */
export const findingsAbout =
  (about: string) =>
  (name: string, value: string | number, problem?: string): Finding => ({
    ...{ about, name, value },
    ...(problem === undefined ? {} : { problem }),
  });

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size as people read it. */
export const sizeText = (bytes: number): string => {
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const size = bytes / 1024 ** power;
  return `${power === 0 ? size : size.toFixed(1)} ${units[power]}`;
};

const minute = 60_000;
const hour = 60 * minute;
/** A day, in milliseconds. */
export const day = 24 * hour;

/** How long ago an instant was, as people say it. */
export const ageText = (at: string, now: Date): string => {
  const age = now.getTime() - Date.parse(at);
  if (age < minute) return 'just now';
  if (age < 2 * hour) return `${counted(Math.floor(age / minute), 'minute')} ago`;
  return age < 2 * day ? `${Math.floor(age / hour)} hours ago` : `${Math.floor(age / day)} days ago`;
};
