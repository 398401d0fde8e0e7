import { randomUUID } from 'node:crypto';
import type { Random } from '../simulation/random.ts';
import type { Engine } from '../src/eventStore/engine.ts';
import { type Actor, type Folja, openFolja } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { at, auditor, maternity, resident, tolvan } from '../test/library/people.ts';
import { masterKey, programs } from './region.ts';
import { daysAfter, swedishDay, turned } from './turnedClock.ts';

/** A clock that is turned while the library runs; `option` is what the library is given, if anything. */
export type TurnedClock = {
  readonly now: () => Date;
  readonly turnTo: (at: Date) => void;
  readonly option: { readonly clock?: () => Date };
};

/** What a life under such a clock came to: how often it went back and on, and what did not hold. */
export type Lived = { readonly turns: number; readonly acknowledged: readonly string[]; readonly failures: string[] };

type Scene = Lived & {
  readonly path: string;
  readonly random: Random;
  readonly clock: TurnedClock;
  readonly acknowledged: string[];
  folja: Folja;
  engine: Engine;
  /** Bodies of messages in the order in which they were taken. */
  readonly bodies: string[];
  /** The last day of an open module, and of the time in which an ended program may still be read. */
  lastDay?: string;
  readableUntil?: string;
  isPurged: boolean;
  /** The latest day on which the library looked for deadlines. */
  lookedOn: string;
};

const [clinician, administrator] = [at(maternity, 'b'), at(maternity, 'da')];
const [talking, working, ending] = programs;
const conversationId = '0195d3a0-0000-7000-8000-00000000c10c';

const says = (scene: Scene, sentence: string): void => void scene.failures.push(sentence);
const today = ({ clock }: Scene): string => swedishDay(clock.now());

/** The code that a command is refused with, or what else it came to. */
const send = async (scene: Scene, type: string, data: object, actor: Actor = clinician): Promise<string> => {
  const id = randomUUID();
  const result = await scene.folja.execute({ type, data, id }, actor);
  if (result._tag === 'Right') {
    scene.acknowledged.push(id);
    return 'done';
  }
  return result.left.kind === 'refused' ? result.left.code : result.left.kind;
};

/** What no clock is a reason to refuse. */
const does = async (scene: Scene, type: string, data: object, actor?: Actor): Promise<boolean> => {
  const came = await send(scene, type, data, actor);
  if (came !== 'done') says(scene, `${type} came to ${came}`);
  return came === 'done';
};

const sees = async <Answer>(scene: Scene, query: { readonly view: string }, actor: Actor = clinician) => {
  const result = await scene.folja.view(query, actor);
  if (result._tag === 'Right') return result.right as Answer;
  says(scene, `the view ${query.view} came to ${result.left.kind}`);
  return undefined;
};

const open = async (scene: Scene): Promise<void> => {
  const store = sqliteStore({ path: scene.path });
  scene.folja = await openFolja({
    store: { open: async (...given) => (scene.engine = await store.open(...given)) },
    ...{ masterKey, ...scene.clock.option },
    deliver: async ({ about }) => {
      if (about === 'time-expired' && !(scene.lastDay !== undefined && scene.lookedOn > scene.lastDay))
        says(scene, 'somebody was told of a deadline before it had passed');
    },
  });
};

const talk = async (scene: Scene): Promise<void> => {
  const body = `Påhittat svar ${scene.bodies.length}`;
  const actor = scene.random.happens(0.5) ? clinician : resident(tolvan);
  if (await does(scene, 'reply', { programId: talking, conversationId, body }, actor)) scene.bodies.push(body);
};

const openModule = async (scene: Scene): Promise<void> => {
  if (scene.lastDay !== undefined) return;
  const days = scene.random.between(1, 30);
  const day = today(scene);
  if (await does(scene, 'activate-module', { programId: working, moduleId: 'steg-2', days }))
    scene.lastDay = daysAfter(day, days);
};

type Shown = { readonly flags: readonly { readonly type: string }[] };

/** A module's days have run out when the clock says so, and not before. */
const lookAtDeadline = async (scene: Scene): Promise<void> => {
  const shown = await sees<Shown>(scene, { view: 'program', programId: working } as { view: string });
  const isShown = shown?.flags.some(({ type }) => type === 'time-expired') === true;
  const isOver = scene.lastDay !== undefined && today(scene) > scene.lastDay;
  if (isShown !== isOver) says(scene, `a deadline is ${isShown ? '' : 'not '}over by the view, and not by the clock`);
};

const tick = async (scene: Scene): Promise<void> => {
  const day = today(scene);
  if (day > scene.lookedOn) scene.lookedOn = day;
  await scene.folja.tick();
};

const endProgram = async (scene: Scene): Promise<void> => {
  if (scene.readableUntil !== undefined) return;
  const until = daysAfter(today(scene), scene.random.between(1, 30));
  const data = { programId: ending, reason: 'avslutad-enligt-plan', residentAware: true, maintenance: { until } };
  if (await does(scene, 'end-program', data)) scene.readableUntil = until;
};

/** Nothing is purged while it may be read. */
const purge = async (scene: Scene): Promise<void> => {
  if (scene.readableUntil === undefined || scene.isPurged) return;
  const isOver = today(scene) > scene.readableUntil;
  const came = await send(scene, 'purge-program', { programId: ending, disposalDecision: 'RA-2026/1' }, administrator);
  if (came !== (isOver ? 'done' : 'maintenance-running'))
    says(scene, `a purge ${isOver ? 'after' : 'before'} the last day came to ${came}`);
  scene.isPurged = came === 'done';
};

/** 1 January 2032 in Sweden, when five whole years have passed since 2026, and a week. */
const [retained, week] = ['2031-12-31T23:00:00.000Z', 7 * 86_400_000];

/** No year of the log is disposed of because the clock alone has jumped: the log has to have gone on since. */
const dispose = async (scene: Scene): Promise<void> => {
  const page = await scene.engine.events.readAll(0, 10_000)();
  const known = page._tag === 'Right' ? page.right : [];
  const aWeekAgo = new Date(scene.clock.now().getTime() - week).toISOString();
  const isProved = known.some((event) => event.at >= retained && event.at <= aWeekAgo);
  const isDone = known.some(({ type }) => type === 'log-year-disposed');
  const came = await send(scene, 'dispose-log-year', { year: 2026, disposalDecision: 'RA-2026/2' }, auditor);
  if (came !== (isProved || isDone ? 'done' : 'retention-running'))
    says(scene, `the disposal of a year that is ${isProved ? '' : 'not '}over came to ${came}`);
};

const look = async (scene: Scene): Promise<void> => {
  await does(scene, 'sign-in', { unitId: maternity.unitId });
  await sees(scene, { view: 'overview', tab: 'mine' } as { view: string });
  await sees(scene, { view: 'my-programs' }, resident(tolvan));
  await sees(scene, { view: 'access-report' }, resident(tolvan));
};

const reopen = async (scene: Scene): Promise<void> => {
  await scene.folja.close();
  await open(scene);
};

const steps = [talk, talk, talk, openModule, lookAtDeadline, tick, endProgram, purge, dispose, look, reopen];

type Messages = { readonly rows: readonly { readonly body: string; readonly at: string }[] };

/** The messages as they are shown, the oldest first: in the order in which they were taken, unless somebody sorts them by time. */
const lookAtOrder = async (scene: Scene, byTime: boolean): Promise<void> => {
  const query = { view: 'conversation', programId: talking, conversationId, limit: 200 } as { view: string };
  const rows = (await sees<Messages>(scene, query))?.rows.toReversed() ?? [];
  const shown = byTime ? rows.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)) : rows;
  if (shown.map(({ body }) => body).join() !== scene.bodies.join())
    says(scene, 'messages are shown in another order than they were taken in');
};

const begin = async (scene: Scene): Promise<void> => {
  await open(scene);
  const [first = ''] = scene.bodies;
  const start = { programId: talking, conversationId, subject: 'En fråga', body: first };
  await does(scene, 'start-conversation', start);
  const choice = { unitId: maternity.unitId, receive: true, channels: ['email'], flagTypes: ['time-expired'] };
  await does(scene, 'set-notifications', choice);
};

/** Whatever happened before: two messages, the second of them three days before the first. */
const goBackWhileTalking = async (scene: Scene): Promise<void> => {
  await talk(scene);
  scene.clock.turnTo(new Date(scene.clock.now().getTime() - 3 * 86_400_000));
  await talk(scene);
};

const mostSteps = 20;

/** Lives for some steps while the clock is turned before each; `byTime` puts messages in the order of their time, which nobody should. */
export const liveUnder = async (clock: TurnedClock, path: string, random: Random, byTime: boolean): Promise<Lived> => {
  const scene = {
    ...{ path, random, clock, turns: 0, acknowledged: [], failures: [], bodies: ['Hur gör jag?'] },
    ...{ isPurged: false, lookedOn: '' },
  } as unknown as Scene & { turns: number };
  await begin(scene);
  for (let step = 0; step < mostSteps; step += 1) {
    const [before, wanted] = [clock.now(), turned(clock.now(), random)];
    clock.turnTo(wanted);
    // A clock that runs has gone on a little by now.
    if (Math.abs(clock.now().getTime() - before.getTime()) > 30_000) scene.turns += 1;
    await random.pick(steps)(scene);
  }
  await goBackWhileTalking(scene);
  await lookAtOrder(scene, byTime);
  await scene.folja.close();
  return scene;
};
