import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red';

/** Puts a text in a color, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Colors only for a person at a terminal who has not declined them (NO_COLOR). */
export const paintFor = (output: { readonly isTTY?: boolean }): Paint =>
  output.isTTY === true && process.env.NO_COLOR === undefined
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
