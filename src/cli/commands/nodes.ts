import type { Command } from 'commander';
import type { NodeState } from '../../eventStore/engine.ts';
import { readActor } from '../actors.ts';
import { clusterOf, requireCluster } from '../clusters.ts';
import { jsonOf, type Row, tableOf } from '../formats.ts';
import { withFolja } from '../opening.ts';
import { type AskingOptions, type CliCommand, withActor, withLibrary } from '../options.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';

type Options = AskingOptions & { readonly json?: boolean; readonly retire?: string };

const stateOf = ({ isThis, retiredAt }: NodeState): string => {
  if (retiredAt !== undefined) return `retired ${retiredAt}`;
  return isThis ? 'this one' : 'in use';
};

const rowOf = (node: NodeState): Row => ({ id: node.nodeId, opened: node.openedAt, state: stateOf(node) });

const run = async (terminal: Terminal, options: Options): Promise<ExitCode> => {
  requireCluster(terminal, options);
  const by = await readActor(terminal, options);
  return withFolja(terminal, options, async (folja) => {
    const cluster = clusterOf(folja);
    const isRetired = options.retire === undefined || (await cluster.retire(options.retire, by));
    const nodes = await cluster.nodes(by);
    if (!isRetired) terminal.err('folja: There is no other node of that id.\n');
    terminal.out(options.json === true ? jsonOf({ nodes }) : tableOf(nodes.map(rowOf)));
    return isRetired ? exitCodes.done : exitCodes.problems;
  });
};

const declare = (command: Command): Command =>
  withActor(
    withLibrary(
      command
        .option('--retire <id>', 'says that this node is gone for good, with its file, so that no purge waits for it')
        .option('--json', 'as JSON'),
    ),
  );

/** Lists the machines that share a cluster's log, and says of one that it is gone. */
export const nodes: CliCommand = {
  name: 'nodes',
  summary: 'the machines that share the log of a cluster, each with its file of read models; or that one is gone',
  declare,
  run,
};
