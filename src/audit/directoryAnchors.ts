import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setUpError } from '../eventStore/setUpError.ts';
import type { Anchor, AnchorSink, LedgerEntry, SignedHead } from './anchors.ts';
import { appendLine, readLines } from './jsonLines.ts';
import { latestFile, readLatest } from './latestAnchor.ts';

const names = {
  latest: 'latest',
  heads: 'heads.jsonl',
  ledger: 'erasures.jsonl',
  publicKey: 'public-key.pem',
} as const;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isHead = (value: unknown): value is SignedHead =>
  isRecord(value) &&
  Number.isSafeInteger(value.length) &&
  ['root', 'origin', 'at', 'signature'].every((name) => typeof value[name] === 'string');

const isEntry = (value: unknown): value is LedgerEntry =>
  isRecord(value) && typeof value.stream === 'string' && typeof value.keyId === 'string' && isRecord(value.purged);

/** What was made or renamed is in its directory for good only when that is synced. */
const syncDirectory = (path: string): void => {
  if (process.platform === 'win32') return;
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
};

/** Syncs the directories in which new ones lie, from the last that was made up to the first. */
const syncAbove = (last: string, first: string): void => {
  const above = dirname(resolve(last));
  syncDirectory(above);
  if (resolve(last) !== resolve(first)) syncAbove(above, first);
};

/** Makes the directory, for its owner only, where it is missing. */
const requireDirectory = (path: string): void => {
  try {
    const first = mkdirSync(path, { recursive: true, mode: 0o700 });
    if (first !== undefined) syncAbove(path, first);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    throw setUpError(
      `The directory of the anchors cannot be written: make it writable, or give another anchorPath (${path}).`,
    );
  }
};

const fileNameOf = (at: string): string => at.replaceAll(/[^0-9A-Za-z.-]/g, '-');

/** What is read of anchors; nothing is made or written for it. */
export type AnchorReader = Pick<AnchorSink, 'latest' | 'heads' | 'publicKey' | 'ledger'>;

const pathIn =
  (directory: string) =>
  (name: keyof typeof names): string =>
    join(directory, names[name]);

/** Anchors in a directory, for whoever checks a log and may write nothing. */
export const directoryAnchorsRead = (directory: string): AnchorReader => {
  const path = pathIn(directory);
  return {
    latest: () => readLatest(path('latest')),
    heads: (last) => readLines(path('heads'), isHead, last),
    publicKey: () => (existsSync(path('publicKey')) ? readFileSync(path('publicKey'), 'utf8') : undefined),
    ledger: (last) => readLines(path('ledger'), isEntry, last),
  };
};

/**
 * Anchors in a directory of their own, beside the store or elsewhere: the newest one (`latest`), every signed head (`heads.jsonl`), the ledger of
 * purges (`erasures.jsonl`) and the public key. Any number of processes may use it at once.
 *
 * @throws one sentence where the directory cannot be made or written
 */
export const directoryAnchors = (directory: string): AnchorSink => {
  requireDirectory(directory);
  const path = pathIn(directory);
  const append = (name: 'heads' | 'ledger', value: object): void => {
    const isNew = !existsSync(path(name));
    appendLine(path(name), value);
    if (isNew) syncDirectory(directory);
  };
  const aside = (name: 'latest' | 'heads', at: string): void => {
    if (existsSync(path(name))) renameSync(path(name), join(directory, `${fileNameOf(at)}.${names[name]}`));
  };
  let known = -1;
  const latest = latestFile(path('latest'));
  return {
    ...directoryAnchorsRead(directory),
    note: (anchor: Anchor) => {
      if (anchor.length <= known) return;
      latest.write(anchor);
      known = anchor.length;
    },
    keep: (head) => append('heads', head),
    publish: (publicKey) => {
      if (existsSync(path('publicKey'))) return;
      // Under another name first: a stop in between would leave an empty file, which nobody would write again.
      const fresh = `${path('publicKey')}.${process.pid}.new`;
      writeFileSync(fresh, publicKey, { mode: 0o600, flush: true });
      renameSync(fresh, path('publicKey'));
      syncDirectory(directory);
    },
    enter: (entry) => append('ledger', entry),
    setAside: (at) => {
      aside('latest', at);
      aside('heads', at);
      syncDirectory(directory);
      known = -1;
    },
    close: latest.close,
  };
};
