import { existsSync } from 'node:fs';
import type { SignedHead } from '../../audit/anchors.ts';
import type { AnchorReader } from '../../audit/directoryAnchors.ts';
import { directoryAnchorsRead } from '../../audit/directoryAnchors.ts';
import { verifyingStore } from '../../operations/verifyingStore.ts';
import { objectIn, readText } from '../files.ts';
import { beside, type Looked } from '../looking.ts';
import type { StoreOptions } from '../options.ts';
import type { Progress } from '../progress.ts';
import { usageError } from '../stopping.ts';
import type { Terminal } from '../terminal.ts';
import type { Problem, Verified } from './result.ts';

type Options = StoreOptions & { readonly publicKey?: string; readonly head?: string };

/** A head as `folja head --json` gave it; what it holds besides is not looked at. */
const readHead = async (terminal: Terminal, path: string): Promise<SignedHead> => {
  const { length, root, origin, at, signature } = objectIn(await readText(terminal, path, 'head'), 'head');
  if (
    typeof length !== 'number' ||
    typeof root !== 'string' ||
    typeof signature !== 'string' ||
    typeof origin !== 'string'
  )
    throw usageError('The head is none: give what folja head --json gave.');
  return { length, root, signature, origin, at: String(at) };
};

/** Heads that were kept elsewhere are worth more than those beside the log: whoever altered it could not reach them. */
const withHead = (anchors: AnchorReader, head: SignedHead | undefined): AnchorReader =>
  head === undefined ? anchors : { ...anchors, heads: (last) => [...anchors.heads(last), head] };

/** Checks the log and holds it against anchors and heads. */
export const logResult = async (
  terminal: Terminal,
  { db, events }: Looked,
  options: Options,
  onProgress: Progress,
): Promise<Pick<Verified, 'entries' | 'root' | 'heads' | 'problems'>> => {
  const { store, anchors: directory = beside(store, 'anchors'), publicKey: keyFile, head: headFile } = options;
  const publicKey = keyFile === undefined ? undefined : `${await readText(terminal, keyFile, 'public key')}\n`;
  const head = headFile === undefined ? undefined : await readHead(terminal, headFile);
  const anchors = withHead(directoryAnchorsRead(directory), head);
  const missing: readonly Problem[] = existsSync(directory) ? [] : [{ kind: 'anchors-missing', what: directory }];
  const { entries, root, problems } = await verifyingStore({ events, readModels: db, anchors, publicKey, onProgress });
  return { entries, root, heads: headsIn(anchors), problems: [...missing, ...problems] };
};

const headsIn = (anchors: AnchorReader): number => {
  try {
    return anchors.heads().length;
  } catch {
    return 0;
  }
};
