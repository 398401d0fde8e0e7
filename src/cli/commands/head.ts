import type { Command } from 'commander';
import { signedNote } from '../../audit/heads.ts';
import { jsonOf, linesOf } from '../formats.ts';
import { withFolja } from '../opening.ts';
import { type CliCommand, type LibraryOptions, withLibrary } from '../options.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';

type Options = LibraryOptions & { readonly json?: boolean };

const run = async (terminal: Terminal, options: Options): Promise<ExitCode> => {
  const head = await withFolja(terminal, options, (folja) => folja.audit.head());
  const { length, root, at, publicKey } = head;
  const lines = linesOf([
    ['length', String(length)],
    ['root', root],
    ['signed at', at],
  ]);
  terminal.out(options.json === true ? jsonOf(head) : `${lines}\n${signedNote(head, publicKey)}\n${publicKey}`);
  return exitCodes.done;
};

const declare = (command: Command): Command =>
  withLibrary(command.option('--json', 'as JSON, which folja verify --head takes'));

/** Signs how long the log is and its root: handed to somebody else, it shows later whether anything before it was changed. */
export const head: CliCommand = {
  name: 'head',
  summary: 'a signed head of the log, to be kept elsewhere, and the public key that it is checked with',
  declare,
  run,
};
