import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kinds = ['create', 'write', 'truncate', 'sync', 'unlink', 'rename', 'link', 'told'] as const;

/** One thing that a process did to the files below a folder, or said on its output. */
export type Deed = {
  readonly kind: (typeof kinds)[number];
  /** The file; the directory where one was synced. */
  readonly path: string;
  readonly offset: number;
  /** What was written or said; the other name where a file was renamed or linked. */
  readonly bytes: Buffer;
};

const headBytes = 24;

const deedsIn = (log: Buffer): readonly Deed[] => {
  const deeds: Deed[] = [];
  for (let at = 0; at < log.length; ) {
    const [kind = 0, pathBytes = 0, length = 0] = [0, 4, 8].map((field) => log.readUInt32LE(at + field));
    const from = at + headBytes + pathBytes;
    deeds.push({
      kind: kinds[kind] ?? 'told',
      path: log.toString('utf8', at + headBytes, from),
      offset: Number(log.readBigUInt64LE(at + 16)),
      bytes: log.subarray(from, from + length),
    });
    at = from + length;
  }
  return deeds;
};

/** What this machine lacks to record a process. */
export const missingToRecord = (): string | undefined => {
  if (process.platform !== 'linux') return 'Linux';
  return spawnSync('gcc', ['--version']).status === 0 ? undefined : 'gcc';
};

/** The recorder, compiled into a folder of its own, which is gone when `remove` is called. */
export const aRecorder = (): { readonly library: string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'folja-recorder-'));
  const library = join(folder, 'recorder.so');
  const source = join(import.meta.dirname, 'recorder.c');
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-w', '-o', library, source, '-ldl', '-lpthread']);
  return { library, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** Runs a program of this folder to its end, and gives everything that it did below `folder`. */
export const recorded = async (
  library: string,
  folder: string,
  program: string,
  args: readonly string[],
): Promise<readonly Deed[]> => {
  const log = `${folder}.recorded`;
  const env = { ...process.env, LD_PRELOAD: library, REC_DIR: folder, REC_LOG: log };
  const given = ['--no-warnings', join(import.meta.dirname, program), ...args];
  const child = spawn(process.execPath, given, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const [code, signal] = await once(child, 'close');
    if (code !== 0) throw new Error(`the recorded program ended with ${code ?? signal}`);
    return deedsIn(readFileSync(log));
  } finally {
    if (existsSync(log)) rmSync(log);
  }
};
