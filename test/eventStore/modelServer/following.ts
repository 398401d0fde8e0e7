import { randomUUID } from 'node:crypto';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Context } from './calls.ts';
import type { Rpc, RunningFault } from './faults.ts';
import { firstAt, type Place, pageForwards, type Wanted } from './paging.ts';
import { type LogRecord, TOMBSTONE } from './rules.ts';
import { type RpcError, recordInto, rpcErrors } from './wire.ts';

/** The call of a subscription. */
export type SubscriptionCall = ServerWritableStream<ReadReq, ReadResp>;

/** A record as the answer to a read. */
export const eventResponse = (record: LogRecord): ReadResp => {
  const event = new streams.ReadResp.ReadEvent();
  event.setEvent(recordInto(new streams.ReadResp.ReadEvent.RecordedEvent(), record));
  event.setCommitPosition(`${record.position}`);
  const response = new streams.ReadResp();
  response.setEvent(event);
  return response;
};

/** Says that a subscription is there. */
export const confirmation = (): ReadResp => {
  const confirmed = new streams.ReadResp.SubscriptionConfirmation();
  confirmed.setSubscriptionId(randomUUID());
  const response = new streams.ReadResp();
  response.setConfirmation(confirmed);
  return response;
};

const caughtUp = (): ReadResp => {
  const response = new streams.ReadResp();
  response.setCaughtUp(new streams.ReadResp.CaughtUp());
  return response;
};

const checkpointResponse = ({ commit, prepare }: Place): ReadResp => {
  const checkpoint = new streams.ReadResp.Checkpoint();
  checkpoint.setCommitPosition(`${commit}`);
  checkpoint.setPreparePosition(`${prepare}`);
  const response = new streams.ReadResp();
  response.setCheckpoint(checkpoint);
  return response;
};

/** What a subscription sends through: it waits while the consumer is slow, and does what was planned to go wrong. */
export type Outlet = {
  readonly isOpen: () => boolean;
  readonly send: (response: ReadResp) => Promise<void>;
  readonly fail: (error: RpcError) => void;
  /** Waits until something was written, a fault was planned or the call has ended. */
  readonly news: () => Promise<void>;
};

/** The faults of a running subscription. `befall` says whether the next event is sent at all, and how often. */
export const runningFaults = (
  context: Context,
  rpc: Rpc,
  stream: string,
  end: { readonly cut: () => void; readonly drop: () => void },
) => {
  let left = 0;
  let current: RunningFault | undefined;
  let isStalled = false;
  const take = (): void => {
    if (current) return;
    current = context.faults.ofRunning(rpc, stream);
    left = current?.after ?? 0;
  };
  const strike = (fault: RunningFault): void => {
    current = undefined;
    context.faults.note(rpc, stream, fault);
    if (fault.kind === 'stall') isStalled = true;
    if (fault.kind === 'drop') end.drop();
    if (fault.kind === 'cut') end.cut();
  };
  return {
    isStalled: (): boolean => isStalled,
    /** Looks for faults that wait for no event. */
    look: (): void => {
      take();
      if (current && left === 0 && current.kind !== 'twice') strike(current);
    },
    /** How often the next event is to be sent. */
    timesToSend: (): number => {
      take();
      if (!current) return isStalled ? 0 : 1;
      if (left > 0) {
        left -= 1;
        return isStalled ? 0 : 1;
      }
      const { kind } = current;
      strike(current);
      return kind === 'twice' ? 2 : 0;
    },
  };
};

/** Fails a call that sends a stream, with a status and trailers. */
export const failCall = (
  call: { readonly emit: (event: 'error', error: RpcError) => unknown },
  error: RpcError,
): void => {
  call.emit('error', error);
};

/** Makes the outlet of a subscription. */
export const outletOf = (context: Context, stream: string, call: SubscriptionCall): Outlet => {
  let isOpen = true;
  const waiting = new Set<() => void>();
  let drained: (() => void) | undefined;
  const wake = (): void => {
    for (const resume of waiting) resume();
    waiting.clear();
  };
  const fail = (error: RpcError): void => {
    if (isOpen) failCall(call, error);
    close();
  };
  const faults = runningFaults(context, 'Subscribe', stream, {
    cut: () => context.cut(call.getPeer()),
    drop: () =>
      fail(rpcErrors.timeout('Consumer too slow to handle event while live. Client resubscription required.')),
  });
  const unplanned = context.faults.onPlanned(() => faults.look());
  const unwritten = context.log.onWritten(wake);
  const close = (): void => {
    isOpen = false;
    unplanned();
    unwritten();
    wake();
    drained?.();
  };
  call.on('drain', () => drained?.());
  for (const event of ['cancelled', 'close', 'error'] as const) call.on(event, close);
  faults.look();

  const write = async (response: ReadResp): Promise<void> => {
    if (!isOpen || faults.isStalled() || call.write(response)) return;
    await new Promise<void>((resolve) => {
      drained = resolve;
    });
  };
  return {
    isOpen: () => isOpen && !call.cancelled,
    send: async (response) => {
      const times = response.hasEvent() ? faults.timesToSend() : 1;
      for (let time = 0; time < times; time += 1) await write(response);
    },
    fail,
    news: () => new Promise((resolve) => waiting.add(resolve)),
  };
};

/** How a subscription to everything is to go. */
export type Following = {
  /** After this place; undefined: from the beginning; `end`: only what comes. */
  readonly after: Place | 'end' | undefined;
  readonly isWanted: Wanted;
  /** How many records are looked at before a checkpoint; undefined where there is no filter. */
  readonly checkpointEvery: number | undefined;
  readonly window: number;
};

// How many records the server reads at a time for a subscription.
const PAGE = 32;

// The server of 23.10 reads one record at the place it was given and goes on behind that one, whichever it is.
const start = (log: readonly LogRecord[], after: Place | undefined): Place => {
  if (!after) return { commit: 0, prepare: 0 };
  return pageForwards(log, after, 1, Number.MAX_SAFE_INTEGER, () => true).next;
};

/** Sends everything that is wanted after a place, says when there is nothing more, and goes on with what comes. */
export const followAll = async (context: Context, outlet: Outlet, following: Following): Promise<void> => {
  const { after, isWanted, checkpointEvery, window } = following;
  const { log } = context;
  if (after !== undefined && after !== 'end' && !log.isPlace(after.commit))
    return outlet.fail(rpcErrors.unknown('Exception was thrown by handler.'));
  let seen = 0;
  let place = after === 'end' ? { commit: log.end(), prepare: 0 } : start(log.records(), after);
  await outlet.send(confirmation());
  // What the client names as its checkpoint is where a page began, unless the page held something.
  for (let isEnd = after === 'end'; !isEnd && outlet.isOpen(); ) {
    const page = pageForwards(log.records(), place, PAGE, window, isWanted);
    for (const record of page.records) await outlet.send(eventResponse(record));
    const last = page.records.at(-1);
    seen += page.considered;
    isEnd = page.isEnd;
    if (!isEnd && checkpointEvery !== undefined && seen >= checkpointEvery) {
      seen %= checkpointEvery;
      await outlet.send(checkpointResponse(last ? { commit: last.position, prepare: last.position } : place));
    }
    place = page.next;
  }
  await outlet.send(caughtUp());
  await followLive(context, outlet, following, place.commit, seen);
};

const followLive = async (
  context: Context,
  outlet: Outlet,
  { isWanted, checkpointEvery }: Following,
  from: number,
  seenBefore: number,
): Promise<void> => {
  let position = from;
  let seen = seenBefore;
  while (outlet.isOpen()) {
    const records = context.log.records();
    const record = records[firstAt(records, position)];
    if (!record) {
      await outlet.news();
      continue;
    }
    position = record.next;
    if (isWanted(record)) await outlet.send(eventResponse(record));
    if (checkpointEvery === undefined) continue;
    seen += 1;
    if (seen < checkpointEvery) continue;
    seen = 0;
    await outlet.send(checkpointResponse({ commit: record.position, prepare: record.position }));
  }
};

/** Sends what is in a stream after a revision, says when there is nothing more, and goes on with what comes. */
export const followStream = async (
  context: Context,
  outlet: Outlet,
  stream: string,
  after: number | 'end' | undefined,
): Promise<void> => {
  const { log } = context;
  if (log.lastOf(stream) === TOMBSTONE) return outlet.fail(rpcErrors.streamDeleted(stream));
  await outlet.send(confirmation());
  let next = (after === 'end' ? log.lastOf(stream) : (after ?? -1)) + 1;
  let isCaughtUp = false;
  while (outlet.isOpen()) {
    const before = next;
    next = await sendPage(context, outlet, stream, before);
    if (next !== before) continue;
    // The server of 23.10 says so only of a stream that is there.
    const catchesUp: boolean = !isCaughtUp && log.readStream(stream, 0, 1, 1).kind === 'found';
    if (catchesUp) await outlet.send(caughtUp());
    isCaughtUp = isCaughtUp || catchesUp;
    await outlet.news();
  }
};

const sendPage = async (context: Context, outlet: Outlet, stream: string, from: number): Promise<number> => {
  const read = context.log.readStream(stream, from, 1, PAGE);
  const tombstone = read.kind === 'deleted' ? context.log.tombstoneOf(stream) : undefined;
  const records = read.kind === 'found' ? read.records : [];
  for (const record of tombstone ? [tombstone] : records) await outlet.send(eventResponse(record));
  if (read.kind === 'deleted') outlet.fail(rpcErrors.streamDeleted(stream));
  return (records.at(-1)?.revision ?? from - 1) + 1;
};
