import type { NewEvent } from '../../src/eventStore/eventStore.ts';
import { anEvent } from '../eventStore/events.ts';

/** Entries of an access log. */
export const someViews = (count: number): readonly NewEvent[] =>
  Array.from({ length: count }, (_, asOf) => {
    const event = anEvent({ type: 'viewed', data: { what: 'units', programs: [], asOf } });
    return { ...event, cause: { ...event.cause, command: 'units' } };
  });
