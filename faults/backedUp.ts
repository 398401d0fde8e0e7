import { randomUUID } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { aResident } from '../simulation/people.ts';
import type { Random } from '../simulation/random.ts';
import { type Folja, openFolja } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { at, maternity } from '../test/library/people.ts';
import { appendAt } from './appending.ts';
import { type Fault, type Tally, tallyOf } from './fault.ts';
import { found, withLibrary } from './looking.ts';
import { aFolder, aStore, clock, masterKey, programs } from './region.ts';
import { eachTry, unlessThrown } from './trying.ts';

type Library = Parameters<Parameters<typeof withLibrary<void>>[1]>[0];
/** Where the store lies, where its copy, and what was acknowledged before the copying began. */
type Places = { readonly path: string; readonly backup: string; readonly random: Random };
type Writing = { readonly acknowledged: string[]; isOver: boolean };

const [clinician, administrator] = [at(maternity, 'b'), at(maternity, 'da')];
const theOldOne = programs[2];
const theOtherOne = programs[0];

const doneOr = async (folja: Folja, type: string, data: object, actor = clinician): Promise<string> => {
  const id = randomUUID();
  const result = await folja.execute({ type, data, id }, actor);
  if (result._tag === 'Left') throw new Error(`${type} came to ${result.left.kind}`);
  return id;
};

const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };

/** Somebody new: a program with a key of its own, perhaps one that only one of the two copies has. */
const startAnother = (folja: Folja, random: Random, number: number): Promise<string> =>
  doneOr(folja, 'start-program', { templateId: 'tobakshjalpen', resident: aResident(random, number), attested });

/** A copying from another connection begins anew whenever somebody writes, so writing ends after a while. */
const mostAppends = 120;

const keepWriting = async (library: Library, random: Random, writing: Writing): Promise<void> => {
  for (let number = 0; number < mostAppends && !writing.isOver; number += 1) {
    if (number % 4 === 3) writing.acknowledged.push(await startAnother(library.folja, random, number));
    else {
      const { id, outcome } = await appendAt(library, number);
      if (outcome === 'done') writing.acknowledged.push(id);
    }
    await wait(random.between(0, 6));
  }
};

const files = ['unit.db', 'unit.keys.db'] as const;

/** Copies a file of an open store as SQLite does it, some pages at a time. */
const backUp = async (from: string, to: string, random: Random): Promise<void> => {
  const db = new Sqlite(from, { readonly: true });
  try {
    await db.backup(to, { progress: () => random.between(20, 200) });
  } finally {
    db.close();
  }
};

const fileIn = (folder: string, name: string): string => join(folder, name);

/** Copies both files while somebody writes, in either order: what was acknowledged before, and whether anything was meanwhile. */
const backUpWhileWriting = async (library: Library, { path, backup, random }: Places) => {
  const writing: Writing = { acknowledged: [], isOver: false };
  const going = keepWriting(library, random, writing);
  while (writing.acknowledged.length < 3) await wait(1);
  const before = [...writing.acknowledged];
  const order = random.happens(0.5) ? files : files.toReversed();
  for (const name of order) await backUp(fileIn(join(path, '..'), name), fileIn(backup, name), random);
  const meanwhile = writing.acknowledged.length - before.length;
  writing.isOver = true;
  await going;
  return { before, meanwhile };
};

const purgeTheOldOne = async ({ folja }: Library): Promise<boolean> => {
  const data = { programId: theOldOne, disposalDecision: 'RA-2026/1' };
  const result = await folja.execute({ type: 'purge-program', data }, administrator);
  return result._tag === 'Right' && result.right.erasure === 'erased';
};

/** Puts the copy in the place of the store. */
const restore = (path: string, backup: string): void => {
  const folder = join(path, '..');
  for (const name of files) {
    for (const end of ['-wal', '-shm', '-journal']) rmSync(fileIn(folder, name + end), { force: true });
    copyFileSync(fileIn(backup, name), fileIn(folder, name));
  }
};

type Rows = { readonly rows: readonly { readonly subject?: string }[] };

/** What is shown of a program: its conversations, or why they are not. */
const shownOf = async (folja: Folja, programId: string): Promise<string> => {
  const result = await folja.view({ view: 'conversations', programId }, clinician);
  if (result._tag === 'Left') return result.left.kind === 'refused' ? result.left.code : result.left.kind;
  return (result.right as Rows).rows.every(({ subject }) => subject === 'En fråga') ? 'its conversations' : 'something';
};

/** Every program with what is sealed of it, also those that were started while the copy was taken. */
const listOf = async (folja: Folja): Promise<string> => {
  const result = await folja.view({ view: 'overview', tab: 'mine', limit: 200 }, clinician);
  return result._tag === 'Right' ? 'done' : result.left.kind;
};

/** Goes on with the copy, once, as a host does after a loss; the same sentences whatever was thrown. */
const goOnWithCopy = (path: string): Promise<readonly string[]> =>
  unlessThrown('going on with the copy', async () => {
    const folja = await openFolja({ store: sqliteStore({ path, acceptOlder: true }), masterKey, clock });
    const [purged, other] = [await shownOf(folja, theOldOne), await shownOf(folja, theOtherOne)];
    const list = await listOf(folja);
    const { ok } = await folja.audit.verify();
    await folja.close();
    return [
      ...(purged === 'program-purged' ? [] : [`of a purged program the copy shows ${purged}`]),
      ...(other === 'its conversations' ? [] : [`of another program the copy shows ${other}`]),
      ...(list === 'done' ? [] : [`the list of programs in the copy is ${list}`]),
      ...(ok ? [] : ['the copy does not verify']),
    ];
  });

const anchorsOf = (path: string): string => path.replace(/\.db$/, '.anchors');

const aTry = async (random: Random, hasLedger: boolean): Promise<Tally> => {
  const [{ path, remove }, copy] = [await aStore(), aFolder()];
  const places = { path, backup: copy.folder, random };
  const came = await withLibrary(path, async (library) => {
    const ending = { programId: theOldOne, reason: 'avslutad-enligt-plan', residentAware: true };
    await doneOr(library.folja, 'end-program', ending);
    const copied = await backUpWhileWriting(library, places);
    return { ...copied, isPurged: await purgeTheOldOne(library) };
  });
  if (typeof came === 'string') throw new Error('a whole store did not open');
  restore(path, copy.folder);
  if (!hasLedger) rmSync(anchorsOf(path), { recursive: true });
  const failures = await goOnWithCopy(path);
  const after = await found(path, came.before);
  for (const gone of [remove, copy.remove]) gone();
  const happened = came.isPurged && came.meanwhile > 0;
  return tallyOf({ happened, lost: after.lost, torn: after.torn, failures: [...failures, ...after.failures] });
};

/** An online backup is taken while commands come in, a program is purged after it, and the backup is all there is. */
export const backedUp: Fault = {
  id: 'F16',
  name: 'a backup that was taken while commands came in is put back after a purge',
  promises: ['P1', 'P2', 'P11', 'P12'],
  tries: { short: 1, full: 20 },
  missing: () => undefined,
  run: (trying) => eachTry(trying, (random) => aTry(random, true)),
  control: {
    without: 'the ledger of purges beside the anchors',
    tries: { short: 1, full: 5 },
    run: (trying) => eachTry(trying, (random) => aTry(random, false)),
  },
};
