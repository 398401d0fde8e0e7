import { hash } from 'node:crypto';
import { v7 } from 'uuid';
import { type Uuid, Uuid as UuidSchema } from '../domain/identifiers.ts';

const deriveOnce = (commandId: Uuid, what: string): Uuid => {
  const hashed = hash('sha256', `${commandId}\0${what}`);
  const variant = ((Number.parseInt(hashed.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${commandId.slice(0, 13)}-8${hashed.slice(13, 16)}-${variant}${hashed.slice(18, 20)}-${hashed.slice(20, 32)}`;
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
