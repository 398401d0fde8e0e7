import assert from 'node:assert/strict';
import { canariesIn } from '../proposing/scene.ts';
import type { Picture, Said } from '../shown.ts';
import { codeOf, outcomeOf, receiptOf, type Told, type Trace, type Watch } from '../trace.ts';
import { type Call, numberOf } from '../world.ts';
import { contentOf } from './contents.ts';
import { type FoldedProgram, programsAt } from './fold.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A said thing without the fields that are meant to differ. */
const without = (said: Said | undefined, ...names: readonly string[]): unknown => {
  const left = ['asOf', ...names];
  return JSON.parse(JSON.stringify(said ?? null, (key, value: unknown) => (left.includes(key) ? undefined : value)));
};

type Flagged = { readonly flags?: readonly { readonly type: string }[] };

/** An offer is flagged for as long as it waits: that is the handover's own, and nothing of the program's. */
const withoutOffer = (said: Said): Said => {
  if ('left' in said) return said;
  const { flags, ...others } = said.right as Flagged;
  return flags === undefined ? said : { right: { ...others, flags: flags.filter(({ type }) => type !== 'handover') } };
};

/** Everything that a picture shows but for some fields, to be compared. */
export const pictured = (
  { staff, resident, conversations, each, comments, activities, timeline, forms }: Picture,
  but: { staff: string[]; resident: string[] },
) => ({
  staff: without(withoutOffer(staff), ...but.staff),
  resident: without(resident, ...but.resident),
  conversations: without(conversations, ...but.resident),
  each: each.map((said) => without(said, ...but.resident)),
  ...{ comments: without(comments), activities: without(activities), timeline: without(timeline, 'position') },
  forms: Object.entries(forms ?? {}).map(([form, seen]) => [form, without(seen.resident), without(seen.staff)]),
});

/** Fails unless a program looks the same before and after, but for some fields. */
const requireSame = (
  { before, after, told }: Watch,
  programId: string,
  but: { staff: string[]; resident: string[] } = { staff: [], resident: [] },
): void => {
  const [one, other] = [before[programId], after[programId]];
  if (one === undefined || other === undefined) return;
  const command = told.call.kind === 'command' ? told.call.command.type : '';
  assert.deepEqual(pictured(other, but), pictured(one, but), `${programId} after ${command}`);
};

const typeOf = ({ call }: Told): string => (call.kind === 'command' ? (call.command?.type ?? '') : '');
const happened = (told: Told, ...types: readonly string[]): boolean =>
  outcomeOf(told) === 'changed' && types.includes(typeOf(told));

/** I16: a denial, as an offer and a withdrawal, changes nothing of what anybody sees of the program. */
export const checkI16 = ({ watches }: Pick<Trace, 'watches'>): void => {
  for (const watch of watches) {
    const isIdentity = happened(watch.told, 'initiate-handover', 'deny-handover', 'withdraw-handover');
    if (isIdentity && watch.about !== undefined) requireSame(watch, watch.about);
  }
};

/** I18: an approved handover moves the program to another unit and clinician, whose absence is another matter, and changes nothing else. */
export const checkI18 = ({ watches }: Pick<Trace, 'watches'>): void => {
  const but = { staff: ['unitId', 'clinician'], resident: ['clinicianName', 'answerDueOn', 'absence'] };
  for (const watch of watches) {
    if (!happened(watch.told, 'approve-handover') || watch.about === undefined) continue;
    // Where nobody on one of the units could look, only the resident's side is compared.
    const isSeen = [watch.before, watch.after].every(
      (pictures) => 'right' in (pictures[watch.about ?? '']?.staff ?? {}),
    );
    requireSame(watch, watch.about, isSeen ? but : { ...but, staff: ['left', 'right'] });
  }
};

/** I22: a new start makes a new program and leaves the earlier ones as they were. */
export const checkI22 = ({ watches }: Pick<Trace, 'watches'>): void => {
  for (const watch of watches) {
    if (!happened(watch.told, 'start-program')) continue;
    const made = receiptOf(watch.told)?.ids.programId ?? '';
    assert.ok(!(made in watch.before), `${made} is not new`);
    for (const programId of Object.keys(watch.before)) requireSame(watch, programId);
  }
};

const belongsTo = ({ canaries }: Pick<Trace, 'canaries'>, text: string, programId: string): boolean =>
  canaries.get(text)?.has(programId) === true;

const requireOwnTexts = (trace: Pick<Trace, 'canaries'>, answer: unknown, programId: string): void => {
  for (const text of canariesIn(JSON.stringify(answer)))
    assert.ok(belongsTo(trace, text, programId), `${text} is shown with ${programId}`);
};

const rowsIn = (answer: unknown): readonly Fields[] => (answer as { rows?: readonly Fields[] }).rows ?? [];

/** What happened to one program, and what others looked like before and after. */
const requireOthersSame = (watch: Watch): void => {
  const receipt = outcomeOf(watch.told) === 'changed' ? receiptOf(watch.told) : undefined;
  if (receipt === undefined || !receipt.stream.startsWith('program-')) return;
  for (const programId of Object.keys(watch.before))
    if (`program-${programId}` !== receipt.stream) requireSame(watch, programId);
};

const requireOwnRow = (trace: Pick<Trace, 'canaries' | 'owners'>, call: Call, row: Fields): void => {
  const { programId } = row;
  if (typeof programId !== 'string') return;
  requireOwnTexts(trace, row, programId);
  if (call.actor.kind !== 'resident') return;
  assert.equal(trace.owners.get(programId), numberOf(call.actor.personalNumber), 'the program of another');
};

/** What was taken out of a program holds its own texts only. */
const requireOwnDocument = (trace: Pick<Trace, 'canaries'>, told: Told): void => {
  const receipt = receiptOf(told);
  if (receipt?.document !== undefined) requireOwnTexts(trace, receipt.document, receipt.ids.programId ?? '');
};

/** A program that is lived once more without somebody else's looks the same in the end. */
const requireApart = ({ programId, without: left, before, after, differing }: Trace['apart'][number]): void => {
  const but = { staff: [], resident: [] };
  assert.deepEqual(differing, [], `what ${programId} took without ${left}`);
  assert.deepEqual(pictured(after, but), pictured(before, but), `${programId} without ${left}`);
};

/**
 * I26: what happens to one program is not seen in another, no program's view holds a text of another's, and a program is as it is without
 * anything of another resident's.
 */
export const checkI26 = (trace: Pick<Trace, 'watches' | 'told' | 'canaries' | 'owners' | 'apart'>): void => {
  for (const watch of trace.watches) requireOthersSame(watch);
  for (const apart of trace.apart) requireApart(apart);
  for (const told of trace.told) {
    const { call, said } = told;
    requireOwnDocument(trace, told);
    if (call.kind !== 'view' || !('right' in said)) continue;
    const { programId } = call.query;
    if (typeof programId === 'string') requireOwnTexts(trace, said.right, programId);
    for (const row of rowsIn(said.right)) requireOwnRow(trace, call, row);
  }
};

/** The views that a resident may ask for; of what is not of one program, only that it holds no text of anybody's is asked. */
const ofOneProgram = ['my-programs', 'my-program', 'form', 'comments', 'conversations', 'conversation', 'activities'];
const ofNone = ['template', 'access-report'];

/** The fields that a resident's views have in the contract. */
const residentsFields = new Set(
  (
    'rows next asOf programId title readable writable unread welcomeText modules readableUntil clinicianName absence text to ' +
    'id obligation recommendedDuring state current progress finishedAt daysLeft sections forms visible submittedAt ' +
    'conversationId subject messages lastAt answerDueOn messageId from sender body at readAt ' +
    'answers commentId moduleId sectionId formId planId occasion closes titles followUps dueOn'
  ).split(' '),
);

const checkField = (key: string, value: unknown): void => {
  if (key !== '' && !/^\d+$/.test(key)) assert.ok(residentsFields.has(key), `the resident is shown ${key}`);
  if (typeof value !== 'string') return;
  assert.ok(!/SE2321000131|TEST-/.test(value), `the resident is shown an HSA-id: ${key}`);
  const isName = key === 'sender' || key === 'clinicianName';
  assert.ok(isName || !/Personal|Administratör/.test(value), `the resident is shown staff: ${key}`);
};

/** Answers are named by the host's own questions. */
const answersAlone = (answers: unknown): unknown =>
  typeof answers === 'object' && answers !== null ? Object.values(answers) : answers;

/** I11: the resident's views hold nothing of staff but the name of who writes or is responsible: no flag, no addressee, no timeline. */
export const checkI11 = ({ told }: Pick<Trace, 'told'>): void => {
  for (const { call, said } of told) {
    if (call.kind !== 'view' || call.actor.kind !== 'resident' || !('right' in said)) continue;
    assert.ok([...ofOneProgram, ...ofNone].includes(call.query.view), `the resident is shown ${call.query.view}`);
    if (ofNone.includes(call.query.view)) continue;
    JSON.stringify(said.right, (key, value: unknown) => {
      checkField(key, value);
      return key === 'answers' ? answersAlone(value) : value;
    });
  }
};

const isReachable = (program: FoldedProgram, moduleId: string): boolean =>
  ['open', 'completed'].includes(program.modules.get(moduleId)?.state ?? '');

type Section = { readonly moduleId: string; readonly sectionId: string };

const isSection = (events: Trace['events'], program: FoldedProgram, { moduleId, sectionId }: Section): boolean =>
  contentOf(events, program).modules.some(
    ({ id, sections }) => id === moduleId && sections.some((section) => section.id === sectionId),
  );

/** Whether the resident may do this, as far as the program's state without its handovers says; undefined where it does not. */
const isAllowed = (events: Trace['events'], program: FoldedProgram, told: Told): boolean | undefined => {
  if (told.call.kind !== 'command') return undefined;
  const { command } = told.call;
  switch (command.type) {
    case 'open-program':
      return true;
    case 'open-section':
    case 'complete-section':
      return isSection(events, program, command.data) ? isReachable(program, command.data.moduleId) : undefined;
    case 'finish-module': {
      const module = program.modules.get(command.data.moduleId);
      return (
        isReachable(program, command.data.moduleId) && (module?.state === 'open' || module?.finishedAt !== undefined)
      );
    }
    case 'start-conversation':
      return !program.conversations.has(command.data.conversationId ?? '');
    case 'reply':
    case 'read-conversation':
      return program.conversations.has(command.data.conversationId);
    default:
      return undefined;
  }
};

/** The resident's own commands while a handover was pending, each with whether it would be accepted without one. */
export const duringHandover = ({ told, events, owners }: Pick<Trace, 'told' | 'events' | 'owners'>) => {
  const sent = new Set<string>();
  return told.flatMap((one) => {
    const { call } = one;
    if (call.kind !== 'command' || one.phase !== 'step' || outcomeOf(one) === 'invalid') return [];
    const isRepeat = call.id !== undefined && sent.has(call.id);
    if (call.id !== undefined) sent.add(call.id);
    const { programId = '' } = call.command.data as { programId?: string };
    const isOwn = call.actor.kind === 'resident' && numberOf(call.actor.personalNumber) === owners.get(programId);
    if (!isOwn || isRepeat || codeOf(one) === 'assurance-too-low') return [];
    const program = programsAt(events, one.after).get(programId);
    if (program?.pending === undefined || program.status !== 'ongoing') return [];
    return [{ told: one, isAllowed: isAllowed(events, program, one) }];
  });
};

/** I14: while a handover is pending the resident may do all that was allowed before it. */
export const checkI14 = (trace: Pick<Trace, 'told' | 'events' | 'owners'>): void => {
  for (const { told, isAllowed: expected } of duringHandover(trace)) {
    if (expected === undefined) continue;
    assert.equal(['changed', 'unchanged'].includes(outcomeOf(told)), expected, `${typeOf(told)}: ${codeOf(told)}`);
  }
};
