import type { Schedule } from '../../domain/program/schedule.ts';
import type { ModelPlan } from './state.ts';

/*
 * The calendar of Sweden by its rule alone, apart from the library's: two hours before UTC from the last Sunday of March to the last of
 * October, at one o'clock UTC, and one hour otherwise.
 */
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

const lastSunday = (year: number, month: number): number => {
  const last = Date.UTC(year, month + 1, 0);
  return last - new Date(last).getUTCDay() * day + hour;
};

const isSummer = (at: number): boolean => {
  const year = new Date(at).getUTCFullYear();
  return at >= lastSunday(year, 2) && at < lastSunday(year, 9);
};

/** A clock time on a day: one that is left out comes an hour later, of one that comes twice the first is meant. */
const instantOf = (on: string, time: string): string => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const wall = Date.parse(`${on}T00:00:00Z`) + hours * hour + minutes * minute;
  const inSummer = wall - 2 * hour;
  return new Date(isSummer(inSummer) ? inSummer : wall - hour).toISOString();
};

const dayAfter = (on: string, days: number): string =>
  new Date(Date.parse(`${on}T00:00:00Z`) + days * day).toISOString().slice(0, 10);

const weekday = (on: string): number => ((new Date(`${on}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
const weekOf = (on: string): number => Math.floor((Date.parse(`${on}T00:00:00Z`) / day + 3) / 7);

/** From when to when an occasion takes an answer. */
export type Window = { readonly at: string; readonly closes: string };

/** The occasions that a schedule gives from one day to another, both included. */
const occasionsOf = (schedule: Schedule, graceDays: number, first: string, last: string): readonly Window[] => {
  const found: Window[] = [];
  const end = schedule.to !== undefined && schedule.to < last ? schedule.to : last;
  for (let on = schedule.from > first ? schedule.from : first; on <= end; on = dayAfter(on, 1)) {
    const isInWeek = (weekOf(on) - weekOf(schedule.from)) % schedule.everyWeeks === 0;
    if (!isInWeek || !(schedule.weekdays as readonly number[]).includes(weekday(on))) continue;
    const closes = instantOf(dayAfter(on, graceDays + 1), '00:00');
    const instants = new Set(schedule.times.map((time) => instantOf(on, time)));
    found.push(...[...instants].sort().map((at) => ({ at, closes })));
  }
  return found;
};

/** Whether a schedule ends before anything comes of it. */
export const isEmpty = (schedule: Schedule): boolean =>
  schedule.to !== undefined && occasionsOf(schedule, 0, schedule.from, schedule.to).length === 0;

/** The occasions of a plan from one day to another, through all its schedules: what had begun at a change stays as it was. */
export const windowsOf = ({ eras }: Pick<ModelPlan, 'eras'>, first: string, last: string): readonly Window[] =>
  eras.flatMap(({ schedule, graceDays, since = '', until = '9' }) =>
    occasionsOf(schedule, graceDays, first, last).filter(({ at }) => at > since && at <= until),
  );

/** How it stands with an occasion of a plan at an instant. */
export const standing = (
  { at, closes }: Window,
  plan: Pick<ModelPlan, 'createdAt' | 'stoppedAt' | 'registered'>,
  now: string,
): 'registered' | 'cancelled' | 'coming' | 'open' | 'missed' => {
  if (plan.registered.has(at)) return 'registered';
  if (closes <= plan.createdAt || (plan.stoppedAt !== undefined && closes > plan.stoppedAt)) return 'cancelled';
  if (now < at) return 'coming';
  return now < closes ? 'open' : 'missed';
};
