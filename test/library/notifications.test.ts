import { describe, expect, test } from 'vitest';
import {
  amning,
  approve,
  aStartedProgram,
  contentOf,
  offer,
  theConversation,
  theHandover,
  theProgram,
  tobak,
} from './given.ts';
import { aHost, choose, lineOf, linesTo, toldBy } from './host.ts';
import { at, childHealth, idAt, maternity, office, privateChildHealth, region, resident, tolvan } from './people.ts';
import { aMinute, type StoreKind, stores, type World } from './world.ts';

const programId = theProgram;
const parent = resident(tolvan);
const place = { programId, moduleId: 'steg-1' };

const replies = ({ does }: World) =>
  does('reply', { programId, conversationId: theConversation, body: 'Tack' }, parent);
const comments = ({ does }: World) => does('comment', { ...place, sectionId: 'avsnitt-1', text: 'Svårt' }, parent);
const submits = ({ does }: World) => does('submit-form', { ...place, formId: 'fragor', answers: {} }, parent);

const aWatchedProgram = async (kind: StoreKind) => {
  const host = aHost();
  const world = await aStartedProgram(kind, { deliver: host.deliver });
  return { world, host, told: () => toldBy(world, host) };
};

describe.each(stores)('the responsible clinician %s', (kind) => {
  test('R162 is told of nothing before choosing to be', async () => {
    const { world, told } = await aWatchedProgram(kind);
    await replies(world);
    await comments(world);
    await submits(world);
    expect(await told()).toEqual([]);
  });

  test('R157 R158 R161 R163 is told of each type that was ticked, once by each channel that was chosen', async () => {
    const { world, told } = await aWatchedProgram(kind);
    await choose(world, 'b', ['message', 'comment', 'form'], { channels: ['email', 'sms'] });
    await replies(world);
    expect(await told()).toEqual(linesTo(maternity, ['b'], 'email message', 'sms message'));
    await comments(world);
    expect(await told()).toEqual(linesTo(maternity, ['b'], 'email comment', 'sms comment'));
    await submits(world);
    expect(await told()).toEqual(linesTo(maternity, ['b'], 'email form', 'sms form'));
    expect(await told()).toEqual([]);
  });

  test('R161 is told of nothing with "Ta emot notifieringar" unticked, or once deactivated', async () => {
    const { world, told } = await aWatchedProgram(kind);
    await choose(world, 'b', ['message'], { receive: false });
    await replies(world);
    expect(await told()).toEqual([]);
    await choose(world, 'b', ['message']);
    await world.does(
      'deactivate-staff',
      { unitId: maternity.unitId, hsaId: idAt(maternity, 'b') },
      at(maternity, 'ba'),
    );
    await replies(world);
    expect(await told()).toEqual([]);
  });

  test('R171 learns that something waits, and nothing of what', async () => {
    const { world, host, told } = await aWatchedProgram(kind);
    await choose(world, 'b', ['message']);
    await replies(world);
    await told();
    const to = { kind: 'staff', hsaId: idAt(maternity, 'b') };
    expect(host.taken).toEqual([{ id: expect.any(String), to, channel: 'email', about: 'message', programId }]);
  });

  test('R209 is told in place of the one who was responsible before', async () => {
    const { world, told } = await aWatchedProgram(kind);
    await choose(world, 'b', ['message']);
    await choose(world, 'b2', ['message']);
    const clinician = idAt(maternity, 'b2');
    await world.does('change-clinician', { programId, clinician, reason: 'semester' }, at(maternity, 'ia'));
    await replies(world);
    expect(await told()).toEqual(linesTo(maternity, ['b2'], 'email message'));
  });
});

describe.each(stores)('a handover %s', (kind) => {
  const offered = async () => {
    const watched = await aWatchedProgram(kind);
    for (const unit of [maternity, childHealth])
      for (const member of ['b', 'b2', 'ia']) await choose(watched.world, member, ['handover'], { unit });
    await offer(watched.world, programId, childHealth, theHandover);
    return watched;
  };

  test('R195 is told to the resident administrators who are to decide on it', async () => {
    const { told } = await offered();
    expect(await told()).toEqual(linesTo(childHealth, ['ia'], 'email handover'));
  });

  test('R200 is told to the new clinician when it is approved', async () => {
    const { world, told } = await offered();
    await told();
    await approve(world, programId, theHandover, childHealth);
    expect(await told()).toEqual(linesTo(childHealth, ['b'], 'email handover'));
  });

  test('R204 is told to the responsible clinician when it is denied', async () => {
    const { world, told } = await offered();
    await told();
    await world.does('deny-handover', { handoverId: theHandover, programId }, at(childHealth, 'ia'));
    expect(await told()).toEqual(linesTo(maternity, ['b'], 'email handover'));
  });

  test('D2 is told to those who were to decide when it is withdrawn', async () => {
    const { world, told } = await offered();
    await told();
    await world.does('withdraw-handover', { handoverId: theHandover, programId }, at(maternity, 'ia'));
    expect(await told()).toEqual(linesTo(childHealth, ['ia'], 'email handover'));
  });
});

describe.each(stores)('a new version of a template %s', (kind) => {
  test('R268 is told to the clinicians of the active units where it is enabled, who may start it', async () => {
    const { world, host, told } = await aWatchedProgram(kind);
    const { does } = world;
    for (const unit of [maternity, childHealth, privateChildHealth])
      for (const member of ['b', 'b2', 'ia']) await choose(world, member, ['new-version'], { unit });
    const [unitId, hsaId] = [maternity.unitId, idAt(maternity, 'b2')];
    await does('grant-role', { unitId, hsaId, role: 'clinician', templateIds: [amning] }, at(maternity, 'ba'));
    await does('disable-template', { unitId: childHealth.unitId, templateId: tobak }, region);
    await does('deactivate-unit', { unitId: privateChildHealth.unitId }, region);
    const content = { ...contentOf(tobak), title: 'Tobakshjälpen, rättad' };
    await does('publish-template', { templateId: tobak, change: 'minor', content }, office);
    expect(await told()).toEqual(linesTo(maternity, ['b'], 'email new-version'));
    expect(host.taken[0]).not.toHaveProperty('programId');
    const next = { ...contentOf(amning), title: 'Lär dig om amning, nästa' };
    await does('publish-template', { templateId: amning, change: 'major', content: next }, office);
    const expected = [...linesTo(maternity, ['b', 'b2'], 'email new-version')];
    expect(await told()).toEqual([...expected, ...linesTo(childHealth, ['b', 'b2'], 'email new-version')].toSorted());
  });
});

describe.each(stores)('the outbox %s', (kind) => {
  test('R172 gives each notification an id of its own, and hands none over twice', async () => {
    const { world, host, told } = await aWatchedProgram(kind);
    await choose(world, 'b', ['message'], { channels: ['email', 'sms'] });
    await replies(world);
    await replies(world);
    expect(await told()).toHaveLength(4);
    expect(new Set(host.taken.map(({ id }) => id)).size).toBe(4);
    world.clock.later(aMinute);
    expect(await told()).toEqual([]);
  });

  test('R172 sends nothing for a command that is sent again', async () => {
    const { world, host } = await aWatchedProgram(kind);
    await choose(world, 'b', ['message']);
    const reply = { programId, conversationId: theConversation, body: 'Tack' };
    const id = '0195d3a0-0000-7000-8000-000000000901';
    await world.does('reply', reply, parent, id);
    await world.does('reply', reply, parent, id);
    expect(await world.folja.tick()).toEqual({ reminders: 0, expired: 0, delivered: 1 });
    expect(host.taken.map(lineOf)).toEqual(linesTo(maternity, ['b'], 'email message'));
  });
});
