import type { Cluster } from './cluster.ts';
import { openConnection } from './driver.ts';
import { followWith } from './driverFollowing.ts';
import { addGroupWith, consumeWith } from './driverGroups.ts';
import { membersWith, scavengeWith, scavengingWith, truncateWith } from './driverOperations.ts';
import { appendWith, lastWith, readWith, tombstoneWith } from './driverStreams.ts';

/** How long a call may take when nobody says otherwise, in milliseconds. */
const usualDeadline = 10_000;

/**
 * Opens a cluster by its connection string, through the client of EventStoreDB. Throws, in a sentence, where the string is wrong or the client is not
 * installed; nothing of user and password is in it, nor in what this returns. The environment variable `DEBUG` with `esdb` makes the client print what
 * is written and read: never set it where there is personal data.
 */
export const connectTo = async (
  connection: string,
  { deadline = usualDeadline }: { readonly deadline?: number } = {},
): Promise<Cluster> => {
  const opened = await openConnection(connection, deadline);
  return {
    append: (stream, expected, records) => appendWith(opened, stream, expected, records),
    read: (stream, options) => readWith(opened, stream, options),
    last: (stream) => lastWith(opened, stream),
    tombstone: (stream) => tombstoneWith(opened, stream),
    truncate: (stream, before) => truncateWith(opened, stream, before),
    follow: (after, prefixes, listener) => followWith(opened, after, prefixes, listener),
    addGroup: (group, prefixes) => addGroupWith(opened, group, prefixes),
    consume: (group, consumer) => consumeWith(opened, group, consumer),
    members: () => membersWith(opened),
    scavenge: (member) => scavengeWith(opened, member),
    scavenging: (scavengeId) => scavengingWith(opened, scavengeId),
    close: opened.close,
  };
};
