import type { Random } from '../simulation/random.ts';
import type { Fault, Tally, Try } from './fault.ts';
import { type Left, leftAfter, lostIn, removeAnchors, toldOfLoss } from './leftBehind.ts';
import { layOut } from './powerCut.ts';
import { eachTry } from './trying.ts';

const appends = 20;
const longest = 4_096;

const cut = (log: Buffer, { between }: Random): Buffer => log.subarray(0, between(0, log.length - 1));

const garbled = (log: Buffer, { between }: Random): Buffer => {
  const [bytes, from] = [Buffer.from(log), between(0, log.length - 1)];
  for (let at = from; at < Math.min(log.length, from + between(1, longest)); at += 1) bytes[at] = between(0, 255);
  return bytes;
};

/** Damages the log until it is without something that was acknowledged: what it still holds behind that is of no use. */
const damage = ({ place, files, acknowledged }: Left, random: Random, index: number): void => {
  const [path, how] = [`${place.path}-wal`, index % 2 === 0 ? cut : garbled];
  const log = files.get(path);
  if (log === undefined) throw new Error('the killed process has left no log');
  do layOut(place.folder, new Map([...files, [path, how(log, random)]]));
  while (lostIn(place.path, acknowledged) === 0);
};

const damaging =
  (spoil: (path: string) => void): Try =>
  async (trying) => {
    const left = await leftAfter(appends);
    const { place, acknowledged } = left;
    const one = async (random: Random, index: number): Promise<Tally> => {
      damage(left, random, index);
      spoil(place.path);
      return toldOfLoss(place.path, acknowledged);
    };
    return eachTry(trying, one).finally(place.remove);
  };

/** The write-ahead log that a killed process has left is damaged. */
export const damagedLog: Fault = {
  id: 'F11',
  name: 'after a kill the write-ahead log is cut or garbled somewhere',
  promises: ['P1', 'P2', 'P11', 'P15'],
  tries: { short: 3, full: 200 },
  missing: () => undefined,
  run: damaging(() => undefined),
  control: { without: 'anchors', tries: { short: 2, full: 30 }, run: damaging(removeAnchors) },
};
