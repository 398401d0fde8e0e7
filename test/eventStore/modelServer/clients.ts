import { randomUUID } from 'node:crypto';
import type { AllStreamResolvedEvent, AppendExpectedRevision, EventStoreDBClient } from '@eventstore/db-client';
import db from '@eventstore/db-client';

/** Credentials of a call: they make the client append as it did before there were batches. */
export const credentials = { username: 'admin', password: 'changeit' };

/** The real server that the tests are to speak with, if there is one. */
export const realServer: string | undefined = process.env.FOLJA_EVENTSTORE;

/** A client of a server. */
export const clientOf = (connection: string): EventStoreDBClient => db.EventStoreDBClient.connectionString(connection);

/** A name for a stream that nobody has used before. */
export const aStream = (prefix = 'program'): string => `${prefix}-${randomUUID()}`;

/** Events with ids of their own, or with these. */
export const events = (...ids: readonly (string | number)[]) =>
  (typeof ids[0] === 'number' ? Array.from({ length: ids[0] }, () => randomUUID()) : (ids as string[])).map((id) =>
    db.jsonEvent({ id, type: 'happened', data: { id } }),
  );

/** Appends as our adapter does: classically. */
export const append = (
  client: EventStoreDBClient,
  stream: string,
  expectedRevision: AppendExpectedRevision,
  of: ReturnType<typeof events> = events(1),
) => client.appendToStream(stream, of, { expectedRevision, credentials });

/** What is in a stream, as revisions; or the kind of the error. */
export const revisionsIn = async (
  client: EventStoreDBClient,
  stream: string,
  options: Parameters<EventStoreDBClient['readStream']>[1] = {},
): Promise<readonly number[] | string> => {
  const revisions: number[] = [];
  try {
    for await (const { event } of client.readStream(stream, options)) revisions.push(Number(event?.revision));
    return revisions;
  } catch (error) {
    return kindOf(error);
  }
};

/** The kind of an error, as the client names it. */
export const kindOf = (error: unknown): string =>
  error instanceof Error && 'type' in error ? String(error.type) : String(error);

/** The kind of the error with which something ends; `fine` where it does not. */
export const outcomeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'fine', kindOf);

type Emitter = {
  readonly on: (event: never, listener: (...of: never[]) => void) => unknown;
};

/** Collects what a subscription gives. */
export const collecting = (subscription: Emitter) => {
  const received: AllStreamResolvedEvent[] = [];
  const ended: string[] = [];
  const told: string[] = [];
  const listen = subscription.on.bind(subscription) as (event: string, listener: (of: never) => void) => unknown;
  listen('data', (event: AllStreamResolvedEvent) => received.push(event));
  listen('error', (error: unknown) => ended.push(kindOf(error)));
  for (const event of ['confirmation', 'caughtUp', 'end', 'close']) listen(event, () => told.push(event));
  return {
    received,
    ended,
    told,
    ids: (): readonly string[] => received.map(({ event }) => event?.id ?? ''),
    revisions: (): readonly number[] => received.map(({ event }) => Number(event?.revision)),
  };
};

/** Waits until something is so. */
export const until = async (isSo: () => boolean, ms = 5_000): Promise<void> => {
  const end = Date.now() + ms;
  while (!isSo() && Date.now() < end) await pause(5);
  if (!isSo()) throw new Error(`Still not so after ${ms} ms: ${isSo}`);
};

/** Waits so many milliseconds. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
