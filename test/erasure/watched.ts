import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canaryLife } from './canaries.ts';
import { type Living, liveApart, type Phase, type Places, placesBelow, type Scene } from './livedApart.ts';
import { type Find, foundIn, searchFor } from './scanning.ts';
import { bareKeysIn, careKeyIn, type Key, keysIn, personalTextsIn, storeIdIn } from './secretsOf.ts';
import { type Trace, tracesOfBytes, tracesOfParts } from './traces.ts';

/** What was found in a phase of a life. */
export type Seen = Pick<Scene, 'outcomes' | 'files'> & {
  readonly printed: string;
  /** Personal texts. */
  readonly ofCanaries: readonly Find[];
  /** Keys as they are, by their ids. */
  readonly ofKeys: readonly Find[];
  /** Keys as the key file keeps them, by their ids. */
  readonly ofWrapped: readonly Find[];
};

/** A life that was lived, and what was found in each of its phases. */
export type Lived = {
  readonly seen: Readonly<Record<Phase, Seen>>;
  readonly keys: readonly Key[];
  readonly careKey: string;
  readonly storeId: string;
  readonly personalTexts: ReadonlyMap<string, readonly string[]>;
  /** Removes its directories. */
  readonly remove: () => void;
};

/** Looks once through everything for what is sought, and sorts it by kind. */
const searching = (canaries: readonly Trace[], keys: readonly Key[]) => {
  const opened = keys.flatMap(({ id, opened: bytes }) => tracesOfBytes(id, bytes));
  const wrapped = keys.flatMap(({ id, wrapped: bytes }) => tracesOfBytes(id, bytes));
  const kinds = new Map<Trace, 'ofCanaries' | 'ofKeys' | 'ofWrapped'>([
    ...canaries.map((trace) => [trace, 'ofCanaries'] as const),
    ...opened.map((trace) => [trace, 'ofKeys'] as const),
    ...wrapped.map((trace) => [trace, 'ofWrapped'] as const),
  ]);
  const search = searchFor([...kinds.keys()]);
  return ({ files, contents }: Scene): Pick<Seen, 'ofCanaries' | 'ofKeys' | 'ofWrapped'> => {
    const found = foundIn(search, { files, contents });
    const of = (kind: string): readonly Find[] =>
      found.filter(({ trace }) => kinds.get(trace) === kind).map(({ find }) => find);
    return { ofCanaries: of('ofCanaries'), ofKeys: of('ofKeys'), ofWrapped: of('ofWrapped') };
  };
};

/** Lives the life of a seed in places of its own, and looks for all that is secret in every phase. */
export const liveWatched = async (
  seed: number,
  options: Omit<Living, 'seed'> & { readonly places?: Places } = {},
  inPhase: (phase: Phase) => void = () => undefined,
): Promise<Lived> => {
  const { places = placesBelow(mkdtempSync(join(tmpdir(), 'folja-life-'))), ...living } = options;
  const { withoutEncryption = false } = living;
  const canaries = tracesOfParts(canaryLife(seed).canaries.map(({ text }) => text));
  const seen: Partial<Record<Phase, Seen>> = {};
  let keys: readonly Key[] = [];
  let [careKey, storeId] = ['', ''];
  let personalTexts: Lived['personalTexts'] = new Map();
  let look = searching(canaries, keys);
  await liveApart(places, { seed, ...living }, async (scene) => {
    if (scene.phase === 'lived') {
      const copy = scene.copy();
      keys = withoutEncryption ? bareKeysIn(copy) : await keysIn(copy);
      [careKey, storeId] = [careKeyIn(copy), storeIdIn(copy)];
      if (!withoutEncryption) personalTexts = await personalTextsIn(copy);
      look = searching(canaries, keys);
    }
    const { phase, outcomes, files, contents } = scene;
    seen[phase] = { outcomes, files, printed: contents[0]?.bytes.toString('utf8') ?? '', ...look(scene) };
    inPhase(phase);
  });
  const remove = (): void => {
    for (const directory of [places.below, places.copies]) rmSync(directory, { recursive: true, force: true });
  };
  return { seen: seen as Lived['seen'], keys, careKey, storeId, personalTexts, remove };
};
