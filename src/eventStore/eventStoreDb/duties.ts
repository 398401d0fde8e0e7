import { setTimeout as wait } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { Uuid } from '../../domain/identifiers.ts';
import type { Duties } from '../engine.ts';
import type { Stop, StoredRecord, Task } from './cluster.ts';
import { type Node, streamOf } from './node.ts';
import { reach } from './reaching.ts';
import { eventIn, isLogStream, toldIn } from './records.ts';

/** The group of consumers that all nodes belong to which hand over notifications. */
export const dutiesGroup = 'folja-notifications';

/** How the names of the streams begin of which somebody may have to be told: events, and deadlines that were found. */
const prefixes = ['program-', 'template-', 'folja-deadline-'] as const;

const firstPause = 100;
const longestPause = 30_000;
const aSecond = 1_000;
/** How long it waits at a time for what the node has yet to apply. */
const patience = 10_000;

/** One connection of the consumer; what came through it falls to somebody else when it is over. */
type Session = { isOver: boolean; hasBrought: boolean };

type State = {
  readonly node: Node;
  readonly duties: Duties;
  readonly stopping: AbortController;
  pause: number;
  isTroubled: boolean;
};

/** An event counts where it lies in the log: one whose id was another's has no effect, and what comes of that other is not its own. */
const eventCause = ({ log }: Node, { id, stream, revision }: StoredRecord): Uuid | undefined => {
  const found = log.tables.find([id]);
  if (E.isLeft(found)) return id;
  return found.right.some((event) => event.stream === stream && event.revision === revision) ? id : undefined;
};

/** Of what the notifications come to which a record obliges; undefined where it obliges nobody. To be asked when the node has applied it. */
const causeOf = (node: Node, record: StoredRecord): Uuid | undefined => {
  if (isLogStream(record.stream)) return eventIn(record) === undefined ? undefined : eventCause(node, record);
  const told = toldIn(record);
  return told?.type === 'deadline-noted' && streamOf(told) === record.stream ? told.data.flag : undefined;
};

const takeOne = async ({ node, duties, stopping }: State, session: Session, { record, done }: Task): Promise<void> => {
  const isOver = (): boolean => session.isOver || stopping.signal.aborted;
  while (!(isOver() || (await reach(node, record.place, patience))));
  if (isOver()) return;
  const cause = causeOf(node, record);
  if (cause === undefined) done();
  else duties.take({ cause, done });
};

/** Takes part until the connection is lost. What comes is looked at in its order, each when the node has come so far. */
const consume = (state: State): Promise<Session> =>
  new Promise((resolve) => {
    const { node, stopping } = state;
    const session: Session = { isOver: false, hasBrought: false };
    let last: Promise<void> = Promise.resolve();
    const end = (): void => {
      session.isOver = true;
      stopping.signal.removeEventListener('abort', leave);
      resolve(session);
    };
    const leave = (): void => {
      stop();
      end();
    };
    const stop: Stop = node.cluster.consume(dutiesGroup, {
      task: (task) => {
        session.hasBrought = true;
        last = last.then(() => takeOne(state, session, task)).catch(() => undefined);
      },
      ended: end,
    });
    stopping.signal.addEventListener('abort', leave);
  });

const warnOnce = (state: State): void => {
  if (!state.isTroubled)
    state.duties.warn(
      'This node hands over no notifications now, for the cluster does not let it take part; it tries again. Its user needs the right to make ' +
        'and read persistent subscriptions to all streams.',
    );
  state.isTroubled = true;
};

const isAtOnce = (begun: number): boolean => Date.now() - begun < aSecond;

/** One that was let in, whether or not there was anything to do, begins again soon. */
const noteEnd = (state: State, { hasBrought }: Session, begun: number): void => {
  if (!hasBrought && isAtOnce(begun)) warnOnce(state);
  else {
    state.pause = firstPause;
    state.isTroubled = false;
  }
};

const rest = async (state: State): Promise<void> => {
  const pause = state.pause * (0.5 + Math.random());
  state.pause = Math.min(longestPause, state.pause * 2);
  await wait(pause, undefined, { ref: false, signal: state.stopping.signal }).catch(() => undefined);
};

const takePart = async (state: State): Promise<void> => {
  const { node, duties, stopping } = state;
  while (!stopping.signal.aborted) {
    const group = await node.cluster.addGroup(dutiesGroup, prefixes);
    if (stopping.signal.aborted) return;
    if (E.isLeft(group)) warnOnce(state);
    else {
      const begun = Date.now();
      const session = await consume(state);
      duties.drop();
      noteEnd(state, session, begun);
    }
    await rest(state);
  }
};

/**
 * Takes part in handing over notifications, with all nodes that do: what falls to this node is given to it when it has applied it, and all of it is
 * dropped when the connection is lost, for it then falls to somebody again.
 *
 * @returns how to stop
 */
export const takeDuties = (node: Node, duties: Duties): Stop => {
  const stopping = new AbortController();
  void takePart({ node, duties, stopping, pause: firstPause, isTroubled: false });
  return () => stopping.abort();
};
