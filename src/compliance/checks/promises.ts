import assert from 'node:assert/strict';
import type { Receipt } from '../../commands/receipt.ts';
import { refusalCodes } from '../../domain/decider.ts';
import type { Event, Said } from '../shown.ts';
import { outcomeOf, receiptOf, type Told, type Trace } from '../trace.ts';
import { streamsOf } from './fold.ts';

type Written = Pick<Trace, 'told' | 'events'>;

/** What was accepted and changed something, with its receipt. */
const receiptsIn = (told: readonly Told[]): readonly (readonly [told: Told, receipt: Receipt])[] =>
  told.flatMap((one) => {
    const receipt = outcomeOf(one) === 'changed' ? receiptOf(one) : undefined;
    return receipt === undefined ? [] : [[one, receipt] as const];
  });

const byCommand = (events: readonly Event[]): ReadonlyMap<string, readonly Event[]> =>
  Map.groupBy(events, ({ cause }) => cause.commandId);

const aggregates = /^(program|unit|template)-/;

/** P1: of each command all events are there, one after another at the end of its stream, and of no other any. */
export const checkP1 = ({ told, events }: Written): void => {
  const written = byCommand(events.filter(({ stream }) => aggregates.test(stream)));
  const accepted = new Set<string>();
  for (const [, receipt] of receiptsIn(told)) {
    accepted.add(receipt.commandId);
    const own = (written.get(receipt.commandId) ?? []).filter(({ stream }) => stream === receipt.stream);
    if (!aggregates.test(receipt.stream)) continue;
    const what = `a command of ${receipt.events.length} events in ${receipt.stream.replace(/-.*/, '')}`;
    assert.deepEqual(
      own.map(({ id }) => id),
      receipt.events.map(({ id }) => id),
      `${what} is not there as it was acknowledged`,
    );
    assert.deepEqual(
      own.map(({ revision }) => revision),
      own.map((_, index) => receipt.revision - own.length + 1 + index),
      `${what} is not there in one piece`,
    );
  }
  const nobodys = [...written.keys()].filter((commandId) => !accepted.has(commandId));
  assert.deepEqual(nobodys, [], 'events of commands that were not accepted');
};

/** P2: whatever was acknowledged is in the log at its end, its last event where the receipt says. */
export const checkP2 = ({ told, events }: Written): void => {
  const places = new Map(events.map(({ id, position }) => [id, position]));
  for (const [, { events: own, position }] of receiptsIn(told)) {
    for (const { id, type } of own) assert.ok(places.has(id), `an acknowledged ${type} is gone`);
    assert.equal(places.get(own.at(-1)?.id ?? ''), Number(position), 'a receipt names another position');
  }
};

const receiptIn = (said: Said): Receipt | undefined => ('right' in said ? (said.right as Receipt) : undefined);

/** P3: commands that were sent at the same moment have each their own revisions, and the same command sent twice one receipt. */
export const checkP3 = ({ crowd, events }: Pick<Trace, 'crowd' | 'events'>): void => {
  for (const all of [events, crowd.events])
    assert.equal(
      new Set(all.map(({ stream, revision }) => `${stream} ${revision}`)).size,
      all.length,
      'a revision is taken twice',
    );
  const ends = crowd.events.filter(({ type }) => type === 'ended').map(({ stream }) => stream);
  assert.equal(new Set(ends).size, ends.length, 'of two ends at the same moment both came first');
  const written = new Map(crowd.events.map((event) => [event.id, event]));
  const first = new Map<string, string>();
  for (const { said } of crowd.answers) {
    const receipt = receiptIn(said);
    if (receipt === undefined) continue;
    const last = receipt.events.at(-1);
    if (last !== undefined)
      assert.equal(written.get(last.id)?.revision, receipt.revision, 'a receipt names another revision');
    const text = JSON.stringify(receipt);
    assert.equal(text, first.get(receipt.commandId) ?? text, 'a command that was sent twice at once has two receipts');
    first.set(receipt.commandId, text);
  }
};

const codes: ReadonlySet<string> = new Set(refusalCodes);

/** P5: an answer is a result, a refusal with a known code, or input that is named wrong: nothing else without a fault. */
export const checkP5 = ({ told, crowd }: Pick<Trace, 'told' | 'crowd'>): void => {
  for (const { said } of [...told, ...crowd.answers]) {
    if ('right' in said) continue;
    const { left } = said;
    assert.ok(left.kind === 'refused' || left.kind === 'invalid', `a call came out ${left.kind}`);
    if (left.kind === 'refused') assert.ok(codes.has(left.code), `an unknown refusal ${left.code}`);
    else assert.ok(left.issues.length > 0, 'an invalid input without an issue');
  }
};

/** P6: revisions begin with 0 and have no gaps. */
export const checkP6 = ({ events }: Pick<Trace, 'events'>): void => {
  for (const kind of ['program', 'unit', 'template', 'access'])
    for (const own of streamsOf(events, kind).values())
      assert.deepEqual(
        own.map(({ revision }) => revision),
        own.map((_, index) => index),
        `the revisions of a ${kind}`,
      );
};

/** P7: positions begin with 1 and have no gaps, no id comes twice, and a subscriber heard every event once, in that order. */
export const checkP7 = ({ events, heard }: Pick<Trace, 'events' | 'heard'>): void => {
  assert.deepEqual(
    events.map(({ position }) => position),
    events.map((_, index) => index + 1),
    'the positions of the log',
  );
  assert.equal(new Set(events.map(({ id }) => id)).size, events.length, 'an id comes twice');
  assert.deepEqual(
    heard.slice(0, events.length),
    events.map((event) => ({ ...event, position: String(event.position) })),
    'what a subscriber heard',
  );
};

/** P8: an event says the instant at which its command was sent, also where the clock had been set back, and comes after what was there. */
export const checkP8 = ({ told, events }: Written): void => {
  const instants = new Map(events.map(({ id, at }) => [id, at]));
  let before = 0;
  for (const [one, receipt] of receiptsIn(told)) {
    for (const { id } of receipt.events)
      assert.equal(instants.get(id), one.at, 'an event says another instant than the clock');
    if (one.phase === 'set-up') continue;
    const position = Number(receipt.position);
    assert.ok(position > before, 'a later command lies before an earlier one');
    before = position;
  }
};

const positionsIn = (rows: readonly Readonly<Record<string, unknown>>[]): readonly number[] =>
  rows.map(({ position }) => Number(position)).toSorted((one, other) => one - other);

/** P9: the read models have come to the end of the log, and hold each message of a program that is not purged once. */
export const checkP9 = ({ tables, events }: Pick<Trace, 'tables' | 'events'>): void => {
  const { incremental, position } = tables;
  if (incremental.size === 0) return;
  const inline = incremental.get('checkpoints')?.find(({ name }) => name === 'inline');
  assert.equal(inline?.position, position, 'the checkpoint of the read models');
  const purged = new Set(events.filter(({ type }) => type === 'purged').map(({ stream }) => stream));
  const messages = events.filter(({ type, stream }) => type === 'message-sent' && !purged.has(stream));
  assert.deepEqual(
    positionsIn(incremental.get('messages') ?? []),
    messages.map((event) => event.position),
    'the messages of the read models',
  );
};
