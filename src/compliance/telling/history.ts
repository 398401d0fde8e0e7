import type { CommandType } from '../../commands/catalog.ts';
import { streamsOf } from '../checks/fold.ts';
import { foldUnit } from '../checks/units.ts';
import { codeOf, outcomeOf, receiptOf, type Told, type Trace } from '../trace.ts';
import { actOf, isCommand, wordsOf } from './acts.ts';
import { counted, momentOf, movedThrough } from './moments.ts';
import { type Names, namesOf } from './names.ts';
import { whoOf } from './people.ts';
import { questionOf } from './questions.ts';

const outcomes = {
  ...{ changed: 'accepted', unchanged: 'accepted, and nothing changed', repeated: 'repeated' },
  ...{ refused: 'refused', invalid: 'invalid', failed: 'failed', anything: 'anything' },
};

/** What each of these makes, by the name of its id. */
const making: { readonly [Type in CommandType]?: readonly [name: string, what: keyof Omit<Names, 'all'>] } = {
  'start-program': ['programId', 'program'],
  'start-conversation': ['conversationId', 'conversation'],
  'initiate-handover': ['handoverId', 'handover'],
  'create-activity-plan': ['planId', 'plan'],
  'raise-flag': ['flagId', 'flag'],
  comment: ['commentId', 'comment'],
};

/** What a command made, by its place in the run. */
const madeBy = (told: Told, names: Names): string => {
  const { call } = told;
  const made = call.kind === 'command' ? making[call.command?.type] : undefined;
  if (made === undefined) return '';
  const [name, what] = made;
  // A library that is wrong may give a receipt that is none.
  const id = receiptOf(told)?.ids?.[name];
  return id === undefined ? '' : `, as ${names[what](id)}`;
};

const answerOf = (told: Told, names: Names): string => {
  if (told.call.kind === 'view' && 'right' in told.said) return 'shown';
  const came = outcomeOf(told);
  if (came === 'changed') return `${outcomes[came]}${madeBy(told, names)}`;
  return came === 'refused' || came === 'failed' ? `${came}: ${codeOf(told)}` : outcomes[came];
};

/** What the model expected, where that is something else. */
const expectationOf = (told: Told): string => {
  if (told.call.kind === 'view' || told.expected === 'anything') return '';
  const expected = told.expected ?? 'invalid';
  return expected === outcomeOf(told) ? '' : ` (the model expected: ${outcomes[expected]})`;
};

const whatOf = ({ call }: Told, names: Names): string => {
  if (call.kind === 'view') return questionOf(call.query, names);
  if (isCommand(call.command)) return actOf(call.command as never, names);
  const { type } = (call.command ?? {}) as { readonly type?: unknown };
  return typeof type === 'string' && type !== 'do-nothing'
    ? `sends a ${wordsOf(type)} that cannot be read`
    : 'sends what is no command';
};

/** Where the id of a command came before. */
const earlierOf = (steps: readonly Told[], index: number): string => {
  const call = steps[index]?.call;
  if (call?.kind !== 'command' || call.id === undefined) return '';
  const first = steps.findIndex(({ call: other }) => other.kind === 'command' && other.id === call.id);
  if (first === index) return '';
  const before = steps[first]?.call;
  const isSame = before?.kind === 'command' && JSON.stringify(before.command) === JSON.stringify(call.command);
  return isSame ? `, as in step ${first + 1} and with its id` : `, with the id of step ${first + 1}`;
};

const isStep = ({ phase }: Told): boolean => phase === 'step';

/** The instants between a call and the one that is told before it, both with it. */
const instantsTo = ({ told }: Trace, one: Told, before: Told | undefined): readonly string[] =>
  told.slice(Math.max(0, before === undefined ? 0 : told.indexOf(before)), told.indexOf(one) + 1).map(({ at }) => at);

/** What a run begins with: which units of which kinds, and how many staff in which roles. */
export const beginningOf = (trace: Trace): readonly string[] => {
  const names = namesOf(trace);
  const last = Math.max(0, ...trace.told.filter(({ phase }) => phase === 'set-up').map(({ until }) => until));
  const streams = streamsOf(
    trace.events.filter(({ position }) => position <= last),
    'unit',
  );
  const units = [...streams].map(([stream, events]) => {
    const { kind, staff } = foldUnit(events);
    const held = [...staff.values()].flatMap(({ roles }) => [...roles]);
    const roles = [...Map.groupBy(held.toSorted(), wordsOf)].map(([role, all]) => counted(all.length, role));
    const environment = events.find(({ type }) => type === 'unit-activated')?.data.environment;
    const place = [kind, ...(environment === 'training' ? ['training'] : [])].join(', ');
    return `${names.unit(stream.slice('unit-'.length))} (${place}) with ${staff.size} staff: ${roles.join(', ')}`;
  });
  const templates = new Set(
    trace.events.slice(0, last).flatMap(({ stream }) => /^template-(.*)$/.exec(stream)?.[1] ?? []),
  );
  return [
    `To begin with there ${units.length === 1 ? 'is' : 'are'} ${units.toSorted().join('; ') || 'no units'}.`,
    `Published: ${[...templates].toSorted().join(', ') || 'nothing'}. The policy is ${trace.setting.policy.id}.`,
  ];
};

/** A run as people read it: a line for each step, nobody named. What is asked only to look on is left out. */
export const historyOf = (trace: Trace): readonly string[] => {
  const names = namesOf(trace);
  const steps = trace.told.filter(isStep);
  const before = trace.told.findLast(({ phase }) => phase === 'set-up');
  return steps.map((told, index) => {
    const moved = movedThrough(instantsTo(trace, told, steps[index - 1] ?? before));
    const what = `${whoOf(trace, told, names)} ${whatOf(told, names)}${earlierOf(steps, index)}`;
    return `${moved}, ${momentOf(told.at)}: ${what} → ${answerOf(told, names)}${expectationOf(told)}`;
  });
};
