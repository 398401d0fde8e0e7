/** Appends to a store until it has done so many times, or is killed; says what each append came to before it goes on. */

import { writeSync } from 'node:fs';
import { appendAt, type Outcome } from './appending.ts';
import { withLibrary } from './looking.ts';
import { weakened } from './weakened.ts';

type Told = {
  readonly path: string;
  readonly count: number;
  /** What it goes without. */
  readonly without?: string;
  /** How often an append that came to nothing is sent again. */
  readonly repeats?: number;
  /** The ids of the appends; random ones unless told. */
  readonly ids?: readonly string[];
};

const { path, count, without = 'nothing', repeats = 0, ids } = JSON.parse(process.argv[2] ?? '{}') as Told;

const say = (said: string | Outcome): void =>
  void writeSync(1, `${typeof said === 'string' ? said : JSON.stringify(said)}\n`);

const opened = await withLibrary(
  path,
  async (library) => {
    say('open');
    for (let number = 0; number < count; number += 1) {
      let said = await appendAt(library, number, ids?.[number]);
      say(said);
      for (let again = 0; again < repeats && said.outcome !== 'done'; again += 1) {
        said = await appendAt(library, number, said.id);
        say(said);
      }
    }
    return [];
  },
  weakened[without],
);
say(typeof opened === 'string' ? 'not open' : 'closed');
