import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let directory: string | undefined;

/** Makes the place where worlds that are made once lie, for all the test processes of a run. */
export const setup = (): void => {
  directory = mkdtempSync(join(tmpdir(), 'folja-tests-'));
  process.env.FOLJA_PREPARED = directory;
};

export const teardown = (): void => {
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
};
