/** A mistake that somebody could make in the library: one text of one file in place of another. */
export type Mutant = {
  /** A name of its own: small letters and dashes. */
  readonly id: string;
  /** What is wrong then, in a sentence without a full stop. */
  readonly what: string;
  /** The file, below src. */
  readonly file: string;
  /** What stands there, exactly once. */
  readonly from: string;
  readonly to: string;
  /** The tests that are to catch it, below test, where it is out of reach of the compliance properties, which look at a store in memory from outside. */
  readonly tests?: readonly string[];
};
