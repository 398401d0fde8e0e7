import assert from 'node:assert/strict';
import type { Event } from '../shown.ts';
import type { Trace } from '../trace.ts';
import { streamsOf } from './fold.ts';
import { eachSeen } from './looks.ts';

/** The ids of what came of a resident, up to a position, and has not been attended to since. */
type Waiting = { readonly message: readonly string[]; readonly comment: readonly string[] };

const isRead =
  (own: readonly Event[]) =>
  ({ position, data: { conversationId } }: Event): boolean =>
    own.some(
      (event) =>
        event.type === 'conversation-read' &&
        event.data.side === 'staff' &&
        event.data.conversationId === conversationId &&
        event.position > position,
    );

const waitingIn = (own: readonly Event[]): Waiting => {
  const read = isRead(own);
  const seen = new Set(own.filter(({ type }) => type === 'comment-read').map(({ data }) => data.commentId));
  const messages = own.filter(({ type, data }) => type === 'message-sent' && data.from === 'resident');
  const comments = own.filter(({ type }) => type === 'comment-made');
  return {
    message: messages.filter((event) => !read(event)).map(({ data }) => data.messageId ?? ''),
    comment: comments.flatMap(({ data: { commentId = '' } }) => (seen.has(commentId) ? [] : [commentId])),
  };
};

/** A message and a comment of the resident's have a flag each until they are read, and none after. */
export const checkFlags = (trace: Pick<Trace, 'events' | 'looks'>): void => {
  const streams = streamsOf(trace.events, 'program');
  eachSeen(trace, ({ look, program, staff }) => {
    if (staff?.flags === undefined || program.status !== 'ongoing') return;
    const own = (streams.get(`program-${program.id}`) ?? []).filter(({ position }) => position <= look.position);
    for (const [type, ids] of Object.entries(waitingIn(own)))
      assert.deepEqual(
        staff.flags
          .filter((flag) => flag.type === type)
          .map(({ flagId }) => flagId)
          .sort(),
        [...ids].sort(),
        `the flags of a ${type}`,
      );
  });
};
