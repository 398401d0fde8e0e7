import * as E from 'fp-ts/lib/Either.js';
import type { AccessLog, Entry } from './accessLog.ts';
import type { Failure } from './failure.ts';

/** More refusals than this in a minute by one actor become one entry with a count (architecture, section 5). */
const refusalsAMinute = 20;
const minute = 60_000;

type Refusing = Entry & { readonly event: Extract<Entry['event'], { type: 'refused' }> };
type Flood = { readonly since: number; readonly first: Refusing; written: number; held: number; code: string };
type Write = AccessLog['append'];

const isRefusal = (entry: Entry): entry is Refusing => entry.event.type === 'refused';

/** Whose flood it is; whoever is not recognized shares one. */
const actorOf = ({ by, personalNumber }: Entry): string =>
  by.kind === 'resident' ? `resident ${personalNumber}` : `${by.kind} ${by.hsaId ?? by.process ?? ''}`;

const counted = ({ first, held, code }: Flood): Entry => ({
  ...first,
  event: { type: 'refused', data: { ...first.event.data, code, programs: [], count: held } },
});

/** Holds back what exceeds the limit, and writes it as a count when the minute is over, when asked, and before closing. */
export const countingFloods = (write: Write): AccessLog => {
  const floods = new Map<string, Flood>();

  const release = async (isDue: (flood: Flood) => boolean): Promise<E.Either<Failure, void>> => {
    for (const [actor, flood] of floods) {
      if (!isDue(flood)) continue;
      floods.delete(actor);
      const result = flood.held === 0 ? E.right(undefined) : await write(counted(flood));
      if (E.isLeft(result)) {
        floods.set(actor, flood);
        return result;
      }
    }
    return E.right(undefined);
  };

  const refuse: Write = async (entry, conditions) => {
    if (!isRefusal(entry)) return write(entry, conditions);
    const { code } = entry.event.data;
    const actor = actorOf(entry);
    const flood = floods.get(actor) ?? { since: Date.parse(entry.at), first: entry, written: 0, held: 0, code };
    floods.set(actor, flood);
    if (flood.written < refusalsAMinute) {
      flood.written += 1;
      return write(entry, conditions);
    }
    flood.code = flood.held === 0 || flood.code === code ? code : 'several';
    flood.held += 1;
    return E.right(undefined);
  };

  return {
    append: async (entry, conditions) => {
      const now = Date.parse(entry.at);
      const released = await release(({ since }) => Math.abs(now - since) >= minute);
      return E.isLeft(released) ? released : refuse(entry, conditions);
    },
    flush: () => release(() => true),
  };
};
