import type { Paint } from './paint.ts';
import type { Scan } from './scan.ts';
import { isClean } from './scan.ts';
import type { Act, Shown, Told } from './stage.ts';
import type { Sum } from './sum.ts';
import { tableOf } from './tables.ts';
import { dayAndTime } from './time.ts';

/** How wide the output may be, and whether it has colors. */
export type Look = { readonly width: number; readonly paint: Paint };

const whoWidth = 26;
const wide = 110;

const cut = (text: string, width: number): string => {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(width - 1, 0)).join('')}…`;
};

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(width - [...text].length, 0));

/** Names a field by its last part where the whole path leaves no room for what was done. */
const shortened = (outcome: string): string => outcome.replace(/^invalid: .*\.(\w+), /, 'invalid: …$1, ');

const colored = ({ paint }: Look, outcome: string): string => {
  if (outcome.startsWith('ok')) return paint('green', outcome);
  return paint(outcome === 'repeated' ? 'yellow' : 'red', outcome);
};

const surprise = ({ outcome, expected }: Pick<Act, 'outcome' | 'expected'>): string =>
  outcome === expected ? '' : `\n  SURPRISE: expected ${expected}, came out ${outcome}`;

const actLine = (act: Act, look: Look): string => {
  const at = dayAndTime(act.at).slice(look.width < wide ? 5 : 0);
  const outcome = shortened(act.outcome);
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
  const isRefused = !shown.outcome.startsWith('ok');
  const state = isRefused || shown.rows.length === 0 ? `: ${colored(look, shown.outcome.replace('ok: ', ''))}` : '';
  const heading = `${paint('bold', shown.title)} ${paint('dim', `${dayAndTime(shown.at)}, ${shown.owner}`)}${state}`;
  const notes = shown.notes.map((note) => `  ${cut(note, width - 2)}`);
  const body = shown.rows.length === 0 ? [] : rowsOf(shown, look);
  return ['', heading, ...notes, ...body, surprise(shown), ''].filter((line, index) => line !== '' || index === 0).join('\n');
};

/** One piece of the story as text. */
export const told = (piece: Told, look: Look): string => {
  switch (piece.kind) {
    case 'chapter':
      return `\n${look.paint('bold', piece.title)}\n`;
    case 'act':
      return actLine(piece, look);
    case 'table':
      return table(piece, look);
  }
};
