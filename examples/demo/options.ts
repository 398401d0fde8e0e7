import { parseArgs } from 'node:util';

/** What the demo was asked for on the command line. */
export type Options = { readonly keep: boolean; readonly json: boolean; readonly help: boolean };

const known = {
  keep: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export const help = `Follows two programs from start to purge on a fresh SQLite store, and shows the dashboards on the way.

  npm run demo                      tells the story
  npm run demo -- --keep            leaves the files, and prints where
  npm run -s demo -- --json         prints one JSON document with the same acts and tables, and nothing else
  npm run demo -- --help            prints this

Ends with 0 when everything came out as expected, with 1 when something did not, and with 2 when it was called wrongly.`;

const names = Object.keys(known).map((name) => `--${name}`);

/** Reads the command line: the options, or one sentence that says what is wrong with it. */
export const readOptions = (given: readonly string[]): Options | string => {
  const { tokens } = parseArgs({ args: [...given], options: known, strict: false, tokens: true });
  const strange = tokens.find(
    (token) => token.kind !== 'option' || !(token.name in known) || token.value !== undefined,
  );
  if (strange !== undefined) return `The demo does not know ${given[strange.index]}: it takes ${names.join(', ')}.`;
  return parseArgs({ args: [...given], options: known }).values;
};
