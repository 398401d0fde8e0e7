import { Command } from 'commander';
import { containsPersonalNumber } from '../domain/identifiers.ts';
import { acceptRestored } from './commands/acceptRestored.ts';
import { accessReport } from './commands/accessReport.ts';
import { audit } from './commands/audit.ts';
import { compliance } from './commands/compliance.ts';
import { doctor } from './commands/doctor.ts';
import { exporting } from './commands/exporting.ts';
import { head } from './commands/head.ts';
import { nodes } from './commands/nodes.ts';
import { rebuild } from './commands/rebuild.ts';
import { replay } from './commands/replay.ts';
import { rotateKey } from './commands/rotateKey.ts';
import { scavenge } from './commands/scavenge.ts';
import { stats } from './commands/stats.ts';
import { verify } from './commands/verify.ts';
import type { CliCommand } from './options.ts';
import { stoppedOf, usageError } from './stopping.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';

/** Every command, in the order in which help lists them. */
export const commands: readonly CliCommand[] = [
  ...[verify, doctor, stats, head],
  ...[audit, accessReport, replay, exporting],
  ...[rebuild, rotateKey, acceptRestored],
  ...[nodes, scavenge, compliance],
];

/** What a command was called with: its options, and its arguments by their names. */
const givenTo = (command: Command): object => ({
  ...command.opts(),
  ...Object.fromEntries(
    command.registeredArguments.map((argument, index) => [argument.name(), command.processedArgs[index]]),
  ),
});

const programOf = (terminal: Terminal, version: string, ended: (code: ExitCode) => void): Command => {
  const program = new Command('folja')
    .description('Looks after a store of Folja: checks it, reads its log, exports, rebuilds, rotates its master key.')
    .version(version, '--version', 'the version of Folja')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) => write(text.replace(/^error: /, 'folja: ')),
    });
  for (const { name, summary, declare, run } of commands)
    declare(program.command(name).description(summary))
      // What commander hands over is what the command has declared.
      .action(async (...given) => ended(await run(terminal, givenTo(given.at(-1) as Command) as never)));
  return program;
};

/** Directories are named after dates and times of day, many of which have the form of a personal number. */
const isPath = (arg: string): boolean => !arg.startsWith('{') && /[/\\]|\.\w+$/.test(arg);

/** The organization number of a sole trader is a personal number, and the directory has it in HSA-ids. */
const withoutOrganizations = (arg: string): string => arg.replace(/SE(?:16)?\d{10}-/g, '');

/** Others on the machine see what a process was called with, and shells remember it. */
const requireNobodyIn = (args: readonly string[]): void => {
  if (args.some((arg) => !isPath(arg) && containsPersonalNumber(withoutOrganizations(arg))))
    throw usageError('A personal number is never given on the command line: put it in a file, or on standard input.');
};

/**
 * Runs `folja` once.
 *
 * @param args what follows the name of the command
 * @returns the exit code; everything else goes where the terminal takes it
 */
export const runFolja = async (args: readonly string[], terminal: Terminal, version: string): Promise<ExitCode> => {
  let code: ExitCode = exitCodes.done;
  try {
    requireNobodyIn(args);
    const program = programOf(terminal, version, (ended) => {
      code = ended;
    });
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    const stopped = stoppedOf(error);
    if (stopped.sentence !== '') terminal.err(`folja: ${stopped.sentence}\n`);
    return stopped.code;
  }
};
