import { randomUUID } from 'node:crypto';
import type { Engine } from '../src/eventStore/engine.ts';
import type { StoredEvent } from '../src/eventStore/eventStore.ts';
import { memoryDatabase } from '../src/eventStore/memoryDatabase.ts';
import { isAccessStream } from '../src/eventStore/streams.ts';
import { openFolja } from '../src/index.ts';
import { compareWithRebuild } from '../src/projections/comparing.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { at, maternity } from '../test/library/people.ts';
import { sizeOf } from './appending.ts';
import { clock, masterKey } from './region.ts';
import type { Weaken } from './weakened.ts';

/** What holds of a store after a fault: how much was lost and torn, and what else does not hold, a sentence for each kind. */
export type Found = { readonly lost: number; readonly torn: number; readonly failures: readonly string[] };

type Opened = { readonly folja: Awaited<ReturnType<typeof openFolja>>; readonly engine: Engine };

const open = async (path: string, weaken: Weaken): Promise<Opened> => {
  let engine: Engine | undefined;
  const store = sqliteStore({ path });
  const folja = await openFolja({
    store: { open: async (...given) => (engine = weaken(await store.open(...given))) },
    ...{ masterKey, clock },
  });
  return { folja, engine: engine as Engine };
};

/** Without the paths that messages end with. */
const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message.replaceAll(/ \([^)]*\)/g, '') : 'something unknown was thrown';

const pageSize = 1_000;

const eventsOf = async ({ events }: Engine): Promise<readonly StoredEvent[] | string> => {
  const all: StoredEvent[] = [];
  for (;;) {
    const page = await events.readAll(all.length, pageSize)();
    if (page._tag === 'Left') return page.left.kind;
    all.push(...page.right);
    if (page.right.length === 0) return all;
  }
};

const orderFailures = (all: readonly StoredEvent[]): readonly string[] => {
  const heads = new Map<string, number>();
  let [positions, revisions] = [true, true];
  for (const [index, { position, stream, revision }] of all.entries()) {
    positions &&= position === index + 1;
    revisions &&= revision === (heads.get(stream) ?? -1) + 1;
    heads.set(stream, revision);
  }
  return [...(positions ? [] : ['the positions have a gap']), ...(revisions ? [] : ['a stream has a gap'])];
};

const countsOf = (all: readonly StoredEvent[], acknowledged: readonly string[]) => {
  const appends = Map.groupBy(all, ({ cause }) => cause.commandId);
  const torn = [...appends.values()].filter((events) => {
    const ofCommand = events.filter(({ stream }) => !isAccessStream(stream));
    const size = sizeOf(ofCommand[0]?.cause.command ?? '');
    return size !== undefined && ofCommand.length !== size;
  });
  return { lost: acknowledged.filter((id) => !appends.has(id)).length, torn: torn.length };
};

const viewFailures = async ({ events, readModels }: Engine): Promise<readonly string[]> => {
  const beside = await memoryDatabase();
  try {
    const compared = await compareWithRebuild(events, readModels, beside);
    if (compared._tag === 'Left') return [`the read models cannot be built: ${compared.left.kind}`];
    if (compared.right.kind !== 'compared') return ['the read models are of another version'];
    return compared.right.differences.map(({ table }) => `the read model ${table} is not what a rebuild gives`);
  } catch {
    return ['the read models cannot be read'];
  } finally {
    beside.close();
  }
};

const pendingFailures = async ({ events }: Engine): Promise<readonly string[]> => {
  const pending = await events.pendingErasures()();
  return pending._tag === 'Right' && pending.right.length === 0 ? [] : ['a purge is not finished'];
};

const appendFailures = async ({ folja }: Opened): Promise<readonly string[]> => {
  const sent = { type: 'sign-in', data: { unitId: maternity.unitId }, id: randomUUID() };
  const result = await folja.execute(sent, at(maternity, 'b'));
  // What is refused is written too: in a store that was just made there is nobody to sign in.
  const isWritten = result._tag === 'Right' || result.left.kind === 'refused';
  return isWritten ? [] : ['nothing can be appended any more'];
};

const look = async (opened: Opened, acknowledged: readonly string[]): Promise<Found> => {
  const { folja, engine } = opened;
  const all = await eventsOf(engine);
  if (typeof all === 'string') return { lost: 0, torn: 0, failures: [`the log cannot be read: ${all}`] };
  const { problems } = await folja.audit.verify();
  const failures = [
    ...orderFailures(all),
    ...problems.map(({ kind, what }) => `verification: ${kind}${what === undefined ? '' : `, ${what}`}`),
    ...(await pendingFailures(engine)),
    ...(await viewFailures(engine)),
    ...(await appendFailures(opened)),
  ];
  return { ...countsOf(all, acknowledged), failures };
};

/** What damage throws is one more thing that does not hold. */
const lookSafely = async (opened: Opened, acknowledged: readonly string[]): Promise<Found> => {
  try {
    return await look(opened, acknowledged);
  } catch (error) {
    return { lost: 0, torn: 0, failures: [`looking threw ${error instanceof Error ? error.name : typeof error}`] };
  }
};

/** Does something with the whole library on the store at a path, and closes it; a sentence where it does not open. */
export const withLibrary = async <A>(
  path: string,
  work: (opened: Opened) => Promise<A>,
  weaken: Weaken = (engine) => engine,
): Promise<A | string> => {
  let opened: Opened;
  try {
    opened = await open(path, weaken);
  } catch (error) {
    return sentenceOf(error);
  }
  try {
    return await work(opened);
  } finally {
    await opened.folja.close();
  }
};

/**
 * What is left of a store after a fault: it is opened with the real library, which finishes what was begun, and everything promised is looked
 * at: that each append is there whole, positions and revisions are free of gaps, digests, tree and anchors hold, no purge is left unfinished, the
 * read models are what a rebuild gives, and that it can be written to.
 *
 * @param acknowledged the ids of the commands whose appends were acknowledged
 */
export const found = async (path: string, acknowledged: readonly string[]): Promise<Found> => {
  const looked = await withLibrary(path, (opened) => lookSafely(opened, acknowledged));
  return typeof looked === 'string' ? { lost: 0, torn: 0, failures: [`it does not open: ${looked}`] } : looked;
};
