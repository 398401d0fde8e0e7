import type { Random } from '../simulation/random.ts';
import { type Keyed, keyedIn, purgeFailures, remnantsBeside } from './erased.ts';
import { type Fault, type Tally, type Trying, tallyOf } from './fault.ts';
import { lostIn } from './leftBehind.ts';
import { found } from './looking.ts';
import { type Cut, filesBelow, layOut, powerCut } from './powerCut.ts';
import { aRecorder, type Deed, missingToRecord, recorded } from './recording.ts';
import { aFolder, aStore } from './region.ts';
import { eachTry } from './trying.ts';

type Place = ReturnType<typeof aFolder>;

/** A process that was recorded while it worked on a store, and what lay there before. */
type Recording = {
  readonly script: string;
  readonly place: Place;
  readonly before: ReadonlyMap<string, Buffer>;
  readonly deeds: readonly Deed[];
  readonly keyed: readonly Keyed[];
};

const recordingOf = async (library: string, script: string, synchronous = 'full'): Promise<Recording> => {
  const place = script === 'make' ? aFolder() : await aStore();
  const keyed = script === 'purge' ? await keyedIn(place.path) : [];
  const before = filesBelow(place.folder);
  const args = ['--path', place.path, '--script', script, '--synchronous', synchronous];
  const deeds = await recorded(library, place.folder, 'powerLossProcess.ts', args);
  return { script, place, before, deeds, keyed };
};

const idsOf = ({ told }: Cut): readonly string[] => told.map((line) => line.split(' ')[0] ?? '');

const erasedIn = ({ told }: Cut): readonly string[] =>
  told.filter((line) => line.includes(' erased ')).map((line) => line.split(' ')[2] ?? '');

/** What is told to be erased is gone before the store is opened again, and afterwards all that was begun is. */
const purgedFailures = async ({ place, keyed }: Recording, cut: Cut): Promise<readonly string[]> => {
  const erased = erasedIn(cut);
  const gone = keyed.filter(({ programId }) => erased.includes(programId));
  const atOnce = gone.flatMap((one) => remnantsBeside(place.path, one));
  return [...atOnce, ...(await purgeFailures(place.path, keyed, erased))];
};

const survive = async (recording: Recording, random: Random): Promise<Tally> => {
  const { script, place, before, deeds } = recording;
  const cut = powerCut(before, deeds, random);
  layOut(place.folder, cut.files);
  const purged = script === 'purge' ? await purgedFailures(recording, cut) : [];
  const { failures, ...counts } = await found(place.path, idsOf(cut));
  return tallyOf({ happened: true, ...counts, failures: [...purged, ...failures] });
};

const lose = async (recording: Recording, random: Random): Promise<Tally> => {
  const { place, before, deeds } = recording;
  const cut = powerCut(before, deeds, random);
  layOut(place.folder, cut.files);
  return tallyOf({ happened: true, lost: lostIn(place.path, idsOf(cut)) });
};

/** Records each script once, and cuts the power in each in turn. */
const cutting =
  (scripts: readonly string[], one: (recording: Recording, random: Random) => Promise<Tally>, synchronous?: string) =>
  async (trying: Trying): Promise<Tally> => {
    const { library, remove } = aRecorder();
    const recordings: Recording[] = [];
    try {
      for (const script of scripts.slice(0, trying.tries))
        recordings.push(await recordingOf(library, script, synchronous));
      return await eachTry(trying, (random, index) => one(recordings[index % recordings.length] as Recording, random));
    } finally {
      for (const { place } of recordings) place.remove();
      remove();
    }
  };

/** The disk has only what was synced, and of the rest whatever it likes. */
export const powerLoss: Fault = {
  id: 'F3',
  name: 'the power goes: of what was not synced, each write is kept, dropped or torn',
  promises: ['P1', 'P2', 'P12'],
  tries: { short: 2, full: 2_500 },
  missing: missingToRecord,
  run: cutting(['append', 'purge', 'make', 'append', 'purge'], survive),
  control: {
    without: 'a sync at each commit (synchronous = NORMAL)',
    tries: { short: 14, full: 100 },
    run: cutting(['append'], lose, 'normal'),
  },
};
