import type { Command } from 'commander';
import { readActor } from '../actors.ts';
import { withFolja } from '../opening.ts';
import { type AskingOptions, type CliCommand, withActor, withLibrary } from '../options.ts';
import { progressOn } from '../progress.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';

const run = async (terminal: Terminal, options: AskingOptions): Promise<ExitCode> => {
  const by = await readActor(terminal, options);
  const onProgress = progressOn(terminal, 'Rebuilding', options.quiet);
  const { events } = await withFolja(terminal, options, (folja) => folja.rebuild({ onProgress }, by));
  terminal.out(`Read models rebuilt from ${events} events.\n`);
  return exitCodes.done;
};

const declare = (command: Command): Command => withActor(withLibrary(command));

/** Makes all read models anew from the events. */
export const rebuild: CliCommand = {
  name: 'rebuild',
  summary: 'make all read models anew from the events, beside the live ones',
  declare,
  run,
};
