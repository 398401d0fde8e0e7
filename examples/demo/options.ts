import { parseArgs } from 'node:util';

/** What the demo was asked for on the command line. */
export type Options = {
  readonly keep: boolean;
  readonly json: boolean;
  readonly help: boolean;
  /** The cluster to play on, by its connection string; empty for that of the environment, or else for a model of a server. */
  readonly eventstore?: string | undefined;
};

const known = {
  keep: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  eventstore: { type: 'string' },
} as const;

export const help = `Follows two programs from start to purge on a fresh SQLite store, and shows the dashboards on the way.

  npm run demo                      tells the story
  npm run demo -- --keep            leaves the files, and prints where
  npm run -s demo -- --json         prints one JSON document with the same acts and tables, and nothing else
  npm run demo -- --eventstore      plays it as a node of a cluster: on a model of an EventStoreDB server, which it starts and ends
  npm run demo -- --eventstore=esdb://localhost:2113?tls=false
                                    plays it on an EventStoreDB, in streams with a random prefix, which stay there;
                                    with a password, give the connection string in FOLJA_EVENTSTORE, and --eventstore alone
  npm run demo -- --help            prints this

Ends with 0 when everything came out as expected, with 1 when something did not, and with 2 when it was called wrongly.`;

const names = Object.keys(known).map((name) => `--${name}`);
const noPassword = 'A password is never given on the command line: set FOLJA_EVENTSTORE, and give --eventstore alone.';
const noCluster =
  'The demo cannot play there: give --eventstore nothing, or a connection string that begins with esdb://.';

const hasUsableValue = (name: string, value: string | undefined): boolean =>
  name === 'eventstore' ? value !== undefined : value === undefined;

const placeProblem = (connection: string): string | undefined => {
  if (connection === '') return undefined;
  if (connection.includes('@')) return noPassword;
  return /^esdb(\+discover)?:\/\/./.test(connection) ? undefined : noCluster;
};

/** Reads the command line: the options, or one sentence that says what is wrong with it, without any part of a connection string. */
export const readOptions = (given: readonly string[]): Options | string => {
  const args = given.map((arg) => (arg === '--eventstore' ? '--eventstore=' : arg));
  const { tokens } = parseArgs({ args, options: known, strict: false, tokens: true });
  const strange = tokens.find(
    (token) => token.kind !== 'option' || !(token.name in known) || !hasUsableValue(token.name, token.value),
  );
  if (strange !== undefined) return `The demo does not know ${given[strange.index]}: it takes ${names.join(', ')}.`;
  const { values } = parseArgs({ args, options: known });
  return placeProblem(values.eventstore ?? '') ?? values;
};
