import type { Trace } from '../trace.ts';

/** What has to hold of any run of commands and questions. */
export type Rule = {
  /** I01 to I28, P1 to P10, or a word. */
  readonly id: string;
  /** The rule for people: one plain sentence in each language, without a full stop. */
  readonly en: string;
  readonly sv: string;
  /** Where it comes from: rows of docs/requirements.md, decisions, laws, promises of docs/reliability.md. */
  readonly sources: readonly string[];
  /** Throws where it does not hold. */
  readonly check: (trace: Trace) => void;
};
