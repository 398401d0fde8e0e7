import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { later, until } from './rebuilds.ts';
import { aDirectory, masterKey } from './world.ts';

/** Where a rebuild stops, one place after the other, until it is released; and what it goes without. */
export type Halts = { readonly at?: readonly string[]; readonly without?: readonly string[] };

/** A process of its own that rebuilds. */
export const beginApart = (directory: string, { at = [], without = [] }: Halts = {}) => {
  const given = { path: join(directory, 'unit.db'), key: Buffer.from(masterKey).toString('hex') };
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const program = join(import.meta.dirname, 'rebuildingProcess.ts');
  const hooks = pathToFileURL(join(import.meta.dirname, 'rebuildHooks.ts'));
  const release = join(aDirectory(), 'release');
  hooks.search = new URLSearchParams({ at: at.join(), release, without: without.join() }).toString();
  const loaded = at.length + without.length === 0 ? [] : ['--import', hooks.href];
  const child = spawn(process.execPath, ['--no-warnings', ...loaded, program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  later(() => child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (text: Buffer) => {
    printed += text.toString();
  });
  const closed = once(child, 'close');
  let released = 0;
  return {
    ...{ child, closed, printed: () => printed },
    /** Resolves when it has stopped at a place. */
    halted: async (place: string): Promise<void> => {
      await until(() => printed.includes(`halted ${place}\n`) || child.exitCode !== null);
      if (child.exitCode !== null) throw new Error(`the rebuild was over before it was ${place}`);
    },
    /** Lets it go on from where it stopped. */
    release: (): void => {
      writeFileSync(`${release}-${released}`, '');
      released += 1;
    },
    kill: async (): Promise<unknown> => {
      child.kill('SIGKILL');
      return (await closed)[1];
    },
  };
};
