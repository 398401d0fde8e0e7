import type { Actor, Notification } from '../../src/index.ts';
import { at, idAt, maternity, type TestUnit } from './people.ts';
import type { World } from './world.ts';

/** A host that takes every notification, and remembers them. */
export const aHost = () => {
  const taken: Notification[] = [];
  return {
    taken,
    deliver: async (notification: Notification): Promise<void> => {
      taken.push(notification);
    },
  };
};

/** To whom, how and about what: a notification in one line. */
export const lineOf = ({ to, channel, about }: Notification): string =>
  `${to.kind === 'staff' ? to.hsaId : to.kind} ${channel} ${about}`;

/** What a host was told since the last time, in the order of the alphabet. */
export const toldBy = async ({ folja }: World, { taken }: ReturnType<typeof aHost>): Promise<readonly string[]> => {
  const before = taken.length;
  await folja.tick();
  return taken.slice(before).map(lineOf).toSorted();
};

/** A staff member ticks in Min profil what to be notified of. */
export const choose = (
  { does }: World,
  member: string,
  flagTypes: readonly string[],
  {
    unit = maternity,
    channels = ['email'],
    receive = true,
  }: { readonly unit?: TestUnit; readonly channels?: readonly string[]; readonly receive?: boolean } = {},
) => does('set-notifications', { unitId: unit.unitId, receive, channels, flagTypes }, at(unit, member));

/** One line for each of some members of a unit. */
export const linesTo = (unit: TestUnit, members: readonly string[], ...rest: readonly string[]): readonly string[] =>
  members.flatMap((member) => rest.map((how) => `${idAt(unit, member)} ${how}`)).toSorted();

/** The resident turns channels on in 1177. */
export const turnOn = ({ does }: World, programId: string, actor: Actor, ...channels: readonly string[]) => {
  const [inbox, sms, email] = ['inbox', 'sms', 'email'].map((channel) => channels.includes(channel));
  return does('set-resident-notifications', { programId, inbox, sms, email }, actor);
};
