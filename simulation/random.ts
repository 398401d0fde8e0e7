import { createHash } from 'node:crypto';

/** A source of chance that is the same for the same seed, on every machine. */
export type Random = {
  /** From 0 up to 1. */
  readonly chance: () => number;
  /** Whether something with a probability happens. */
  readonly happens: (probability: number) => boolean;
  /** A whole number between two, both included. */
  readonly between: (least: number, most: number) => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  /** A UUID of version 4. */
  readonly uuid: () => string;
};

const wordLength = 6;
const words = 5;
const wordSize = 2 ** (8 * wordLength);

export const seeded = (seed: number): Random => {
  let drawn = 0;
  let hash = Buffer.alloc(0);
  const chance = (): number => {
    const place = drawn % words;
    if (place === 0) hash = createHash('sha256').update(`${seed} ${drawn}`).digest();
    drawn += 1;
    return hash.readUIntBE(place * wordLength, wordLength) / wordSize;
  };
  const between = (least: number, most: number): number => least + Math.floor(chance() * (most - least + 1));
  const hexadecimal = (): string => between(0, 15).toString(16);
  return {
    chance,
    between,
    happens: (probability) => chance() < probability,
    pick: <Item>(items: readonly Item[]): Item => {
      if (items.length === 0) throw new RangeError('there is nothing to pick from');
      return items[between(0, items.length - 1)] as Item;
    },
    uuid: () => 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replaceAll('x', hexadecimal),
  };
};
