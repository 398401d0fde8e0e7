import { type Command, Option } from 'commander';
import type { Actor } from '../../access/actor.ts';
import type { Folja } from '../../folja.ts';
import type { Page } from '../../projections/view.ts';
import { requireActor } from '../actors.ts';
import { counted, jsonOf, type Row } from '../formats.ts';
import { given, withFolja } from '../opening.ts';
import { type AskingOptions, type CliCommand, withActor, withLibrary } from '../options.ts';
import { usageError } from '../stopping.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';

type Options = AskingOptions & {
  readonly program?: string;
  readonly log?: boolean;
  readonly format: 'json' | 'fhir' | 'inera';
  readonly perspective: string;
  readonly careProvider?: string;
  readonly from?: string;
  readonly to?: string;
  readonly cursor?: string;
};

const exportProgram = async (terminal: Terminal, folja: Folja, actor: Actor, { program, format }: Options) => {
  const data = { programId: program, format };
  const receipt = given(await folja.execute({ type: 'export-program', data }, actor));
  terminal.out(jsonOf(receipt.document));
};

/** How many entries the shape has no room for, by the reason why. */
type LogPage = Page<Row> & { readonly leftOut: Readonly<Record<string, number>> };

/** One line a batch, each with the cursor (`resume`) from which a later export goes on. */
const exportLog = async (terminal: Terminal, folja: Folja, actor: Actor, options: Options): Promise<void> => {
  const { format, perspective, careProvider, from, to, quiet } = options;
  const filter = Object.entries({ careProviderId: careProvider, from, to }).filter(([, value]) => value !== undefined);
  let cursor = options.cursor;
  let [count, leftOut] = [0, 0];
  do {
    const place = cursor === undefined ? {} : { cursor };
    const query = { view: 'log-export', format, perspective, ...Object.fromEntries(filter), ...place };
    const page = given(await folja.view(query, actor)) as LogPage;
    terminal.out(jsonOf(page, 0));
    count += page.rows.length;
    leftOut += Object.values(page.leftOut).reduce((sum, some) => sum + some, 0);
    cursor = page.next;
  } while (cursor !== undefined);
  if (quiet !== true) terminal.err(`${counted(count, 'row')} exported, ${leftOut} entries left out.\n`);
};

const requireOneThing = ({ program, log, format, careProvider }: Options): void => {
  if ((program === undefined) === (log !== true))
    throw usageError('Say what is to be exported: give one of --program and --log.');
  if (format === (log === true ? 'json' : 'inera'))
    throw usageError('A program is exported as json or fhir, the log as inera or fhir.');
  if (log === true && careProvider === undefined)
    throw usageError('The log is exported for one care provider: give --care-provider.');
};

const run = async (terminal: Terminal, options: Options): Promise<ExitCode> => {
  requireOneThing(options);
  const actor = await requireActor(terminal, options);
  await withFolja(terminal, options, (folja) =>
    options.log === true ? exportLog(terminal, folja, actor, options) : exportProgram(terminal, folja, actor, options),
  );
  return exitCodes.done;
};

const declare = (command: Command): Command =>
  withActor(
    withLibrary(
      command
        .option('--program <id>', 'exports this program; a data administrator asks')
        .option('--log', 'exports the audit log, a batch of at most 500 entries a line; the log auditor asks')
        .addOption(
          new Option('--format <name>', 'a program: json or fhir; the log: inera or fhir')
            .choices(['json', 'fhir', 'inera'])
            .makeOptionMandatory(),
        )
        .addOption(
          new Option('--perspective <whose>', "the log: of a provider's staff, or of an owner's information")
            .choices(['provider', 'owner'])
            .default('provider'),
        )
        .option('--care-provider <hsa-id>', 'the log: which provider or owner')
        .option('--from <instant>', 'the log: from this instant on')
        .option('--to <instant>', 'the log: before this instant')
        .option('--cursor <text>', 'the log: goes on after an earlier export'),
    ),
  );

/** Hands out a program, for the journal or another system, or the log, in the shapes that others read. */
export const exporting: CliCommand = {
  name: 'export',
  summary: 'a program as JSON or FHIR, or the log in the shape of the national log contract or as FHIR',
  declare,
  run,
};
