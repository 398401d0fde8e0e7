import { z } from 'zod';
import type { EventOf } from '../domain/decider.ts';
import { Slug, Uuid } from '../domain/identifiers.ts';

const what = { what: Slug, programs: z.array(Uuid) };

/**
 * The stored events of the access log: what left no event of its own in an aggregate (R248, R251). They lie in the stream
 * `access-<instance>` of the open library that wrote them.
 */
export const accessEvents = {
  /** A view was answered: as of which position, and which programs it showed (R278). */
  viewed: { data: z.strictObject({ ...what, asOf: z.int().nonnegative() }) },
  'signed-in': { data: z.strictObject({}) },
  /** A command or view was refused. Input that is no command is never copied: only its code and size. */
  refused: {
    data: z.strictObject({
      ...what,
      code: Slug,
      /** True for a view: it would have been read, not written. */
      reading: z.boolean().optional(),
      size: z.int().nonnegative().optional(),
      /** The year's reference to the person whom a refused start was about. */
      person: z
        .string()
        .regex(/^[0-9a-f]{32}$/)
        .optional(),
      /** More than one when a flood of refusals by one actor was counted together. */
      count: z.int().positive().optional(),
    }),
  },
  /** A command was sent again, or asked for what already was so: nothing changed. */
  repeated: { data: z.strictObject(what) },
};
export type AccessEvent = EventOf<typeof accessEvents>;
