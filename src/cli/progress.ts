import type { Terminal } from './terminal.ts';

/** Called as work goes on: how much is done, of how much. */
export type Progress = (done: number, total: number) => void;

const cells = 30;

const bar = (what: string, percent: number, left: string): string => {
  const filled = Math.round((percent * cells) / 100);
  const drawn = `[${'#'.repeat(filled)}${'.'.repeat(cells - filled)}]`;
  return `\r${what} ${drawn} ${String(percent).padStart(3)} %${left}`;
};

/** Sooner there is nothing to tell by. */
const estimatedFrom = 3_000;
const minute = 60_000;

const inWords = (milliseconds: number): string =>
  milliseconds < minute ? 'less than a minute left' : `${Math.ceil(milliseconds / minute)} min left`;

/** How long it takes from here, by how fast it went so far; nothing while that cannot be told yet. */
const estimating = () => {
  let first: { readonly done: number; readonly at: number } | undefined;
  return (done: number, total: number): string => {
    const now = performance.now();
    if (first === undefined || done < first.done) first = { done, at: now };
    const [gone, went] = [now - first.at, done - first.done];
    return gone < estimatedFrom || went === 0 || done >= total ? '' : `, ${inWords((gone / went) * (total - done))}`;
  };
};

const nothing: Progress = () => undefined;

/**
 * Shows how far long work has come, and about how long it takes yet: a bar for whoever watches, a line for every tenth elsewhere. Work may
 * come in several runs, each from 0.
 */
export const progressOn = (
  { err, isWatched }: Pick<Terminal, 'err' | 'isWatched'>,
  what: string,
  isQuiet: boolean | undefined,
): Progress => {
  if (isQuiet === true) return nothing;
  const step = isWatched ? 1 : 10;
  const timeLeft = estimating();
  let [shown, widest] = [0, 0];
  return (done, total) => {
    const left = timeLeft(done, total).padEnd(widest);
    const percent = total === 0 ? 100 : Math.min(100, Math.floor((done * 100) / total));
    if (percent < shown) shown = 0;
    if (percent < shown + step) return;
    shown = percent - (percent % step);
    // What was drawn there before is drawn over.
    if (isWatched) widest = left.length;
    if (!isWatched) err(`${what}: ${shown} %${left}\n`);
    else err(`${bar(what, percent, left)}${percent === 100 ? '\n' : ''}`);
  };
};
