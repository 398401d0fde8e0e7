import { type Command, Option } from 'commander';
import type { QueryInput } from '../../folja.ts';
import { requireActor } from '../actors.ts';
import { readText } from '../files.ts';
import { withFolja } from '../opening.ts';
import { type AskingOptions, type CliCommand, type RowOptions, withAskedRows } from '../options.ts';
import { printRows } from '../rows.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';

type Options = AskingOptions &
  RowOptions & {
    readonly perspective: 'patient' | 'provider' | 'owner';
    readonly careProvider?: string;
    readonly atUnit?: string;
    readonly program?: string;
    readonly by?: string;
    readonly resident?: string;
    readonly from?: string;
    readonly to?: string;
  };

const columns = [
  ...['seq', 'at', 'actor', 'name', 'role', 'unitId', 'careProviderId'],
  ...['authentication.method', 'authentication.assurance', 'activity', 'action', 'purpose'],
  ...['subjects', 'outcome', 'code', 'count'],
];
/** A line of a terminal has room for these only; whoever wants all takes another format. */
const tableColumns = ['at', 'actor', 'name', 'action', 'subjects', 'outcome', 'code'];

/** What the resident is given holds other fields, and takes days. */
const reportColumns = ['at', 'unit', 'careProvider', 'action'];

const told = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const queryOf = async (terminal: Terminal, options: Options): Promise<QueryInput> => {
  const { perspective, careProvider, atUnit, program, by, resident, from, to } = options;
  if (perspective === 'patient') return { view: 'access-report', ...told({ from, to }) };
  const personalNumber =
    resident === undefined ? undefined : await readText(terminal, resident, 'personal number of the resident');
  const wanted = { careProviderId: careProvider, unitId: atUnit, programId: program, hsaId: by };
  return { view: 'audit', perspective, ...told({ ...wanted, personalNumber, from, to }) };
};

const run = async (terminal: Terminal, options: Options): Promise<ExitCode> => {
  const actor = await requireActor(terminal, options);
  const query = await queryOf(terminal, options);
  const shown = options.format === 'table' ? tableColumns : columns;
  await withFolja(terminal, options, (folja) =>
    printRows(terminal, folja, query, actor, {
      ...options,
      columns: query.view === 'audit' ? shown : reportColumns,
    }),
  );
  return exitCodes.done;
};

const declare = (command: Command): Command =>
  withAskedRows(
    command
      .addOption(
        new Option('--perspective <whose>', 'whose log it is: the patient asks, or it is of a provider or an owner')
          .choices(['patient', 'provider', 'owner'])
          .makeOptionMandatory(),
      )
      .option('--care-provider <hsa-id>', "of this provider's staff, or of this owner's information")
      .option('--at-unit <hsa-id>', 'what was done at this unit')
      .option('--program <id>', 'what was done with this program')
      .option('--by <hsa-id>', 'what this person did')
      .option(
        '--resident <file>',
        'what was done with the resident whose number is in the file; - reads standard input',
      )
      .option('--from <time>', 'from this instant on; for the patient: from this day')
      .option('--to <time>', 'before this instant; for the patient: through this day'),
    'table',
  );

/** Reads the audit log from one of its three perspectives (R248, R251). */
export const audit: CliCommand = {
  name: 'audit',
  summary: 'who did and saw what, from the perspective of a patient, a provider or an owner',
  declare,
  run,
};
