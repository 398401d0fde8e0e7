import { setImmediate } from 'node:timers/promises';
import type { Model } from '../model/state.ts';
import type { Setting, Template } from '../setting.ts';
import type { Told } from '../trace.ts';
import { type Call, setUp, type UnitPlan } from '../world.ts';
import type { Given, Ground, Grounds } from './grounds.ts';
import { type Opened, openOn, right } from './opened.ts';

/** When units are set up. */
export const beginning = Date.parse('2026-03-02T08:00:00.000Z');

/** What a run remembers of its set-up. */
export type SetUp = {
  readonly model: Model;
  readonly told: readonly Told[];
  readonly heard: readonly unknown[];
};

/** Where a run begins: an opened library whose units are set up. */
export type Begun = { readonly known: SetUp; readonly opened: Opened; readonly ground: Ground };

/** Begins a run; the clock that is given has to say `beginning` until then. */
export type Begin = (units: readonly UnitPlan[], given: Given) => Promise<Begun>;

/** Sends the calls of a set-up: lists beside each other, one call after another within a list. */
export type Send = (
  opened: Opened,
  setting: Setting,
  calls: readonly (readonly (readonly Call[])[])[],
) => Promise<Omit<SetUp, 'heard'>>;

/** Waits until a subscriber has been told of everything. */
export const hearAll = async ({ engine }: Pick<Opened, 'engine'>, heard: readonly unknown[]): Promise<void> => {
  const last = await right(engine.events.lastPosition());
  for (let turns = 0; heard.length < last && turns < 1_000; turns += 1) await setImmediate();
};

const setUpOn = async (
  opened: Opened,
  templates: readonly Template[],
  units: readonly UnitPlan[],
  send: Send,
): Promise<SetUp> => {
  const setting = { policy: opened.policy, templates };
  const heard: unknown[] = [];
  const stop = opened.folja.subscribe((event) => heard.push(event));
  const known = await send(opened, setting, setUp(setting, units));
  await hearAll(opened, heard);
  stop();
  return { ...known, heard };
};

const freshly =
  (grounds: Grounds, templates: readonly Template[], send: Send): Begin =>
  async (units, { clock, deliver }) => {
    const ground = grounds.fresh();
    const opened = await openOn(ground, clock, deliver);
    return { known: await setUpOn(opened, templates, units, send), opened, ground };
  };

type Copies = NonNullable<Grounds['copies']>;
type Prepared = { readonly known: SetUp; readonly copy: () => Ground };

const prepare = async (copies: Copies, setUpGround: (ground: Ground) => Promise<SetUp>): Promise<Prepared> => {
  const known: SetUp[] = [];
  const copy = await copies(async (ground) => void known.push(await setUpGround(ground)));
  const [first] = known;
  if (first === undefined) throw new Error('nothing was set up');
  return { known: first, copy };
};

/** Sets units up once, and gives a copy of that to every run that begins so. */
const copying = (copies: Copies, templates: readonly Template[], send: Send): Begin => {
  const prepared = new Map<string, Promise<Prepared>>();
  const setUpGround = (units: readonly UnitPlan[]) => async (ground: Ground) => {
    const opened = await openOn(ground, () => new Date(beginning));
    const known = await setUpOn(opened, templates, units, send);
    await opened.folja.close();
    return known;
  };
  return async (units, { clock, deliver }) => {
    const key = JSON.stringify(units);
    const found = prepared.get(key) ?? prepare(copies, setUpGround(units));
    prepared.set(key, found);
    const { known, copy } = await found;
    const ground = copy();
    return { known, opened: await openOn(ground, clock, deliver), ground };
  };
};

/** How runs begin on some grounds: with units that are set up anew, or on copies where those can be made. */
export const beginningOn = (grounds: Grounds, templates: readonly Template[], send: Send): Begin =>
  grounds.copies === undefined ? freshly(grounds, templates, send) : copying(grounds.copies, templates, send);
