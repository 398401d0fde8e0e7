import { existsSync, readdirSync } from 'node:fs';
import type { Command } from 'commander';
import { beside } from '../looking.ts';
import { withFolja } from '../opening.ts';
import { type CliCommand, type LibraryOptions, withLibrary } from '../options.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';

/** How many anchors were set aside so far: each lies under the name of its instant. */
const setAside = ({ store, anchors = beside(store, 'anchors') }: LibraryOptions): number =>
  existsSync(anchors) ? readdirSync(anchors).filter((name) => name.endsWith('.latest')).length : 0;

const run = async (terminal: Terminal, options: LibraryOptions): Promise<ExitCode> => {
  const before = setAside(options);
  await withFolja(terminal, options, async () => undefined, { acceptOlder: true });
  terminal.out(
    setAside(options) > before
      ? 'The log is accepted as it is: the anchors that spoke against it are set aside, and the log says so.\n'
      : 'The log continues its anchors: there was nothing to accept.\n',
  );
  return exitCodes.done;
};

const declare = (command: Command): Command => withLibrary(command);

/** Opens a store that was restored from an older copy, which is refused otherwise: what it lost becomes an entry of its log. */
export const acceptRestored: CliCommand = {
  name: 'accept-restored',
  summary: 'accept a log that is older than its anchors, after a restore from a backup; its log says so',
  declare,
  run,
};
