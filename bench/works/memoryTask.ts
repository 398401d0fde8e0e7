import { apart } from '../apart.ts';
import { clinician, sendOne } from '../model.ts';
import type { Filled } from '../places.ts';
import { amountRow, type Row } from '../rows.ts';
import { lookedAt, ongoing, openStore } from '../stores.ts';
import { crowdOf } from './crowd.ts';
import { pairOf, rightOrThrow, sized } from './sizeTasks.ts';
import type { Params, Task } from './task.ts';

const mebibyte = 2 ** 20;

/** Programs that are looked at and acted in until whatever is remembered of them is remembered: more than any cache holds. */
const amounts = { usual: { looked: 2_000, acted: 1_000, lived: 600 }, quick: { looked: 50, acted: 10, lived: 60 } };

/** A host that has worked for a while: what its process came to is told by whoever started it. */
export const hostTask: Task = async (params) => {
  const [store] = params.stores;
  if (store === undefined) throw new Error('a store is needed');
  const { folja } = await openStore(store);
  const { looked, acted, lived } = amounts[params.isQuick ? 'quick' : 'usual'];
  for (const programId of lookedAt(store, looked))
    rightOrThrow(await folja.view({ view: 'program', programId }, clinician));
  for (const programId of ongoing(store, acted))
    await sendOne(folja, ['change-welcome-text', { programId, text: 'Välkommen tillbaka.' }, clinician]);
  for (const tab of ['mine', 'all', 'ended'])
    rightOrThrow(await folja.view({ view: 'overview', tab, limit: 200 }, clinician));
  const { length } = await folja.audit.head();
  await crowdOf(folja, 64, params.seed + length).send(Math.ceil(lived / 64));
  await folja.close();
  return [];
};

const host = (params: Params, store: Filled) =>
  apart<object, readonly Row[]>(
    new URL('../benchProcess.ts', import.meta.url),
    { task: 'host', params: { ...params, stores: [store] } },
    () => undefined,
  );

/** The most memory of a host with a store of either size, each in a process of its own. */
export const memoryTask: Task = async (params, tell) => {
  const [small, large] = pairOf(params);
  const one = await host(params, small);
  tell(1, 2);
  const other = await host(params, large);
  const floor = { name: `at ${small.programs}`, programs: small.programs };
  const row = (store: Filled, bytes: number): Row =>
    amountRow(
      {
        section: 'memory',
        work: `host with warm caches, ${sized(store)}`,
        unit: 'MiB',
        programs: store.programs,
        floor,
      },
      bytes / mebibyte,
      one.peakBytes / mebibyte,
    );
  return [...(params.isFirst === true ? [row(small, one.peakBytes)] : []), row(large, other.peakBytes)].map((of) => ({
    ...of,
    peakBytes: of.median * mebibyte,
  }));
};
