import assert from 'node:assert/strict';
import type { Command } from '../../commands/catalog.ts';
import { plusDays, swedishDay } from '../model/state.ts';
import type { Event } from '../shown.ts';
import { outcomeOf, receiptOf, type Trace } from '../trace.ts';
import { contentOf } from './contents.ts';
import { type FoldedProgram, foldProgram, streamsOf } from './fold.ts';
import { eachSeen, type Seen, shown } from './looks.ts';
import { foldUnit } from './units.ts';

type Row = Readonly<Record<string, unknown>>;
type Ruled = Pick<Trace, 'events' | 'looks' | 'setting' | 'told'>;

/** The rows that a view showed to anybody who asked for it, with the day. */
const rowsOf = ({ told }: Ruled, view: string): readonly { readonly row: Row; readonly day: string }[] =>
  told.flatMap(({ call, said, at }) => {
    if (call.kind !== 'view' || call.query.view !== view || 'left' in said) return [];
    return ((said.right as { readonly rows?: readonly Row[] }).rows ?? []).map((row) => ({ row, day: swedishDay(at) }));
  });

/** D21: a flag is as severe as the region says of its type; one that is raised by hand says itself. */
const requireSeverities = ({ setting }: Ruled, { program, staff }: Seen): void => {
  for (const { type, severity } of (staff?.flags ?? []) as readonly { type: string; severity?: string }[])
    if (type !== 'manual')
      assert.equal(severity, setting.policy.severities[type] ?? 'action', `${program.id}: a flag of ${type}`);
};

/** How many days a unit gives itself to answer: what it has said, else what the region says (R100). */
const answersWithin = ({ events, setting }: Ruled, { look, program }: Seen): number => {
  const said = events.filter(
    ({ stream, position, type }) =>
      stream === `unit-${program.unitId}` && type === 'unit-changed' && position <= look.position,
  );
  const days = said.map(({ data }) => (data as { readonly answerWithinDays?: number }).answerWithinDays);
  return days.findLast((one) => one !== undefined) ?? setting.policy.answerWithinDays;
};

/** Since when a resident has waited in a conversation: since the first message after the last of staff's. */
const waitingSince = ({ events }: Ruled, { look, program }: Seen, conversationId: unknown): string | undefined => {
  const messages = events.filter(
    ({ stream, type, position, data }) =>
      stream === `program-${program.id}` &&
      type === 'message-sent' &&
      position <= look.position &&
      data.conversationId === conversationId,
  );
  const answered = messages.findLastIndex(({ data }) => data.from === 'staff');
  return messages[answered + 1]?.at;
};

/** R100, R183: an answer is due so many days after the resident began to wait. */
const requireDueDays = (trace: Ruled, seen: Seen): void => {
  const answer = shown(seen.picture?.conversations) as { readonly rows?: readonly Row[] } | undefined;
  for (const { conversationId, answerDueOn } of answer?.rows ?? []) {
    const since = waitingSince(trace, seen, conversationId);
    const due = since === undefined ? undefined : plusDays(swedishDay(since), answersWithin(trace, seen));
    assert.equal(answerDueOn, due, `${seen.program.id}: when an answer is due`);
  }
};

/** D11: the caseload warns of two years, as long as the region says that they are. */
const requireTwoYears = (trace: Ruled): void => {
  const { days, warnDays } = trace.setting.policy.twoYears;
  for (const { row, day } of rowsOf(trace, 'caseload')) {
    const start = trace.events.find(({ stream, type }) => type === 'started' && stream === `program-${row.programId}`);
    const until = plusDays(swedishDay(start?.at ?? ''), days);
    const wanted = [plusDays(until, -warnDays), until < day];
    assert.deepEqual([row.warnFrom, row.overTwoYears], wanted, `${row.programId}: two years`);
  }
};

/** R283: no row of the statistics has a count that could point at somebody. */
const requireLargeCounts = (trace: Ruled): void => {
  const least = trace.setting.policy.statistics.smallestCount;
  for (const { row } of rowsOf(trace, 'statistics'))
    for (const name of ['started', 'ended', 'ongoing', 'messages'])
      assert.ok(row[name] === 0 || Number(row[name]) >= least, `statistics show ${row[name]} ${name}`);
};

const kindThen = (events: readonly Event[], cause: Event): string => {
  const own = events.filter(({ stream, position }) => stream === cause.stream && position <= cause.position);
  const unitId = foldProgram(own)?.unitId;
  const ofUnit = events.filter(({ stream, position }) => stream === `unit-${unitId}` && position <= cause.position);
  return foldUnit(ofUnit).kind;
};

/** What is to be registered for an event: what the region says, else the program's template for the kind of unit (D20, R254, R256). */
const registrationOf = ({ events, setting }: Ruled, cause: Event): readonly unknown[] | undefined => {
  const kind = kindThen(events, cause);
  const duty = setting.policy.duties.find(({ event, unitKind = kind }) => event === cause.type && unitKind === kind);
  const [first] = streamsOf(events, 'program').get(cause.stream) ?? [];
  const program = first && foldProgram([first]);
  if (duty === undefined || program === undefined) return undefined;
  if (duty.registers === false) return [undefined, undefined];
  const standard = contentOf(events, program).registration.find(({ unitKind }) => unitKind === kind);
  return [duty.code ?? standard?.code, duty.attribute ?? standard?.attribute];
};

const requireDuties = (trace: Ruled): void => {
  for (const { row } of rowsOf(trace, 'documentation')) {
    const cause = trace.events.find(({ id }) => id === row.dutyId);
    assert.equal(cause?.type, row.cause, `${row.dutyId}: cause`);
    const wanted = cause && registrationOf(trace, cause);
    assert.deepEqual([row.code, row.attribute], wanted, `${row.dutyId}: what is to be registered`);
  }
};

type Sent = { readonly command: Command; readonly happened: Event; readonly program: FoldedProgram };

/** The commands about programs that changed something, each with the last that it wrote and the program as it then was. */
const sentIn = ({ told, events }: Ruled): readonly Sent[] =>
  told.flatMap((one) => {
    const receipt = outcomeOf(one) === 'changed' ? receiptOf(one) : undefined;
    if (receipt === undefined || one.call.kind !== 'command' || !receipt.stream.startsWith('program-')) return [];
    const own = events.slice(0, one.until).filter(({ stream }) => stream === receipt.stream);
    const happened = own.findLast(({ cause }) => cause.commandId === receipt.commandId);
    const program = foldProgram(own);
    return happened === undefined || program === undefined ? [] : [{ command: one.call.command, happened, program }];
  });

/** D7: a notice of a message goes to the inbox as asked, else as the template has it. */
const requireNotices = (trace: Ruled): void => {
  for (const { command, happened, program } of sentIn(trace)) {
    const isMessage = command.type === 'start-conversation' || command.type === 'reply';
    if (!isMessage || happened.data.from !== 'staff') continue;
    const { notifyInbox } = happened.data as { readonly notifyInbox?: boolean };
    const wanted = command.data.notifyInbox ?? contentOf(trace.events, program).notifyInbox;
    assert.equal(notifyInbox, wanted, `${program.id}: a notice to the inbox`);
  }
};

/** D12: what has ended is readable until the day that was asked for, or as long as the region says; never longer than it lets. */
const requireLastDays = (trace: Ruled): void => {
  const { defaultDays, maxDays } = trace.setting.policy.maintenance;
  for (const { command, happened, program } of sentIn(trace)) {
    if (command.type !== 'end-program' || command.data.maintenance === undefined) continue;
    const day = swedishDay(happened.at);
    const { until = plusDays(day, defaultDays) } = command.data.maintenance;
    assert.equal(happened.data.readableUntil, until, `${program.id}: until when it is readable`);
    assert.ok(until <= plusDays(day, maxDays), `${program.id}: readable for too long`);
  }
};

/** What is shown, and what is left to be decided, follows the region's policy and the program's template. */
export const checkPolicy = (trace: Ruled): void => {
  eachSeen(trace, (seen) => {
    requireSeverities(trace, seen);
    requireDueDays(trace, seen);
  });
  requireTwoYears(trace);
  requireLargeCounts(trace);
  requireDuties(trace);
  requireNotices(trace);
  requireLastDays(trace);
};
