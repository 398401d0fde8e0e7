/**
 * Follows two programs from start to purge on a fresh SQLite store, and shows every dashboard on the way: `npm run demo`.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolja } from 'folja';
import { sqliteStore } from 'folja/sqlite';
import { help, type Options, readOptions } from './options.ts';
import { paintFor } from './paint.ts';
import { legend, told } from './print.ts';
import { isClean, type Scan, scan } from './scan.ts';
import { demoClock, Surprise, stageOn, type Told } from './stage.ts';
import { playStory } from './story.ts';
import { type Sum, sumLines } from './sum.ts';

type Ending = { readonly sum: Sum; readonly scans: readonly Scan[] };

/** Plays the story on files in a folder, and closes them. */
const play = async (folder: string, masterKey: Uint8Array, tell: (piece: Told) => void): Promise<Ending> => {
  const clock = demoClock('2026-03-02T07:00:00.000Z');
  const store = sqliteStore({ path: join(folder, 'unit.db') });
  const folja = await openFolja({ store, masterKey, clock: clock.now });
  const stage = stageOn(folja, clock, tell);
  const scans: Scan[] = [];
  let surprise: string | undefined;
  try {
    await playStory(stage, async () => {
      scans.push(await scan('before the purge, files open', folder, stage.personalTexts));
    });
  } catch (error) {
    if (!(error instanceof Surprise)) throw error;
    surprise = error.message;
  } finally {
    await folja.close();
  }
  const last = await scan('after the purge, files closed', folder, stage.personalTexts);
  scans.push(last);
  const asExpected = surprise === undefined && scans.every(isClean);
  const sum = { ...stage.counts, events: stage.events(), files: last.files, asExpected };
  return { sum: surprise === undefined ? sum : { ...sum, surprise }, scans };
};
