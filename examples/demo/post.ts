import type { Notification } from 'folja';
import { everyone } from './people.ts';

/** The host's own way to tell people, which only writes down here what it is given. */
export type Post = {
  readonly deliver: (notification: Notification) => Promise<void>;
  /** What was taken since it was last asked for, by whom it goes to. */
  readonly take: () => readonly Taken[];
  /** Says whether SMS gets through. */
  readonly smsWorks: (works: boolean) => void;
};

/** A notification that was taken: to whom, by which channel, about what. There is no more in it. */
export type Taken = { readonly to: string; readonly channel: string; readonly about: string };

/** Names and addresses are the host's: the library says HSA-ids and personal numbers only. */
const labelOf = ({ to }: Notification): string => {
  const found = everyone.find(({ actor }) =>
    to.kind === 'staff'
      ? actor.kind === 'staff' && actor.hsaId === to.hsaId
      : actor.kind === 'resident' && actor.personalNumber.replace('-', '') === to.personalNumber,
  );
  return found?.label ?? '';
};

const orderOf = ({ to, about, channel }: Taken): string => `${to} ${about} ${channel}`;

export const postOffice = (): Post => {
  let taken: readonly Taken[] = [];
  let isSmsUp = true;
  return {
    deliver: async (notification) => {
      const { channel, about } = notification;
      if (channel === 'sms' && !isSmsUp) throw new Error('no answer from the SMS service');
      taken = [...taken, { to: labelOf(notification), channel, about }];
    },
    take: () => {
      const since = taken.toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
      taken = [];
      return since;
    },
    smsWorks: (works) => {
      isSmsUp = works;
    },
  };
};
