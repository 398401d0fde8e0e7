import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { importedEvents } from './appending.ts';
import { withLibrary } from './looking.ts';
import { aStore, copiesOf, programs } from './region.ts';

type Size = { readonly appends: number; readonly count: number; readonly bytes: number };

const ofSize = ({ appends, ...each }: Size): ReturnType<typeof copiesOf> =>
  copiesOf(async ({ folder, path }) => {
    const beginning = await aStore();
    cpSync(beginning.folder, folder, { recursive: true });
    beginning.remove();
    await withLibrary(path, async ({ engine: { events, readModels } }) => {
      // Only what lies there afterwards is of interest: that it costs little.
      readModels.pragma('synchronous = off');
      for (let number = 0; number < appends; number += 1)
        await events.append(`program-${programs[1]}`, 'stream-exists', importedEvents(randomUUID(), each))();
    });
  });

/** A store with more than a thousand events: read models need several slices for them. */
export const aLongStore = ofSize({ appends: 22, count: 50, bytes: 40 });

/** A store with some megabytes: its file is not written in an instant. */
export const aBigStore = ofSize({ appends: 4, count: 10, bytes: 100_000 });
