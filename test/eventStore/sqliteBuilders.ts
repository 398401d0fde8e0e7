import { join } from 'node:path';
import { sqliteStore } from '../../src/sqlite.ts';
import { aDirectory, asPrepared, masterKey, noReadModels, type Open, type Opened, type Prepare } from './builders.ts';

/** Opens the store at a path, or makes it there. */
export const openAt = async (path: string, prepare: Prepare = noReadModels): Promise<Opened> => {
  const engine = await sqliteStore({ path }).open(masterKey, asPrepared(prepare));
  const close = async (): Promise<void> => {
    await engine.events.close();
    engine.keys.close();
  };
  const reopen = async (): Promise<Opened> => {
    await close();
    return openAt(path, prepare);
  };
  return { engine, reopen, close };
};

/** Makes a store in a directory of its own. */
export const openInDirectory: Open = (prepare) => openAt(join(aDirectory(), 'unit.db'), prepare);
