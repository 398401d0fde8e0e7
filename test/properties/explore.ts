import * as E from 'fp-ts/lib/Either.js';
import type { Problem } from '../../src/access/problem.ts';
import { type Command, commandSchemas } from '../../src/commands/catalog.ts';
import type { Engine } from '../../src/eventStore/engine.ts';
import type { Folja } from '../../src/folja.ts';
import type { Notification } from '../../src/index.ts';
import { type Apart, liveApart } from './apart.ts';
import type { Life, Step } from './arbitraries.ts';
import { auditLength, auditOf } from './auditing.ts';
import { type Intended, type Notified, newIntents } from './intents.ts';
import { follow, judge, numberOf } from './model/judge.ts';
import { emptyModel, type Model, type ModelProgram, swedishDay, type Verdict } from './model/state.ts';
import { eventsOf, type Opened, openOn, right } from './opened.ts';
import { type Asking, listsOf, ownListsOf, pictureOf, picturesOf } from './pictures.ts';
import { beginning, hearAll, type Prepared, preparing, type SetUp } from './preparing.ts';
import { belongings, dump, type Erased, remainsOf, remnantsIn } from './remnants.ts';
import { commandFor, questionFor, type SentBefore } from './resolve.ts';
import { canariesIn, type Scene } from './scene.ts';
import type { RunStore, StoreKind } from './stores.ts';
import { type Look, outcomeOf, receiptOf, type Said, type Told, type Trace, type Watch } from './trace.ts';
import { type Call, regionalTeam, residents, type setUp, written } from './world.ts';

const minute = 60_000;

/** What a run remembers while it goes on. */
type Run = {
  readonly model: Model;
  readonly told: Told[];
  readonly looks: Look[];
  readonly watches: Watch[];
  readonly canaries: Map<string, Set<string>>;
  readonly earlier: SentBefore[];
  readonly erased: Erased[];
  readonly remnants: string[];
  readonly heard: unknown[];
  readonly auditLengths: number[];
  readonly counts: { readonly before: Said; readonly after: Said }[];
  readonly intended: Intended[];
  readonly time: { now: number };
  readonly deliver: (notification: Notification) => Promise<void>;
  folja: Folja;
  engine: Engine;
};

const saidOf = (answer: E.Either<Problem, unknown>): Said =>
  E.isRight(answer) ? { right: answer.right } : { left: answer.left };

const positionOf = ({ engine }: Run): Promise<number> => right(engine.events.lastPosition());

const send = async (run: Run, call: Call): Promise<Said> => {
  const { folja } = run;
  if (call.kind === 'view') return saidOf(await folja.view(call.query, call.actor));
  const { command, id, actor } = call;
  return saidOf(await folja.execute(id === undefined || !command?.data ? command : { ...command, id }, actor));
};

/** Whether input is a command at all: the twist `broken` takes some apart. */
const isCommand = ({ command }: SentBefore): boolean => {
  const { type, data, ...others } = (command ?? {}) as Partial<typeof command>;
  const schema = type === undefined || !Object.hasOwn(commandSchemas, type) ? undefined : commandSchemas[type];
  return schema?.safeParse(data).success === true && Object.keys(others).length === 0;
};

const expectedOf = (run: Run, call: Call): Verdict | undefined =>
  call.kind === 'command' && isCommand(call)
    ? judge(run.model, call.command, call.id, call.actor, new Date(run.time.now))
    : undefined;

const noteCanaries = ({ canaries }: Run, told: Told): void => {
  const programId = receiptOf(told)?.ids.programId;
  if (told.call.kind === 'view') return;
  for (const text of canariesIn(JSON.stringify(told.call.command) ?? '')) {
    const known = canaries.get(text) ?? new Set();
    canaries.set(text, programId === undefined ? known : known.add(programId));
  }
};

const tell = async (run: Run, phase: Told['phase'], call: Call): Promise<Told> => {
  const [after, expected] = [await positionOf(run), expectedOf(run, call)];
  const at = new Date(run.time.now).toISOString();
  const said = await send(run, call);
  const told: Told = { phase, call, at, after, until: await positionOf(run), said, expected: expected?.kind };
  run.told.push(told);
  if (call.kind === 'view') return told;
  noteCanaries(run, told);
  const receipt = outcomeOf(told) === 'changed' ? receiptOf(told) : undefined;
  if (receipt !== undefined) run.intended.push(...newIntents(run.engine, run.intended, told.until));
  if (receipt !== undefined && expected !== undefined) follow(run.model, expected, call, receipt);
  run.earlier.push(call);
  return told;
};

const askingIn = (run: Run): Asking => ({
  ask: async (call) => (await tell(run, 'look', call)).said,
  model: run.model,
  today: swedishDay(new Date(run.time.now)),
  now: new Date(run.time.now).toISOString(),
});

const programsOf = ({ model }: Run): readonly ModelProgram[] => [...model.programs.values()];

const look = async (run: Run): Promise<void> => {
  const asking = askingIn(run);
  const [position, at] = [await positionOf(run), new Date(run.time.now).toISOString()];
  const programs = await picturesOf(asking, programsOf(run), true);
  const units: Record<string, Look['units'][string]> = {};
  for (const unitId of run.model.units.keys()) units[unitId] = await listsOf(asking, unitId);
  run.looks.push({ position, at, programs, units, mine: await ownListsOf(asking, residents) });
  run.auditLengths.push(await auditLength(run.engine));
};

/** The program that a command is about, as far as its input says. */
const programIn = ({ model }: Run, call: SentBefore): string | undefined => {
  const data = (call.command?.data ?? {}) as { readonly programId?: string; readonly handoverId?: string };
  return data.programId ?? model.handovers.get(data.handoverId ?? '')?.programId;
};

/** Which programs' pictures are taken before and after a command: those that it might change, and should or should not. */
const isTouched = ({ type, data }: Command, about: string | undefined, { a, watched }: Step) => {
  if (type === 'publish-template') return ({ templateId }: ModelProgram) => templateId === data.templateId;
  const starting = type === 'start-program' && a % 2 === 0 ? numberOf(data.resident.personalNumber) : undefined;
  // Starts and offers are many: some will do.
  const isHandover = type.endsWith('-handover') && (type !== 'initiate-handover' || a % 3 === 0);
  return ({ id, resident }: ModelProgram) => (id === about ? isHandover : watched || resident === starting);
};

/** Whose pictures are taken before and after: a handover's program, the same resident's at a start, a template's, others when watched. */
const watched = (run: Run, step: Step, call: SentBefore): readonly ModelProgram[] =>
  isCommand(call)
    ? programsOf(run)
        .filter(({ status }) => status !== 'purged')
        .filter(isTouched(call.command, programIn(run, call), step))
        .slice(-2)
    : [];

const scan = async (run: Run, files: readonly Buffer[]): Promise<void> => {
  const texts = [...run.canaries.keys(), ...residents.flatMap((number) => [number, written(number, 1)])];
  run.remnants.push(...remnantsIn(await remainsOf(run.engine, files, run.erased), run.erased, texts));
};

const statistics: Call = { kind: 'view', query: { view: 'statistics', limit: 200 }, actor: regionalTeam };

const takeStep = async (run: Run, opened: RunStore, step: Step, number: number): Promise<void> => {
  run.time.now += step.minutes * minute;
  const at = new Date(run.time.now);
  const scene: Scene = { model: run.model, step, today: swedishDay(at), at: at.toISOString(), number };
  if (step.what === 'look') return look(run);
  if (step.what === 'ask') return void (await tell(run, 'step', questionFor(scene)));
  const call = commandFor(scene, run.earlier);
  const about = programIn(run, call);
  const subjects = watched(run, step, call);
  const before = await picturesOf(askingIn(run), subjects, false);
  const isPurge = call.command?.type === 'purge-program' && about !== undefined;
  const own = isPurge ? await belongings(run.engine, about) : undefined;
  const counted = isPurge ? await tell(run, 'look', statistics) : undefined;
  const told = await tell(run, 'step', call);
  if (subjects.length > 0)
    run.watches.push({ told, about, before, after: await picturesOf(askingIn(run), subjects, false) });
  if (own === undefined || counted === undefined || outcomeOf(told) !== 'changed') return;
  run.counts.push({ before: counted.said, after: (await tell(run, 'look', statistics)).said });
  run.erased.push(own);
  await scan(run, opened.files());
  run.auditLengths.push(await auditLength(run.engine));
};

const rebuildAndCompare = async (run: Run): Promise<Trace['tables']> => {
  await auditLength(run.engine);
  const incremental = dump(run.engine.readModels);
  await run.folja.rebuild();
  const rebuilt = dump(run.engine.readModels);
  run.auditLengths.push(await auditLength(run.engine));
  return { incremental, rebuilt };
};

/** Everything once more after a new start, where something outlives it: the purged are gone there too. */
const reopen = async (run: Run, opened: RunStore): Promise<void> => {
  await run.folja.close();
  const closed = opened.files();
  Object.assign(run, await openOn(opened, () => new Date(run.time.now), run.deliver));
  await scan(run, [...closed, ...opened.files()]);
};

const newRun = (opened: Opened, { time, deliver }: Pick<Run, 'time' | 'deliver'>, known: SetUp): Run => ({
  ...{
    looks: [],
    watches: [],
    canaries: new Map(),
    earlier: [],
    erased: [],
    remnants: [],
    auditLengths: [],
    counts: [],
  },
  intended: [],
  ...{ model: structuredClone(known.model), told: [...known.told], heard: [...known.heard], time, deliver },
  ...opened,
});

/** Sends the calls with which runs begin. */
const sendSetUp = async (opened: Opened, calls: ReturnType<typeof setUp>): Promise<Omit<SetUp, 'heard'>> => {
  const run = newRun(
    opened,
    { time: { now: beginning }, deliver: async () => undefined },
    { model: emptyModel(), told: [], heard: [] },
  );
  for (const lists of calls) {
    await Promise.all(
      lists.map(async (list) => {
        for (const call of list) await tell(run, 'set-up', call);
      }),
    );
  }
  return { model: run.model, told: run.told };
};

const live = async (run: Run, store: RunStore, { steps }: Life): Promise<void> => {
  run.folja.subscribe((event) => run.heard.push(event));
  for (const [number, step] of steps.entries()) await takeStep(run, store, step, number);
  await look(run);
};

const howRarely = 4;

/** Some of the runs are lived once more, without one of their residents. */
const apartOf = async (run: Run, copy: () => RunStore, { steps }: Life): Promise<readonly Apart[]> => {
  if (steps.length % howRarely !== 0) return [];
  const picture = (program: ModelProgram) => pictureOf(askingIn(run), program, true);
  const apart = await liveApart(copy(), { ...run, now: run.time.now, picture }, steps[0]?.a ?? 0);
  return apart === undefined ? [] : [apart];
};

/** A clock that has stood still reminds of each occasion since: it comes where few days have passed. */
const fewDays = 60 * 24 * 60 * minute;

/** At the end of such a run the clock comes, and the host is given all that waits. */
const notify = async (run: Run, delivered: readonly Notification[], { after }: Life): Promise<Notified> => {
  if (run.time.now - beginning - after * minute < fewDays) {
    const position = await positionOf(run);
    await run.folja.tick();
    run.intended.push(...newIntents(run.engine, run.intended, position));
  }
  return { intended: run.intended, delivered };
};

/** The read models are built anew after every second run. */
const isRebuilt = ({ steps }: Life): boolean => (steps[0]?.b ?? 0) % 2 === 0;

/** Sends a whole run of commands and questions through the library, and gives back everything that came of it. */
const exploreOn = async ({ copy, ...known }: Prepared, life: Life): Promise<Trace> => {
  const time = { now: beginning };
  const store = copy();
  const delivered: Notification[] = [];
  const deliver = async (notification: Notification) => void delivered.push(notification);
  const run = newRun(await openOn(store, () => new Date(time.now), deliver), { time, deliver }, known);
  time.now += life.after * minute;
  try {
    await live(run, store, life);
    await hearAll(run, run.heard);
    const events = await eventsOf(run);
    const apart = await apartOf(run, copy, life);
    const audit = await auditOf(run.folja);
    const tables = isRebuilt(life) ? await rebuildAndCompare(run) : { incremental: new Map(), rebuilt: new Map() };
    if (run.erased.length > 0 && store.outlives) await reopen(run, store);
    else await scan(run, store.files());
    const notified = await notify(run, delivered, life);
    const owners = new Map(programsOf(run).map(({ id, resident }) => [id, resident]));
    const { told, heard, looks, watches, canaries, auditLengths, counts, remnants } = run;
    return {
      ...{ life, told, events, heard, looks, watches, canaries, owners, audit, auditLengths, tables, remnants },
      ...{ counts, apart, notified },
    };
  } finally {
    await run.folja.close();
    store.remove();
  }
};

/** Explores stores of a kind: each life on a copy of its own. */
export const exploring = (kind: StoreKind): ((life: Life) => Promise<Trace>) => {
  const prepared = preparing(kind, sendSetUp);
  return async (life) => exploreOn(await prepared(life.units), life);
};
