import type { Options } from './options.ts';
import { type Filled, isFilled, placeOf } from './places.ts';
import type { Section } from './rows.ts';
import { sixWorks } from './sixWorks.ts';
import type { Params } from './works/task.ts';
import type { Job } from './works/tasks.ts';

/** A part of the bench: a job, and what it is about. */
export type Part = Job & { readonly says: string; readonly section?: Section };

type Plan = { readonly options: Options; readonly stores: readonly Filled[]; readonly usual: Params };

const inFlight = [1, 8, 64, 512];

/** The smallest store beside each larger one. */
const pairs = ({ stores, usual }: Plan): readonly Params[] => {
  const [small, ...larger] = stores;
  if (small === undefined) return [];
  return larger.map((store, index) => ({ ...usual, stores: [small, store], isFirst: index === 0 }));
};

const each = ({ stores, usual }: Plan): readonly Params[] => stores.map((store) => ({ ...usual, stores: [store] }));

const saying = (what: string, { stores }: Params): string => {
  const programs = stores.at(-1)?.programs;
  return programs === undefined ? what : `${what}, ${programs} programs`;
};

const partsOf: Readonly<Record<Section, (plan: Plan) => readonly Part[]>> = {
  events: ({ usual }) =>
    Object.values(sixWorks).map((work) => ({ task: 'event', params: { ...usual, work }, says: work })),
  commands: ({ usual }) => [
    ...inFlight.map(
      (atOnce): Part => ({ task: 'command', params: { ...usual, atOnce }, says: `commands, ${atOnce} in flight` }),
    ),
    { task: 'mixed', params: usual, says: 'mixed life' },
  ],
  views: (plan) => pairs(plan).map((params) => ({ task: 'view', params, says: saying('views', params) })),
  sizes: (plan) => pairs(plan).map((params) => ({ task: 'size', params, says: saying('a command', params) })),
  open: (plan) => pairs(plan).map((params) => ({ task: 'open', params, says: saying('open', params) })),
  purge: (plan) => pairs(plan).map((params) => ({ task: 'purge', params, says: saying('purge', params) })),
  verify: (plan) => each(plan).map((params) => ({ task: 'verify', params, says: saying('verify', params) })),
  rebuild: (plan) => each(plan).map((params) => ({ task: 'rebuild', params, says: saying('rebuild', params) })),
  memory: (plan) => pairs(plan).map((params) => ({ task: 'memory', params, says: saying('memory', params) })),
  bytes: (plan) => each(plan).map((params) => ({ task: 'bytes', params, says: saying('bytes', params) })),
};

const needsStores = (section: Section): boolean => section !== 'events' && section !== 'commands';

/** Stores that are to be there and are not. */
export const missingStores = ({ kept, sizes }: Options): readonly Filled[] =>
  kept?.isThere === true ? sizes.map((size) => placeOf(kept.directory, size)).filter((store) => !isFilled(store)) : [];

/** Everything that is to be done, in order: stores are filled first, where a part needs them. */
export const planFor = (options: Options, directory: string): readonly Part[] => {
  const { only, sizes, rounds, isQuick, seed } = options;
  const usual: Params = { rounds, isQuick, seed, stores: [] };
  const stores = sizes.map((size) => placeOf(directory, size));
  const measured = only.flatMap((section) =>
    partsOf[section]({ options, stores, usual }).map((part) => ({ ...part, section })),
  );
  const filled = only.some(needsStores) ? stores.filter((store) => !isFilled(store)) : [];
  const filling = filled.map((store): Part => {
    const params = { ...usual, stores: [store] };
    return { task: 'fill', params, says: saying('filling a store', params) };
  });
  return [...filling, ...measured];
};
