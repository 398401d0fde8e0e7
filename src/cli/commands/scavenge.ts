import type { Command } from 'commander';
import { readActor } from '../actors.ts';
import { clusterOf, requireCluster } from '../clusters.ts';
import { counted } from '../formats.ts';
import { withFolja } from '../opening.ts';
import { type AskingOptions, type CliCommand, withActor, withLibrary } from '../options.ts';
import { progressOn } from '../progress.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';

const run = async (terminal: Terminal, options: AskingOptions): Promise<ExitCode> => {
  requireCluster(terminal, options);
  const by = await readActor(terminal, options);
  const onProgress = progressOn(terminal, 'Scavenging', options.quiet);
  const { servers } = await withFolja(terminal, options, (folja) => clusterOf(folja).scavenge({ onProgress }, by));
  terminal.out(`What was deleted is gone from ${counted(servers, 'server')}.\n`);
  return exitCodes.done;
};

const declare = (command: Command): Command => withActor(withLibrary(command));

/** Removes what was deleted from the disks of a cluster's servers, so that purges which wait for it are finished. */
export const scavenge: CliCommand = {
  name: 'scavenge',
  summary: 'remove what was deleted from the disk of every server of the cluster, which purges wait for',
  declare,
  run,
};
