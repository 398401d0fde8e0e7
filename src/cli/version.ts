import { readFileSync } from 'node:fs';

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** The version of the package, from the manifest that is shipped with it. */
export const version = (manifest as { readonly version: string }).version;
