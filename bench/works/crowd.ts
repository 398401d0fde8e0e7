import { seeded } from '../../simulation/random.ts';
import type { Folja } from '../../src/index.ts';
import { aLife, commandsOfLife, look } from '../lives.ts';
import { type Call, callsOfLife, type Lived, looksAtLife, sendOne } from '../model.ts';

type Life = { readonly lived: Lived; readonly calls: readonly Call[]; next: number };

/** Many programs that are lived side by side, each a command at a time: who has come to an end begins another. */
export type Crowd = {
  /** Brings them to different places of their lives, at most so far, so that every kind of command comes at any moment. */
  readonly scatter: (most?: number) => Promise<void>;
  /** Everybody sends so many commands, one after the other; gives back how many they were in all. */
  readonly send: (each: number) => Promise<number>;
  /** Likewise, of looks and commands: seven looks to three commands. */
  readonly mix: (each: number) => Promise<number>;
};

const partOfLooks = 0.7;

/** What can be looked at where a life has come to. */
const visibleIn = ({ lived, calls, next }: Life): readonly Call[] => {
  const hasBegun = (type: string): boolean => calls.slice(0, next).some(([sent]) => sent === type);
  return looksAtLife(lived).filter(([view]) => {
    if (view === 'overview') return true;
    return hasBegun(view === 'conversation' ? 'start-conversation' : 'start-program');
  });
};

/** As many programs as are to be in flight; who lives them follows from the seed. */
export const crowdOf = (folja: Folja, atOnce: number, seed: number): Crowd => {
  const random = seeded(seed);
  let born = seed;
  const begin = (): Life => {
    born += 1;
    const lived = aLife(born);
    return { lived, calls: callsOfLife(lived), next: 0 };
  };
  const lives = Array.from({ length: atOnce }, begin);
  const lifeOf = (index: number): Life => {
    const life = lives[index] as Life;
    if (life.next < life.calls.length) return life;
    const next = begin();
    lives[index] = next;
    return next;
  };
  const step = async (index: number): Promise<void> => {
    const life = lifeOf(index);
    await sendOne(folja, life.calls[life.next] as Call);
    life.next += 1;
  };
  const lookOrStep = (index: number): Promise<void> =>
    random.happens(partOfLooks) ? look(folja, random.pick(visibleIn(lifeOf(index)))) : step(index);
  const everybody = async (work: (index: number) => Promise<void>, each: (index: number) => number): Promise<void> => {
    const one = async (_: Life, index: number): Promise<void> => {
      for (let left = each(index); left > 0; left -= 1) await work(index);
    };
    await Promise.all(lives.map(one));
  };
  const of = (work: (index: number) => Promise<void>) => async (each: number) => {
    await everybody(work, () => each);
    return atOnce * each;
  };
  return {
    scatter: (most = commandsOfLife) => everybody(step, (index) => 1 + Math.floor((index * (most - 1)) / atOnce)),
    send: of(step),
    mix: of(lookOrStep),
  };
};
