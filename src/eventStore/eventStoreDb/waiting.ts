/** Waits for what becomes true as a node applies what came. */
export type Waiting = {
  /** What a look finds, as soon as it does; undefined when it has not within a time, or when all waiting ends. */
  readonly until: <A>(look: () => A | undefined, milliseconds: number) => Promise<A | undefined>;
  /** Looks again for everybody that waits. */
  readonly lookAgain: () => void;
  readonly end: () => void;
};

/** The waiting of one node. A look must not throw. */
export const waiting = (): Waiting => {
  const looks = new Set<(isOver: boolean) => void>();
  let hasEnded = false;
  return {
    until: <A>(look: () => A | undefined, milliseconds: number) =>
      new Promise<A | undefined>((resolve) => {
        const settle = (found: A | undefined): void => {
          looks.delete(again);
          clearTimeout(timer);
          resolve(found);
        };
        const again = (isOver: boolean): void => {
          const found = look();
          if (found !== undefined || isOver) settle(found);
        };
        const timer = setTimeout(() => again(true), Math.max(0, milliseconds));
        looks.add(again);
        again(hasEnded);
      }),
    lookAgain: () => {
      for (const look of [...looks]) look(false);
    },
    end: () => {
      hasEnded = true;
      for (const look of [...looks]) look(true);
    },
  };
};
