import Sqlite from 'better-sqlite3';
import { untilItBites } from './biting.ts';
import { keyedIn, purgeFailures } from './erased.ts';
import type { Fault } from './fault.ts';
import { acknowledgedIn } from './killedAtWrites.ts';
import { found, withLibrary } from './looking.ts';
import { aStore, programs } from './region.ts';
import { withoutStrace } from './straced.ts';
import { atPoints, type Script } from './striking.ts';

const most = 900;
const [programId] = programs;

const certificateFailures = async (path: string): Promise<readonly string[]> => {
  const looked = await withLibrary(path, async ({ engine: { events } }) => {
    const all = await events.readAll(0, 10_000)();
    const types = all._tag === 'Right' ? all.right.map(({ type }) => type) : [];
    const count = (wanted: string): number => types.filter((type) => type === wanted).length;
    return count('purged') === count('erasure-certified') ? [] : ['a purge does not have one certificate'];
  });
  return typeof looked === 'string' ? [] : looked;
};

type Keys = Awaited<ReturnType<typeof keyedIn>>;
let known: Promise<Keys> | undefined;

const keysOfAll = async (): Promise<Keys> => {
  const { path, remove } = await aStore();
  try {
    return await keyedIn(path);
  } finally {
    remove();
  }
};

/** The keys of the programs that every store begins with: what is purged does not tell its key any more. */
const keys = (): Promise<Keys> => {
  known ??= keysOfAll();
  return known;
};

const forgetIntent = (path: string): void => {
  const db = new Sqlite(path);
  db.exec('DELETE FROM erasures');
  db.close();
};

const script = (spoil: (path: string) => void): Script => ({
  calls: { pwrite64: 400, write: 5, fsync: 40, fdatasync: 0, ftruncate: 6, unlink: 2 },
  strikes: ['kill'],
  beside: [
    ...['unit.db', 'unit.db-wal', 'unit.db-shm', 'unit.keys.db', 'unit.keys.db-journal'],
    ...['unit.anchors', 'unit.anchors/latest', 'unit.anchors/erasures.jsonl', 'unit.anchors/heads.jsonl'],
  ],
  aStore,
  started: ({ path }) => ({ file: 'purgingProcess.ts', told: { path, programId } }),
  look: async ({ path }, { lines }) => {
    spoil(path);
    const holds = await found(path, acknowledgedIn(lines));
    const erased = lines.some((line) => line.includes('"erased"')) ? [programId] : [];
    const keyed = await keys();
    const failures = [...(await purgeFailures(path, keyed, erased)), ...(await certificateFailures(path))];
    return { ...holds, failures: [...holds.failures, ...failures] };
  },
});

/** A process dies at every step of a purge. */
export const killedWhilePurging: Fault = {
  id: 'F13',
  name: 'the process is killed at a write, a sync, a truncation or a removal of a file, while it ends and purges a program',
  promises: ['P2', 'P12', 'P15'],
  tries: { short: 1, full: most },
  missing: withoutStrace,
  run: atPoints(
    script(() => undefined),
    most,
  ),
  control: {
    without: 'the intent of the purge',
    tries: { short: 10, full: 30 },
    run: untilItBites(atPoints(script(forgetIntent), most)),
  },
};
