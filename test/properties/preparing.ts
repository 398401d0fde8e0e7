import { setImmediate } from 'node:timers/promises';
import type { Model } from './model/state.ts';
import { type Opened, openOn, right } from './opened.ts';
import type { RunStore, StoreKind } from './stores.ts';
import type { Told } from './trace.ts';
import { setUp, type UnitPlan } from './world.ts';

/** When units are set up. */
export const beginning = Date.parse('2026-03-02T08:00:00.000Z');

/** What a run remembers of its set-up. */
export type SetUp = {
  readonly model: Model;
  readonly told: readonly Told[];
  readonly heard: readonly unknown[];
};

/** A beginning that many runs share: a store to be copied, and what is known of it. */
export type Prepared = SetUp & { readonly copy: () => RunStore };

/** Waits until a subscriber has been told of everything. */
export const hearAll = async ({ engine }: Opened, heard: readonly unknown[]): Promise<void> => {
  const last = await right(engine.events.lastPosition());
  for (let turns = 0; heard.length < last && turns < 1_000; turns += 1) await setImmediate();
};

type Send = (opened: Opened, calls: ReturnType<typeof setUp>) => Promise<Omit<SetUp, 'heard'>>;

const prepare = async (kind: StoreKind, units: readonly UnitPlan[], send: Send): Promise<Prepared> => {
  const known: SetUp[] = [];
  const copy = await kind.fill(async (store) => {
    const opened = await openOn(store, () => new Date(beginning));
    const heard: unknown[] = [];
    opened.folja.subscribe((event) => heard.push(event));
    known.push({ ...(await send(opened, setUp(units))), heard });
    await hearAll(opened, heard);
    await opened.folja.close();
  });
  const [first] = known;
  if (first === undefined) throw new Error('nothing was set up');
  return { ...first, copy };
};

/** Sets units up once, and gives the same beginning to every run that wants it. */
export const preparing = (kind: StoreKind, send: Send): ((units: readonly UnitPlan[]) => Promise<Prepared>) => {
  const prepared = new Map<string, Promise<Prepared>>();
  return (units) => {
    const key = JSON.stringify(units);
    const found = prepared.get(key) ?? prepare(kind, units, send);
    prepared.set(key, found);
    return found;
  };
};
