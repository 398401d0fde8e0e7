import { openFolja } from 'folja';
import type { Ground } from './ground.ts';
import { type Post, postOffice } from './post.ts';
import { isClean, type Scan, scan } from './scan.ts';
import { demoClock, type Stage, Surprise, stageOn, type Told } from './stage.ts';
import { playStory } from './story.ts';
import type { Sum } from './sum.ts';

/** The story to its end, or to the first surprise in it. */
const playOn = async (stage: Stage, post: Post, beforePurge: () => Promise<void>): Promise<string | undefined> => {
  try {
    await playStory(stage, post, beforePurge);
    return undefined;
  } catch (error) {
    if (error instanceof Surprise) return error.message;
    throw error;
  }
};

/** Plays the story on fresh files in a folder, closes them, and sums up. */
export const play = async (
  folder: string,
  { store, beyond }: Ground,
  masterKey: Uint8Array,
  tell: (piece: Told) => void,
): Promise<{ readonly sum: Sum; readonly scans: readonly Scan[] }> => {
  const clock = demoClock('2026-03-02T07:00:00.000Z');
  const post = postOffice();
  const folja = await openFolja({ store, masterKey, clock: clock.now, deliver: post.deliver });
  const stage = stageOn(folja, clock, tell);
  const scans: Scan[] = [];
  const scanNow = async (when: string): Promise<void> => {
    scans.push(await scan(when, folder, stage.personalTexts, beyond()));
  };
  try {
    const surprise = await playOn(stage, post, () => scanNow('before the purge, files open'));
    const { events } = await folja.rebuild();
    await folja.close();
    await scanNow('after the purge, files closed');
    const asExpected = surprise === undefined && scans.every(isClean);
    const sum = { ...stage.counts, events, files: scans.at(-1)?.files ?? [], asExpected };
    return { sum: surprise === undefined ? sum : { ...sum, surprise }, scans };
  } catch (error) {
    await folja.close();
    throw error;
  }
};
