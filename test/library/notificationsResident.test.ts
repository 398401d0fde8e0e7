import { describe, expect, test } from 'vitest';
import { amning, aRegion, end, start, tobak } from './given.ts';
import { aHost, toldBy, turnOn } from './host.ts';
import { at, maternity, resident, tolvan } from './people.ts';
import { type StoreKind, stores } from './world.ts';

const parent = resident(tolvan);
const clinician = at(maternity, 'b');

const aWatchedProgram = async (kind: StoreKind, templateId = tobak) => {
  const host = aHost();
  const world = await aRegion(kind, { deliver: host.deliver });
  const programId = await start(world, templateId);
  const write = (more: object = {}) =>
    world.does('start-conversation', { programId, subject: 'Hej', body: 'Hur går det?', ...more }, clinician);
  return { world, host, programId, write, told: () => toldBy(world, host) };
};

const lines = (about: string, ...channels: readonly string[]) =>
  channels.map((channel) => `resident ${channel} ${about}`);

describe.each(stores)('the resident %s', (kind) => {
  test('R167 R169 is told of a message in the platform, and outside it when the clinician ticks the box', async () => {
    const { world, programId, write, told } = await aWatchedProgram(kind);
    await turnOn(world, programId, parent, 'inbox', 'sms', 'email');
    await write();
    expect(await told()).toEqual(lines('message', 'platform'));
    await write({ notifyInbox: true });
    expect(await told()).toEqual(lines('message', 'email', 'inbox', 'platform', 'sms'));
  });

  test('R168 D7 is told through no channel that is not turned on, whatever is ticked', async () => {
    const { world, programId, write, told } = await aWatchedProgram(kind);
    await write({ notifyInbox: true });
    expect(await told()).toEqual(lines('message', 'platform'));
    await turnOn(world, programId, parent, 'sms');
    await write({ notifyInbox: true });
    expect(await told()).toEqual(lines('message', 'platform', 'sms'));
    await turnOn(world, programId, parent);
    await write({ notifyInbox: true });
    expect(await told()).toEqual(lines('message', 'platform'));
  });

  test('D7 is told outside the platform by default where the template says so', async () => {
    const { world, programId, write, told } = await aWatchedProgram(kind, amning);
    await turnOn(world, programId, parent, 'inbox');
    await write();
    expect(await told()).toEqual(lines('message', 'inbox', 'platform'));
    await write({ notifyInbox: false });
    expect(await told()).toEqual(lines('message', 'platform'));
  });

  test('R171 is named by number, of which nothing lies in the outbox', async () => {
    const { world, host, programId, write } = await aWatchedProgram(kind);
    await write();
    const rows = JSON.stringify(world.engine.readModels.prepare('SELECT * FROM outbox').all());
    expect(rows).toContain(programId);
    expect(rows).not.toContain(tolvan.personalNumber);
    await world.folja.tick();
    const to = { kind: 'resident', personalNumber: tolvan.personalNumber };
    expect(host.taken).toEqual([{ id: expect.any(String), to, channel: 'platform', about: 'message', programId }]);
  });

  test('R170 R211 is told of a reminder and of an absence by every channel that is turned on', async () => {
    const { world, programId, told } = await aWatchedProgram(kind);
    await turnOn(world, programId, parent, 'sms');
    await world.does('send-reminder', { programId, about: { moduleId: 'steg-1' } }, clinician);
    expect(await told()).toEqual(lines('reminder', 'platform', 'sms'));
    const absence = { programId, from: '2026-03-09', to: '2026-03-15', text: 'Jag är borta.' };
    await world.does('announce-absence', absence, at(maternity, 'ia'));
    expect(await told()).toEqual(lines('absence', 'platform', 'sms'));
  });

  test.each([
    [{}, ['inbox', 'platform']],
    [{ notifyResident: true }, ['inbox', 'platform']],
    [{ notifyResident: false }, []],
  ])('I19 R081 R228 is told of the end exactly when the box is ticked: %j', async (ticked, channels) => {
    const { world, programId, told } = await aWatchedProgram(kind);
    await turnOn(world, programId, parent, 'inbox');
    await end(world, programId, ticked);
    expect(await told()).toEqual(lines('ended', ...channels));
  });

  test('R167 is not told of what the resident does', async () => {
    const { world, programId, told } = await aWatchedProgram(kind);
    await turnOn(world, programId, parent, 'inbox', 'sms', 'email');
    await world.does('start-conversation', { programId, subject: 'Hej', body: 'Hur gör jag?' }, parent);
    expect(await told()).toEqual([]);
  });
});
