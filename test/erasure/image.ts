import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const imageBytes = 64 * 2 ** 20;

/** A disk of its own: a file with a file system in it. */
export type Image = {
  readonly path: string;
  /** Where its files are while it is mounted. */
  readonly mounted: string;
  readonly mount: () => void;
  readonly unmount: () => void;
  readonly remove: () => void;
};

const quietly = (program: string, ...args: readonly string[]): void =>
  void execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });

/** An empty ext4 disk of 64 MiB, every block of it zero but those of the file system; for root only. */
export const anImage = (): Image => {
  const directory = mkdtempSync(join(tmpdir(), 'folja-image-'));
  const [path, mounted] = [join(directory, 'image'), join(directory, 'mounted')];
  mkdirSync(mounted);
  writeFileSync(path, '');
  truncateSync(path, imageBytes);
  quietly('mkfs.ext4', '-q', '-F', path);
  let isMounted = false;
  const unmount = (): void => {
    if (isMounted) quietly('umount', mounted);
    isMounted = false;
  };
  return {
    ...{ path, mounted, unmount },
    mount: () => {
      quietly('mount', '-o', 'loop', path, mounted);
      isMounted = true;
    },
    remove: () => {
      unmount();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
