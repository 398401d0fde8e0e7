import { isClean, type Scan } from './scan.ts';
import type { Counts } from './stage.ts';

/** What the demo came to. */
export type Sum = Readonly<Counts> & {
  readonly events: number;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly asExpected: boolean;
  /** What came out otherwise. */
  readonly surprise?: string;
};

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1024)} KiB`;

const scanLines = (scan: Scan): readonly string[] => {
  const { when, files, texts, found, control } = scan;
  const size = kilobytes(files.reduce((all, { bytes }) => all + bytes, 0));
  const doubt = isClean(scan) || found.length > 0 ? '' : ': THIS PROVES NOTHING';
  return [
    `Scan ${when}: ${files.length} files, ${size}`,
    `  sought ${texts} personal texts, each in UTF-8 and UTF-16LE`,
    `  found ${found.length === 0 ? 'none' : `${found.length} IN CLEAR`} (control: planted ${control.planted}, found ${control.found}${doubt})`,
  ];
};

/** The sum as a person reads it. */
export const sumLines = (sum: Sum, scans: readonly Scan[]): readonly string[] => [
  `${sum.commands} commands and ${sum.views} views: ${sum.refusals} refused, ${sum.repeats} repeated; ${sum.events} events`,
  'Files:',
  ...sum.files.map(({ name, bytes }) => `  ${name} ${kilobytes(bytes)}`),
  ...scans.flatMap(scanLines),
  sum.asExpected ? 'Everything came out as expected.' : `SURPRISE: ${sum.surprise ?? 'a scan'}`,
];
