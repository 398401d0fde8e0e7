import { randomUUID } from 'node:crypto';
import type { NewEvent } from '../../src/eventStore/eventStore.ts';

/** An event of which only what matters is said. */
export const anEvent = (given: Partial<NewEvent> = {}): NewEvent => {
  const id = randomUUID();
  return {
    id,
    type: 'message-sent',
    at: '2026-03-02T08:15:30.123Z',
    data: { conversation: 'one' },
    by: { kind: 'system', process: 'clock' },
    cause: { commandId: id, correlationId: id, causationId: id, command: 'reply' },
    policy: 'standard-1',
    ...given,
  };
};

/** A number of events that differ in their data. */
export const someEvents = (count: number): readonly NewEvent[] =>
  Array.from({ length: count }, (_, number) => anEvent({ data: { number } }));
