import type { Terminal } from './terminal.ts';

/** Called as work goes on: how much is done, of how much. */
export type Progress = (done: number, total: number) => void;

const cells = 30;

const bar = (what: string, percent: number): string => {
  const filled = Math.round((percent * cells) / 100);
  return `\r${what} [${'#'.repeat(filled)}${'.'.repeat(cells - filled)}] ${String(percent).padStart(3)} %`;
};

const nothing: Progress = () => undefined;

/**
 * Shows how far long work has come: a bar for whoever watches, a line for every tenth elsewhere. Work may come in several
 * runs, each from 0.
 */
export const progressOn = (
  { err, isWatched }: Pick<Terminal, 'err' | 'isWatched'>,
  what: string,
  isQuiet: boolean | undefined,
): Progress => {
  if (isQuiet === true) return nothing;
  const step = isWatched ? 1 : 10;
  let shown = 0;
  return (done, total) => {
    const percent = total === 0 ? 100 : Math.min(100, Math.floor((done * 100) / total));
    if (percent < shown) shown = 0;
    if (percent < shown + step) return;
    shown = percent - (percent % step);
    if (!isWatched) err(`${what}: ${shown} %\n`);
    else err(`${bar(what, percent)}${percent === 100 ? '\n' : ''}`);
  };
};
