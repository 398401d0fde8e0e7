import { z } from 'zod';
import { LogFinding, LogYear } from '../domain/audit/commands.ts';
import type { EventOf } from '../domain/decider.ts';
import { HsaId, Reference, Slug, Uuid } from '../domain/identifiers.ts';
import { Day } from '../domain/time.ts';

const KeyId = z.string().regex(/^[0-9a-f]{32}$/);
const Root = z.string().regex(/^[0-9a-f]{64}$/);

/** What can be done with an opened library itself; each is one entry of the audit log. */
export const Operation = z.enum([
  'rebuild',
  'replay',
  'rotate-master-key',
  'sign-head',
  'prove-inclusion',
  'prove-consistency',
  'verify',
  'tick',
  'accept-restored',
  'finish-erasures',
  'list-nodes',
  'retire-node',
  'scavenge',
]);
export type Operation = z.infer<typeof Operation>;

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
  /** A log auditor made a spot check of the log, and says what came of it (HSLF-FS 2016:40 4 kap. 9 §). */
  'log-checked': {
    data: z.strictObject({
      careProviderId: HsaId,
      from: Day,
      to: Day,
      /** How many entries were looked at. */
      entries: z.int().nonnegative(),
      finding: LogFinding,
      reference: Reference.optional(),
    }),
  },
  /** A year of the log no longer tells whom its entries are about: its retention was over and somebody decided so. */
  'log-year-disposed': {
    data: z.strictObject({
      year: LogYear,
      disposalDecision: Reference,
      keyId: KeyId,
      /** How many persons' rows were deleted. */
      subjects: z.int().nonnegative(),
    }),
  },
  /** Nothing of a purged program is left: the certificate of its erasure (R240, R242, R246). It names no person. */
  'erasure-certified': {
    data: z.strictObject({
      programs: z.array(Uuid),
      /** The key that was destroyed. */
      keyId: KeyId,
      /** How many personal parts were deleted. */
      parts: z.int().nonnegative(),
      /** What was cleaned besides: tables of read models, and stores that the host has registered. */
      stores: z.array(Slug),
    }),
  },
  /** Something was done with the library itself: rebuilt, replayed, verified, its master key changed (R248). */
  operated: {
    data: z.strictObject({
      what: Operation,
      /** How many: events of a rebuild, keys wrapped anew, problems found, things that were due. */
      count: z.int().nonnegative().optional(),
      /** The length of the log that it is about. */
      length: z.int().nonnegative().optional(),
      root: Root.optional(),
      /** The id of the master key. */
      epoch: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,64}$/)
        .optional(),
      /** The position until which history was replayed. */
      until: z.int().nonnegative().optional(),
      /** The machine that was said to be gone. */
      node: Uuid.optional(),
    }),
  },
};
export type AccessEvent = EventOf<typeof accessEvents>;
