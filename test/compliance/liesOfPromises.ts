import { accepted, add, type Lie, ofType, one, type Spoiled } from './spoiling.ts';

type LooseReceipt = { revision: number; position: string; events: { id: string; type: string }[] };

/** The receipt of a command whose events lie in one stream. */
const receiptIn = (trace: Spoiled, least = 1): LooseReceipt => {
  const told = accepted(
    trace,
    ({ said }) => 'right' in said && ((said.right as LooseReceipt).events?.length ?? 0) >= least,
  );
  return (told.said as { right: LooseReceipt }).right;
};

/** An answer of those that came at the same moment. */
const crowdReceipt = (trace: Spoiled): LooseReceipt =>
  one(trace.crowd.answers.flatMap(({ said }) => ('right' in said ? [said.right as LooseReceipt] : []))[0]);

/** Lies about what is promised of the store. */
export const aboutPromises: readonly Lie[] = [
  [
    'P1',
    'a command of which one event is missing',
    (trace) => {
      const { events } = receiptIn(trace, 2);
      trace.events.splice(
        trace.events.findIndex(({ id }) => id === events[0]?.id),
        1,
      );
    },
  ],
  [
    'P1',
    'an event of a command that nobody sent',
    (trace) => {
      const like = ofType(trace, 'started');
      add(trace, like, { cause: { ...like.cause, commandId: 'nobody' } });
    },
  ],
  [
    'P2',
    'an acknowledged event that is gone',
    (trace) => {
      const { events } = receiptIn(trace);
      trace.events.splice(
        trace.events.findIndex(({ id }) => id === events[0]?.id),
        1,
      );
    },
  ],
  ['P2', 'a receipt that names another place', (trace) => Object.assign(receiptIn(trace), { position: '9000000' })],
  [
    'P3',
    'two events at one revision',
    (trace) => {
      const first = one(trace.crowd.events.find(({ stream }) => stream.startsWith('program-')));
      trace.crowd.events.push({ ...first, id: 'another' });
    },
  ],
  ['P3', 'a receipt that names another revision', (trace) => Object.assign(crowdReceipt(trace), { revision: 7_000 })],
  [
    'P5',
    'an outcome that is not known',
    (trace) => {
      const told = accepted(trace);
      Object.assign(told, { said: { left: { kind: 'refused', code: 'no-such-code' } } });
    },
  ],
  [
    'P5',
    'an answer that nobody can tell',
    (trace) => {
      Object.assign(accepted(trace), { said: { left: { kind: 'unknown', commandId: 'x' } } });
    },
  ],
  ['P6', 'a revision that is missing', (trace) => Object.assign(ofType(trace, 'started'), { revision: 1 })],
  ['P7', 'an event that nobody was told of', (trace) => trace.heard.splice(10, 1)],
  ['P7', 'a position that is missing', (trace) => Object.assign(one(trace.events.at(-1)), { position: 7_000_000 })],
  [
    'P8',
    'an event that says another instant',
    (trace) => Object.assign(ofType(trace, 'started'), { at: '2020-01-01T00:00:00.000Z' }),
  ],
  [
    'P8',
    'a later command that lies before an earlier one',
    (trace) => {
      const steps = trace.told.filter(
        ({ phase, call, said }) => phase === 'step' && call.kind === 'command' && 'right' in said,
      );
      const receipts = steps
        .map(({ said }) => (said as { right: LooseReceipt }).right)
        .filter(({ events }) => events.length > 0);
      Object.assign(one(receipts.at(-1)), { position: one(receipts[0]).position });
      for (const told of steps) Object.assign(told, { after: 0 });
    },
  ],
  [
    'P9',
    'a message that was applied twice',
    (trace) => {
      const messages = one(trace.tables.incremental.get('messages'));
      messages.push(one(messages[0]));
    },
  ],
  [
    'P9',
    'a checkpoint that lags behind',
    (trace) =>
      Object.assign(one(trace.tables.incremental.get('checkpoints')?.find(({ name }) => name === 'inline')), {
        position: 1,
      }),
  ],
];
