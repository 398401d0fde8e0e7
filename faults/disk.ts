import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kinds = ['ext4', 'tmpfs'] as const;
type DiskKind = (typeof kinds)[number];

/** A disk of its own, on which the room can be taken and given back. */
export type Disk = {
  /** Where its files are. */
  readonly folder: string;
  /** Fills it up but for some bytes. */
  readonly leave: (bytes: number) => void;
  /** Gives back what was taken. */
  readonly giveBack: () => void;
  readonly remove: () => void;
};

const diskBytes = 16 * 2 ** 20;

const quietly = (program: string, ...args: readonly string[]): void =>
  void execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });

const mountOn = (kind: DiskKind, image: string, folder: string): void => {
  if (kind === 'tmpfs') {
    quietly('mount', '-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', folder);
  } else {
    writeFileSync(image, '');
    truncateSync(image, diskBytes);
    quietly('mkfs.ext4', '-q', '-F', '-m', '0', '-b', '4096', image);
    quietly('mount', '-o', 'loop', image, folder);
  }
};

/** Writes into a file until nothing more goes in; gives its length. */
const fillUp = (filler: string): number => {
  const file = openSync(filler, 'w');
  let length = 0;
  for (const piece of [Buffer.alloc(65_536), Buffer.alloc(512)])
    try {
      for (;;) length += writeSync(file, piece);
    } catch {
      // That is all the room there was.
    }
  closeSync(file);
  return length;
};

/** A disk with a file system, mounted. */
export const aDisk = (kind: DiskKind): Disk => {
  const directory = mkdtempSync(join(tmpdir(), 'folja-disk-'));
  const folder = join(directory, 'mounted');
  mkdirSync(folder);
  mountOn(kind, join(directory, 'image'), folder);
  const filler = join(folder, 'filler');
  return {
    folder,
    leave: (bytes) => truncateSync(filler, Math.max(0, fillUp(filler) - bytes)),
    giveBack: () => rmSync(filler, { force: true }),
    remove: () => {
      quietly('umount', '-l', folder);
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

let lacking: string | undefined | null = null;

/** What this machine lacks for disks of their own. */
export const withoutDisks = (): string | undefined => {
  if (lacking !== null) return lacking;
  lacking = process.getuid?.() === 0 ? undefined : 'root';
  if (lacking === undefined && spawnSync('mkfs.ext4', ['-V']).status !== 0) lacking = 'mkfs.ext4';
  if (lacking !== undefined) return lacking;
  try {
    for (const kind of kinds) aDisk(kind).remove();
  } catch {
    lacking = 'mounts';
  }
  return lacking;
};
