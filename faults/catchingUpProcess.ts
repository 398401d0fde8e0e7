/** Opens a store whose read models are behind, or builds them anew; says when it begins and when they are at the end of the log. */

import { writeSync } from 'node:fs';
import { withLibrary } from './looking.ts';
import { weakened } from './weakened.ts';

type Told = { readonly path: string; readonly how: 'catching up' | 'rebuilding'; readonly without?: string };
const { path, how, without = 'nothing' } = JSON.parse(process.argv[2] ?? '{}') as Told;

const say = (line: string): void => void writeSync(1, `${line}\n`);

await withLibrary(
  path,
  async ({ folja }) => {
    if (how === 'rebuilding') say('begun');
    await (how === 'rebuilding' ? folja.rebuild() : folja.audit.verify());
    say('done');
  },
  (engine) => {
    if (how === 'catching up') say('begun');
    return weakened[without]?.(engine) ?? engine;
  },
);
