/** What a command sees of the world; handed in, so that no command reaches for a process of its own. */
export type Terminal = {
  /** Takes what was asked for. */
  readonly out: (text: string) => void;
  /** Takes everything else: progress, warnings, why it came to nothing. */
  readonly err: (text: string) => void;
  /** Whether somebody watches `err`, for whom a line may be drawn again. */
  readonly isWatched: boolean;
  /** All of standard input. */
  readonly input: () => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
};

/** What a program that calls the command can tell apart. */
export const exitCodes = {
  done: 0,
  /** Something is wrong with what was looked at, or the library refused. */
  problems: 1,
  /** The command was not called as it is to be. */
  usage: 2,
  /** The store cannot be reached, or is set up wrongly; trying again may help. */
  unavailable: 3,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
