import { readFile, stat } from 'node:fs/promises';
import { unavailableError, usageError } from './stopping.ts';
import type { Terminal } from './terminal.ts';

const bytesOf = async (path: string, what: string): Promise<Buffer> => {
  try {
    return await readFile(path);
  } catch {
    throw unavailableError(
      `The file of the ${what} cannot be read: look whether it is there, and whose it is (${path}).`,
    );
  }
};

/** The bytes of a small file, and whether others than its owner may read it. */
export const readSecretFile = async (path: string, what: string) => {
  const bytes = await bytesOf(path, what);
  const { mode } = await stat(path);
  return { bytes, isOpenToOthers: process.platform !== 'win32' && (mode & 0o077) !== 0 };
};

/** The text of a small file, or of standard input where the path is a dash. */
export const readText = async (terminal: Pick<Terminal, 'input'>, path: string, what: string): Promise<string> => {
  const text = path === '-' ? await terminal.input() : (await bytesOf(path, what)).toString('utf8');
  if (text.trim() === '') throw usageError(`There is no ${what} in ${path === '-' ? 'standard input' : path}.`);
  return text.trim();
};

/** A JSON object out of a file, standard input, or an option itself. What does not parse is not repeated: it may be personal. */
export const objectIn = (text: string, what: string): Record<string, unknown> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw usageError(`The ${what} is no JSON object: see docs/cli.md.`);
};
