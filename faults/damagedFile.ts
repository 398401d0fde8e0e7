import type { Random } from '../simulation/random.ts';
import { type Fault, type Tally, type Try, tallyOf } from './fault.ts';
import { contentOf, isQuicklyChecked, noticing, type Truth, truthOf } from './noticing.ts';
import { filesBelow, layOut } from './powerCut.ts';
import { aStore } from './region.ts';
import { eachTry } from './trying.ts';

type Place = Awaited<ReturnType<typeof aStore>>;
type Damage = (bytes: Buffer, random: Random) => Buffer;

const page = 4_096;
const sector = 512;

const cutTo =
  (length: number): Damage =>
  (bytes) =>
    bytes.subarray(0, length);
const cutAnywhere: Damage = (bytes, { between }) => bytes.subarray(0, between(1, bytes.length - 1));

const flipped: Damage = (bytes, { between }) => {
  const [damaged, at] = [Buffer.from(bytes), between(0, bytes.length - 1)];
  damaged[at] = (damaged[at] ?? 0) ^ (1 << between(0, 7));
  return damaged;
};

const zeroed: Damage = (bytes, { between }) => {
  const from = between(0, bytes.length / page - 1) * page;
  return Buffer.from(bytes).fill(0, from, from + page);
};

const headers = Array.from({ length: page / sector }, (_, index) => cutTo(index * sector));

/** Of every 36 tries 25 flip a bit, 10 cut the file anywhere, and one zeroes a page; before them the file is cut in its first page. */
const damageAt = (index: number): Damage => {
  const place = index % 36;
  return place < 25 ? flipped : place < 35 ? cutAnywhere : zeroed;
};

/** A healthy store: its files, what it serves, and what SQLite alone reads of it. */
type Healthy = {
  readonly place: Place;
  readonly files: ReadonlyMap<string, Buffer>;
  readonly truth: Truth;
  readonly content: string | undefined;
};

const healthy = async (): Promise<Healthy> => {
  const place = await aStore();
  const truth = await truthOf(place.path);
  const files = filesBelow(place.folder);
  const content = contentOf(place.path);
  return { place, files, truth, content };
};

const layDamaged = ({ place, files }: Healthy, damaged: Buffer): void =>
  layOut(place.folder, new Map([...files, [place.path, damaged]]));

/** Damages a file until something is really other than it was: a bit in free space is no damage. */
const damage = (store: Healthy, how: Damage, random: Random): void => {
  const { place, files, content } = store;
  for (;;) {
    const damaged = how(files.get(place.path) as Buffer, random);
    layDamaged(store, damaged);
    const isDamaged = contentOf(place.path) !== content;
    layDamaged(store, damaged);
    if (isDamaged) return;
  }
};

const unnoticed = 'damage was not noticed';

type Look = (store: Healthy) => Promise<readonly string[]>;

const withDigests: Look = async ({ place, truth }) => {
  const { isNoticed, failures } = await noticing(place.path, truth);
  return isNoticed ? failures : [...failures, unnoticed];
};

const ofPagesAlone: Look = async ({ place }) => (isQuicklyChecked(place.path) ? [unnoticed] : []);

const damaging =
  (look: Look, damages: (index: number, tries: number) => Damage): Try =>
  async (trying) => {
    const store = await healthy();
    const one = async (random: Random, index: number): Promise<Tally> => {
      damage(store, damages(index, trying.tries), random);
      return tallyOf({ happened: true, failures: await look(store) });
    };
    return eachTry(trying, one).finally(store.place.remove);
  };

/** The first page is cut at every sector where there are tries enough for the others besides. */
const everyKind = (index: number, tries: number): Damage => {
  const first = tries > 10 * headers.length ? headers : [];
  return first[index] ?? (tries < 36 ? damageAt(index * 13) : damageAt(index - first.length));
};

/** The file itself is damaged while nobody has it open. */
export const damagedFile: Fault = {
  id: 'F9',
  name: 'a bit of the file is flipped, the file is cut, a page of it is zeroed, or it is empty',
  promises: ['P11'],
  tries: { short: 6, full: 720 },
  missing: () => undefined,
  run: damaging(withDigests, everyKind),
  control: {
    without: 'digests (a look at the pages alone)',
    tries: { short: 6, full: 60 },
    run: damaging(ofPagesAlone, () => flipped),
  },
};
