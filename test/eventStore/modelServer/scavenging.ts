import { firstLeft, type Limits, TOMBSTONE } from './rules.ts';

/** The first revision that a scavenge leaves in a stream: never behind the last event, and nothing but the tombstone of a stream that has one. */
export const firstToLeave = (last: number, limits: Limits): number =>
  last === TOMBSTONE ? TOMBSTONE : Math.min(last, firstLeft(limits, last));
