import type { Command } from 'commander';
import { countByType } from '../../eventStore/sqliteCensus.ts';
import { type ActorOptions, readActor } from '../actors.ts';
import { csvHead, csvOf, jsonOf, tableOf } from '../formats.ts';
import { lookingAt } from '../looking.ts';
import { withFolja } from '../opening.ts';
import { type AskingOptions, type CliCommand, type RowOptions, withAskedRows } from '../options.ts';
import { printRows } from '../rows.ts';
import { usageError } from '../stopping.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';

type Filter = {
  readonly county?: string;
  readonly template?: string;
  readonly from?: string;
  readonly to?: string;
};
type Options = AskingOptions & RowOptions & Filter;

const columns = ['county', 'unitId', 'templateId', 'month', 'started', 'ended', 'ongoing', 'messages'];

const filterOf = ({ county, template: templateId, from, to }: Filter): Record<string, unknown> =>
  Object.fromEntries(Object.entries({ county, templateId, from, to }).filter(([, value]) => value !== undefined));

/** What is in the log by type: it takes no key, and tells of nobody. */
const printCounts = ({ out }: Terminal, options: Options): Promise<void> =>
  lookingAt(options, async ({ db }) => {
    const rows = countByType(db);
    const shown = ['type', 'events', 'newest'];
    if (options.format === 'json') out(jsonOf({ rows }));
    else out(options.format === 'csv' ? csvHead(shown) + csvOf(rows, shown) : tableOf(rows, shown));
  });

const run = async (terminal: Terminal, options: Options & ActorOptions): Promise<ExitCode> => {
  const actor = await readActor(terminal, options);
  const filter = filterOf(options);
  if (actor !== undefined)
    await withFolja(terminal, options, (folja) =>
      printRows(terminal, folja, { view: 'statistics', ...filter }, actor, { ...options, columns }),
    );
  else if (Object.keys(filter).length === 0) await printCounts(terminal, options);
  else throw usageError('Only the statistics of programs are narrowed: say who asks for them.');
  return exitCodes.done;
};

const declare = (command: Command): Command =>
  withAskedRows(
    command
      .option('--county <name>', 'the statistics of this county')
      .option('--template <id>', 'the statistics of programs of this template')
      .option('--from <day>', 'from the month of this day on')
      .option('--to <day>', 'through the month of this day'),
    'table',
  );

/** Counts: of the programs, for whoever may ask (R281, R283); or of the log's events, for anybody who can read the file. */
export const stats: CliCommand = {
  name: 'stats',
  summary: 'how many programs by county, unit, template and month; how many events in the log where nobody is named',
  declare,
  run,
};
