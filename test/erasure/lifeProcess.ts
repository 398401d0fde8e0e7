import { once } from 'node:events';
import { inspect, parseArgs } from 'node:util';
import { type CommandInput, type Folja, openFolja, type QueryInput } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { startOf, tobak } from '../library/given.ts';
import { lifesConversation, lifesProgram, thePurge } from '../library/life.ts';
import { at, auditor, childHealth, maternity, resident } from '../library/people.ts';
import { canaryLife } from './canaries.ts';

// A process of its own in which a careless host lives a whole life on the library: it prints every receipt, event, problem, warning and
// error that it is given. Wherever its files are to be looked at it tells its parent, and goes on when it is answered.
const { values } = parseArgs({
  options: {
    ...{ path: { type: 'string' }, keys: { type: 'string' }, anchors: { type: 'string' } },
    ...{ key: { type: 'string' }, next: { type: 'string' }, seed: { type: 'string' } },
  },
});
const { path = '', keys: keysPath = '', anchors: anchorPath = '', key = '', next = '', seed = '0' } = values;
const { person, steps } = canaryLife(Number(seed));
const [parent, b, about] = [resident(person), at(childHealth, 'b'), { programId: lifesProgram }];

const say = (what: unknown): void =>
  void process.stdout.write(`${inspect(what, { depth: 20 })}\n${JSON.stringify(what)}\n`);
const outcomes: Record<string, number> = {};
const count = (outcome: string): void => {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
};
const pause = async (phase: string): Promise<void> => {
  for (const way of [process.stdout, process.stderr]) way.write(`-- ${phase} --\n`);
  process.send?.({ phase, outcomes });
  await once(process, 'message');
};

let now = Date.parse('2026-03-02T08:00:00.000Z');
let told = 0;
let erased = 0;
const open = async (): Promise<Folja> => {
  const folja = await openFolja({
    store: sqliteStore({ path, keysPath, anchorPath }),
    masterKey: Buffer.from(key, 'hex'),
    clock: () => new Date(now),
    logger: { warn: (message) => void process.stderr.write(`${message}\n`) },
    deliver: async ({ to }) => {
      told += 1;
      if (told % 2 === 1) throw new Error(`not sent to ${JSON.stringify(to)}, which is ${person.name}`);
    },
    anchor: say,
    erasables: [
      {
        name: 'archive',
        erase: async () => {
          erased += 1;
          if (erased === 1) throw new Error(`${person.name} is not gone yet`);
        },
      },
    ],
  });
  folja.subscribe(say);
  return folja;
};

const sends = async (folja: Folja, type: string, data: object, actor: object, id?: string): Promise<string> => {
  const command = { type, data, ...(id === undefined ? {} : { id }) } as CommandInput;
  const result = await folja.execute(command, actor as Parameters<Folja['execute']>[1]);
  if (result._tag === 'Left') {
    say(result.left);
    count(result.left.kind);
    return result.left.kind;
  }
  const { document: _, ...receipt } = result.right;
  say(receipt);
  count('done');
  return receipt.erasure ?? 'done';
};

const asks = async (ask: Folja['view'], query: QueryInput, actor: object): Promise<void> => {
  const result = await ask(query, actor as Parameters<Folja['view']>[1]);
  if (result._tag === 'Left') say(result.left);
  count(result._tag === 'Left' ? result.left.kind : 'shown');
};

/** What rejects where the contract promises no Either; its error is printed as a host would. */
const tries = async (what: string, call: () => Promise<unknown>): Promise<void> => {
  try {
    await call();
    count(what);
  } catch (error) {
    say(error);
    count(`${what} failed`);
  }
};

const failingCalls = async (folja: Folja): Promise<void> => {
  const form = { ...about, moduleId: 'steg-1', formId: 'fragor' };
  const { name, personalNumber } = person;
  await sends(folja, 'start-program', startOf(tobak, person), at(maternity, 'ia'));
  await sends(folja, 'reply', { ...about, body: name, [name]: 1 }, parent);
  await sends(folja, 'submit-form', { ...form, answers: { [name]: name } }, parent);
  await sends(folja, 'save-form', { ...form, answers: { 'fraga-2': { deep: name } } }, parent);
  await sends(folja, 'comment', { ...about, moduleId: 'steg-1', sectionId: personalNumber, text: name }, parent);
  await sends(folja, name, {}, { kind: 'resident', personalNumber: name });
  await sends(folja, 'purge-program', { ...about, disposalDecision: personalNumber }, at(childHealth, 'da'));
  await asks(folja.view, { view: name }, parent);
  await asks(folja.view, { view: 'my-program', programId: personalNumber }, parent);
  await tries('opening with another master key', async () => {
    const other = await openFolja({
      store: sqliteStore({ path, keysPath, anchorPath }),
      masterKey: new Uint8Array(32),
    });
    await other.close();
  });
};

const looks = async (ask: Folja['view']): Promise<void> => {
  const day = '2026-03-02';
  const queries = [
    ...[{ view: 'program' }, { view: 'comments' }, { view: 'timeline' }, { view: 'documentation' }],
    ...[
      { view: 'form', moduleId: 'steg-1', formId: 'fragor' },
      { view: 'activities', from: day, to: day },
    ],
    { view: 'conversation', conversationId: lifesConversation },
  ].map((query) => ({ ...query, ...about }));
  for (const query of [...queries, { view: 'overview', tab: 'ended' }]) await asks(ask, query, b);
  await asks(ask, { view: 'staff' }, at(maternity, 'ba'));
  await asks(ask, { view: 'my-programs' }, parent);
  await asks(ask, { view: 'access-report' }, parent);
  await asks(ask, { view: 'audit', perspective: 'owner', personalNumber: person.personalNumber }, auditor);
};

const replays = async (folja: Folja): Promise<void> => {
  const { view } = await folja.replay({ until: { at: '2026-03-02T08:00:00.000Z' } }, b);
  await looks(view);
};

const lives = async (folja: Folja): Promise<void> => {
  for (const again of [false, true])
    for (const { type, data, actor, id } of steps) {
      await sends(folja, type, data, actor, id);
      if (!again && type === 'reply') await folja.tick();
    }
  await sends(folja, 'export-program', { ...about, format: 'fhir' }, at(childHealth, 'da'));
  await failingCalls(folja);
  await looks(folja.view);
  now += 3 * 86_400_000;
  await folja.tick();
  await tries('rebuild', () => folja.rebuild());
  await tries('verify', () => folja.audit.verify());
  await tries('head', () => folja.audit.head());
};

const first = await open();
await lives(first);
await tries('replay', () => replays(first));
await pause('lived');
await first.close();
await pause('closed');
const second = await open();
await tries('replay', () => replays(second));
for (const { type, data, actor, id } of thePurge) {
  let state = 'erasure-pending';
  for (let sent = 0; sent < 3 && state === 'erasure-pending'; sent += 1) {
    state = await sends(second, type, data, actor, id);
    count(`${type} ${state}`);
  }
}
await sends(second, 'reply', { ...about, conversationId: lifesConversation, body: person.name }, parent);
await looks(second.view);
await pause('purged');
await tries('rotate', () => second.rotateMasterKey({ id: 'next', key: Buffer.from(next, 'hex') }));
await tries('rebuild', () => second.rebuild());
await second.tick();
await second.close();
await pause('ended');
process.disconnect?.();
