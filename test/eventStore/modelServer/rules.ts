/** The revision of a tombstone: larger than that of any event. */
export const TOMBSTONE = Number.MAX_SAFE_INTEGER;

/** What the writer of an append says about the stream as it believes it to be. */
export type Expected = number | 'no_stream' | 'any' | 'stream_exists';

/** An event as it is proposed to a log. */
export type Proposed = {
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
};

/** A record in the log: an event with its place. `next` is the place behind it. */
export type LogRecord = Proposed & {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly next: number;
  /** Ticks of 100 ns since 1970, as EventStoreDB gives them. */
  readonly created: string;
};

/** Where an id was last committed, as far as a log remembers. */
export type Remembered = { readonly stream: string; readonly revision: number };

/** What the rule of appends has to know of a stream. */
export type StreamState = {
  readonly name: string;
  /** Revision of the last event, -1 where there never was one. */
  readonly last: number;
  readonly isSoftDeleted: boolean;
  /** Revision of the last event of the metadata stream, -1 where there is none. */
  readonly lastMetadata: number;
  readonly idAt: (revision: number) => string | undefined;
  readonly remembered: (id: string) => Remembered | undefined;
};

/** What is to be done with an append. */
export type Decision =
  | { readonly kind: 'write'; readonly revives: boolean }
  | { readonly kind: 'repeat'; readonly last: number }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'deleted' };

const wrong: Decision = { kind: 'wrong' };

// Any and stream_exists are compared with what the server happens to remember, and with nothing else.
const byMemory = (stream: StreamState, ids: readonly string[]): Decision => {
  const places = ids
    .map((id) => stream.remembered(id))
    .map((place) => (place?.stream === stream.name ? place : undefined));
  const last = places.at(-1);
  if (places[0] === undefined || last === undefined)
    return places[0] === undefined ? { kind: 'write', revives: stream.isSoftDeleted } : wrong;
  return places.includes(undefined) ? wrong : { kind: 'repeat', last: last.revision };
};

const isAt = (stream: StreamState, id: string, revision: number): boolean => {
  const place = stream.remembered(id);
  return (place?.stream === stream.name && place.revision === revision) || stream.idAt(revision) === id;
};

// The stream is already further: it is a repetition when all ids lie at the revisions where they would have been written.
const byRevision = (stream: StreamState, expected: number, ids: readonly string[]): Decision => {
  const different = ids.findIndex((id, index) => !isAt(stream, id, expected + 1 + index));
  if (ids.length === 0 || different > 0) return wrong;
  if (different === -1) return { kind: 'repeat', last: expected + ids.length };
  return expected === -1 && stream.isSoftDeleted ? { kind: 'write', revives: true } : wrong;
};

/** Decides an append as EventStoreDB does in `IndexWriter.CheckCommit`. */
export const checkAppend = (stream: StreamState, expected: Expected, ids: readonly string[]): Decision => {
  if (stream.last === TOMBSTONE) return { kind: 'deleted' };
  if (expected === 'stream_exists') {
    if (stream.isSoftDeleted) return { kind: 'deleted' };
    if (stream.last < 0 && stream.lastMetadata < 0) return wrong;
  }
  if (expected === 'any' || expected === 'stream_exists') return byMemory(stream, ids);
  const revision = expected === 'no_stream' ? -1 : expected;
  if (revision < stream.last) return byRevision(stream, revision, ids);
  return revision > stream.last ? wrong : { kind: 'write', revives: stream.isSoftDeleted };
};

/** What the metadata of a stream says about which of its events may be read. */
export type Limits = { readonly truncateBefore: number; readonly maxCount: number | undefined };

const noLimits: Limits = { truncateBefore: 0, maxCount: undefined };

const asNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The limits that lie in the data of a metadata event. */
export const limitsIn = (data: Uint8Array | undefined): Limits => {
  if (data === undefined) return noLimits;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) return noLimits;
    const { $tb, $maxCount } = parsed as Record<string, unknown>;
    return { truncateBefore: asNumber($tb) ?? 0, maxCount: asNumber($maxCount) };
  } catch {
    return noLimits;
  }
};

// The largest of EventStoreDB's event numbers: as a limit it says that the stream is deleted.
const DELETED = 2 ** 63;

/** Whether limits say that the stream is deleted, until somebody writes to it again. */
export const saysDeleted = (limits: Limits): boolean => limits.truncateBefore >= DELETED;

/** The first revision that limits leave in a stream. */
export const firstLeft = (limits: Limits, last: number): number =>
  Math.max(0, limits.truncateBefore, limits.maxCount === undefined ? 0 : last - limits.maxCount + 1);

/** The metadata that deletes a stream. */
export const deletingMetadata = '{"$tb":9223372036854775807}';

/** The metadata of a stream that is written to again after it was deleted: what was there before stays hidden. */
export const revivingMetadata = (data: Uint8Array, before: number): string => {
  const parsed: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
  return JSON.stringify({ ...(parsed as object), $tb: before });
};

/** The name of the stream that holds the metadata of another. */
export const metadataOf = (stream: string): string => `$$${stream}`;

/** The stream whose metadata lies in this one; undefined for a stream that holds events. */
export const describedBy = (stream: string): string | undefined =>
  stream.startsWith('$$') ? stream.slice(2) : undefined;
