import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withoutDisks } from './disk.ts';
import { type Fault, type Tally, type Try, tallyOf } from './fault.ts';
import { runToEnd } from './killing.ts';
import { found } from './looking.ts';
import { aStore } from './region.ts';
import { eachTry } from './trying.ts';

type Place = Awaited<ReturnType<typeof aStore>>;

/** Where a store is opened, by whom, and how it is made good again. */
type Spoilt = { readonly path: string; readonly user?: number; readonly mend: () => void };
type Case = { readonly spoil: (place: Place) => Spoilt; readonly isOfEvents: boolean };

/** A user who owns nothing. */
const nobody = 65_534;

const mount = (...args: readonly string[]): void => void execFileSync('mount', args, { stdio: 'ignore' });

/** Lets nobody write below a path, not even root. */
const mountedReadOnly =
  (name: string, before: (place: Place) => void = () => undefined) =>
  (place: Place): Spoilt => {
    const target = join(place.folder, name);
    before(place);
    mount('--bind', target, target);
    mount('-o', 'remount,bind,ro', target);
    return { path: place.path, mend: () => void execFileSync('umount', [target], { stdio: 'ignore' }) };
  };

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));

/** Gives all to a user who may then not write one thing. */
const forbidden =
  (name: string, mode: number) =>
  ({ folder, path }: Place): Spoilt => {
    for (const file of [folder, ...filesIn(folder)]) chownSync(file, nobody, nobody);
    const target = join(folder, name);
    chmodSync(target, mode);
    return { path, user: nobody, mend: () => chmodSync(target, 0o700) };
  };

const removeStore = ({ folder }: Place): void => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
};

const missing = ({ folder }: Place): Spoilt => ({ path: join(folder, 'none', 'unit.db'), mend: () => undefined });

const cases: readonly Case[] = [
  { spoil: mountedReadOnly('.'), isOfEvents: true },
  { spoil: mountedReadOnly('unit.db'), isOfEvents: true },
  { spoil: missing, isOfEvents: true },
  { spoil: forbidden('.', 0o500), isOfEvents: true },
  { spoil: forbidden('unit.db', 0o400), isOfEvents: true },
  { spoil: mountedReadOnly('.', removeStore), isOfEvents: true },
  { spoil: forbidden('unit.keys.db', 0o400), isOfEvents: false },
  { spoil: forbidden('unit.anchors', 0o500), isOfEvents: false },
  { spoil: mountedReadOnly('unit.anchors'), isOfEvents: false },
];

type Said = { readonly isOpen: boolean; readonly name?: string; readonly message?: string };

/** One sentence that says what to do, or two, on one line. */
const isSentence = ({ name, message = '' }: Said): boolean =>
  name === 'SetUpError' && /^[A-Z][^\n]{20,300}\.$/.test(message) && !message.includes('SQLITE');

const answerFailures = (said: Said): readonly string[] => {
  if (said.isOpen) return ['it was opened although it cannot be written'];
  return isSentence(said) ? [] : ['what was thrown is no sentence of ours'];
};

const look = async (place: Place, { spoil }: Case, isBare: boolean): Promise<Tally> => {
  const { mend, ...spoilt } = spoil(place);
  const told = { ...spoilt, isBare };
  const { lines } = await runToEnd({ file: 'unwritableProcess.ts', told }).finally(mend);
  const failures = answerFailures(JSON.parse(lines[0] ?? '{}') as Said);
  return tallyOf({ happened: true, failures: [...failures, ...(await found(place.path, [])).failures] });
};

const opening =
  (isBare: boolean): Try =>
  (trying) => {
    const all = isBare ? cases.filter(({ isOfEvents }) => isOfEvents) : cases;
    return eachTry({ ...trying, tries: Math.min(trying.tries, all.length) }, async (_, index) => {
      const place = await aStore();
      const one = all[(index + trying.seed) % all.length] as Case;
      return look(place, one, isBare).finally(place.remove);
    });
  };

/** A store that cannot be written, wherever that lies. */
export const unwritable: Fault = {
  id: 'F6',
  name: 'a directory or a file of the store cannot be written, or is missing',
  promises: ['P2', 'P5'],
  tries: { short: 2, full: cases.length },
  missing: withoutDisks,
  run: opening(false),
  control: { without: 'a look before SQLite opens it', tries: { short: 1, full: 5 }, run: opening(true) },
};
