import type { AllStreamRecordedEvent, JSONEventData, RecordedEvent } from '@eventstore/db-client';
import type { NewRecord, Place, StoredRecord } from './cluster.ts';

/** A record as the client gives it. */
type Given = RecordedEvent | AllStreamRecordedEvent;

/** A stream that was read by its name may come without places. */
const nowhere: Place = { commit: 0n, prepare: 0n };

/** The event that ends a stream stands at the largest revision of all, which no number holds. */
const revisionOf = (revision: bigint): number =>
  Number(revision > BigInt(Number.MAX_SAFE_INTEGER) ? BigInt(Number.MAX_SAFE_INTEGER) : revision);

/** What the client could not read as JSON it gives as bytes, which nobody here has written. */
const readable = (value: unknown): unknown => (value instanceof Uint8Array ? undefined : value);

/** A record in our own words; the one that ends a stream (`$streamDeleted`) has the largest revision that a number holds. */
export const recordOf = ({ streamId, id, revision, type, data, metadata, position }: Given): StoredRecord => ({
  stream: streamId,
  id,
  revision: revisionOf(revision),
  type,
  data: readable(data),
  metadata: readable(metadata),
  place: position ?? nowhere,
});

const isJson = (value: unknown): boolean => {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
};

/** Records in the words of the client, which writes them as JSON whatever they are; undefined where one is not JSON, for the client would neither write it nor say so. */
export const writtenOf = (records: readonly NewRecord[]): JSONEventData[] | undefined =>
  records.every(({ data, metadata }) => isJson(data) && isJson(metadata))
    ? records.map(({ id, type, data, metadata }) => ({
        id,
        contentType: 'application/json',
        type,
        data: data as JSONEventData['data'],
        metadata: metadata as JSONEventData['metadata'],
      }))
    : undefined;

/** Whether a place comes after another. */
export const isBehind = (place: Place, other: Place): boolean =>
  place.commit === other.commit ? place.prepare > other.prepare : place.commit > other.commit;
