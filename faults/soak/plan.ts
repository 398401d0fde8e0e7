import type { Random } from '../../simulation/random.ts';

/** What happens to the processes, and when: milliseconds since they began. */
export type Planned = { readonly at: number; readonly what: 'kill' | 'jump' | 'rebuild' | 'rotate' };

const second = 1_000;

/** How long it is between two of a kind: as long as said, but several times in a short use too. */
const pauses: readonly (readonly [what: Planned['what'], times: number, longest: number])[] = [
  ['kill', 3, 8 * second],
  ['jump', 5, 6 * second],
  ['rebuild', 3, 45 * second],
  ['rotate', 2, 60 * second],
];

/** What happens in a use of so many milliseconds, in its order. */
export const planned = (milliseconds: number, random: Random): readonly Planned[] =>
  pauses
    .flatMap(([what, times, longest]) => {
      const pause = Math.min(longest, milliseconds / (times + 1));
      const many = Math.floor(milliseconds / pause) - 1;
      return Array.from({ length: many }, (_, index) => ({ what, at: pause * (index + 0.6 + 0.8 * random.chance()) }));
    })
    .toSorted((one, other) => one.at - other.at);

const day = 86_400 * second;

/** Where a clock jumps: on ten years only from where it belongs, and from so far away back again. */
export const jumpFrom = (ahead: number, random: Random): number =>
  Math.abs(ahead) > 1_000 * day ? -ahead : random.pick([-3 * day, 3_652 * day, 10 * day, -day / 24, 40 * day]);
