import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../simulation/random.ts';
import { encode, toStored } from '../src/eventStore/codec.ts';
import type { Engine } from '../src/eventStore/engine.ts';
import { tablesOf } from '../src/eventStore/sqliteTables.ts';
import { anEvent } from '../test/eventStore/events.ts';
import { appendAt } from './appending.ts';
import { aChild, type Child } from './child.ts';
import { type Fault, type Tally, tallyOf } from './fault.ts';
import { found, withLibrary } from './looking.ts';
import { aStore, programs } from './region.ts';
import { eachTry, unlessThrown } from './trying.ts';

/** A comment of a resident, as small as an event can be. */
const aComment = () => {
  const event = anEvent({ type: 'comment-made' });
  return { ...event, data: { moduleId: 'steg-1', sectionId: 'avsnitt-1', commentId: event.id } };
};

type Came = {
  readonly happened: boolean;
  readonly acknowledged: readonly string[];
  readonly failures: readonly string[];
};
type Library = Parameters<Parameters<typeof withLibrary<Came>>[1]>[0];
type Kind = (library: Library, path: string, random: Random) => Promise<Came>;

const isStopped = ({ pid }: Child): boolean => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

/** A process that holds a file in the middle of a transaction, and was stopped there. */
const aStoppedHolder = async (path: string, whole: boolean): Promise<{ holder: Child; holds: boolean }> => {
  const holder = aChild('lockingProcess.ts', { args: ['--path', path, ...(whole ? ['--whole'] : [])] });
  const locked = await holder.says('locked');
  holder.signal('SIGSTOP');
  for (let looks = 0; looks < 200 && !isStopped(holder); looks += 1) await wait(5);
  return { holder, holds: locked && isStopped(holder) };
};

/** It goes on and lets go, or is killed where it stands. */
const release = async (holder: Child, isKilled: boolean): Promise<void> => {
  if (isKilled) holder.signal('SIGKILL');
  holder.signal('SIGCONT');
  holder.say('let go');
  await holder.ended;
};

/** An append of a number is refused as unavailable while the file is held, and done afterwards, once, under the same id. */
const heldTooLong =
  (number: number, fileOf: (path: string) => string, whole: boolean): Kind =>
  async (library, path, random) => {
    const { holder, holds } = await aStoppedHolder(fileOf(path), whole);
    const id = randomUUID();
    const during = await appendAt(library, number, id);
    const held = holds && isStopped(holder);
    await release(holder, random.happens(0.5));
    const [after, again] = [await appendAt(library, number, id), await appendAt(library, number, id)];
    const failures = [
      ...(during.outcome === 'unavailable' ? [] : [`an append to a held file came to ${during.outcome}`]),
      ...(after.outcome === 'done' ? [] : [`its repeat, when the file was let go, came to ${after.outcome}`]),
      ...(again.outcome === 'done' ? [] : [`another repeat came to ${again.outcome}`]),
    ];
    return { happened: held, acknowledged: after.outcome === 'done' ? [id] : [], failures };
  };

/** The port's append of several events at a fixed place, so that its repeat is the very same. */
const portHeldTooLong: Kind = async ({ engine: { events } }, path, random) => {
  const { holder, holds } = await aStoppedHolder(path, false);
  const stream = `program-${programs[2]}`;
  const history = await events.read(stream)();
  const head = history._tag === 'Right' ? history.right.length - 1 : -1;
  const given = [aComment(), aComment()];
  const append = events.append(stream, head, given);
  const during = await append();
  const meanwhile = await events.read(stream)();
  const held = holds && isStopped(holder);
  await release(holder, random.happens(0.5));
  const [after, again] = [await append(), await append()];
  const refused = during._tag === 'Left' && during.left.kind === 'unavailable' && during.left.retry;
  const sameTwice = after._tag === 'Right' && JSON.stringify(after) === JSON.stringify(again);
  const failures = [
    ...(history._tag === 'Right' ? [] : ['a held file cannot be read']),
    ...(refused ? [] : ['an append to a held file is not unavailable, worth a repeat']),
    ...(JSON.stringify(meanwhile) === JSON.stringify(history) ? [] : ['what was refused as unavailable is there']),
    ...(sameTwice ? [] : ['its repeats do not both give the first result']),
  ];
  const acknowledged = after._tag === 'Right' ? given.map(({ cause }) => cause.commandId) : [];
  return { happened: held, acknowledged, failures };
};

/** The holder lets go before the library gives up: the append waits, and is done. */
const heldForAWhile: Kind = async (library, path, random) => {
  const holder = aChild('lockingProcess.ts', { args: ['--path', path] });
  const locked = await holder.says('locked');
  let settled = false;
  const [number, id] = [random.between(0, 2), randomUUID()];
  const appending = appendAt(library, number, id).then((came) => {
    settled = true;
    return came;
  });
  await wait(random.between(20, 200));
  const waited = locked && !settled;
  await release(holder, random.happens(0.5));
  const { outcome } = await appending;
  const failures = outcome === 'done' ? [] : [`an append that waited came to ${outcome}`];
  return { happened: waited, acknowledged: [id], failures };
};

/** Another process, which writes if it is let. */
const anotherWrites = (path: string): string => {
  const file = join(import.meta.dirname, 'lockingProcess.ts');
  return execFileSync(process.execPath, ['--no-warnings', file, '--path', path, '--once']).toString().trim();
};

/** Somebody else tries to commit between the reads of an append and its writes. */
const meanwhile: Kind = async ({ engine: { events } }, path) => {
  let came = '';
  const event = aComment();
  const holds = (): boolean => {
    came ||= anotherWrites(path);
    return true;
  };
  const failures = await unlessThrown('an append that another process met', async () => {
    const result = await events.append(`program-${programs[2]}`, 'any', [event], { holds })();
    return result._tag === 'Right' ? [] : [`an append that another process met came to ${result.left.kind}`];
  });
  return { happened: came !== '', acknowledged: failures.length === 0 ? [event.cause.commandId] : [], failures };
};

const keysOf = (path: string): string => path.replace(/\.db$/, '.keys.db');
const itself = (path: string): string => path;

const kinds: readonly Kind[] = [
  portHeldTooLong,
  meanwhile,
  heldForAWhile,
  heldTooLong(0, itself, false),
  heldTooLong(2, keysOf, true),
];

const asTally = async (path: string, came: Came | string): Promise<Tally> => {
  if (typeof came === 'string') return tallyOf({ happened: true, failures: [came] });
  const { lost, torn, failures } = await found(path, came.acknowledged);
  return tallyOf({ happened: came.happened, lost, torn, failures: [...came.failures, ...failures] });
};

const aTry = async (random: Random, index: number): Promise<Tally> => {
  const { path, remove } = await aStore();
  const kind = kinds[index % kinds.length] as Kind;
  const tally = await asTally(path, await withLibrary(path, (library) => kind(library, path, random)));
  remove();
  return tally;
};

/** An append whose transaction begins as a reader, becomes a writer only when it writes, and is not tried again. */
const deferredAppend = async ({ readModels }: Engine, path: string): Promise<Came> => {
  const [tables, stream] = [tablesOf(readModels), `program-${programs[2]}`];
  let came = '';
  const append = readModels.transaction(() => {
    const head = tables.headOf(stream);
    came = anotherWrites(path);
    const stored = toStored(aComment(), stream, head + 1);
    tables.addEncoded(stored, encode(stored), undefined);
  });
  const failures = await unlessThrown('an append that another process met', async () => {
    append.deferred();
    return [];
  });
  return { happened: came === 'written', acknowledged: [], failures };
};

const withoutImmediate = async (): Promise<Tally> => {
  const { path, remove } = await aStore();
  const came = await withLibrary(path, ({ engine }) => deferredAppend(engine, path));
  remove();
  return typeof came === 'string' ? tallyOf({ happened: false, failures: [came] }) : tallyOf(came);
};

/** Waiting costs no processor time, and the tries wait for four seconds each. */
const together = 5;

/** The file is locked by a process that does not let go, or that commits in between. */
export const lockedByAnother: Fault = {
  id: 'F7',
  name: 'another process holds the write lock past the timeout, is stopped while it holds it, or commits in between',
  promises: ['P3', 'P4', 'P5'],
  tries: { short: 3, full: 50 },
  missing: () => (process.platform === 'linux' ? undefined : 'Linux'),
  run: (trying) => eachTry(trying, aTry, together),
  control: {
    without: 'a transaction that begins as a writer, and another try',
    tries: { short: 1, full: 10 },
    run: (trying) => eachTry(trying, withoutImmediate),
  },
};
