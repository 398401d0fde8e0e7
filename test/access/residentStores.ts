import type { EventStore, NewEvent } from '../../src/eventStore/eventStore.ts';
import { inMemoryStore } from '../../src/index.ts';
import { sealPart } from '../../src/privacy/flesh.ts';
import type { KeyStore } from '../../src/privacy/keys.ts';
import { asPrepared, masterKey, noReadModels } from '../eventStore/builders.ts';
import { anEvent } from '../eventStore/events.ts';

/** Where starts of programs lie, with the numbers of their residents sealed, and the keys to them. */
export type Vault = { readonly events: EventStore; readonly keys: KeyStore };

/** A number that was taken apart, whole again. */
export const numbered = (parts: readonly number[]): string => parts.map((part) => String.fromCharCode(part)).join('');

/** A store in memory in which a program of each number has started, at positions from 1. */
export const storeOf = async (numbers: readonly string[]): Promise<Vault> => {
  const { events, keys } = await inMemoryStore().open(masterKey, asPrepared(noReadModels));
  const taken = await keys.take()();
  if (taken._tag === 'Left') throw new Error('there is no key');
  const stream = 'program-a';
  const starts: NewEvent[] = [];
  for (const personalNumber of numbers) {
    const event = anEvent({ type: 'started' });
    const place = { store: events.id, stream, eventId: event.id, type: event.type };
    const sealed = await sealPart(keys, taken.right, place, { personalNumber });
    if (sealed._tag === 'Left') throw new Error('it was not sealed');
    starts.push({ ...event, flesh: { sealed: sealed.right } });
  }
  const appended = await events.append(stream, 'no-stream', starts)();
  if (appended._tag === 'Left') throw new Error('the programs have not started');
  return { events, keys };
};
