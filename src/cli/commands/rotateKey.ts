import type { Command } from 'commander';
import { readActor } from '../actors.ts';
import { counted } from '../formats.ts';
import { readNamedKeyFile } from '../masterKey.ts';
import { withFolja } from '../opening.ts';
import { type AskingOptions, type CliCommand, withActor, withLibrary } from '../options.ts';
import { progressOn } from '../progress.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';

type Options = AskingOptions & { readonly nextKeyFile: string };

const run = async (terminal: Terminal, options: Options): Promise<ExitCode> => {
  const by = await readActor(terminal, options);
  const next = await readNamedKeyFile(terminal, options.nextKeyFile, options.quiet);
  const onProgress = progressOn(terminal, 'Wrapping keys', options.quiet);
  const { rewrapped } = await withFolja(terminal, options, (folja) => folja.rotateMasterKey(next, by, { onProgress }));
  const done = rewrapped === 0 ? 'No key was left to be wrapped anew' : `${counted(rewrapped, 'key')} wrapped anew`;
  terminal.out(`${done}. Give ${next.id} as the master key from now on, and destroy the earlier one.\n`);
  return exitCodes.done;
};

const declare = (command: Command): Command =>
  withActor(
    withLibrary(command.requiredOption('--next-key-file <id=file>', 'the master key that is to be the current one')),
  );

/** Makes another master key the current one; called again after a stop, it goes on. */
export const rotateKey: CliCommand = {
  name: 'rotate-key',
  summary: 'make another master key the current one, so that what the earlier one opens in old copies is lost',
  declare,
  run,
};
