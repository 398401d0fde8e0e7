import type { Command } from 'commander';
import { readActor } from '../actors.ts';
import { withFolja } from '../opening.ts';
import { type AskingOptions, type CliCommand, withActor, withLibrary } from '../options.ts';
import { type Progress, progressOn } from '../progress.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';

/** Says of a rebuild that does not begin at nothing that it goes on with an earlier one. */
const goingOn = ({ err }: Terminal, onProgress: Progress): Progress => {
  let isFirst = true;
  return (done, total) => {
    if (isFirst && done > 0 && done < total)
      err(`Going on where an earlier rebuild was stopped, at ${Math.floor((done * 100) / total)} %.\n`);
    isFirst = false;
    onProgress(done, total);
  };
};

const run = async (terminal: Terminal, options: AskingOptions): Promise<ExitCode> => {
  const by = await readActor(terminal, options);
  const shown = progressOn(terminal, 'Rebuilding', options.quiet);
  const onProgress = options.quiet === true ? shown : goingOn(terminal, shown);
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
