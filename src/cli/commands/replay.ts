import type { Command } from 'commander';
import type { Folja, QueryInput } from '../../folja.ts';
import { requireActor } from '../actors.ts';
import { objectIn, readText } from '../files.ts';
import { jsonOf } from '../formats.ts';
import { given, withFolja } from '../opening.ts';
import { type AskingOptions, type CliCommand, type RowOptions, withAskedRows } from '../options.ts';
import { progressOn } from '../progress.ts';
import { printRows } from '../rows.ts';
import { usageError } from '../stopping.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';

type Options = AskingOptions &
  RowOptions & {
    readonly until: string;
    readonly view: string;
    readonly query?: string;
    readonly queryFile?: string;
  };
type Until = Parameters<Folja['replay']>[0]['until'];

/** Positions are whole numbers; what is none is an instant, such as 2026-03-02T08:15:30Z. */
const untilOf = (text: string): Until => {
  if (/^\d{1,16}$/.test(text)) return { position: text };
  const at = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return { at: new Date(at).toISOString() };
  throw usageError('Give --until as a position, or as an instant with its zone, such as 2026-03-02T08:15:30Z.');
};

const queryOf = async (terminal: Terminal, { view, query, queryFile }: Options): Promise<QueryInput> => {
  if (query !== undefined && queryFile !== undefined) throw usageError('Give one of --query and --query-file.');
  const text = queryFile === undefined ? (query ?? '{}') : await readText(terminal, queryFile, 'query');
  return { ...objectIn(text, 'query'), view };
};

/** Views of one thing take no limit; they are asked for as they are. */
const isOfOne = new Set(['program', 'form', 'my-program', 'profile', 'purge', 'template']);

const run = async (terminal: Terminal, options: Options): Promise<ExitCode> => {
  const until = untilOf(options.until);
  const actor = await requireActor(terminal, options);
  const query = await queryOf(terminal, options);
  await withFolja(terminal, options, async (folja) => {
    const onProgress = progressOn(terminal, 'Going back', options.quiet);
    const replay = await folja.replay({ until, onProgress }, actor);
    try {
      if (isOfOne.has(query.view)) terminal.out(jsonOf(given(await replay.view(query, actor))));
      else await printRows(terminal, replay, query, actor, options);
    } finally {
      await replay.close();
    }
  });
  return exitCodes.done;
};

const declare = (command: Command): Command =>
  withAskedRows(
    command
      .requiredOption('--until <instant|position>', 'until when: 2026-03-02T08:15:30Z, or a position')
      .requiredOption('--view <name>', 'which view, such as overview')
      .option('--query <json>', 'what the view takes, such as \'{"tab":"all"}\'; nothing personal')
      .option('--query-file <file>', 'the same out of a file; - reads standard input'),
    'json',
  );

/** Shows a view as it stood, under the rights of today. */
export const replay: CliCommand = {
  name: 'replay',
  summary: 'a view as it stood at an instant or after a position, under the rights of today',
  declare,
  run,
};
