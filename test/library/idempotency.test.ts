import { describe, expect, test } from 'vitest';
import type { Actor, Receipt } from '../../src/index.ts';
import {
  amning,
  aRegion,
  aStartedProgram,
  attested,
  end,
  publishTemplates,
  purge,
  startOf,
  theConversation,
  theProgram,
  tobak,
  uuid,
} from './given.ts';
import { type CommandType, lifeBeforePurge, lifeOf, lifesProgram, live, type Step, thePurge } from './life.ts';
import { at, disa, idAt, majken, maternity, region, resident, siths, tolvan } from './people.ts';
import { aWorld, leftOf, rightOf, stores, type World } from './world.ts';

const reused = { kind: 'refused', code: 'command-id-reused' };
const changes = async ({ events }: World) => (await events()).filter(({ stream }) => !stream.startsWith('access-'));

/** Somebody else of the same kind. */
const another = (actor: Actor): Actor => {
  if (actor.kind === 'resident') return resident(majken);
  if (actor.kind === 'system') return { ...actor, process: actor.process === 'clock' ? 'delivery' : 'clock' };
  return { ...actor, hsaId: 'SE2321000131-another' };
};

/** The same command with something else in it, as near as its shape allows. */
const otherContent = ({ type, data }: Step): object | undefined => {
  const changed: Partial<Record<CommandType, object>> = {
    'sign-in': { unitId: 'SE2321000131-BVC1' },
    'change-welcome-text': { text: 'En annan text' },
    'start-conversation': { body: 'Något annat' },
    reply: { body: 'Något annat' },
    'start-program': { resident: { ...tolvan, name: 'Tolvan' } },
    'review-template': { nextReview: '2027-03-03' },
    'set-notifications': { receive: false },
    'grant-role': { decidedBy: 'SE2321000131-other' },
    'change-module-days': { days: 5 },
    'purge-program': { disposalDecision: 'RA-2026/9' },
    'end-program': { residentAware: false },
    'record-log-check': { entries: 41 },
    'dispose-log-year': { year: 2018 },
  };
  const change = changed[type];
  return change === undefined ? undefined : { ...data, ...change };
};

/** What is kept of a receipt: the document of an export is made anew each time. */
const stored = ({ document: _, ...receipt }: Receipt): Receipt => receipt;

describe.each(stores)('a command that is sent again %s', (kind) => {
  test('P4 gives the same receipt, and leaves one entry and nothing else, for every command of a life', async () => {
    const world = await aWorld(kind);
    const steps = lifeBeforePurge();
    const receipts = await live(world, steps);
    const before = await changes(world);
    const entries = (await world.events()).length;
    expect((await live(world, steps)).map(stored)).toEqual(receipts.map(stored));
    expect(await changes(world)).toEqual(before);
    const later = (await world.events()).slice(entries);
    expect(later.map(({ type, data }) => [type, (data as { what: string }).what])).toEqual(
      steps.map(({ type }) => ['repeated', type]),
    );
  });

  test('P4 gives the same receipt at once, however often, and whatever has happened since', async () => {
    const world = await aWorld(kind);
    for (const { type, data, actor, id } of lifeBeforePurge()) {
      const receipt = stored(await world.does(type, data, actor, id));
      world.clock.later(1_000);
      expect(stored(await world.does(type, data, { ...actor, ...stronger(actor) } as Actor, id))).toEqual(receipt);
    }
  });

  test('P4 is another command when its content, its sender or its type is another', async () => {
    const world = await aWorld(kind);
    const steps = lifeBeforePurge();
    await live(world, steps);
    const before = await changes(world);
    for (const [index, step] of steps.entries()) {
      const { type, data, actor, id } = step;
      const content = otherContent(step);
      if (content !== undefined) expect([type, await world.fails(type, content, actor, id)]).toEqual([type, reused]);
      expect([type, await world.fails(type, data, another(actor), id)]).toEqual([type, reused]);
      const neighbor = steps[index + 1]?.type === type ? steps.at(-1) : (steps[index + 1] ?? steps[0]);
      const { type: otherType, data: otherData, actor: otherActor } = neighbor as Step;
      if (otherType !== type) expect(await world.fails(otherType, otherData, otherActor, id)).toEqual(reused);
    }
    expect(await changes(world)).toEqual(before);
  });

  test('P4 is decided again when it was refused, or asked for what was so', async () => {
    const world = await aRegion(kind);
    const [id, b] = [uuid(61), at(maternity, 'b')];
    const { unitId } = maternity;
    await world.does('disable-template', { unitId, templateId: amning }, region);
    expect(await world.fails('start-program', startOf(amning, tolvan), b, id)).toMatchObject({
      code: 'template-not-enabled',
    });
    await world.does('enable-template', { unitId, templateId: amning }, region);
    await world.does('start-program', startOf(amning, tolvan), b, id);
    const granting = { unitId, hsaId: idAt(maternity, 'b'), role: 'clinician' };
    expect((await world.does('grant-role', granting, at(maternity, 'ba'), uuid(62))).events).toEqual([]);
    await world.does('revoke-role', granting, at(maternity, 'ba'));
    expect((await world.does('grant-role', granting, at(maternity, 'ba'), uuid(62))).events).toHaveLength(1);
  });

  test('P4 tells the number in a start apart, however it is written', async () => {
    const world = await aRegion(kind);
    const [id, b] = [uuid(63), at(maternity, 'b')];
    const first = await world.does('start-program', startOf(tobak, tolvan), b, id);
    const written = startOf(tobak, { ...tolvan, personalNumber: '19121212-1212' });
    expect(await world.does('start-program', written, b, id)).toEqual(first);
    expect(await world.fails('start-program', startOf(tobak, { ...disa, name: tolvan.name }), b, id)).toEqual(reused);
  });
});

/** Authenticated more strongly than before; a repeat is the same however its sender was authenticated. */
const stronger = (actor: Actor): object =>
  actor.kind === 'system' ? {} : { authentication: { ...siths, method: actor.authentication.method, assurance: 4 } };

describe.each(stores)('a command that is sent again after the purge %s', (kind) => {
  test('P4 P12 gives the same receipt to the staff that sent it, and brings nothing back', async () => {
    const world = await aWorld(kind);
    const steps = lifeOf();
    const receipts = await live(world, steps);
    const before = await changes(world);
    const byStaff = steps
      .map((step, index) => ({ step, receipt: receipts[index] }))
      .filter(({ step }) => step.actor.kind === 'staff' && 'programId' in step.data)
      .filter(({ step }) => step.type !== 'export-program');
    for (const { step, receipt } of byStaff)
      expect(await world.does(step.type, step.data, step.actor, step.id)).toEqual(receipt);
    expect(await changes(world)).toEqual(before);
  });

  test('P4 R246 gives the purge’s own receipt again, and refuses another decision under its id', async () => {
    const world = await aWorld(kind);
    const receipts = await live(world, lifeOf());
    const [step] = thePurge as readonly [Step, ...Step[]];
    const { type, data, actor, id } = step;
    const first = receipts.find(({ commandId }) => commandId === id);
    expect(first?.erasure).toBe('erased');
    expect(await world.does(type, data, actor, id)).toEqual(first);
    expect(await world.fails(type, { ...data, disposalDecision: 'RA-2026/9' }, actor, id)).toEqual(reused);
    expect(await world.fails(type, data, another(actor), id)).toEqual(reused);
  });

  test('P12 makes nothing for the resident, or for a start whose person nobody knows any more', async () => {
    const world = await aWorld(kind);
    const steps = lifeOf();
    await live(world, steps);
    const before = await changes(world);
    for (const { type, data, actor, id } of steps.filter((step) => step.actor.kind === 'resident'))
      await world.fails(type, data, actor, id);
    const start = steps.find(({ type }) => type === 'start-program') as Step;
    const someoneElse = { ...start.data, resident: disa, programId: uuid(64) };
    expect(await world.fails(start.type, someoneElse, start.actor, start.id)).toEqual(reused);
    expect(await changes(world)).toEqual(before);
    expect(lifesProgram).toBe((start.data as { programId: string }).programId);
  });
});

/** Both results of one command that is sent twice at the same moment. */
const twice = (world: World, ...command: Parameters<World['execute']>) =>
  Promise.all([world.execute(...command), world.execute(...command)]);

const atOnce: readonly (readonly [type: string, data: object, actor: Actor])[] = [
  ['start-program', startOf(tobak, disa), at(maternity, 'b')],
  ['start-program', { ...startOf(amning, disa), programId: uuid(71) }, at(maternity, 'b')],
  ['start-conversation', { programId: theProgram, subject: 'Hej', body: 'Hej' }, resident(tolvan)],
  ['reply', { programId: theProgram, conversationId: theConversation, body: 'Hej' }, at(maternity, 'b')],
  ['open-program', { programId: theProgram }, resident(tolvan)],
  ['sign-in', { unitId: maternity.unitId }, at(maternity, 'b')],
  ['activate-unit', { ...maternity, unitId: 'SE2321000131-BMM7', administrator: adminOf() }, region],
];

function adminOf() {
  return {
    ...{ hsaId: 'SE2321000131-adm7', name: 'Adam', profession: 'midwife', employment: 'maternal-health' },
    ...{ assignments: ['VoB SJF'], trainings: ['platform'] },
  };
}

describe.each(stores)('a command that is sent twice at once %s', (kind) => {
  test.each(atOnce)(
    'P4 I23 happens once, gives both the same receipt, and leaves two entries: %s (%#)',
    async (...command) => {
      const world = await aStartedProgram(kind);
      const id = uuid(72);
      const before = (await world.log()).length + 1;
      const [one, other] = await twice(world, ...command, id);
      expect(rightOf(other, 'the second')).toEqual(rightOf(one, 'the first'));
      const happened = (await changes(world)).filter(({ cause }) => cause.commandId === id);
      if (command[0] !== 'sign-in') expect(happened).toHaveLength(rightOf(one, 'the first').events.length);
      const entries = (await world.log()).slice(before);
      expect(entries.map(({ action, outcome }) => [action, outcome]).toSorted()).toEqual([
        [command[0], 'allowed'],
        [command[0], 'repeated'],
      ]);
    },
  );

  test('P4 D27 starts one program of two that were sent under their own ids', async () => {
    const world = await aStartedProgram(kind);
    const start = (id: string) => world.execute('start-program', startOf(amning, disa), at(maternity, 'b'), id);
    const results = await Promise.all([start(uuid(73)), start(uuid(74))]);
    const [lost] = results.filter(({ _tag }) => _tag === 'Left');
    expect(leftOf(lost as (typeof results)[0], 'one of them')).toMatchObject({ code: 'program-already-ongoing' });
  });

  test('P4 with other content is refused once, and happens once', async () => {
    const world = await aStartedProgram(kind);
    const reply = (body: string) =>
      world.execute(
        'reply',
        { programId: theProgram, conversationId: theConversation, body },
        at(maternity, 'b'),
        uuid(75),
      );
    const results = await Promise.all([reply('Ja'), reply('Nej')]);
    const lost = results.filter(({ _tag }) => _tag === 'Left').map((result) => leftOf(result, 'one of them'));
    expect(lost).toEqual([reused]);
  });
});

describe.each(stores)('two libraries %s', (kind) => {
  test('P4 derive the same ids from the same command ids', async () => {
    const idsIn = async () => {
      const world = await aWorld(kind);
      await publishTemplates(world);
      const steps = lifeBeforePurge().filter(({ type }) => type !== 'publish-template');
      return (await live(world, steps)).map(({ ids, events }) => ({ ids, events }));
    };
    expect(await idsIn()).toEqual(await idsIn());
  });

  test('R246 give a purged program’s place to no late writer', async () => {
    const world = await aStartedProgram(kind);
    await end(world, theProgram);
    await purge(world, theProgram);
    const late = { ...startOf(tobak, tolvan), programId: theProgram, attested };
    expect(await world.fails('start-program', late, at(maternity, 'b'))).toMatchObject({ code: 'program-exists' });
    expect((await world.events(`program-${theProgram}`)).at(-1)?.type).toBe('purged');
  });
});
