import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ComplianceOptions } from '../../compliance.ts';
import { unavailableError, usageError } from '../stopping.ts';

/** The compliance properties, as the package has them. */
export type Kit = typeof import('../../compliance.ts');

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | null)?.code;
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Loads the properties; fast-check, by which they make runs, is the host's to install. */
export const loadKit = async (): Promise<Kit> => {
  try {
    return await import('../../compliance.ts');
  } catch (error) {
    if (codeOf(error) === 'ERR_MODULE_NOT_FOUND' && messageOf(error).includes('fast-check'))
      throw unavailableError(
        'folja compliance needs the package fast-check, version 4: npm install --save-dev fast-check.',
      );
    throw error;
  }
};

/** The first line alone: what follows is where in somebody's files it happened. */
const firstLine = (text: string): string => text.split('\n')[0]?.replace(/\.$/, '') ?? '';

const imported = async (path: string): Promise<{ readonly default?: unknown }> => {
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw usageError(`The module ${path} cannot be loaded (${firstLine(messageOf(error))}).`);
  }
};

/** A host's options: the default export of a module of its own. */
export const loadOptions = async (path: string): Promise<ComplianceOptions> => {
  const { default: options } = await imported(path);
  if (typeof (options as Partial<ComplianceOptions> | undefined)?.open !== 'function')
    throw usageError(
      `The module ${path} is to export the options of compliance as its default: see docs/compliance.md.`,
    );
  return options as ComplianceOptions;
};
