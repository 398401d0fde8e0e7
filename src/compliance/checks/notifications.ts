import assert from 'node:assert/strict';
import type { Event } from '../shown.ts';
import type { Intended, Trace } from '../trace.ts';
import { programsAt } from './fold.ts';
import { foldUnit } from './units.ts';

type Settings = Pick<Event['data'], 'receive' | 'channels' | 'flagTypes'>;

/** What somebody had last chosen on a unit before something was meant to be sent. */
const settingsOf = (events: readonly Event[], { unitId, hsaId, position }: Intended): Settings | undefined =>
  events
    .filter(({ stream, type }) => stream === `unit-${unitId}` && type === 'notifications-set')
    .findLast((event) => event.position <= position && event.data.hsaId === hsaId)?.data;

const isActive = (events: readonly Event[], { unitId, hsaId, position }: Intended): boolean =>
  foldUnit(events.filter((event) => event.stream === `unit-${unitId}` && event.position <= position)).staff.get(
    hsaId ?? '',
  )?.active === true;

const ofTheResponsible = ['message', 'comment', 'form'];

/** What the resident did is told to the one who is responsible then (R158, R184). */
const requireResponsible = (events: readonly Event[], { about, programId, hsaId, position }: Intended): void => {
  if (!ofTheResponsible.includes(about)) return;
  const program = programsAt(events, position).get(programId ?? '');
  assert.equal(hsaId, program?.clinician, `a notification of a ${about} to somebody who is not responsible`);
};

/** Staff is told of nothing but what they chose, through nothing but the channels that they chose. */
const requireChosen = (events: readonly Event[], intent: Intended): void => {
  const { receive, channels, flagTypes } = settingsOf(events, intent) ?? {};
  const what = `${intent.hsaId} of ${intent.about} by ${intent.channel}`;
  assert.ok(receive === true && isActive(events, intent), `${what}: wants no notifications`);
  assert.ok(channels?.includes(intent.channel), `${what}: another channel`);
  assert.ok(flagTypes?.includes(intent.about), `${what}: another type`);
  requireResponsible(events, intent);
};

/** The resident's channels outside the platform are those that were turned on last (R168). */
const requireTurnedOn = (events: readonly Event[], { programId, channel, position }: Intended): void => {
  if (channel === 'platform') return;
  const own = events.filter((event) => event.stream === `program-${programId}` && event.position <= position);
  const last = own.findLast(({ type }) => type === 'started' || type === 'resident-notifications-set')?.data;
  const channels = { ...last?.notifications, ...last } as Readonly<Record<string, unknown>>;
  assert.equal(channels[channel], true, `${channel} is not turned on in ${programId}`);
};

/** I28: what staff is notified of is of the types and through the channels that they chose, nothing where they chose none; the host is given that alone, and once. */
export const checkI28 = ({ events, notified }: Pick<Trace, 'events' | 'notified'>): void => {
  const { intended, delivered } = notified;
  for (const intent of intended)
    if (intent.hsaId === null) requireTurnedOn(events, intent);
    else requireChosen(events, intent);
  const known = new Map(intended.map((intent) => [intent.id, intent]));
  assert.equal(new Set(delivered.map(({ id }) => id)).size, delivered.length, 'a notification was delivered twice');
  for (const { id, to, channel, about, programId } of delivered) {
    const intent = known.get(id);
    const sent = [to.kind === 'staff' ? to.hsaId : null, channel, about, programId ?? null];
    assert.deepEqual(
      sent,
      [intent?.hsaId, intent?.channel, intent?.about, intent?.programId],
      `${about} by ${channel}`,
    );
  }
};
