/**
 * Turns of the event loop, as far as what is looked at once in each is concerned. Another process may write at any moment: what it has
 * written while a turn lasts is as good as written right after it. What this process has written itself ends the turn, for the next line of
 * its host counts on it.
 */
let turn = 0;
let isEnding = false;

/** Ends the turn: what is looked at once in each is looked at again. To be called after every commit. */
export const endTurn = (): void => {
  turn += 1;
};

/** The turn that it is: another number in each. */
export const currentTurn = (): number => {
  if (!isEnding) {
    isEnding = true;
    setImmediate(() => {
      isEnding = false;
      endTurn();
    });
  }
  return turn;
};

/** What is found out the first time it is asked in a turn, and remembered until the turn ends. */
export const oncePerTurn = <Found>(find: () => Found): (() => Found) => {
  let known: { readonly turn: number; readonly found: Found } | undefined;
  return () => {
    const now = currentTurn();
    if (known?.turn !== now) known = { turn: now, found: find() };
    return known.found;
  };
};
