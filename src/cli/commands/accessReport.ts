import type { Command } from 'commander';
import { requireActor } from '../actors.ts';
import { withFolja } from '../opening.ts';
import { type AskingOptions, type CliCommand, type RowOptions, withAskedRows } from '../options.ts';
import { printRows } from '../rows.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';

type Options = AskingOptions & RowOptions & { readonly from?: string; readonly to?: string };

const run = async (terminal: Terminal, options: Options): Promise<ExitCode> => {
  const { from, to } = options;
  const actor = await requireActor(terminal, options);
  const days = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  await withFolja(terminal, options, (folja) =>
    printRows(terminal, folja, { view: 'access-report', ...days }, actor, {
      ...options,
      columns: ['at', 'unit', 'careProvider', 'action'],
    }),
  );
  return exitCodes.done;
};

const declare = (command: Command): Command =>
  withAskedRows(command.option('--from <day>', 'from this day on').option('--to <day>', 'through this day'), 'table');

/** What a resident may ask for at any time: which units have used the own information, when and for what (PDL 8:5). */
export const accessReport: CliCommand = {
  name: 'access-report',
  summary: "which units have used the resident's own information, when and for what",
  declare,
  run,
};
