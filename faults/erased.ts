import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Engine } from '../src/eventStore/engine.ts';
import type { StoredEvent } from '../src/eventStore/eventStore.ts';
import type { Folja } from '../src/index.ts';
import { at, maternity } from '../test/library/people.ts';
import { withLibrary } from './looking.ts';
import { programs } from './region.ts';

type Opened = { readonly folja: Folja; readonly engine: Engine };

/** A program, and the id of the key that its personal parts are sealed with. */
export type Keyed = { readonly programId: string; readonly keyId: string };

const historyOf = async ({ events }: Engine, programId: string): Promise<readonly StoredEvent[]> => {
  const history = await events.read(`program-${programId}`)();
  return history._tag === 'Right' ? history.right : [];
};

const keyOf = async (engine: Engine, programId: string): Promise<Keyed> => {
  const [started] = await historyOf(engine, programId);
  const { keyId } = { keyId: '', ...(started?.data as object) };
  return { programId, keyId };
};

/** The programs of a region with their keys, while none is purged. */
export const keyedIn = async (path: string): Promise<readonly Keyed[]> => {
  const keyed = await withLibrary(path, ({ engine }) => Promise.all(programs.map((id) => keyOf(engine, id))));
  if (typeof keyed === 'string') throw new Error(keyed);
  return keyed;
};

/** In which of the two files, with what lies beside it, something of a program would lie, and the byte or two before the id of its key. */
const traces = [
  ['a sealed part', '.db', '01'],
  ['the key', '.keys.db', '8106'],
] as const;

const bytesOf = (path: string, end: string): readonly Buffer[] => {
  const name = `${basename(path, '.db')}${end}`;
  const names = readdirSync(dirname(path)).filter((found) => found.startsWith(name));
  return names.map((found) => readFileSync(join(dirname(path), found)));
};

/** Of a program that was told to be erased: what of it lies in the files of a store, byte by byte. */
export const remnantsBeside = (path: string, { keyId }: Keyed): readonly string[] =>
  traces
    .filter(([, end, before]) =>
      bytesOf(path, end).some((bytes) => bytes.includes(Buffer.from(`${before}${keyId}`, 'hex'))),
    )
    .map(([what]) => `${what} of an erased program lies in a file`);

const purgedFailures = async ({ engine }: Opened, keyed: Keyed): Promise<readonly string[]> => {
  const [opened, ledger] = [await engine.keys.open(keyed.keyId)(), engine.anchors.ledger()];
  const isDestroyed = opened._tag === 'Left' && opened.left.kind === 'erased';
  const isEntered = ledger.filter(({ keyId }) => keyId === keyed.keyId).length === 1;
  return [
    ...(isDestroyed ? [] : ['the key of a purged program is not destroyed']),
    ...(isEntered ? [] : ['a purge is not once in the ledger']),
    ...remnantsBeside(engine.readModels.name, keyed),
  ];
};

const livingFailures = async ({ folja }: Opened, { programId }: Keyed): Promise<readonly string[]> => {
  const shown = await folja.view({ view: 'conversations', programId }, at(maternity, 'b'));
  const isThere = shown._tag === 'Right' && JSON.stringify(shown.right).includes('En fråga');
  return isThere ? [] : ['a program that was not purged is not given back'];
};

/**
 * What does not hold of purges after a fault, on a store that was opened again: what is purged is gone from keys and files and is in the ledger,
 * and what is not purged is given back.
 *
 * @param erased the programs that were told to be erased
 */
export const purgeFailures = async (
  path: string,
  keyed: readonly Keyed[],
  erased: readonly string[],
): Promise<readonly string[]> => {
  const looked = await withLibrary(path, async (opened) => {
    const failures: string[] = [];
    for (const one of keyed) {
      const history = await historyOf(opened.engine, one.programId);
      const isPurged = history.at(-1)?.type === 'purged';
      if (!isPurged && erased.includes(one.programId)) failures.push('a purge that was told is forgotten');
      failures.push(...(await (isPurged ? purgedFailures : livingFailures)(opened, one)));
    }
    return failures;
  });
  return typeof looked === 'string' ? [`it does not open: ${looked}`] : looked;
};
