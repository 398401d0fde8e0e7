import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { withEra } from '../../src/domain/program/plans.ts';
import {
  type Era,
  firstOccasionAfter,
  firstOccasionFrom,
  type Occasion,
  occasionAt,
  occasionsOn,
  Schedule,
} from '../../src/domain/program/schedule.ts';
import { addDays, type Day, type Instant } from '../../src/domain/time.ts';
import { resident } from './people.ts';
import { given, ongoing, planCreated, planId, programId, registered } from './programs.ts';

const runs = { numRuns: 60 };
const zone = 'Europe/Stockholm';

/** Days, many of them near a change of the clocks. */
const days = fc
  .tuple(
    fc.constantFrom('2026-03-29', '2026-10-25', '2027-03-28', '2028-02-29', '2026-12-31'),
    fc.integer({ min: -40, max: 40 }),
  )
  .map(([day, away]) => Temporal.PlainDate.from(day).add({ days: away }).toString());
/** Times, many of them in the hours that the changes leave out or show twice. */
const times = fc
  .oneof(
    fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })),
    fc.tuple(fc.constantFrom(1, 2, 3), fc.constantFrom(0, 30, 59)),
  )
  .map(([hour, minute]) => [hour, minute].map((figure) => String(figure).padStart(2, '0')).join(':'));
const weekdays = fc.uniqueArray(fc.constantFrom(1 as const, 2, 3, 4, 5, 6, 7), { minLength: 1 });
const schedules: fc.Arbitrary<Schedule> = fc
  .record({
    from: days,
    length: fc.option(fc.nat(60)),
    everyWeeks: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 6 })),
    weekdays,
    times: fc.uniqueArray(times, { minLength: 1, maxLength: 4 }),
  })
  .map(({ length, ...rest }) => ({ ...rest, ...(length === null ? {} : { to: addDays(rest.from, length) }) }));
const graceDays = fc.nat(4);
const windows = fc.tuple(days, fc.nat(50)).map(([first, length]) => [first, addDays(first, length)] as const);

const eraOf = (schedule: Schedule, grace: number): Era => ({
  ...{ schedule, graceDays: grace },
  ...{ since: undefined, until: undefined },
});

const instantOf = (zoned: Temporal.ZonedDateTime): Instant => zoned.toInstant().toString({ fractionalSecondDigits: 3 });

const isDayOf = ({ from, to, everyWeeks, weekdays: named }: Schedule, day: Temporal.PlainDate): boolean => {
  const first = Temporal.PlainDate.from(from);
  const monday = first.subtract({ days: first.dayOfWeek - 1 });
  const week = Math.floor(monday.until(day, { largestUnit: 'days' }).days / 7);
  const isBetween =
    Temporal.PlainDate.compare(day, from) >= 0 && (to === undefined || Temporal.PlainDate.compare(day, to) <= 0);
  return isBetween && week % everyWeeks === 0 && named.some((weekday) => weekday === day.dayOfWeek);
};

/** The occasions of a schedule as one would find them with a calendar in hand: day by day, clock by clock. */
const foundByHand = (schedule: Schedule, grace: number, first: Day, last: Day): readonly Occasion[] => {
  const found: Occasion[] = [];
  const end = Temporal.PlainDate.from(last);
  for (
    let day = Temporal.PlainDate.from(first);
    Temporal.PlainDate.compare(day, end) <= 0;
    day = day.add({ days: 1 })
  ) {
    if (!isDayOf(schedule, day)) continue;
    const closes = instantOf(day.add({ days: grace + 1 }).toZonedDateTime(zone));
    const instants = schedule.times.map((time) => instantOf(day.toZonedDateTime({ timeZone: zone, plainTime: time })));
    for (const at of new Set(instants.sort())) found.push({ at, closes });
  }
  return found;
};

const check = <Given>(arbitrary: fc.Arbitrary<Given>, holds: (given: Given) => void): void =>
  fc.assert(
    fc.property(arbitrary, (one) => holds(one)),
    runs,
  );

describe('the occasions of any schedule', () => {
  test('R216 R217 R218 R220 I25 are those that a calendar shows', () => {
    check(fc.tuple(schedules, graceDays, windows), ([schedule, grace, [first, last]]) => {
      expect(Schedule.parse(schedule)).toEqual(schedule);
      expect(occasionsOn([eraOf(schedule, grace)], first, last)).toEqual(foundByHand(schedule, grace, first, last));
    });
  });

  test('I25 are the same whenever and in however many parts they are asked for', () => {
    check(fc.tuple(schedules, graceDays, windows, fc.nat(50)), ([schedule, grace, [first, last], cut]) => {
      const eras = [eraOf(schedule, grace)];
      const middle = addDays(first, cut);
      const whole = occasionsOn(eras, first, middle > last ? middle : last);
      expect([...occasionsOn(eras, first, middle), ...occasionsOn(eras, addDays(middle, 1), last)]).toEqual(whole);
      expect(occasionsOn(structuredClone(eras), first, middle > last ? middle : last)).toEqual(whole);
    });
  });

  test('I25 are each found by its instant, and as the first from it on', () => {
    check(fc.tuple(schedules, graceDays, windows), ([schedule, grace, [first, last]]) => {
      const eras = [eraOf(schedule, grace)];
      const found = foundByHand(schedule, grace, first, last);
      for (const [index, occasion] of found.entries()) {
        expect(occasionAt(eras, occasion.at)).toEqual(occasion);
        expect(firstOccasionFrom(eras, occasion.at)).toEqual(occasion);
        const following = found[index + 1];
        if (following !== undefined) expect(firstOccasionAfter(eras, occasion.at)).toEqual(following);
      }
    });
  });

  test('R216 I25 after a change are the old before it and the new from it on', () => {
    const changes = fc.array(fc.tuple(schedules, graceDays, days), { minLength: 1, maxLength: 3 });
    check(fc.tuple(schedules, graceDays, changes, windows), ([schedule, grace, drawn, [first, last]]) => {
      const inTime = drawn
        .map(([next, nextGrace, day]) => ({ schedule: next, graceDays: nextGrace, at: `${day}T10:00:00.000Z` }))
        .sort((one, other) => (one.at < other.at ? -1 : 1));
      const eras = inTime.reduce<readonly Era[]>(
        (all, { at, ...next }) => withEra(all, next, at),
        [eraOf(schedule, grace)],
      );
      const inForceAt = (at: Instant) =>
        inTime.findLast((change) => change.at < at) ?? { schedule, graceDays: grace, at: '' };
      const byHand = [{ schedule, graceDays: grace, at: '' }, ...inTime].flatMap((one) =>
        foundByHand(one.schedule, one.graceDays, first, last).filter(
          ({ at }) => inForceAt(at).at === one.at && inForceAt(at).schedule === one.schedule,
        ),
      );
      expect(occasionsOn(eras, first, last)).toEqual(byHand);
      const next = byHand[0];
      if (next !== undefined) expect(firstOccasionFrom(eras, next.at)).toEqual(next);
    });
  });
});

describe('a registration at any instant', () => {
  const moments = fc.integer({ min: -2 * 86_400_000, max: 8 * 86_400_000 });
  const near = (instant: Instant, away: number): Instant => new Date(Date.parse(instant) + away).toISOString();

  test('R219 I25 is taken from the occasion on until it closes, and at no other time', () => {
    const edges = fc
      .constantFrom('at', 'closes')
      .chain((edge) => fc.tuple(fc.constant(edge), fc.constantFrom(-1, 0, 1)));
    const when = fc.oneof(moments, edges);
    check(fc.tuple(schedules, graceDays, fc.nat(5), when), ([schedule, grace, which, moment]) => {
      const occasion = foundByHand(schedule, grace, schedule.from, addDays(schedule.from, 45))[which];
      fc.pre(occasion !== undefined);
      const now =
        typeof moment === 'number'
          ? near(occasion.at, moment)
          : near(moment[0] === 'at' ? occasion.at : occasion.closes, moment[1]);
      const created = planCreated();
      const history = [...ongoing(), { ...created, data: { ...created.data, schedule, graceDays: grace } }];
      const decided = given(...history).when(
        { type: 'register-activity', data: { programId, planId, occasion: occasion.at, answers: ['3'] } },
        { at: now, by: resident },
      );
      if (occasion.at <= now && now < occasion.closes) decided.thenEvents(registered(occasion.at));
      else decided.thenRefused('outside-occasion');
    });
  });

  test('R219 I25 is taken at an occasion of the plan alone', () => {
    check(fc.tuple(schedules, days, times), ([schedule, day, time]) => {
      const occasion = instantOf(Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: 'UTC', plainTime: time }));
      const known = foundByHand(schedule, 0, addDays(day, -1), addDays(day, 1)).some(({ at }) => at === occasion);
      fc.pre(!known);
      const created = planCreated();
      given(...ongoing(), { ...created, data: { ...created.data, schedule, graceDays: 2 } })
        .when(
          { type: 'register-activity', data: { programId, planId, occasion, answers: ['3'] } },
          { at: near(occasion, 60_000), by: resident },
        )
        .thenRefused('outside-occasion');
    });
  });
});
