import * as E from 'fp-ts/lib/Either.js';
import type { CommandInput, Problem, QueryInput } from '../../../src/index.ts';
import type { Rows, StoreKind, World } from '../world.ts';
import { type Act, moving } from './acts.ts';
import { answers, expected, isStrangerTo } from './oracle.ts';
import { reached, type Situation } from './situations.ts';
import { type Someone, whoever } from './whoever.ts';

/** One place in the product: who tries what. */
export type Cell = { readonly act: Act; readonly who: Someone };

/** What a cell came to. */
type Tried = Cell & {
  readonly outcome: string;
  /** The answer as it was given, for telling whether two are the same. */
  readonly answer: E.Either<Problem, unknown>;
};

/** The codes that say who may do it, and what state the program is in; any other is about something else. */
const judging: readonly string[] = [
  ...['not-permitted', 'role-missing', 'assignment-missing', 'assurance-too-low', 'staff-not-active', 'unknown-staff'],
  ...['unknown-unit', 'unit-not-active', 'unit-ceased', 'wrong-unit', 'unknown-program', 'not-responsible'],
  ...['not-your-program', 'unknown-template'],
  ...['program-has-ended', 'program-not-ended', 'read-only', 'program-purged'],
];

const outcomeOf = (answer: E.Either<Problem, unknown>): string => {
  if (E.isRight(answer)) return 'allowed';
  if (answer.left.kind !== 'refused') return answer.left.kind;
  return judging.includes(answer.left.code) ? answer.left.code : 'allowed';
};

/** The code that the audit log is to have; undefined where it is no refusal. */
const codeIn = ({ answer }: Tried): string | undefined => {
  if (E.isRight(answer)) return undefined;
  return answer.left.kind === 'refused' ? answer.left.code : answer.left.kind;
};

/** Longer than a minute between two calls of the same actor, so that no refusals are counted together. */
const pause = 4_000;

export const attempt = async (world: World, { act, who }: Cell, { programId }: Situation): Promise<Tried> => {
  world.clock.later(pause);
  const fields = act.about(programId);
  const answer =
    act.kind === 'command'
      ? await world.folja.execute({ type: act.what, data: fields } as CommandInput, who.actor)
      : await world.folja.view({ view: act.what, ...fields } as QueryInput, who.actor);
  return { act, who, outcome: outcomeOf(answer), answer };
};

export const cellsOf = (acts: readonly Act[]): readonly Cell[] =>
  acts.flatMap((act) => whoever.map((who) => ({ act, who })));

/** Whether the cell, as the texts have it, would move the program for those that follow. */
const isMoving = ({ act, who }: Cell, situation: Situation): boolean =>
  moving.includes(act.name) && expected(act, who, situation) === 'allowed' && movesNow(act, situation);

const movesNow = ({ name }: Act, { status, handover }: Situation): boolean => {
  if (name === 'close-maintenance') return status === 'maintenance';
  return name === 'purge-program' ? status === 'ended' : handover?.pending === true;
};

/** What came of some calls, and what the audit log then says of them. */
type Run = { readonly tried: readonly Tried[]; readonly entries: Rows['rows'] };

const triedIn = (runs: readonly Run[]): readonly Tried[] => runs.flatMap(({ tried }) => tried);

const run = async (situation: Situation, cells: readonly Cell[], kind?: StoreKind): Promise<Run> => {
  const world = await reached(situation, kind);
  world.clock.later(pause);
  const from = world.clock.now().toISOString();
  const tried: Tried[] = [];
  for (const cell of cells) tried.push(await attempt(world, cell, situation));
  const to = world.clock.now().toISOString();
  world.clock.later(pause);
  return { tried, entries: await world.log({ from, to }) };
};

/** Tries cells from the same state: each that would move the program has a library of its own. */
export const tryAll = async (
  cells: readonly Cell[],
  situation: Situation,
  kind?: StoreKind,
): Promise<readonly Run[]> => {
  const runs = [
    await run(
      situation,
      cells.filter((cell) => !isMoving(cell, situation)),
      kind,
    ),
  ];
  for (const cell of cells.filter((one) => isMoving(one, situation))) runs.push(await run(situation, [cell], kind));
  return runs;
};

/** Each situation's runs, made when they are first asked for. */
export const remembering = (acts: readonly Act[]): ((situation: Situation) => Promise<readonly Run[]>) => {
  const made = new Map<Situation, Promise<readonly Run[]>>();
  return (situation) => {
    const runs = made.get(situation) ?? tryAll(cellsOf(acts), situation);
    made.set(situation, runs);
    return runs;
  };
};

const sentence = ({ act, who }: Cell, outcome: string): string => `${act.kind} ${act.name} by ${who.name}: ${outcome}`;

/** How the library and the texts differ in one call, as a sentence. */
export const difference = (one: Tried, situation: Situation): string | undefined => {
  const wanted = expected(one.act, one.who, situation);
  return one.outcome === wanted ? undefined : `${sentence(one, one.outcome)}, not ${wanted}`;
};

/** Where the library and the texts differ; nowhere when they agree. */
export const differences = (runs: readonly Run[], situation: Situation): readonly string[] =>
  triedIn(runs).flatMap((one) => difference(one, situation) ?? []);

const actorOf = ({ who }: Cell): string => {
  if (who.kind === 'resident') return 'resident';
  const { actor } = who;
  return 'hsaId' in actor ? actor.hsaId : 'process' in actor ? actor.process : '';
};

/** What the log is to say of a call: who, what, and why not. */
const entryOf = (one: Tried): readonly unknown[] => [actorOf(one), one.act.what, codeIn(one), undefined];
const described = ({ actor, action, code, count }: Rows['rows'][number]): readonly unknown[] => [
  ...[actor, action, code, count],
];

/** False for what the library does by itself: that an erasure is complete, it certifies in an entry of its own. */
export const isSent = ({ action }: Readonly<Record<string, unknown>>): boolean => action !== 'certify-erasure';

/** Where the log does not have one entry for each call, in their order, with the code of what was refused. */
export const unlogged = (runs: readonly Run[]): readonly unknown[] =>
  runs.flatMap(({ tried, entries }): readonly unknown[] => {
    const [wanted, found] = [tried.map(entryOf), entries.filter(isSent).map(described)];
    if (wanted.length !== found.length) return [`${wanted.length} calls, ${found.length} entries`];
    return wanted.flatMap((one, index) =>
      JSON.stringify(one) === JSON.stringify(found[index]) ? [] : [{ wanted: one, found: found[index] }],
    );
  });

const keyOf = ({ act, who }: Cell): string => `${act.kind} ${act.name} by ${who.name}`;
const isAbout = ({ act }: Cell, { programId }: Situation): boolean => act.about(programId).programId === programId;

/** Whoever names an id for a new program has to be told that it cannot be had. */
const isChosenId = ({ act }: Cell): boolean => act.what === 'start-program';

/** Where a stranger's answer about a program, or another's who may not know of it, is not to the byte what it is about one that does not exist. */
export const told = (
  runs: readonly Run[],
  situation: Situation,
  none: readonly Run[],
): { readonly compared: number; readonly differing: readonly string[] } => {
  const without = new Map(triedIn(none).map((one) => [keyOf(one), JSON.stringify(one.answer)]));
  const asked = triedIn(runs)
    .filter((one) => isStrangerTo(one.who, situation) || one.outcome === 'unknown-program')
    .filter((one) => isAbout(one, situation) && !isChosenId(one));
  const differing = asked.filter((one) => JSON.stringify(one.answer) !== without.get(keyOf(one)));
  return { compared: asked.length, differing: differing.map(keyOf) };
};

/** The unit that an offer was made to, and that did not take the program over: it knows its own answer, and nothing else (D15). */
const hasDenied = ({ act, who }: Cell, { owner, handover }: Situation): boolean =>
  who.kind === 'staff' &&
  handover?.pending === false &&
  who.unitId === handover.to &&
  who.unitId !== owner &&
  !answers.includes(act.name);

/** Whose answer, to whatever they asked, names the program or its resident, though they are strangers. The auditor's are to name them. */
export const shownTo = (runs: readonly Run[], situation: Situation, words: readonly string[]): readonly string[] =>
  triedIn(runs)
    .filter((one) => isStrangerTo(one.who, situation) || hasDenied(one, situation))
    .filter(({ who }) => !(who.kind === 'platform' && who.office === 'log-auditor'))
    .filter(({ answer }) => words.some((word) => JSON.stringify(answer).includes(word)))
    .map(keyOf);
