import * as E from 'fp-ts/lib/Either.js';
import type { z } from 'zod';
import { handoverEvents } from '../domain/handover/events.ts';
import { programEvents } from '../domain/program/events.ts';
import { templateEvents } from '../domain/template/events.ts';
import { unitEvents } from '../domain/unit/events.ts';
import { accessEvents } from './accessEvents.ts';
import { type Upcasters, upcast } from './codec.ts';
import type { StoredEvent, StoreError } from './eventStore.ts';

/** Every event that may be stored, by type: names are unique across aggregates, shapes are only ever added to. */
export const eventShapes = { ...unitEvents, ...templateEvents, ...programEvents, ...handoverEvents, ...accessEvents };
export type EventType = keyof typeof eventShapes;

/** The data of an event, by its type. */
export type DataOf<Type extends EventType> = z.infer<(typeof eventShapes)[Type]['data']>;

/**
 * How older shapes of stored events become the newest, by event type: the first step turns version 1 into 2. An event whose shape
 * changes gets a step here, `version` where it is written, and a golden file of each version.
 */
const upcasters: Upcasters = {
  // 2: whether the resident is told outside the program is said of every message; the resident's own never are.
  'message-sent': [(data) => ({ notifyInbox: false, ...(data as object) })],
};

/** The version of an event's newest shape; undefined for the first, which is not written down. */
export const versionOf = (type: string): number | undefined => {
  const steps = Object.hasOwn(upcasters, type) ? (upcasters[type]?.length ?? 0) : 0;
  return steps === 0 ? undefined : steps + 1;
};

/** An event about to be written: its type, skeleton and personal part. */
type Written = { readonly type: string; readonly data: unknown; readonly sealed?: unknown };

/** True when an event has the shape of its type: asked before every append, so that only what can be read is written. */
export const hasShape = ({ type, data, sealed }: Written): boolean => {
  if (!Object.hasOwn(eventShapes, type)) return false;
  const shape: { readonly data: z.ZodType; readonly sealed?: z.ZodType } = eventShapes[type as EventType];
  const fits = shape.data.safeParse(data).success;
  return fits && (shape.sealed === undefined ? sealed === undefined : shape.sealed.safeParse(sealed).success);
};

/** Reads a stored event in its newest shape. */
export const readEvent = upcast(eventShapes, upcasters);

const written = new WeakMap<StoredEvent, StoredEvent>();

/** Reads an event that was just appended here: once for all that follow the append. */
export const readWritten = (event: StoredEvent): E.Either<StoreError, StoredEvent> => {
  const known = written.get(event);
  if (known !== undefined) return E.right(known);
  const read = readEvent(event);
  if (E.isRight(read)) written.set(event, read.right);
  return read;
};
