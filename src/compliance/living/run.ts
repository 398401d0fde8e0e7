import * as E from 'fp-ts/lib/Either.js';
import type { Problem } from '../../access/problem.ts';
import type { Notification } from '../../clock/delivery.ts';
import { commandSchemas } from '../../commands/catalog.ts';
import type { Engine } from '../../eventStore/engine.ts';
import type { Folja } from '../../folja.ts';
import type { Step } from '../lives.ts';
import { follow, judge } from '../model/judge.ts';
import { type Model, type ModelProgram, swedishDay, type Verdict } from '../model/state.ts';
import type { SentBefore } from '../proposing/resolve.ts';
import { canariesIn } from '../proposing/scene.ts';
import type { Look, Said } from '../shown.ts';
import type { Intended } from '../trace.ts';
import { outcomeOf, receiptOf, type Told, type Watch } from '../trace.ts';
import { type Call, residentsOf } from '../world.ts';
import { auditLength } from './auditing.ts';
import { newIntents } from './intents.ts';
import { type Opened, right } from './opened.ts';
import { type Asking, listsOf, ownListsOf, picturesOf } from './pictures.ts';
import type { SetUp } from './preparing.ts';
import type { Erased } from './remnants.ts';

/** Milliseconds of a minute. */
export const minute = 60_000;

/** What a run remembers while it goes on. */
export type Run = {
  readonly model: Model;
  readonly steps: Step[];
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

/** How long the log is now. */
export const positionOf = ({ engine }: Run): Promise<number> => right(engine.events.lastPosition());

const send = async (run: Run, call: Call): Promise<Said> => {
  const { folja } = run;
  if (call.kind === 'view') return saidOf(await folja.view(call.query, call.actor));
  const { command, id, actor } = call;
  return saidOf(await folja.execute(id === undefined || !command?.data ? command : { ...command, id }, actor));
};

/** Whether input is a command at all: the twist `broken` takes some apart. */
export const isCommand = ({ command }: SentBefore): boolean => {
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

/** Makes a call, and remembers it with its answer, what the model expected and what of the log it wrote. */
export const tell = async (run: Run, phase: Told['phase'], call: Call): Promise<Told> => {
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

/** How questions are asked during a run: as looks, which are no steps of it. */
export const askingIn = (run: Run): Asking => ({
  ask: async (call) => (await tell(run, 'look', call)).said,
  model: run.model,
  today: swedishDay(new Date(run.time.now)),
  now: new Date(run.time.now).toISOString(),
});

/** The programs of a run, as its model has them. */
export const programsOf = ({ model }: Run): readonly ModelProgram[] => [...model.programs.values()];

/** Looks at everything, as everybody sees it. */
export const look = async (run: Run): Promise<void> => {
  const asking = askingIn(run);
  const [position, at] = [await positionOf(run), new Date(run.time.now).toISOString()];
  const programs = await picturesOf(asking, programsOf(run), true);
  const units: Record<string, Look['units'][string]> = {};
  for (const unitId of run.model.units.keys()) units[unitId] = await listsOf(asking, unitId);
  run.looks.push({ position, at, programs, units, mine: await ownListsOf(asking, residentsOf(run.model.setting)) });
  run.auditLengths.push(await auditLength(run.engine));
};

const copyOf = ({ setting, ...model }: Model): Model => ({ setting, ...structuredClone(model) });

/** A run that begins with what is known of its set-up. */
export const newRun = (
  { folja, engine }: Opened,
  { time, deliver }: Pick<Run, 'time' | 'deliver'>,
  known: SetUp,
): Run => ({
  ...{
    steps: [],
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
  ...{ model: copyOf(known.model), told: [...known.told], heard: [...known.heard], time, deliver },
  ...{ folja, engine },
});
