import { setImmediate } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { Problem } from '../../src/access/problem.ts';
import { type Command, commandSchemas } from '../../src/commands/catalog.ts';
import type { Engine } from '../../src/eventStore/engine.ts';
import type { Folja } from '../../src/folja.ts';
import { catchUp } from '../../src/projections/runner.ts';
import type { Life, Step } from './arbitraries.ts';
import { follow, judge, numberOf } from './model/judge.ts';
import { emptyModel, type Model, type ModelProgram, swedishDay, type Verdict } from './model/state.ts';
import { eventsOf, openOn, right } from './opened.ts';
import { type Asking, listsOf, ownListsOf, picturesOf } from './pictures.ts';
import { belongings, dump, type Erased, remainsOf, remnantsIn } from './remnants.ts';
import { commandFor, questionFor, type SentBefore } from './resolve.ts';
import { canariesIn, type Scene } from './scene.ts';
import type { RunStore } from './stores.ts';
import {
  type AuditEntry,
  type Look,
  outcomeOf,
  receiptOf,
  type Said,
  type Told,
  type Trace,
  type Watch,
} from './trace.ts';
import { auditor, type Call, residents, setUp, written } from './world.ts';

const beginning = Date.parse('2026-03-02T08:00:00.000Z');
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
  readonly time: { now: number };
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
  if (receipt !== undefined && expected !== undefined) follow(run.model, expected, call, receipt.ids);
  run.earlier.push(call);
  return told;
};

const askingIn = (run: Run): Asking => ({
  ask: async (call) => (await tell(run, 'look', call)).said,
  model: run.model,
  today: swedishDay(new Date(run.time.now)),
});

const programsOf = ({ model }: Run): readonly ModelProgram[] => [...model.programs.values()];

const look = async (run: Run): Promise<void> => {
  const asking = askingIn(run);
  const [position, at] = [await positionOf(run), new Date(run.time.now).toISOString()];
  const programs = await picturesOf(asking, programsOf(run));
  const units: Record<string, Look['units'][string]> = {};
  for (const unitId of run.model.units.keys()) units[unitId] = await listsOf(asking, unitId);
  run.looks.push({ position, at, programs, units, mine: await ownListsOf(asking, residents) });
  run.auditLengths.push(await auditLength(run));
};

const auditLength = async ({ engine }: Run): Promise<number> => {
  await catchUp(engine.events, engine.readModels, 'audit');
  return engine.readModels.prepare<[], number>('SELECT COUNT(*) FROM audit_entries').pluck().get() ?? 0;
};

/** The program that a command is about, as far as its input says. */
const programIn = ({ model }: Run, call: SentBefore): string | undefined => {
  const data = (call.command?.data ?? {}) as { readonly programId?: string; readonly handoverId?: string };
  return data.programId ?? model.handovers.get(data.handoverId ?? '')?.programId;
};

/** Whose pictures are taken before and after: a handover's program, the same resident's at a start, others when watched. */
const watched = (run: Run, step: Step, call: SentBefore): readonly ModelProgram[] => {
  const about = programIn(run, call);
  const command: Command | undefined = isCommand(call) ? call.command : undefined;
  const starting = command?.type === 'start-program' ? numberOf(command.data.resident.personalNumber) : undefined;
  const isHandover = command?.type.endsWith('-handover') === true;
  return programsOf(run)
    .filter(({ id, resident }) => (id === about ? isHandover : step.watched || resident === starting))
    .filter(({ status }) => status !== 'purged')
    .slice(-3);
};

const scan = async (run: Run, files: readonly Buffer[]): Promise<void> => {
  const texts = [...run.canaries.keys(), ...residents.flatMap((number) => [number, written(number, 1)])];
  run.remnants.push(...remnantsIn(await remainsOf(run.engine, files, run.erased), run.erased, texts));
};

const takeStep = async (run: Run, opened: RunStore, step: Step, number: number): Promise<void> => {
  run.time.now += step.minutes * minute;
  const scene: Scene = { model: run.model, step, today: swedishDay(new Date(run.time.now)), number };
  if (step.what === 'look') return look(run);
  if (step.what === 'ask') return void (await tell(run, 'step', questionFor(scene)));
  const call = commandFor(scene, run.earlier);
  const about = programIn(run, call);
  const subjects = watched(run, step, call);
  const before = await picturesOf(askingIn(run), subjects);
  const isPurge = call.command?.type === 'purge-program' && about !== undefined;
  const own = isPurge ? await belongings(run.engine, about) : undefined;
  const told = await tell(run, 'step', call);
  if (subjects.length > 0) run.watches.push({ told, about, before, after: await picturesOf(askingIn(run), subjects) });
  if (own === undefined || outcomeOf(told) !== 'changed') return;
  run.erased.push(own);
  await scan(run, opened.files());
  run.auditLengths.push(await auditLength(run));
};

const auditOf = async (run: Run): Promise<readonly AuditEntry[]> => {
  const entries: AuditEntry[] = [];
  for (let cursor: string | undefined; ; ) {
    const query = { view: 'audit', perspective: 'provider', limit: 200, ...(cursor === undefined ? {} : { cursor }) };
    const answer = await run.folja.view(query, auditor);
    if (E.isLeft(answer)) throw new Error('the audit log does not answer');
    const { rows, next } = answer.right as { rows: readonly AuditEntry[]; next?: string };
    entries.push(...rows);
    if (next === undefined) return entries.sort((one, other) => one.seq - other.seq);
    cursor = next;
  }
};

/** Waits until the subscriber has been told of everything. */
const hearAll = async (run: Run): Promise<void> => {
  for (let turns = 0; run.heard.length < (await positionOf(run)) && turns < 1_000; turns += 1) await setImmediate();
};

const rebuildAndCompare = async (run: Run): Promise<Trace['tables']> => {
  await auditLength(run);
  const incremental = dump(run.engine.readModels);
  await run.folja.rebuild();
  const rebuilt = dump(run.engine.readModels);
  run.auditLengths.push(await auditLength(run));
  return { incremental, rebuilt };
};

/** Everything once more after a new start, where something outlives it: the purged are gone there too. */
const reopen = async (run: Run, opened: RunStore): Promise<void> => {
  await run.folja.close();
  const closed = opened.files();
  Object.assign(run, await openOn(opened, () => new Date(run.time.now)));
  await scan(run, [...closed, ...opened.files()]);
};

const live = async (run: Run, opened: RunStore, { units, steps }: Life): Promise<void> => {
  run.folja.subscribe((event) => run.heard.push(event));
  for (const lists of setUp(units)) {
    await Promise.all(
      lists.map(async (calls) => {
        for (const call of calls) await tell(run, 'set-up', call);
      }),
    );
  }
  for (const [number, step] of steps.entries()) await takeStep(run, opened, step, number);
  await look(run);
};

/** Sends a whole run of commands and questions through the library, and gives back everything that came of it. */
export const explore = async (opened: RunStore, life: Life): Promise<Trace> => {
  const time = { now: beginning };
  const run: Run = {
    ...{ model: emptyModel(), told: [], looks: [], watches: [], canaries: new Map(), earlier: [], erased: [] },
    ...{ remnants: [], heard: [], auditLengths: [], time },
    ...(await openOn(opened, () => new Date(time.now))),
  };
  try {
    await live(run, opened, life);
    await hearAll(run);
    const events = await eventsOf(run);
    const audit = await auditOf(run);
    const tables = await rebuildAndCompare(run);
    if (run.erased.length > 0 && opened.outlives) await reopen(run, opened);
    else await scan(run, opened.files());
    const owners = new Map(programsOf(run).map(({ id, resident }) => [id, resident]));
    const { told, heard, looks, watches, canaries, auditLengths, remnants } = run;
    return {
      ...{ life, told, events, heard, looks, watches, canaries, owners, audit, auditLengths, tables, remnants },
    };
  } finally {
    await run.folja.close();
    opened.remove();
  }
};
