import type { AllStreamResolvedEvent, ResolvedEvent } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import type { Appended, Cluster, NewRecord, Place, StoredRecord } from './cluster.ts';
import type { Connection } from './driver.ts';
import { type Attempt, bounded, ignore, type Outcome, persistently, type Silence } from './driverCalls.ts';
import { appendedOf, failureOf, isMissing, notEver, notNow } from './driverErrors.ts';
import { isBehind, recordOf, writtenOf } from './driverRecords.ts';

const unknown: Appended = { kind: 'unknown' };

/** Finds a server first: what was not sent is known not to have happened, and is not sent later. */
const reached = (connection: Connection, milliseconds: number): Promise<Appended | undefined> => {
  const silence: Silence<Appended | undefined> = { late: notNow, closed: notEver, failed: () => notNow };
  return bounded(connection, milliseconds, () => ({ result: connection.inside.getChannel().then(ignore) }), silence);
};

type AppendResult = Awaited<ReturnType<Connection['client']['appendToStream']>>;

const appendedIn = ({ success, nextExpectedRevision }: AppendResult): Appended => {
  const revision = Number(nextExpectedRevision);
  if (!success) return { kind: 'conflict', actual: revision };
  return Number.isSafeInteger(revision) ? { kind: 'committed', revision } : unknown;
};

const expectedOf = (expected: number | 'any'): 'any' | 'no_stream' | bigint => {
  if (expected === 'any') return expected;
  return expected < 0 ? 'no_stream' : BigInt(expected);
};

/** Appends once, by the classic way of the client: its batches may lose the answer of one append to the failure of another. */
export const appendWith = async (
  connection: Connection,
  stream: string,
  expected: number | 'any',
  records: readonly NewRecord[],
): Promise<Appended> => {
  const written = writtenOf(records);
  if (connection.isClosed() || written === undefined) return notEver;
  const { client, credentials, deadline: allowed } = connection;
  const begun = performance.now();
  const unreached = await reached(connection, allowed);
  if (unreached !== undefined || connection.isClosed()) return unreached ?? notEver;
  const deadline = Math.max(allowed - (performance.now() - begun), 1);
  const options = { ...credentials, expectedRevision: expectedOf(expected), requiresLeader: true, deadline };
  return bounded(
    connection,
    deadline,
    () => ({ result: client.appendToStream(stream, written, options).then(appendedIn) }),
    { late: unknown, closed: unknown, failed: appendedOf },
  );
};

type Reading = ReturnType<Connection['client']['readStream']> | ReturnType<Connection['client']['readAll']>;

/** Gathers what is read. A stream that does not exist holds nothing. */
const gathered = (reading: Reading): Attempt<Outcome<readonly StoredRecord[]>> => {
  const records: StoredRecord[] = [];
  const result = new Promise<Outcome<readonly StoredRecord[]>>((resolve) => {
    reading.on('data', ({ event }: ResolvedEvent | AllStreamResolvedEvent) => {
      if (event !== undefined) records.push(recordOf(event));
    });
    // Stays for as long as the stream does: an error without a listener would end the process.
    reading.on('error', (error) => resolve(isMissing(error) ? E.right([]) : E.left(failureOf(error))));
    reading.on('end', () => resolve(E.right(records)));
  });
  return { result, giveUp: () => void reading.cancel().catch(ignore) };
};

const largestCount = Number.MAX_SAFE_INTEGER;

/** Reads a stream from a revision on. */
export const readWith = (
  connection: Connection,
  stream: string,
  { from = 0, limit = largestCount }: NonNullable<Parameters<Cluster['read']>[1]> = {},
): Promise<Outcome<readonly StoredRecord[]>> => {
  const { client, credentials } = connection;
  const options = { ...credentials, requiresLeader: true, fromRevision: BigInt(Math.max(from, 0)), maxCount: limit };
  return limit < 1
    ? Promise.resolve(E.right([]))
    : persistently(connection, () => gathered(client.readStream(stream, options)));
};

/** Reads the last record of a stream. */
export const lastWith = async (connection: Connection, stream: string): Promise<Outcome<StoredRecord | undefined>> => {
  const { client, credentials } = connection;
  const options = {
    ...credentials,
    requiresLeader: true,
    fromRevision: 'end',
    direction: 'backwards',
    maxCount: 1,
  } as const;
  const found = await persistently(connection, () => gathered(client.readStream(stream, options)));
  return E.isLeft(found) ? found : E.right(found.right[0]);
};

/** Reads the first record of all streams that stands behind a place; undefined where the log ends there. */
export const firstBehind = async (connection: Connection, place: Place): Promise<Outcome<StoredRecord | undefined>> => {
  const { client, credentials } = connection;
  const options = { ...credentials, requiresLeader: true, fromPosition: place, maxCount: 2 };
  const found = await persistently(connection, () => gathered(client.readAll(options)));
  return E.isLeft(found) ? found : E.right(found.right.find((record) => isBehind(record.place, place)));
};

const done: Outcome<void> = E.right(undefined);

/** Ends a stream for ever; one that was ended before is as it should be. */
export const tombstoneWith = async (connection: Connection, stream: string): Promise<Outcome<void>> => {
  const { client, credentials } = connection;
  const outcome = await persistently(connection, (deadline) => ({
    result: client
      .tombstoneStream(stream, { ...credentials, expectedRevision: 'any', requiresLeader: true, deadline })
      .then(() => done),
  }));
  return E.isLeft(outcome) && outcome.left.kind === 'gone' ? done : outcome;
};
