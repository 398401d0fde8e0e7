import { z } from 'zod';

const id = z.string();

/** What nodes tell one another, by type. Nothing in it is personal but what is sealed or keyed. */
export const tidings = {
  /** A node has opened its file: the first thing it waits for itself. */
  'node-opened': z.object({ nodeId: id, at: z.string() }),
  /** A node is there no more; nothing waits for it. */
  'node-retired': z.object({ nodeId: id, at: z.string() }),
  /** A node has cleaned its own file of a stream. */
  'node-cleaned': z.object({ nodeId: id, stream: z.string() }),
  /** The key and the flesh of a stream are tombstoned. */
  'stream-erased': z.object({ stream: z.string() }),
  /** Servers are about to be scavenged: what was tombstoned before this goes. */
  'scavenge-begun': z.object({ scavenge: id }),
  /** Every server has finished it. */
  'scavenge-done': z.object({ scavenge: id }),
  'key-made': z.object({ keyId: id, epoch: z.string() }),
  'key-named': z.object({ name: z.string(), keyId: id }),
  'key-destroyed': z.object({ keyId: id }),
  /** A master key wraps new keys from here on, and is known by its proof. */
  'epoch-opened': z.object({ epoch: id, proof: z.base64() }),
  /** It wraps none any more: a key of it that is told of later is void, on every node. */
  'epoch-closed': z.object({ epoch: id }),
  /** A row of the resident index has got another tag. */
  'resident-tagged': z.object({ event: id, tag: z.base64() }),
  'audit-subject': z.object({ year: z.int(), programId: id, person: z.base64(), sealed: z.base64() }),
  /** From which day on deadlines are told of. */
  'notifications-begun': z.object({ day: z.string() }),
  /** A deadline has passed, and a flag is up. */
  'deadline-noted': z.object({ programId: id, what: z.string(), flag: id, about: z.string(), at: z.string() }),
  /** What was to be told because of an event or a deadline was handed over; some of it could not be. */
  'notifications-settled': z.object({ cause: id, at: z.string(), dead: z.array(id) }),
} as const;

/** What is told, by type. */
export type Tidings = { readonly [Type in keyof typeof tidings]: z.infer<(typeof tidings)[Type]> };

/** One thing that a node tells all nodes, itself among them. */
export type Told = {
  readonly [Type in keyof Tidings]: { readonly type: Type; readonly data: Tidings[Type] };
}[keyof Tidings];
