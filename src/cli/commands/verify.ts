import type { Command } from 'commander';
import { jsonOf } from '../formats.ts';
import { lookingAt } from '../looking.ts';
import { type CliCommand, type StoreOptions, withStore } from '../options.ts';
import { progressOn } from '../progress.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';
import { logResult } from '../verify/log.ts';
import { pageProblems } from '../verify/pages.ts';
import { type Verified, written } from '../verify/result.ts';
import { viewResult } from '../verify/views.ts';

type Options = StoreOptions & { readonly json?: boolean; readonly publicKey?: string; readonly head?: string };

const run = async (terminal: Terminal, options: Options): Promise<ExitCode> => {
  const { quiet, json } = options;
  const result = await lookingAt(options, async (looked): Promise<Verified> => {
    const log = await logResult(terminal, looked, options, progressOn(terminal, 'Checking the log', quiet));
    const views = await viewResult(looked, progressOn(terminal, 'Building views', quiet));
    const problems = [...log.problems, ...views.problems, ...pageProblems(looked)];
    return { ...log, tables: views.tables, problems, ok: problems.length === 0 };
  });
  terminal.out(json === true ? jsonOf(result) : written(result));
  return result.ok ? exitCodes.done : exitCodes.problems;
};

const declare = (command: Command): Command =>
  withStore(
    command
      .option('--public-key <file>', 'the key that heads are to be signed with; the one beside the anchors unless told')
      .option('--head <file>', 'a head that was kept elsewhere, as folja head --json gave it; - reads standard input')
      .option('--json', 'as JSON'),
  );

/** Checks the whole log, all that vouches for it, and that every view is what its events say. It takes no secret. */
export const verify: CliCommand = {
  name: 'verify',
  summary: 'whether the log is whole and unaltered, and every view is what its events say; takes no master key',
  declare,
  run,
};
