import assert from 'node:assert/strict';
import type { Receipt } from '../../commands/receipt.ts';
import type { AuditEntry, Row, Tables } from '../shown.ts';
import type { Told, Trace } from '../trace.ts';
import { codeOf, outcomeOf, receiptOf } from '../trace.ts';
import type { Call } from '../world.ts';

const nameOf = (call: Call): string => (call.kind === 'view' ? call.query.view : (call.command?.type ?? 'unknown'));

/** The simple model and the library answer every command in the same way, and the library never fails. */
export const checkModel = ({ told }: Pick<Trace, 'told'>): void => {
  for (const [index, one] of told.entries()) {
    const came = outcomeOf(one);
    const what = `${index}: ${nameOf(one.call)} (${codeOf(one) ?? 'accepted'})`;
    assert.notEqual(came, 'failed', what);
    if (one.call.kind === 'view' || one.expected === 'anything') continue;
    assert.equal(came, one.expected ?? 'invalid', what);
  }
};

/** P4: what is refused, repeated or invalid writes nothing but its one entry in the access log. */
export const checkNothingElse = ({ told, events }: Pick<Trace, 'told' | 'events'>): void => {
  for (const one of told) {
    if (one.phase === 'set-up' || (one.call.kind === 'command' && outcomeOf(one) === 'changed')) continue;
    const written = events.slice(one.after, one.until);
    assert.ok(written.length <= 1, `${nameOf(one.call)} wrote ${written.length} events`);
    assert.ok(
      written.every(({ stream }) => stream.startsWith('access-')),
      `${nameOf(one.call)} wrote elsewhere`,
    );
  }
};

const withoutDocument = (receipt: Receipt): Receipt => {
  if (receipt.document === undefined) return receipt;
  const { document: _, ...others } = receipt;
  return others;
};

/** The receipt of a command, but for a document: that is made anew each time, of what is so then. */
const writtenReceipt = (told: Told): string | undefined => {
  const receipt = receiptOf(told);
  return receipt && JSON.stringify(withoutDocument(receipt));
};

/** P4: a command sent again with its id gives the receipt of the first time; another with that id is refused. */
export const checkRepeats = ({ told }: Pick<Trace, 'told'>): void => {
  const first = new Map<string, string | undefined>();
  for (const one of told) {
    const id = one.call.kind === 'command' ? one.call.id : undefined;
    if (id === undefined) continue;
    const receipt = writtenReceipt(one);
    const isFirst = !first.has(id);
    if (isFirst && outcomeOf(one) === 'changed') first.set(id, receipt);
    if (isFirst) continue;
    if (receipt === undefined) assert.ok(['command-id-reused', 'invalid'].includes(codeOf(one) ?? ''), codeOf(one));
    else assert.equal(receipt, first.get(id), nameOf(one.call));
  }
};

const actorNameOf = ({ actor }: Call): string => {
  if (actor.kind === 'resident') return 'resident';
  return actor.kind === 'system' ? actor.process : actor.hsaId;
};

const outcomeNames = {
  changed: 'allowed',
  unchanged: 'repeated',
  repeated: 'repeated',
  refused: 'refused',
  invalid: 'refused',
  failed: 'failed',
} as const;

const outcomeName = (told: Told): string => {
  if (told.call.kind === 'view') return 'right' in told.said ? 'allowed' : 'refused';
  return outcomeNames[outcomeOf(told)];
};

const knownName = (call: Call, code: string | undefined): string =>
  code === 'invalid' && ['no-view', 'do-nothing'].includes(nameOf(call)) ? 'unknown' : nameOf(call);

/** What the log auditor is to see of one call. */
const wanted = (told: Told): Partial<AuditEntry> => {
  const { call, at } = told;
  const code = codeOf(told);
  return {
    ...{ at, actor: actorNameOf(call), action: knownName(call, code), outcome: outcomeName(told) },
    ...(call.actor.kind === 'staff' ? { unitId: call.actor.unitId } : {}),
    ...(code === undefined ? {} : { code }),
  };
};

const isEntryOf = (entry: AuditEntry | undefined, expected: Partial<AuditEntry>): boolean =>
  entry !== undefined &&
  (['at', 'actor', 'action', 'outcome', 'unitId', 'code'] as const).every((field) => entry[field] === expected[field]);

const minute = 60_000;

/** Whether a refusal may be one of a flood: twenty of the same actor's came within the minute before. */
const mayBeHeld = (told: readonly Told[], index: number): boolean => {
  const one = told[index] as Told;
  if (!['refused', 'invalid'].includes(outcomeOf(one))) return false;
  const isNear = (other: Told) =>
    ['refused', 'invalid'].includes(outcomeOf(other)) &&
    actorNameOf(other.call) === actorNameOf(one.call) &&
    Math.abs(Date.parse(other.at) - Date.parse(one.at)) < minute;
  return told.slice(0, index).filter(isNear).length >= 20;
};

const subjectsOf = ({ subjects }: AuditEntry): readonly string[] => subjects.map(({ programId = '' }) => programId);

const rolesFreely = ['sign-in', 'set-notifications', 'units', 'template', 'templates', 'profile', 'statistics'];

/** What else an entry has to name: the program, and for staff the role and provider. */
const requireDetails = (told: Told, entry: AuditEntry): void => {
  const what = `${entry.seq} ${entry.action}`;
  const receipt = outcomeOf(told) === 'changed' ? receiptOf(told) : undefined;
  if (receipt?.stream.startsWith('program-'))
    assert.ok(subjectsOf(entry).includes(receipt.stream.slice('program-'.length)), `${what} names no program`);
  if (told.call.actor.kind !== 'system') assert.ok(entry.authentication !== undefined, `${what} says not how`);
  if (told.call.actor.kind !== 'staff' || entry.outcome !== 'allowed' || rolesFreely.includes(entry.action)) return;
  assert.ok(entry.role !== undefined && entry.careProviderId !== undefined, `${what} names no role`);
};

/**
 * I23: every command and view call has exactly one entry, in order, with who, where, when, what and how it came out; only a flood of
 * refusals is counted together. The log never shrinks.
 */
export const checkI23 = ({ told, audit, auditLengths }: Pick<Trace, 'told' | 'audit' | 'auditLengths'>): void => {
  // What the library certifies of its own accord is nobody's call.
  const single = audit.filter(({ count, actor }) => count === undefined && actor !== 'operations');
  const counted = audit.reduce((sum, { count = 0 }) => sum + count, 0);
  let held = 0;
  const setUp = told.filter(({ phase }) => phase === 'set-up').length;
  const describe = ({ at, actor, action, outcome }: Partial<AuditEntry>): string =>
    [at, actor, action, outcome].join(' ');
  assert.deepEqual(
    single.slice(0, setUp).map(describe).sort(),
    told
      .slice(0, setUp)
      .map((one) => describe(wanted(one)))
      .sort(),
  );
  for (const [index, one] of told.entries()) {
    if (index < setUp) continue;
    const entry = single[index - held];
    const expected = wanted(one);
    if (!isEntryOf(entry, expected) && mayBeHeld(told, index)) {
      held += 1;
      continue;
    }
    assert.ok(isEntryOf(entry, expected), `no entry of ${JSON.stringify(expected)} but ${JSON.stringify(entry)}`);
    if (entry !== undefined) requireDetails(one, entry);
  }
  assert.equal(counted, held, 'refusals that are counted together');
  assert.equal(single.length, told.length - held, 'entries of calls that nobody made');
  for (const [index, length] of auditLengths.entries())
    assert.ok(length >= (auditLengths[index - 1] ?? 0), 'the audit log has shrunk');
};

const linesOf = (rows: readonly Row[]): readonly string[] => rows.map((row) => JSON.stringify(row)).sort();

/** P10: read models that are built anew hold the same rows as those that moved with every event. */
export const checkP10 = ({ incremental, rebuilt }: { incremental: Tables; rebuilt: Tables }): void => {
  assert.deepEqual([...rebuilt.keys()].sort(), [...incremental.keys()].sort());
  for (const [name, rows] of incremental) {
    // A rebuild may be logged itself: what came after is left out.
    const before = new Set(name.startsWith('audit_entr') ? rows.map((row) => row.seq) : []);
    const after = (rebuilt.get(name) ?? []).filter((row) => before.size === 0 || before.has(row.seq));
    // The tree over the log is no read model: it grows by the entry of the rebuild itself.
    if (name !== 'checkpoints' && !/^audit_(frontier|tiles?)$/.test(name))
      assert.deepEqual(linesOf(after), linesOf(rows), name);
  }
};
