import type { Random } from '../simulation/random.ts';
import { type Fault, nothingTried, type Tally, type Try } from './fault.ts';
import { type Left, leftAfter, removeAnchors, toldOfLoss } from './leftBehind.ts';
import { layOut } from './powerCut.ts';
import { eachTry } from './trying.ts';

type Files = ReadonlyMap<string, Buffer>;

const without = (files: Files, ...ends: readonly string[]): Files =>
  new Map([...files].filter(([path]) => !ends.some((end) => path.endsWith(end))));

const anchorsOf = (files: Files): Files => new Map([...files].filter(([path]) => path.includes('unit.anchors')));

/** What happens to the files that a killed process has left; none has the wal-index any more. */
const losses: readonly ((left: Left) => Files)[] = [
  ({ files }) => without(files, 'unit.db-wal'),
  ({ before, files }) => new Map([...before, ...anchorsOf(files)]),
  ({ files }) => files,
];

const most = 12;

const losing =
  (spoil: (path: string) => void, kinds = losses): Try =>
  (trying) =>
    eachTry(trying, async (random: Random, index): Promise<Tally> => {
      const left = await leftAfter(random.between(1, most));
      const { place, files, acknowledged } = left;
      try {
        if (!files.has(`${place.path}-wal`) || acknowledged.length === 0) return nothingTried;
        layOut(place.folder, (kinds[index % kinds.length] as (typeof losses)[number])(left));
        spoil(place.path);
        return await toldOfLoss(place.path, acknowledged);
      } finally {
        place.remove();
      }
    });

/** Whole files are gone, or are older than they were. */
export const lostLog: Fault = {
  id: 'F10',
  name: 'after a kill the write-ahead log is gone, an older copy is put back, or the wal-index is gone',
  promises: ['P2', 'P11', 'P15'],
  tries: { short: 2, full: 60 },
  missing: () => undefined,
  run: losing(() => undefined),
  control: {
    without: 'anchors',
    tries: { short: 1, full: 20 },
    run: losing(removeAnchors, losses.slice(0, 2)),
  },
};
