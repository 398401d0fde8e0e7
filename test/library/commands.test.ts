import { describe, expect, test } from 'vitest';
import type { Receipt } from '../../src/index.ts';
import { aRegion, aStartedProgram, contentOf, end, start, theConversation, theProgram, tobak } from './given.ts';
import { commandTypes, lifeOf, lifesConversation, lifesProgram, live, type Step } from './life.ts';
import { at, factsAt, idAt, maternity, office, region, resident, tolvan } from './people.ts';
import { aWorld, codeOf, monday, stores, type World } from './world.ts';

const { unitId } = maternity;
const uuidV8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The events that each command of the life leads to. */
const eventsOf: Readonly<Record<string, readonly string[]>> = {
  'publish-template': ['template-published'],
  'review-template': ['template-reviewed'],
  'activate-unit': ['unit-activated', 'staff-registered', 'role-granted'],
  'change-unit': ['unit-changed'],
  'deactivate-unit': ['unit-deactivated'],
  'enable-template': ['template-enabled'],
  'disable-template': ['template-disabled'],
  'register-staff': ['staff-registered'],
  'grant-role': ['role-granted'],
  'revoke-role': ['role-revoked'],
  'deactivate-staff': ['staff-deactivated'],
  'reactivate-staff': ['staff-reactivated'],
  'sign-in': ['signed-in'],
  'set-notifications': ['notifications-set'],
  'start-program': ['started', 'module-activated', 'module-activated', 'module-activated'],
  'change-welcome-text': ['welcome-text-changed'],
  'activate-module': ['module-activated'],
  'set-current-module': ['module-made-current'],
  'complete-module': ['module-completed'],
  'change-module-days': ['module-days-changed'],
  'deactivate-module': ['module-deactivated'],
  'open-program': ['program-opened'],
  'open-section': ['section-opened'],
  'complete-section': ['section-completed'],
  'finish-module': ['module-finished'],
  'start-conversation': ['conversation-started', 'message-sent'],
  reply: ['message-sent'],
  'read-conversation': ['conversation-read'],
  'set-resident-notifications': ['resident-notifications-set'],
  'save-form': ['form-saved'],
  'submit-form': ['form-submitted'],
  'open-form': ['form-opened'],
  comment: ['comment-made'],
  'read-comment': ['comment-read'],
  'raise-flag': ['flag-raised'],
  'clear-flag': ['flag-cleared'],
  'create-activity-plan': ['activity-plan-created'],
  'change-activity-plan': ['activity-plan-changed'],
  'stop-activity-plan': ['activity-plan-stopped'],
  'register-activity': ['activity-registered'],
  'send-reminder': ['reminder-sent'],
  'announce-absence': ['absence-announced'],
  'record-documentation': ['documentation-recorded'],
  'export-program': ['exported'],
  'change-clinician': ['clinician-changed'],
  'end-program': ['ended'],
  'close-maintenance': ['maintenance-closed'],
  'purge-program': ['purged'],
  'initiate-handover': ['handover-initiated'],
  'approve-handover': ['handover-approved', 'handed-over'],
  'deny-handover': ['handover-denied'],
  'withdraw-handover': ['handover-withdrawn'],
  'record-log-check': ['log-checked'],
  'dispose-log-year': ['log-year-disposed'],
};

const inAccessLog = ['sign-in', 'record-log-check', 'dispose-log-year'];

const streamOf = ({ type, data }: Step): RegExp => {
  if (inAccessLog.includes(type)) return /^access-[0-9a-f-]{36}$/;
  if ('programId' in data) return new RegExp(`^program-${data.programId}$`);
  if ('unitId' in data) return new RegExp(`^unit-${data.unitId}$`);
  return new RegExp(`^template-${(data as { templateId: string }).templateId}$`);
};

const namesOfIds = (type: string): readonly string[] => {
  if (type === 'start-conversation' || type === 'reply') return ['programId', 'conversationId', 'messageId'];
  if (type === 'read-conversation') return ['programId', 'conversationId'];
  if (type.endsWith('comment')) return ['programId', 'commentId'];
  if (type.endsWith('-flag')) return ['programId', 'flagId'];
  if (type.includes('activity')) return ['programId', 'planId'];
  return type.endsWith('handover') ? ['programId', 'handoverId'] : ['programId'];
};

const warningsOf: Readonly<Record<string, readonly string[]>> = {
  'end-program': ['follow-ups-remain'],
  'purge-program': ['duties-open'],
};

const expectReceipt = async ({ events }: World, step: Step, receipt: Receipt): Promise<void> => {
  const { commandId, stream, revision, position, at, ids, warnings, erasure } = receipt;
  const stored = (await events(stream)).filter(({ cause }) => cause.commandId === step.id);
  expect(receipt.events.map(({ type }) => type)).toEqual(eventsOf[step.type]);
  expect(receipt.events).toEqual(stored.map(({ id, type }) => ({ id, type })));
  for (const { id } of receipt.events) expect(id).toMatch(uuidV8);
  expect(stream).toMatch(streamOf(step));
  expect({ commandId, at }).toEqual({ commandId: step.id, at: monday });
  expect({ revision, position }).toEqual({
    revision: stored.at(-1)?.revision,
    position: String(stored.at(-1)?.position),
  });
  const expected = stream.startsWith('program-') ? namesOfIds(step.type) : [];
  expect(Object.keys(ids).toSorted()).toEqual(expected.toSorted());
  expect(ids.programId).toBe(expected.length > 0 ? lifesProgram : undefined);
  expect(ids.conversationId).toBe(expected.includes('conversationId') ? lifesConversation : undefined);
  expect(erasure).toBe(['purge-program', 'dispose-log-year'].includes(step.type) ? 'erased' : undefined);
  expect(warnings).toEqual(warningsOf[step.type]?.map((code) => ({ code })));
};

describe.each(stores)('the receipt %s', (kind) => {
  test('P1 P6 P7 of every command tells its stream, revision, position, time, events, ids, warnings and erasure', async () => {
    const world = await aWorld(kind);
    const steps = lifeOf();
    expect(new Set(steps.map(({ type }) => type))).toEqual(new Set(commandTypes));
    const receipts = await live(world, steps);
    for (const [index, step] of steps.entries()) await expectReceipt(world, step, receipts[index] as Receipt);
    const all = await world.events();
    expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => index + 1));
    for (const { cause, by, policy } of all) {
      expect(cause.correlationId).toBe(cause.commandId);
      expect(by.kind).not.toBe('unknown');
      expect(policy).toMatch(/^(standard-1|access)$/);
    }
  });

  test('R081 R224 of an ending warns of follow-ups that remain and of a resident who does not know', async () => {
    const world = await aStartedProgram(kind);
    const { warnings } = await end(world, theProgram, { residentAware: false });
    expect(warnings).toEqual([{ code: 'follow-ups-remain' }, { code: 'resident-not-aware' }]);
  });

  test('R224 of an ending warns of nothing when every follow-up fell due and the resident knows', async () => {
    const world = await aStartedProgram(kind);
    world.clock.at('2027-03-02T08:00:00.000Z');
    expect(await end(world, theProgram)).not.toHaveProperty('warnings');
  });

  test('D23 of a deactivation warns of programs that nobody can purge then', async () => {
    const world = await aStartedProgram(kind);
    const refusal = await world.fails('deactivate-unit', { unitId }, region);
    expect(refusal).toEqual({ kind: 'refused', code: 'programs-ongoing' });
    await end(world, theProgram);
    expect((await world.does('deactivate-unit', { unitId }, region)).warnings).toEqual([{ code: 'not-purged' }]);
  });

  test('of a command without an id gives it a new one, in the order of time', async () => {
    const world = await aStartedProgram(kind);
    const first = await world.does('open-program', { programId: theProgram }, resident(tolvan));
    world.clock.later(5);
    const second = await world.does('open-program', { programId: theProgram }, resident(tolvan));
    expect(second.commandId > first.commandId).toBe(true);
    expect(second.events[0]?.id.slice(0, 13)).toBe(second.commandId.slice(0, 13));
    expect(Date.parse(second.at) - Date.parse(first.at)).toBe(5);
  });

  test('of a command that asks for what already is so names no event', async () => {
    const world = await aStartedProgram(kind);
    const head = (await world.events(`unit-${unitId}`)).at(-1);
    const role = { unitId, hsaId: idAt(maternity, 'b'), role: 'clinician' };
    expect(await world.does('grant-role', role, at(maternity, 'ba'))).toMatchObject({
      ...{ stream: `unit-${unitId}`, revision: head?.revision, position: String(head?.position), events: [], ids: {} },
    });
    expect((await world.events(`unit-${unitId}`)).at(-1)).toEqual(head);
  });
});

/** Commands that ask for what already is so, after their first time. */
const settled: readonly (readonly [type: string, data: object, actor: ReturnType<typeof at>])[] = [
  ['publish-template', { templateId: tobak, change: 'major', content: contentOf(tobak) }, office],
  ['enable-template', { unitId, templateId: tobak }, region],
  ['register-staff', { unitId, staff: factsAt(maternity, 'b') }, at(maternity, 'ba')],
  ['change-unit', { unitId, name: maternity.name }, region],
  ['reactivate-staff', { unitId, hsaId: idAt(maternity, 'b') }, at(maternity, 'ba')],
  ['revoke-role', { unitId, hsaId: idAt(maternity, 'b'), role: 'data-administrator' }, at(maternity, 'ba')],
  ['activate-module', { programId: theProgram, moduleId: 'steg-1' }, at(maternity, 'b')],
  ['deactivate-module', { programId: theProgram, moduleId: 'steg-4' }, at(maternity, 'b')],
  ['read-conversation', { programId: theProgram, conversationId: theConversation }, resident(tolvan)],
  [
    'change-clinician',
    { programId: theProgram, clinician: idAt(maternity, 'b'), reason: 'semester' },
    at(maternity, 'ia'),
  ],
];

describe.each(stores)('a command %s', (kind) => {
  test('P4 that asks for what already is so changes nothing', async () => {
    const world = await aStartedProgram(kind);
    const before = (await world.events()).length;
    for (const [type, data, actor] of settled) {
      const { events } = await world.does(type, data, actor);
      expect([type, events]).toEqual([type, []]);
    }
    const later = (await world.events()).slice(before);
    expect(later.map(({ type }) => type)).toEqual(settled.map(() => 'repeated'));
  });

  test('R021 R019 of a program is for its responsible clinician, not for a colleague', async () => {
    const { fails } = await aStartedProgram(kind);
    const colleague = at(maternity, 'b2');
    const about = { programId: theProgram };
    const module = { ...about, moduleId: 'steg-2' };
    const refused = { kind: 'refused', code: 'not-responsible' };
    expect(await fails('activate-module', module, colleague)).toEqual(refused);
    expect(await fails('change-welcome-text', { ...about, text: 'Hej' }, colleague)).toEqual(refused);
    const reply = { ...about, conversationId: theConversation, body: 'Hej' };
    expect(await fails('reply', reply, colleague)).toEqual(refused);
    const ending = { ...about, reason: 'avslutad-enligt-plan', residentAware: true };
    expect(await fails('end-program', ending, colleague)).toEqual(refused);
  });

  test('R024 R209 R210 moves to the new clinician when the resident administrator changes it', async () => {
    const world = await aStartedProgram(kind);
    const change = { programId: theProgram, reason: 'semester' };
    for (const member of ['da', 'plain', 'nobody']) {
      const clinician = idAt(maternity, member);
      expect(await world.fails('change-clinician', { ...change, clinician }, at(maternity, 'ia'))).toEqual({
        kind: 'refused',
        code: 'clinician-not-eligible',
      });
    }
    await world.does('change-clinician', { ...change, clinician: idAt(maternity, 'b2') }, at(maternity, 'ia'));
    const module = { programId: theProgram, moduleId: 'steg-2' };
    expect(await world.fails('activate-module', module, at(maternity, 'b'))).toMatchObject({ code: 'not-responsible' });
    await world.does('activate-module', module, at(maternity, 'b2'));
  });

  test('R118 I06 I08 of a module follows the template', async () => {
    const world = await aRegion(kind);
    const [smoke, milk] = [await start(world, tobak), await start(world, 'lar-dig-om-amning')];
    const of = (programId: string, moduleId: string) => ({ programId, moduleId });
    const b = at(maternity, 'b');
    const code = async (type: string, data: object, actor = b) => codeOf(await world.execute(type, data, actor));
    expect(await code('activate-module', of(milk, 'kapitel-1'))).toBe('module-always-open');
    expect(await code('activate-module', of(smoke, 'steg-9'))).toBe('unknown-module');
    expect(await code('complete-module', of(smoke, 'steg-2'))).toBe('module-not-open');
    const section = { ...of(smoke, 'steg-2'), sectionId: 'avsnitt-1' };
    expect(await code('open-section', section, resident(tolvan))).toBe('module-not-open');
    expect(await code('activate-module', of(smoke, 'steg-2'))).toBe('done');
    expect(await code('open-section', section, resident(tolvan))).toBe('done');
    expect(await code('open-section', { ...section, sectionId: 'nej' }, resident(tolvan))).toBe('unknown-section');
    expect(await code('complete-module', of(smoke, 'steg-2'))).toBe('done');
    expect(await code('activate-module', of(smoke, 'steg-2'))).toBe('module-completed');
  });
});
