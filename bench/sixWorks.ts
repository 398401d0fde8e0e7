/** The works that event stores are compared by, as the tables name them. */
export const sixWorks = {
  one: 'append, one event a commit',
  ten: 'append, ten events a commit',
  command: 'command: load 100 events, decide, append',
  inline: 'append and one inline row',
  replay: 'replay, in-memory projection',
  catchUp: 'catch-up by its own runner, checkpoints kept',
} as const;
export type WorkName = (typeof sixWorks)[keyof typeof sixWorks];
