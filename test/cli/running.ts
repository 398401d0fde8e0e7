import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFolja } from '../../src/cli/main.ts';
import type { ExitCode, Terminal } from '../../src/cli/terminal.ts';
import { aReadyUnit, publishTemplates, start, theConversation, theProgram, tobak, write } from '../library/given.ts';
import { childHealth, idAt, maternity, privateChildHealth, tolvan } from '../library/people.ts';
import { aDirectory, masterKey, monday, prepared, preparedIn, type World } from '../library/world.ts';

/** What a run of the command came to. */
export type Ran = { readonly out: string; readonly err: string; readonly code: ExitCode };

type Surroundings = Partial<Pick<Terminal, 'env' | 'isWatched'>> & { readonly input?: string; readonly now?: string };

/** Runs the command as a process would, without one. */
export const folja = async (
  args: readonly string[],
  { env = {}, isWatched = false, input = '', now = monday }: Surroundings = {},
): Promise<Ran> => {
  let [out, err] = ['', ''];
  const code = await runFolja(
    args,
    {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      ...{ isWatched, env, input: async () => input, now: () => new Date(now) },
    },
    '1.2.3',
  );
  return { out, err, code };
};

/** The base64 of the master key of the tests, as the environment holds it. */
export const environment = { FOLJA_MASTER_KEY: Buffer.from(masterKey).toString('base64') };

/** Personal texts of the store below: none of them is for whoever has not said who asks. */
export const secrets = [
  ...[tolvan.name, tolvan.personalNumber, 'Tolvansson', '19121212-1212', 'En fråga', 'Hur gör jag?'],
  ...['b på BMM Norr', 'ba på BMM Norr', 'ia på BVC Söder'],
];

const aStoreFor = prepared(async (world) => {
  await publishTemplates(world);
  for (const unit of [maternity, childHealth, privateChildHealth]) await aReadyUnit(world, unit);
  await start(world, tobak, tolvan, { programId: theProgram });
  await write(world, theProgram, theConversation);
});

type More = (world: World) => Promise<unknown>;

/** Makes the store once in a process; `aStore` copies its files. */
let original: Promise<string> | undefined;
const make = async (): Promise<string> => {
  const kept = mkdtempSync(join(preparedIn(), 'cli-'));
  const world = await aStoreFor('in SQLite');
  await world.close();
  cpSync(world.directory, kept, { recursive: true });
  return kept;
};

const copied = async (more: More | undefined): Promise<string> => {
  if (more !== undefined) {
    const world = await aStoreFor('in SQLite');
    await more(world);
    await world.close();
    return world.directory;
  }
  original ??= make();
  const directory = aDirectory();
  cpSync(await original, directory, { recursive: true });
  return directory;
};

/** A store that no process has open, with a started program in it; `more` happens before it is closed. */
export const aStore = async (more?: More) => {
  const directory = await copied(more);
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(directory, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const path = join(directory, 'unit.db');
  const keyFile = file('master.key', Buffer.from(masterKey).toString('hex'));
  return {
    ...{ directory, path, file, keyFile },
    /** Options that name the store. */
    store: ['--store', path],
    /** Options that open it. */
    open: ['--store', path, '--master-key-file', keyFile],
  };
};

const siths = ['--method', 'siths', '--assurance', '3'];
export const asAuditor = ['--as-auditor', 'SE2321000131-logauditor', ...siths];
export const asRegion = ['--as-regional-team', 'SE2321000131-regionalteam', ...siths];
export const asStaff = (member: string): readonly string[] => [
  ...['--as-staff', idAt(maternity, member), '--unit', maternity.unitId],
  ...siths,
];
/** The resident asks; the number comes on standard input. */
export const asResident = ['--as-resident', '-', '--method', 'bankid', '--assurance', '3'];
