import { fileURLToPath } from 'node:url';

/** Where the golden files lie: stored events as they were first written, one for each version of each type. */
export const goldenFolder = fileURLToPath(new URL('events/', import.meta.url));

/** The golden file of one version of an event type. */
export const goldenFile = (type: string, version: number): string => `${goldenFolder}${type}.${version}.json`;
