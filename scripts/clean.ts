import { rm } from 'node:fs/promises';

/** Removes the named folders; those that are not there are no trouble. */
await Promise.all(process.argv.slice(2).map((folder) => rm(folder, { recursive: true, force: true })));
