import type { Random } from '../simulation/random.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Instants that clocks and calendars stumble over. */
const places: readonly string[] = [
  '2026-03-29T00:59:59.999Z',
  '2026-03-29T01:00:00.000Z',
  '2026-10-24T23:30:00.000Z',
  '2026-10-25T00:59:59.999Z',
  '2026-10-25T01:30:00.000Z',
  '2026-12-31T22:59:59.999Z',
  '2026-12-31T23:00:00.000Z',
  '2028-02-28T23:30:00.000Z',
  '2028-02-29T12:00:00.000Z',
  '2028-03-01T00:30:00.000Z',
];

const tenYearsOn = (at: Date): Date => {
  const later = new Date(at);
  later.setUTCFullYear(later.getUTCFullYear() + 10);
  return later;
};

const by = (at: Date, milliseconds: number): Date => new Date(at.getTime() + milliseconds);

/** As far as a clock may go before the calendar ends for others than the library. */
const lastYear = 2090;

/** Where the clock is turned to: nowhere, on a little, back three days, on ten years, or to a night on which clocks are changed. */
export const turned = (at: Date, random: Random): Date => {
  const turns: readonly (() => Date)[] = [
    () => at,
    () => by(at, random.between(1, 90) * minute),
    () => by(at, random.between(1, 20) * day),
    () => by(at, -3 * day),
    () => by(at, -random.between(1, 90) * minute),
    () => by(at, -random.between(300, 4_000) * day),
    () => (at.getUTCFullYear() + 10 > lastYear ? at : tenYearsOn(at)),
    () => new Date(random.pick(places)),
  ];
  return random.pick(turns)();
};

const swedish = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm', dateStyle: 'short' });

/** The day in Sweden, as another calendar than the library's counts it. */
export const swedishDay = (at: Date): string => swedish.format(at);

/** A day some days later. */
export const daysAfter = (from: string, days: number): string =>
  new Date(Date.parse(`${from}T12:00:00Z`) + days * day).toISOString().slice(0, 10);
