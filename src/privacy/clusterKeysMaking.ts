import { randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { timeLeft } from '../eventStore/eventStoreDb/node.ts';
import type { Told } from '../eventStore/tidings.ts';
import { currentOf } from './clusterKeysEpochs.ts';
import { type ClusterKeys, keyRecord, keyStream } from './clusterKeysRecords.ts';
import { appendSurely, keyErrorOf, notNow, ofKeys, tellAll } from './clusterKeysTelling.ts';
import type { KeyError, KeyId } from './keys.ts';
import { type Masters, wrapNewKey } from './wrapping.ts';

/** How many keys are made ahead, and below how many that is done again. */
const ahead = 8;
const fewSpare = 4;
/** How many are made at once where many are wanted. */
const mostAtOnce = 64;

/** A key that lies in the cluster and that nobody has been given yet. */
type SpareKey = { readonly id: KeyId; readonly epoch: string };

/** Hands out keys that only this process knows of. */
export type KeyMaking = {
  readonly take: () => Promise<E.Either<KeyError, SpareKey>>;
  readonly giveBack: (spare: SpareKey) => void;
  /** Makes one that nobody had before. */
  readonly makeOne: () => Promise<E.Either<KeyError, SpareKey>>;
  /** Resolves when none is being made ahead. */
  readonly idle: () => Promise<unknown>;
};

type Made = E.Either<KeyError, SpareKey>;

const writeOne = async (keys: ClusterKeys, { id: epoch, key }: Masters['current'], until: number): Promise<Made> => {
  const id = randomBytes(16).toString('hex');
  const wrapped = wrapNewKey({ store: keys.storeId, keyId: id, epoch }, key);
  const records = [keyRecord({ epoch, wrapped })];
  const appended = await appendSurely(keys, { stream: keyStream(id), expected: -1, records }, until);
  return appended.kind === 'committed' ? E.right({ id, epoch }) : E.left(keyErrorOf(appended));
};

const toldOf = ({ id, epoch }: SpareKey): Told => ({ type: 'key-made', data: { keyId: id, epoch } });

/** Makes keys and tells of them: those that count, which are none where their master key was closed meanwhile. */
const makeUnder = async (
  keys: ClusterKeys,
  master: Masters['current'],
  count: number,
  until: number,
): Promise<E.Either<KeyError, readonly SpareKey[]>> => {
  const written = await Promise.all(Array.from({ length: count }, () => writeOne(keys, master, until)));
  const made = written.flatMap((one) => (E.isRight(one) ? [one.right] : []));
  if (made.length === 0) return written.find(E.isLeft) ?? E.left(notNow);
  const told = await tellAll(keys, ofKeys, made.map(toldOf), until);
  if (E.isLeft(told)) return told;
  return E.right(made.filter(({ id }) => keys.node.tables.epochOfKey(id) !== undefined));
};

const makeMany = async (keys: ClusterKeys, count: number): Promise<E.Either<KeyError, readonly SpareKey[]>> => {
  const until = Date.now() + keys.node.deadline;
  do {
    const master = await currentOf(keys);
    if (E.isLeft(master)) return master;
    const made = await makeUnder(keys, master.right, count, until);
    if (E.isLeft(made) || made.right.length > 0) return made;
  } while (timeLeft(until) > 0);
  return E.left(notNow);
};

/** Makes keys, some of them ahead, so that whoever takes one waits for nobody. */
export const keyMaking = (keys: ClusterKeys): KeyMaking => {
  const spares: SpareKey[] = [];
  let wanted = 0;
  let making: Promise<E.Either<KeyError, void>> | undefined;
  const make = async (): Promise<E.Either<KeyError, void>> => {
    try {
      const made = await makeMany(keys, Math.min(mostAtOnce, wanted + ahead));
      if (E.isRight(made)) spares.push(...made.right);
      return E.map(() => undefined)(made);
    } catch {
      // The file of the node was closed meanwhile.
      return E.left({ ...notNow, retry: false });
    } finally {
      making = undefined;
    }
  };
  const makeAhead = (): Promise<E.Either<KeyError, void>> => {
    making ??= make();
    return making;
  };
  /** What lay spare under an earlier master key is handed out no more. */
  const nextSpare = (): SpareKey | undefined => {
    const isCurrent = ({ epoch }: SpareKey): boolean =>
      epoch === keys.masters.current.id && !keys.node.tables.isEpochClosed(epoch);
    for (;;) {
      const spare = spares.pop();
      if (spare === undefined || isCurrent(spare)) return spare;
    }
  };
  const takeOne = async (): Promise<Made> => {
    for (;;) {
      const spare = nextSpare();
      if (spare !== undefined) return E.right(spare);
      const made = await makeAhead();
      if (E.isLeft(made)) return made;
    }
  };
  return {
    take: async () => {
      wanted += 1;
      const taken = await takeOne().finally(() => {
        wanted -= 1;
      });
      if (spares.length < fewSpare && !keys.closed.aborted) void makeAhead();
      return taken;
    },
    giveBack: (spare) => void spares.push(spare),
    makeOne: async () =>
      E.flatMap((made: readonly SpareKey[]) => (made[0] === undefined ? E.left(notNow) : E.right(made[0])))(
        await makeMany(keys, 1),
      ),
    idle: () => Promise.resolve(making),
  };
};
