import type { Log } from './log.ts';
import { firstAt, type Wanted } from './paging.ts';
import type { LogRecord } from './rules.ts';

/** How a group of consumers is kept. Times in milliseconds. */
export type GroupSettings = {
  readonly messageTimeout: number;
  readonly maxRetryCount: number;
  readonly maxSubscriberCount: number;
  readonly minCheckpointCount: number;
  readonly maxCheckpointCount: number;
  readonly checkpointAfter: number;
};

/** What is to become of a record that a consumer could not do anything with. */
export type NackAction = 'retry' | 'park' | 'skip';

/** A consumer as its group sees it. */
export type GroupConsumer = {
  readonly capacity: number;
  readonly send: (record: LogRecord, retryCount: number) => void;
  /** Ends the consumer's connection: the group begins again, or is no more. */
  readonly drop: () => void;
};

/** A consumer that has joined. */
export type Joined = {
  readonly ack: (ids: readonly string[]) => void;
  readonly nack: (ids: readonly string[], action: NackAction) => void;
  readonly leave: () => void;
};

/** A group of consumers that share the records of a filter between them. */
export type Group = ReturnType<typeof createGroup>;

type Message = { readonly record: LogRecord; readonly retries: number };
type Slot = { readonly consumer: GroupConsumer; readonly inFlight: Set<string> };
type Outstanding = Message & { readonly slot: Slot; readonly timer: NodeJS.Timeout | undefined };

// Node's timers take no longer time than this.
const LONGEST = 2 ** 31 - 1;

/** Makes a group that begins at a position of the log. */
export const createGroup = (
  log: Log,
  name: string,
  from: number,
  isWanted: Wanted,
  first: GroupSettings,
  stream: string,
) => {
  let settings = first;
  let next = from;
  let checkpoint = from;
  let settled = 0;
  let slots: Slot[] = [];
  let retries: Message[] = [];
  let checkpointTimer: NodeJS.Timeout | undefined;
  const parked: LogRecord[] = [];
  // By id, as in the real server: a record with the id of one that is under way is left out.
  const outstanding = new Map<string, Outstanding>();

  // Everything before the lowest record that is not done with need not be sent again.
  const lowest = (): number =>
    Math.min(next, ...[...outstanding.values(), ...retries].map(({ record }) => record.position));
  const markCheckpoint = (): void => {
    clearTimeout(checkpointTimer);
    checkpointTimer = undefined;
    if (lowest() <= checkpoint) return;
    checkpoint = lowest();
    settled = 0;
    const data = Buffer.from(JSON.stringify(`C:${checkpoint}/P:${checkpoint}`));
    const event = {
      id: crypto.randomUUID(),
      type: 'SubscriptionCheckpoint',
      isJson: true,
      data,
      metadata: Buffer.alloc(0),
    };
    log.append(`$persistentsubscription-${stream}::${name}-checkpoint`, 'any', [event]);
  };
  const settle = (count: number): void => {
    settled += count;
    if (settled >= settings.maxCheckpointCount) markCheckpoint();
    else if (settled >= settings.minCheckpointCount)
      checkpointTimer ??= setTimeout(markCheckpoint, settings.checkpointAfter).unref();
  };

  const pull = (): Message | undefined => {
    const retry = retries.shift();
    if (retry) return retry;
    const records = log.records();
    for (let index = firstAt(records, next); index < records.length; index += 1) {
      const record = records[index];
      if (!record) return undefined;
      next = record.next;
      if (isWanted(record) && !outstanding.has(record.id)) return { record, retries: 0 };
    }
    return undefined;
  };

  // The one whose turn it is goes to the end of the line.
  const freeSlot = (): Slot | undefined => {
    const slot = slots.find(({ consumer, inFlight }) => inFlight.size < consumer.capacity);
    if (slot) slots = [...slots.filter((other) => other !== slot), slot];
    return slot;
  };
  const push = (): void => {
    while (slots.some(({ consumer, inFlight }) => inFlight.size < consumer.capacity)) {
      const message = pull();
      const slot = message && freeSlot();
      if (!message || !slot) return;
      const { id } = message.record;
      const { messageTimeout } = settings;
      const timer =
        messageTimeout > 0 ? setTimeout(() => expire(id), Math.min(messageTimeout, LONGEST)).unref() : undefined;
      outstanding.set(id, { ...message, slot, timer });
      slot.inFlight.add(id);
      slot.consumer.send(message.record, message.retries);
    }
  };

  const take = (id: string): Outstanding | undefined => {
    const message = outstanding.get(id);
    clearTimeout(message?.timer);
    message?.slot.inFlight.delete(id);
    outstanding.delete(id);
    return message;
  };
  const retry = ({ record, retries: count }: Message): void => {
    retries = [...retries, { record, retries: count + 1 }].sort((a, b) => a.record.position - b.record.position);
  };
  const park = ({ record }: Message): void => {
    parked.push(record);
    const { id, data, metadata, isJson, type } = record;
    log.append(`$persistentsubscription-${stream}::${name}-parked`, 'any', [{ id, data, metadata, isJson, type }]);
    settle(1);
  };
  const retryOrPark = (message: Message): void => {
    if (message.retries < settings.maxRetryCount) retry(message);
    else park(message);
  };
  const expire = (id: string): void => {
    const message = take(id);
    if (message) retryOrPark(message);
    push();
  };
  const setAside = (ids: readonly string[], act: (message: Outstanding) => void): void => {
    for (const id of ids) {
      const message = take(id);
      if (message) act(message);
    }
    push();
  };

  const join = (consumer: GroupConsumer): Joined | undefined => {
    if (settings.maxSubscriberCount > 0 && slots.length >= settings.maxSubscriberCount) return undefined;
    const slot = { consumer, inFlight: new Set<string>() };
    slots = [...slots, slot];
    push();
    return {
      ack: (ids) => setAside(ids, () => settle(1)),
      nack: (ids, action) =>
        setAside(ids, action === 'retry' ? retryOrPark : action === 'park' ? park : () => settle(1)),
      leave: () => {
        slots = slots.filter((other) => other !== slot);
        setAside([...slot.inFlight], retry);
      },
    };
  };

  const stopListening = log.onWritten(push);
  const dropAll = (): void => {
    const dropped = slots;
    slots = [];
    for (const id of [...outstanding.keys()]) take(id);
    for (const { consumer } of dropped) consumer.drop();
  };
  return {
    name,
    stream,
    join,
    parked: parked as readonly LogRecord[],
    state: () => ({
      settings,
      consumers: slots.length,
      outstanding: outstanding.size,
      retries: retries.length,
      checkpoint,
    }),
    update: (changed: GroupSettings, changedFrom: number | undefined): void => {
      settings = changed;
      dropAll();
      next = changedFrom ?? checkpoint;
      retries = [];
    },
    /** Sends what was parked again. */
    replayParked: (): void => {
      retries = [...retries, ...parked.splice(0).map((record) => ({ record, retries: 0 }))];
      push();
    },
    /** Begins again at the checkpoint, as after a change of leader: all consumers lose their connection. */
    restart: (): void => {
      dropAll();
      next = checkpoint;
      retries = [];
    },
    end: (): void => {
      stopListening();
      clearTimeout(checkpointTimer);
      dropAll();
    },
  };
};
