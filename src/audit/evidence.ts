import * as E from 'fp-ts/lib/Either.js';
import { digestOf } from '../eventStore/codec.ts';
import type { Evidence, StoredEvent } from '../eventStore/eventStore.ts';
import { readEvent } from '../eventStore/shapes.ts';
import { isSameHash, leafHash } from './merkle.ts';

/**
 * What can be wrong with one row: its text fails the digest beside it; it is no event, or does not have the shape of its type; it lies
 * elsewhere than it says; or its sealed bytes are not those that it names.
 */
export type EventProblem = 'digest' | 'shape' | 'place' | 'flesh';

const parsed = ({ body, position }: Evidence): StoredEvent | undefined => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? ({ ...value, position } as StoredEvent) : undefined;
  } catch {
    return undefined;
  }
};

const readIn = (event: StoredEvent): StoredEvent | undefined => {
  try {
    const read = readEvent(event);
    return E.isRight(read) ? read.right : undefined;
  } catch {
    return undefined;
  }
};

const isFleshOf = ({ sealedDigest }: StoredEvent, { sealed }: Evidence): boolean =>
  sealed === undefined || digestOf(sealed) === sealedDigest;

/** The event of a row, in its newest shape where it has one, and what is wrong with the row. */
export const eventIn = (
  row: Evidence,
): { readonly event: StoredEvent | undefined; readonly problems: readonly EventProblem[] } => {
  const isWhole = isSameHash(leafHash(row.body), row.digest);
  const digest: readonly EventProblem[] = isWhole ? [] : ['digest'];
  const event = parsed(row);
  if (event === undefined) return { event, problems: [...digest, 'shape'] };
  const isThere = event.stream === row.stream && event.revision === row.revision && event.id === row.id;
  const read = readIn(event);
  const problems: readonly EventProblem[] = [
    ...digest,
    ...(read === undefined ? (['shape'] as const) : []),
    ...(isThere ? [] : (['place'] as const)),
    ...(isFleshOf(event, row) ? [] : (['flesh'] as const)),
  ];
  return { event: read ?? event, problems };
};
