import * as E from 'fp-ts/lib/Either.js';
import type { Cluster, StoredRecord } from './cluster.ts';

/**
 * A cluster in which everything of one store lies in streams whose names begin alike, so that several stores, such as those of several regions, or
 * one for training, can share it and never meet.
 */
export const apart = (cluster: Cluster, prefix: string): Cluster => {
  if (prefix === '') return cluster;
  const named = (stream: string): string => `${prefix}${stream}`;
  const unnamed = (record: StoredRecord): StoredRecord => ({ ...record, stream: record.stream.slice(prefix.length) });
  const all = (prefixes: readonly string[]): readonly string[] => prefixes.map(named);
  return {
    ...cluster,
    append: (stream, expected, records) => cluster.append(named(stream), expected, records),
    read: async (stream, options) =>
      E.map((records: readonly StoredRecord[]) => records.map(unnamed))(await cluster.read(named(stream), options)),
    last: async (stream) =>
      E.map((record: StoredRecord | undefined) => (record === undefined ? undefined : unnamed(record)))(
        await cluster.last(named(stream)),
      ),
    tombstone: (stream) => cluster.tombstone(named(stream)),
    truncate: (stream, before) => cluster.truncate(named(stream), before),
    follow: (after, prefixes, listener) =>
      cluster.follow(after, all(prefixes), { ...listener, record: (record) => listener.record(unnamed(record)) }),
    addGroup: (group, prefixes) => cluster.addGroup(named(group), all(prefixes)),
    consume: (group, consumer) =>
      cluster.consume(named(group), {
        ...consumer,
        task: ({ record, done }) => consumer.task({ record: unnamed(record), done }),
      }),
  };
};
