import type { Paint } from './paint.ts';
import type { Act, Shown, Told } from './stage.ts';
import { tableOf } from './tables.ts';
import { dayAndTime } from './time.ts';

/** What a reader has to know beforehand. */
export const legend = `Folja: two programs from start to purge.
All persons are invented, and their personal numbers are test numbers.

BA behörighetsadministratör (grants roles)       B behandlare (clinician)
IA invånaradministratör (residents, handovers)   DA dataadministratör (purges)`;

/** How wide the output may be, and whether it has colors. */
export type Look = { readonly width: number; readonly paint: Paint };

const wide = 110;
const narrow = 100;

const cut = (text: string, width: number): string => {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(width - 1, 0)).join('')}…`;
};

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(width - [...text].length, 0));

/** Names a field by its last part, or not at all, where the whole path leaves no room for what was done. */
const shortened = (outcome: string, width: number): string =>
  outcome.replace(/^invalid: .*\.(\w+), /, width < narrow ? 'invalid: ' : 'invalid: …$1, ');

const colored = ({ paint }: Look, outcome: string): string => {
  if (outcome.startsWith('ok')) return paint('green', outcome);
  return paint(outcome === 'repeated' ? 'yellow' : 'red', outcome);
};

const surprise = ({ outcome, expected }: Pick<Act, 'outcome' | 'expected'>): string =>
  outcome === expected ? '' : `\n  SURPRISE: expected ${expected}, came out ${outcome}`;

const actLine = (act: Act, look: Look): string => {
  const at = dayAndTime(act.at).slice(look.width < wide ? 5 : 0);
  const outcome = shortened(act.outcome, look.width);
  const whoWidth = look.width < narrow ? 14 : 25;
  const room = look.width - [...at, ...outcome].length - whoWidth - 6;
  const line = `${look.paint('dim', at)}  ${pad(cut(act.who, whoWidth), whoWidth)}  ${pad(cut(act.what, room), room)}`;
  return `${line}  ${colored(look, outcome)}${surprise(act)}`;
};

const colors: Readonly<Record<string, 'green' | 'yellow'>> = { green: 'green', yellow: 'yellow' };

const rowsOf = ({ columns, rows, most }: Shown, { width, paint }: Look): readonly string[] => {
  const paintCell = (cell: string): string => {
    const color = colors[cell.trim()];
    return color === undefined ? cell : paint(color, cell);
  };
  const shown = tableOf(columns, rows.slice(0, most), { width, paint: paintCell });
  return rows.length > most ? [shown, paint('dim', `  … and ${rows.length - most} more`)] : [shown];
};

const table = (shown: Shown, look: Look): string => {
  const { paint, width } = look;
  const owner = cut(`  ${dayAndTime(shown.at)}, ${shown.owner}`, width - [...shown.title].length);
  const notes = shown.notes.map((note) => `  ${cut(note, width - 2)}`);
  const heading = `${paint('bold', shown.title)}${paint('dim', owner)}`;
  return [heading, ...notes, ...rowsOf(shown, look)].join('\n') + surprise(shown);
};

/** A dashboard without anything to show takes one line, like an act. */
const emptyTable = ({ at, owner, title, outcome, expected }: Shown, look: Look): string =>
  actLine({ at, who: owner, what: title, outcome, expected }, look);

const isOneLine = (piece: Told): boolean => piece.kind === 'act' || (piece.kind === 'table' && piece.rows.length === 0);

/** True when an empty line is to stand between two pieces. */
export const isApart = (piece: Told, before: Told | undefined): boolean =>
  before === undefined || !isOneLine(piece) || !isOneLine(before);

/** One piece of the story as text. */
export const told = (piece: Told, look: Look): string => {
  switch (piece.kind) {
    case 'chapter':
      return look.paint('bold', piece.title);
    case 'act':
      return actLine(piece, look);
    case 'table':
      return isOneLine(piece) ? emptyTable(piece, look) : table(piece, look);
  }
};
