import type { MasterKey } from '../privacy/keys.ts';
import { readSecretFile } from './files.ts';
import { usageError } from './stopping.ts';
import type { Terminal } from './terminal.ts';

/** Where master keys lie. One never lies in an option: others see what a process was called with. */
export type MasterKeyOptions = {
  readonly masterKeyFile?: string;
  readonly previousKeyFile?: readonly string[];
  readonly quiet?: boolean;
};

const usualId = 'master';
const keyBytes = 32;

const notAKey = (where: string): Error =>
  usageError(`There is no master key in ${where}: it is 32 bytes, as they are, in base64 or in hexadecimal digits.`);

const fromText = (text: string): Buffer | undefined => {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const bytes = /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined;
  return bytes?.length === keyBytes ? bytes : undefined;
};

/** `id=path`; without an id, it is the one that a bare key has in `openFolja`. */
const parted = (given: string): { readonly id: string | undefined; readonly path: string } => {
  const [, id, path] = /^([A-Za-z0-9._-]{1,64})=(.+)$/.exec(given) ?? [];
  return id === undefined || path === undefined ? { id: undefined, path: given } : { id, path };
};

type Named = MasterKey['current'];

/** A master key out of a file, given as `id=path` or as a path. */
const readKeyFile = async (terminal: Terminal, given: string, isQuiet: boolean | undefined): Promise<Named> => {
  const { id = usualId, path } = parted(given);
  const { bytes, isOpenToOthers } = await readSecretFile(path, 'master key');
  if (isOpenToOthers && isQuiet !== true)
    terminal.err(`Others than its owner may read the file of the master key: take that away (${path}).\n`);
  const key = bytes.length === keyBytes ? bytes : fromText(bytes.toString('utf8').trim());
  if (key === undefined) throw notAKey(path);
  return { id, key };
};

const fromEnvironment = ({ env }: Terminal): Named => {
  const { FOLJA_MASTER_KEY: text, FOLJA_MASTER_KEY_ID: id = usualId } = env;
  if (text === undefined)
    throw usageError('There is no master key: give --master-key-file, or set FOLJA_MASTER_KEY in the environment.');
  const key = fromText(text.trim());
  if (key === undefined) throw notAKey('FOLJA_MASTER_KEY');
  return { id, key };
};

/** A key file that has to be named: of two master keys, each needs an id of its own. */
export const readNamedKeyFile = (terminal: Terminal, given: string, isQuiet: boolean | undefined): Promise<Named> => {
  if (parted(given).id === undefined)
    throw usageError('A master key beside the current one is given with its id, as id=path.');
  return readKeyFile(terminal, given, isQuiet);
};

/** The master key, and earlier ones that still open something, from files or from the environment. */
export const readMasterKeys = async (
  terminal: Terminal,
  { masterKeyFile, previousKeyFile = [], quiet }: MasterKeyOptions,
): Promise<MasterKey> => {
  const current =
    masterKeyFile === undefined ? fromEnvironment(terminal) : await readKeyFile(terminal, masterKeyFile, quiet);
  const previous: Named[] = [];
  for (const given of previousKeyFile) previous.push(await readNamedKeyFile(terminal, given, quiet));
  return { current, previous };
};
