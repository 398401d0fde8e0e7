/** A stream as a store knows it: its number there, and the revision of its last event. */
export type KnownStream = { readonly id: number; readonly head: number };

/** Where streams end, for as long as nobody else has written. */
export type KnownStreams = {
  /** A stream that is known to end where it says; undefined where it is to be looked up. */
  readonly find: (name: string) => KnownStream | undefined;
  readonly keep: (name: string, stream: KnownStream) => void;
  readonly clear: () => void;
  /** Forgets all where somebody else has written since it was last looked. */
  readonly look: () => void;
};

/** How many streams are known at once. */
const mostKnown = 10_000;

/**
 * Remembers where streams end. `version` changes whenever somebody else has written, and is looked at where it matters: once at the beginning
 * of a transaction, and once in a turn of the event loop for what is decided in it.
 */
export const knownStreams = (version: () => unknown): KnownStreams => {
  const streams = new Map<string, KnownStream>();
  let seen: unknown;
  return {
    find: (name) => streams.get(name),
    keep: (name, stream) => {
      if (streams.size >= mostKnown) streams.clear();
      streams.set(name, stream);
    },
    clear: () => streams.clear(),
    look: () => {
      const now = version();
      if (now !== seen) streams.clear();
      seen = now;
    },
  };
};
