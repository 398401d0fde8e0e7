import { parseArgs } from 'node:util';

/** How long the store is used, and which of all random uses it meets. */
export type Options = {
  readonly minutes: number;
  readonly seed: number;
  readonly keep: boolean;
  readonly json: boolean;
  readonly help: boolean;
};

const known = {
  minutes: { type: 'string', default: '10' },
  seed: { type: 'string', default: process.env.FOLJA_SEED ?? '1177' },
  keep: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export const help = `Uses one SQLite store from several processes for some time: 64 commands in flight, and views besides. Processes are killed, clocks
jump, programs are purged, read models rebuilt, and the master key is rotated. At the end the store is verified, and every command that was
acknowledged has to be there.

  npm run soak                            ten minutes
  npm run soak -- --minutes 0.5           half a minute
  npm run soak -- --seed 42               other moments; the same seed plans the same ones
  npm run soak -- --keep                  leaves the files, and prints where
  npm run soak -- --json                  the table as JSON

Ends with 0 when everything held, with 1 when something did not, and with 2 when it was called wrongly.`;

const most = 7 * 24 * 60;

/** Reads the command line: the options, or one sentence that says what is wrong with it. */
export const readOptions = (given: readonly string[]): Options | string => {
  const { tokens } = parseArgs({ args: [...given], options: known, strict: false, tokens: true });
  const strange = tokens.find((token) => token.kind !== 'option' || !(token.name in known));
  if (strange !== undefined) return `${given[strange.index]} is none of --minutes, --seed, --keep, --json, --help.`;
  const lacking = tokens.find(
    (token) => token.kind === 'option' && ['minutes', 'seed'].includes(token.name) && token.value === undefined,
  );
  if (lacking !== undefined) return `${given[lacking.index]} takes a number.`;
  const { values } = parseArgs({ args: [...given], options: known });
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= most)) return `--minutes takes a number above 0, and at most ${most}.`;
  if (!/^\d{1,15}$/.test(values.seed)) return '--seed takes a whole number.';
  return { ...values, minutes, seed: Number(values.seed) };
};
