import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ActorOptions } from './actors.ts';
import { type Format, formats } from './formats.ts';
import type { MasterKeyOptions } from './masterKey.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** Where a store lies. */
export type StoreOptions = {
  readonly store: string;
  readonly keys?: string;
  readonly anchors?: string;
  readonly quiet?: boolean;
};

/** Where a cluster is that keeps the log, how the names of its streams begin, and whether this machine is new to it. */
export type ClusterOptions = {
  readonly eventstore?: string;
  readonly prefix?: string;
  readonly newNode?: boolean;
};

/** What it takes to open the library on a store. */
export type LibraryOptions = StoreOptions & ClusterOptions & MasterKeyOptions & { readonly policy?: string };

/** What it takes to ask the library something in somebody's name. */
export type AskingOptions = LibraryOptions & ActorOptions;

/** One command of `folja`: what it takes, and what it does. */
export type CliCommand = {
  readonly name: string;
  readonly summary: string;
  readonly declare: (command: Command) => Command;
  readonly run: (terminal: Terminal, options: never) => Promise<ExitCode>;
};

const gathered = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

/** Options of every command: where the store lies, or what this machine keeps of a cluster's. */
export const withStore = (command: Command): Command =>
  command
    .option('--quiet', 'no progress, no warnings')
    .optionsGroup('Store:')
    .requiredOption(
      '--store <file>',
      "the event store, such as unit.db; of a cluster: this node's file, such as node.db",
    )
    .option('--keys <file>', 'its key file; beside it unless told: unit.keys.db')
    .option('--anchors <directory>', 'where its anchors lie; beside it unless told: unit.anchors');

/** Options of commands that open the library. */
export const withLibrary = (command: Command): Command =>
  withStore(command)
    .optionsGroup('Cluster:')
    .option('--eventstore <connection>', 'the cluster that has the log, without a password; or FOLJA_EVENTSTORE is set')
    .option('--prefix <text>', 'how the names of its streams begin, where several stores share it')
    .option('--new-node', 'makes the file of --store: a machine more, which purges wait for until it is retired')
    .optionsGroup('Master key and policy:')
    .option('--master-key-file <[id=]file>', 'the master key: 32 bytes, base64 or hex; or FOLJA_MASTER_KEY is set')
    .option(
      '--previous-key-file <id=file>',
      'an earlier master key that still opens something; may be repeated',
      gathered,
    )
    .option('--policy <file>', "the region's policy, as JSON; only the values that differ");

/** Options by which somebody is named: what they ask is judged, and logged in their name. */
export const withActor = (command: Command): Command =>
  command
    .optionsGroup('Who asks:')
    .option('--as <file>', 'who asks, as JSON; - reads standard input')
    .option('--as-staff <hsa-id>', 'staff asks, at the unit of --unit')
    .option('--unit <hsa-id>', 'the unit at which staff asks')
    .option('--as-auditor <hsa-id>', 'the log auditor asks')
    .option('--as-regional-team <hsa-id>', 'the regional team asks')
    .option('--as-resident <file>', 'the resident asks whose number is in the file; - reads standard input')
    .option('--method <name>', 'how they were authenticated: siths, bankid, freja or other')
    .option('--assurance <level>', 'at which level of assurance: 2, 3 or 4')
    .option('--purpose <name>', 'why staff asks; care unless told');

/** Options of commands that print rows. */
const withRows = (command: Command, usual: Format): Command =>
  command
    .addOption(new Option('--format <name>', 'how rows are printed').choices([...formats]).default(usual))
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }));

/** A whole number above 0, for commander. */
export const positive = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number above 0.');
};

/** Options of commands that print as many rows as there may be. */
const withLimit = (command: Command): Command =>
  command.option('--limit <rows>', 'how many rows at most', positive, 200).option('--all', 'every row, however many');

/** Options of commands that ask the library for rows in somebody's name, beside those of their own. */
export const withAskedRows = (command: Command, usual: Format): Command =>
  withActor(withLibrary(withRows(withLimit(command), usual)));

/** What rows are printed with. */
export type RowOptions = { readonly format: Format; readonly limit: number; readonly all?: boolean };
