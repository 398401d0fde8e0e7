import { createHash } from 'node:crypto';
import { parse, stringify, v7 } from 'uuid';
import { type Uuid, Uuid as UuidSchema } from '../domain/identifiers.ts';

const hex = (bytes: Uint8Array): string => stringify(bytes);

const deriveOnce = (commandId: Uuid, what: string): Uuid => {
  const bytes = createHash('sha256').update(commandId).update('\0').update(what).digest().subarray(0, 16);
  bytes.set(parse(commandId).subarray(0, 6));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return hex(bytes);
};

/**
 * An id that follows from a command's: its first 48 bits, so that ids stay in the order of time, and a hash (UUIDv8, RFC 9562).
 * The same command sent twice, on any node, after any crash, makes the same ids. One that by chance ends in a personal number is passed
 * over for the next, as nobody could send it back.
 */
export const derivedId = (commandId: Uuid, what: string): Uuid => {
  const id = deriveOnce(commandId, what);
  return UuidSchema.safeParse(id).success ? id : derivedId(commandId, `${what} again`);
};

/** The id of a command's event, by its place among them. */
export const eventId = (commandId: Uuid, index: number): Uuid => derivedId(commandId, `event-${index}`);

/** A new id, in the order of time (UUIDv7), for a command that came without one and for an opened instance. */
export const freshId = (at: Date): Uuid => v7({ msecs: Math.max(0, at.getTime()) });
