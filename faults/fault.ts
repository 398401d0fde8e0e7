/** What tries of a fault came to. A try in which the fault did not happen counts for nothing. */
export type Tally = {
  readonly tried: number;
  /** In how many the fault really happened: the process was killed, the call failed, the image lacked a write. */
  readonly happened: number;
  /** In how many of those everything promised held afterwards. */
  readonly survived: number;
  /** Appends that were acknowledged and are gone. */
  readonly lost: number;
  /** Appends of which a part is there. */
  readonly torn: number;
  /** What did not hold, a sentence for each kind, without anything personal; empty where everything did. */
  readonly failures: readonly string[];
};

/** How a fault is tried: how many times, from which seed, and who is told how far it has come. */
export type Trying = {
  readonly tries: number;
  readonly seed: number;
  readonly onProgress: (done: number, total: number) => void;
};

/** Tries a fault so many times. */
export type Try = (trying: Trying) => Promise<Tally>;

/** A fault, how it is tried, and the same try with what protects from it switched off. */
export type Fault = {
  /** F1 to F21, of the list in docs/reliability.md, each its own. */
  readonly id: `F${number}`;
  /** What happens to the machine, as a sentence without a full stop. */
  readonly name: string;
  /** What is promised in spite of it: P1 to P15. */
  readonly promises: readonly string[];
  /** How many times: in `npm test`, and in `npm run test:faults`. Where every point is tried, how many there are at most. */
  readonly tries: { readonly short: number; readonly full: number };
  /** What this machine lacks for it, such as `strace` or `root`; undefined where it can be tried. */
  readonly missing: () => string | undefined;
  readonly run: Try;
  /** The protection switched off: the fault is not survived, or the try proves nothing. */
  readonly control: {
    /** What is switched off. */
    readonly without: string;
    readonly tries: { readonly short: number; readonly full: number };
    readonly run: Try;
  };
};

/** A tally of nothing, to begin with. */
export const nothingTried: Tally = { tried: 0, happened: 0, survived: 0, lost: 0, torn: 0, failures: [] };

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** Two tallies as one. */
export const both = (one: Tally, other: Tally): Tally => ({
  tried: one.tried + other.tried,
  happened: one.happened + other.happened,
  survived: one.survived + other.survived,
  lost: one.lost + other.lost,
  torn: one.torn + other.torn,
  failures: distinct([...one.failures, ...other.failures]),
});

/** What one try came to, where it is known what was lost, what was torn, and what else did not hold. */
export const tallyOf = (found: {
  readonly happened: boolean;
  readonly lost?: number;
  readonly torn?: number;
  readonly failures?: readonly string[];
}): Tally => {
  const { happened, lost = 0, torn = 0, failures = [] } = found;
  const holds = lost === 0 && torn === 0 && failures.length === 0;
  return {
    ...{ tried: 1, happened: happened ? 1 : 0, survived: happened && holds ? 1 : 0, lost, torn },
    failures: distinct(failures),
  };
};

/** Whether a fault was met and survived each time. */
export const isSurvived = ({ happened, survived, lost, torn, failures }: Tally): boolean =>
  happened > 0 && survived === happened && lost === 0 && torn === 0 && failures.length === 0;

/** Whether a control did what it is there for: the fault happened, and without the protection it was not survived. */
export const bites = ({ happened, survived }: Tally): boolean => happened > 0 && survived < happened;
