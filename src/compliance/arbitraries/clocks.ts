import fc from 'fast-check';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

/** Around these instants days and hours are not what they seem: when clocks are put forward and back, a leap day, a new year. */
const edges = [
  '2026-03-29T00:59:00.000Z',
  '2026-10-25T00:59:00.000Z',
  '2027-03-28T00:59:00.000Z',
  '2028-02-28T22:59:00.000Z',
  '2028-02-29T22:59:00.000Z',
  '2026-12-31T22:59:00.000Z',
].map((at) => Date.parse(at));

type Move = (now: number) => number;

const onward = (most: number): fc.Arbitrary<Move> =>
  fc.integer({ min: 1, max: most }).map((passed) => (now) => now + passed);

/** How a clock goes from one reading to the next. */
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Move>((now) => now) },
  { weight: 6, arbitrary: onward(hour) },
  { weight: 4, arbitrary: onward(40 * day) },
  { weight: 1, arbitrary: onward(3 * 366 * day) },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 36 * 60 }).map(
      (back): Move =>
        (now) =>
          now - back * minute,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...edges).map(
      (edge): Move =>
        () =>
          edge,
    ),
  },
);

const readingsOf = (first: number, moves: readonly Move[]): readonly Date[] => {
  const readings = [new Date(first)];
  let now = first;
  for (const next of moves) {
    now = next(now);
    readings.push(new Date(now));
  }
  return readings;
};

/**
 * The readings of a clock through a run: it goes on, stands still, is set back, leaps over the days on which the clocks change, over a leap day and
 * over years.
 *
 * @example
 * fc.assert(fc.property(anyClock(20), (instants) => instants.every((at) => !Number.isNaN(at.getTime()))));
 */
export const anyClock = (readings = 20): fc.Arbitrary<readonly Date[]> =>
  fc
    .tuple(fc.constantFrom(...edges), fc.array(move, { minLength: readings - 1, maxLength: readings - 1, size: 'max' }))
    .map(([first, moves]) => readingsOf(first, moves));
