import { randomUUID } from 'node:crypto';
import {
  checkAppend,
  deletingMetadata,
  describedBy,
  type Expected,
  firstLeft,
  type LogRecord,
  limitsIn,
  metadataOf,
  type Proposed,
  type Remembered,
  revivingMetadata,
  saysDeleted,
  TOMBSTONE,
} from './rules.ts';
import { firstToLeave } from './scavenging.ts';

/** What an append or a delete came to. */
export type Written =
  | { readonly kind: 'written'; readonly last: number; readonly position: number | undefined }
  | { readonly kind: 'wrong'; readonly current: number }
  | { readonly kind: 'deleted' };

/** What is to be read of a stream. */
export type StreamRead =
  | { readonly kind: 'found'; readonly records: readonly LogRecord[]; readonly last: number; readonly first: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'deleted' };

/** A log as EventStoreDB keeps one, in memory. */
export type Log = ReturnType<typeof createLog>;

type Stream = { last: number; readonly records: Map<number, LogRecord> };

// What the server calls the size of an id that it remembers, and how much of it all it remembers.
const MEMORY = 8 * 1024 * 1024;
const sizeInMemory = (stream: string): number => 16 + 4 + 8 + 2 * stream.length;

const createMemory = (limit: number) => {
  const places = new Map<string, Remembered>();
  let size = 0;
  return {
    find: (id: string) => places.get(id),
    put: (id: string, place: Remembered): void => {
      size += sizeInMemory(place.stream) - (places.has(id) ? sizeInMemory(places.get(id)?.stream ?? '') : 0);
      places.set(id, place);
      for (const [oldest, { stream }] of places) {
        if (size <= limit) break;
        places.delete(oldest);
        size -= sizeInMemory(stream);
      }
    },
    clear: (): void => {
      places.clear();
      size = 0;
    },
    all: (): ReadonlyMap<string, Remembered> => places,
  };
};

const systemEvent = (type: string, text: string): Proposed => ({
  id: randomUUID(),
  type,
  isJson: true,
  data: Buffer.from(text),
  metadata: Buffer.alloc(0),
});

/** What lies in a log at a moment. */
export type Contents = {
  readonly records: readonly LogRecord[];
  readonly end: number;
  readonly streams: ReadonlyMap<string, Stream>;
  readonly remembered: ReadonlyMap<string, Remembered>;
  readonly places: ReadonlySet<number>;
  readonly scavengedTo: number;
};

const nothing: Contents = {
  ...{ records: [], end: 0, streams: new Map(), remembered: new Map(), places: new Set([0]), scavengedTo: 0 },
};

const copyOf = ({ last, records }: Stream): Stream => ({ last, records: new Map(records) });

/**
 * Makes a log: an empty one, or one that begins with what another holds. `memory` is how much of committed ids is kept for appends that expect
 * nothing in particular.
 */
export const createLog = (options: { readonly memory?: number; readonly contents?: Contents } = {}) => {
  const { memory: limit = MEMORY, contents = nothing } = options;
  let records: LogRecord[] = [...contents.records];
  let { end, scavengedTo } = contents;
  const streams = new Map([...contents.streams].map(([name, stream]) => [name, copyOf(stream)]));
  const memory = createMemory(limit);
  for (const [id, place] of contents.remembered) memory.put(id, place);
  const listeners = new Set<() => void>();
  // Where records begin and end: the server reads at no other places, but in files that a scavenge has written anew.
  const places = new Set(contents.places);

  const lastOf = (name: string): number => {
    const described = describedBy(name);
    if (described !== undefined && streams.get(described)?.last === TOMBSTONE) return TOMBSTONE;
    return streams.get(name)?.last ?? -1;
  };
  const metadataRecord = (name: string): LogRecord | undefined => {
    const stream = streams.get(metadataOf(name));
    return stream?.records.get(stream.last);
  };
  const limitsOf = (name: string) =>
    describedBy(name) === undefined ? limitsIn(metadataRecord(name)?.data) : { truncateBefore: 0, maxCount: 1 };
  const stateOf = (name: string) => ({
    name,
    last: lastOf(name),
    isSoftDeleted: describedBy(name) === undefined && saysDeleted(limitsOf(name)),
    lastMetadata: lastOf(metadataOf(name)),
    idAt: (revision: number) => streams.get(name)?.records.get(revision)?.id,
    remembered: memory.find,
  });

  const write = (name: string, revision: number, event: Proposed): LogRecord => {
    // Positions are places in a file: they rise by the size of what is written, and now and then something else lies between.
    const position = end + (records.length % 7 === 6 ? 96 : 0);
    const next = position + 86 + 2 * name.length + event.type.length + event.data.length + event.metadata.length;
    const record = { ...event, stream: name, revision, position, next, created: `${Date.now()}0000` };
    const stream = streams.get(name) ?? { last: -1, records: new Map<number, LogRecord>() };
    stream.last = revision;
    stream.records.set(revision, record);
    streams.set(name, stream);
    records.push(record);
    end = next;
    places.add(position).add(next);
    memory.put(event.id, { stream: name, revision });
    return record;
  };
  const writeNext = (name: string, event: Proposed): LogRecord =>
    write(name, (streams.get(name)?.last ?? -1) + 1, event);
  const notify = (): void => {
    for (const listener of [...listeners]) listener();
  };

  // Whoever writes to a deleted stream, or to its metadata, brings it back without what was in it.
  const revive = (name: string, before: number): void => {
    const metadata = metadataRecord(name);
    if (metadata) writeNext(metadataOf(name), systemEvent('$metadata', revivingMetadata(metadata.data, before)));
  };

  const append = (name: string, expected: Expected, events: readonly Proposed[]): Written => {
    const state = stateOf(name);
    const decision = checkAppend(
      state,
      expected,
      events.map(({ id }) => id),
    );
    if (decision.kind === 'deleted') return { kind: 'deleted' };
    if (decision.kind === 'wrong') return { kind: 'wrong', current: state.last };
    if (decision.kind === 'repeat')
      return { kind: 'written', last: decision.last, position: readableAt(name, decision.last)?.position };
    const described = describedBy(name);
    const revivesDescribed = described !== undefined && saysDeleted(limitsOf(described));
    const written = events.map((event) => writeNext(name, event));
    if (decision.revives) revive(name, state.last + 1);
    if (described !== undefined && revivesDescribed) revive(described, lastOf(described) + 1);
    notify();
    return { kind: 'written', last: lastOf(name), position: written.at(-1)?.position ?? end };
  };

  const remove = (name: string, expected: Expected, isForEver: boolean): Written => {
    const state = stateOf(name);
    const id = randomUUID();
    const decision = checkAppend(state, expected, [id]);
    if (decision.kind === 'deleted') return { kind: 'deleted' };
    if (decision.kind !== 'write' || (!isForEver && state.last < 0 && state.lastMetadata < 0))
      return { kind: 'wrong', current: state.last };
    const record = isForEver
      ? write(name, TOMBSTONE, { ...systemEvent('$streamDeleted', ''), id, isJson: false })
      : writeNext(metadataOf(name), { ...systemEvent('$metadata', deletingMetadata), id });
    notify();
    return { kind: 'written', last: record.revision, position: record.position };
  };

  const readableAt = (name: string, revision: number): LogRecord | undefined =>
    saysDeleted(limitsOf(name)) || revision < firstLeft(limitsOf(name), lastOf(name))
      ? undefined
      : streams.get(name)?.records.get(revision);

  /** Reads a stream from a revision on, forwards or backwards; `end` is its last event. */
  const readStream = (name: string, from: number | 'end', direction: 1 | -1, max: number): StreamRead => {
    const last = lastOf(name);
    if (last === TOMBSTONE) return { kind: 'deleted' };
    if (last === -1 || saysDeleted(limitsOf(name))) return { kind: 'missing' };
    const first = firstLeft(limitsOf(name), last);
    const found: LogRecord[] = [];
    const start = from === 'end' ? last : from;
    let revision = direction === 1 ? Math.max(start, first) : Math.min(start, last);
    for (; revision >= first && revision <= last && found.length < max; revision += direction) {
      const record = streams.get(name)?.records.get(revision);
      if (record) found.push(record);
    }
    return { kind: 'found', records: found, last, first };
  };

  /** Removes what was deleted or truncated, but for the last event of a stream; says how many records went. */
  const scavenge = (): number => {
    const before = records.length;
    records = records.filter((record) => {
      const keeps = record.revision >= firstToLeave(lastOf(record.stream), limitsOf(record.stream));
      if (!keeps) streams.get(record.stream)?.records.delete(record.revision);
      return keeps;
    });
    scavengedTo = end;
    return before - records.length;
  };

  if (records.length === 0) write('$epoch-information', 0, systemEvent('$epoch-info', '{}'));

  return {
    append,
    remove,
    readStream,
    scavenge,
    lastOf,
    tombstoneOf: (name: string) => streams.get(name)?.records.get(TOMBSTONE),
    /** Whether the server can read at a position; behind that of the last record it finds nothing, and does not mind. */
    isPlace: (position: number): boolean =>
      position < scavengedTo || position > (records.at(-1)?.position ?? -1) || places.has(position),
    /** Everything, in order; a scavenge makes it another array. */
    records: (): readonly LogRecord[] => records,
    /** The place behind the last record. */
    end: (): number => end,
    /** What lies in it now, for another log to begin with: both may go on, each for itself. */
    contents: (): Contents => ({
      ...{ records: [...records], end, scavengedTo, places: new Set(places), remembered: new Map(memory.all()) },
      streams: new Map([...streams].map(([name, stream]) => [name, copyOf(stream)])),
    }),
    /** Forgets which ids were committed, as a server does that starts again. */
    forget: memory.clear,
    /** Calls back after something was written, until the function that it gives is called. */
    onWritten: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
