/** Appends, several at once, until the disk is full; goes on when it is told that there is room again. Says what each append came to. */

import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { type Appending, appendAt, type Outcome } from './appending.ts';
import { withLibrary } from './looking.ts';
import { weakened } from './weakened.ts';

type Told = {
  readonly path: string;
  /** How many pages are kept in memory: with few, a commit writes before it ends. */
  readonly pages: number;
  /** What it goes without. */
  readonly without?: string;
};

const { path, pages, without = 'nothing' } = JSON.parse(process.argv[2] ?? '{}') as Told;
const atOnce = 8;
const mostBatches = 40;

const say = (said: string | Outcome | readonly string[]): void =>
  void writeSync(1, `${typeof said === 'string' ? said : JSON.stringify(said)}\n`);

type Sent = Outcome & { readonly number: number };

const send = async (appending: Appending, number: number, given?: string): Promise<Sent> => {
  const { id, outcome } = await appendAt(appending, number, given);
  return { number, id, outcome };
};

const isHindered = ({ outcome }: Outcome): boolean => outcome === 'unavailable' || outcome === 'unknown';

const room = async (what: string): Promise<void> => {
  say(what);
  await once(process.stdin, 'data');
};

/** What does not hold while there is no room. */
const failuresOf = async ({ engine }: Appending): Promise<readonly string[]> => {
  const read = await engine.events.readAll(0, 1_000_000)();
  return [
    ...(engine.readModels.inTransaction ? ['a transaction is left open'] : []),
    ...(read._tag === 'Right' ? [] : [`the log cannot be read while the disk is full: ${read.left.kind}`]),
  ];
};

/** Appends until the disk is full: those that came to nothing for it. */
const fill = async (appending: Appending): Promise<readonly Sent[]> => {
  for (let batch = 0; batch < mostBatches; batch += 1) {
    const numbers = Array.from({ length: atOnce }, (_, index) => batch * atOnce + index);
    const sent = await Promise.all(numbers.map((number) => send(appending, number)));
    for (const one of sent) say(one);
    if (sent.some(isHindered)) return sent.filter(isHindered);
  }
  return [];
};

const work = async (appending: Appending): Promise<string> => {
  appending.engine.readModels.pragma(`cache_size = ${pages}`);
  const hindered = await fill(appending);
  say(await failuresOf(appending));
  await room('full');
  for (const { number, id } of hindered) say(await send(appending, number, id));
  say(await send(appending, 0));
  return 'done';
};

let came = await withLibrary(path, work, weakened[without]);
if (came !== 'done') {
  await room('not open');
  came = await withLibrary(path, work, weakened[without]);
}
say(came === 'done' ? 'closed' : came);
process.stdin.unref();
