import { join } from 'node:path';
import { act, projection, state, store } from '@rotorsoft/act';
import { SqliteStore } from '@rotorsoft/act-sqlite';
import { z } from 'zod';
import { catchUpPage, fold, nothingFolded, payload, replayPage, streamLength, streams } from '../floor.ts';
import { sixWorks } from '../sixWorks.ts';
import type { Amounts } from '../works/task.ts';
import { type Peer, type Ready, repeatedly, requireAll, takingTurns } from './peer.ts';

const noted = { name: 'noted', data: payload } as const;
const shape = z.object({
  programId: z.string(),
  messageId: z.string(),
  from: z.string(),
  count: z.number(),
  text: z.string(),
});
const meta = { correlation: 'bench', causation: {} };
const actor = { id: 'bench', name: 'bench' };

const Note = state({ Note: z.object({ events: z.number(), letters: z.number() }) })
  .init(() => ({ ...nothingFolded }))
  .emits({ noted: shape })
  .patch({ noted: ({ data }, so) => fold(so, data) })
  .on({ note: shape })
  .emit((given) => ['noted', given])
  .build();

/** `seed` sets WAL; full synchronization is what libSQL begins with, and there is no way to ask for it through the store. */
const open = async (directory: string) => {
  store(new SqliteStore({ url: `file:${join(directory, 'act.db')}` }));
  await store().seed();
};

const end = async (): Promise<void> => store().dispose();

const appendingTo = () => {
  const next = takingTurns(streams);
  return (together: number) => {
    const [stream, length] = next(together);
    return store().commit(
      stream,
      Array.from({ length: together }, () => noted),
      meta,
      length === 0 ? undefined : length - 1,
    );
  };
};

const fill = async (events: number): Promise<void> => {
  const append = appendingTo();
  await repeatedly(Math.ceil(events / streamLength), () => append(streamLength));
};

const appending =
  (together: number) =>
  async (directory: string, { commits }: Amounts): Promise<Ready> => {
    await open(directory);
    const append = appendingTo();
    return { work: async () => (await repeatedly(commits, () => append(together))) * together, end };
  };

const commanding = async (directory: string, { commits }: Amounts): Promise<Ready> => {
  await open(directory);
  await fill(streams * streamLength);
  const app = act().withState(Note).build();
  const next = takingTurns(streams);
  const command = () => app.do('note', { stream: next(1)[0], actor }, payload);
  return { work: () => repeatedly(commits, command), end };
};

const replaying = async (directory: string, { replayed }: Amounts): Promise<Ready> => {
  await open(directory);
  await fill(replayed);
  const replay = async (): Promise<number> => {
    let folded = nothingFolded;
    for (let after = -1; ; ) {
      const before = folded.events;
      await store().query<{ noted: typeof payload }>(
        ({ id, data }) => {
          folded = fold(folded, data);
          after = id;
        },
        { after, limit: replayPage },
      );
      if (folded.events === before) return requireAll(folded.events, replayed);
    }
  };
  return { work: replay, end };
};

const catchingUp = async (directory: string, { caughtUp }: Amounts): Promise<Ready> => {
  await open(directory);
  await fill(caughtUp);
  let folded = nothingFolded;
  const count = async ({ data }: { readonly data: typeof payload }): Promise<void> => {
    folded = fold(folded, data);
  };
  const counting = projection('bench').on({ noted: shape }).do(count).build();
  const app = act().withState(Note).withProjection(counting).build();
  await app.correlate();
  const catchUp = async (): Promise<number> => {
    await app.reset(['bench']);
    folded = nothingFolded;
    await new Promise<void>((resolve) => {
      const settled = (): void => {
        app.off('settled', settled);
        resolve();
      };
      app.on('settled', settled);
      app.settle({ eventLimit: catchUpPage, debounceMs: 0 });
    });
    return requireAll(folded.events, caughtUp);
  };
  return { work: catchUp, end };
};

/** Act on SQLite, by libSQL; its read models are always brought up afterwards. */
export const actPeer: Peer = {
  name: 'act 1.31.26 (libSQL)',
  works: {
    [sixWorks.one]: appending(1),
    [sixWorks.ten]: appending(10),
    [sixWorks.command]: commanding,
    [sixWorks.replay]: replaying,
    [sixWorks.catchUp]: catchingUp,
  },
};
