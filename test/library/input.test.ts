import { describe, expect, test } from 'vitest';
import type { Actor, Problem } from '../../src/index.ts';
import { aStartedProgram, startOf, theConversation, theProgram, tobak, uuid } from './given.ts';
import { at, bankId, factsAt, maternity, region, resident, siths, tolvan } from './people.ts';
import { leftOf, stores, type World } from './world.ts';

const b = at(maternity, 'b');
const ba = at(maternity, 'ba');
const { unitId } = maternity;
const canary = 'Kanariefågel';
const theNumber = '198112289874';

type Send = (world: World, input: unknown) => Promise<Problem>;

/** Input as a host that checks nothing would hand it on. */
const asCommand: Send = async ({ folja }, input) => leftOf(await folja.execute(input as never, b), 'execute');
const asQuery: Send = async ({ folja }, input) => leftOf(await folja.view(input as never, b), 'view');
const asActor: Send = async ({ folja }, input) =>
  leftOf(await folja.execute({ type: 'sign-in', data: { unitId } }, input as Actor), 'execute');
const asAsker: Send = async ({ folja }, input) => leftOf(await folja.view({ view: 'units' }, input as Actor), 'view');
const asData: Send = async ({ folja }, input) =>
  leftOf(await folja.execute({ type: 'reply', data: input as object }, b), 'execute');

const everywhere: Readonly<Record<string, Send>> = { asCommand, asQuery, asActor, asAsker, asData };

const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
const nestedObjects = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

const cyclic = (): object => {
  const value: Record<string, unknown> = { type: 'reply', view: 'units', kind: 'staff' };
  value['self'] = value;
  return value;
};
const throwing = {
  get type(): string {
    throw new Error(canary);
  },
  get id(): string {
    throw new Error(canary);
  },
  get view(): string {
    throw new Error(canary);
  },
};
const everyTrap = (): object =>
  new Proxy(
    {},
    {
      get: () => {
        throw new Error(canary);
      },
      ownKeys: () => {
        throw new Error(canary);
      },
      getPrototypeOf: () => {
        throw new Error(canary);
      },
      has: () => {
        throw new Error(canary);
      },
    },
  );

class Command {
  readonly type = 'sign-in';
  readonly view = 'units';
  readonly data = { unitId };
}

/** What no host should send, by what it is. */
const hostile: readonly (readonly [what: string, make: () => unknown])[] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['a text', () => canary],
  ['a long text', () => canary.repeat(5_000_000)],
  ['a number', () => 1],
  ['NaN', () => Number.NaN],
  ['infinity', () => Number.POSITIVE_INFINITY],
  ['a bigint', () => 10n],
  ['a symbol', () => Symbol(canary)],
  ['a function', () => () => canary],
  ['an array', () => [canary]],
  ['an empty object', () => ({})],
  ['a date', () => new Date()],
  ['a map', () => new Map([['type', 'reply']])],
  ['bytes', () => Buffer.from(canary)],
  ['an instance of a class', () => new Command()],
  ['an object without a known key', () => ({ [canary]: canary })],
  ['text 50 MB long in a field', () => ({ type: 'x'.repeat(50_000_000), view: 'x'.repeat(50_000_000) })],
  ['a key 50 MB long', () => ({ ['x'.repeat(50_000_000)]: 1 })],
  ['100 000 nested arrays', () => nested(100_000)],
  ['100 000 nested objects', () => nestedObjects(100_000)],
  ['a huge array', () => Array.from({ length: 1_000_000 }, () => 1)],
  ['an array that is huge and empty', () => new Array(2 ** 32 - 1)],
  ['an array with holes', () => [, 1]],
  ['a million keys', () => Object.fromEntries(Array.from({ length: 1_000_000 }, (_, index) => [`k${index}`, 1]))],
  ['a cycle', cyclic],
  ['a getter that throws', () => throwing],
  ['a proxy that throws', everyTrap],
  [
    'a revoked proxy',
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    },
  ],
  ['__proto__', () => JSON.parse(`{"__proto__":{"polluted":"${canary}"},"type":"reply","view":"units"}`)],
  ['__proto__ deep down', () => JSON.parse(`{"type":"reply","data":{"a":{"__proto__":{"polluted":1}}}}`)],
  ['constructor', () => JSON.parse(`{"constructor":{"prototype":{"polluted":1}},"type":"reply","view":"units"}`)],
  ['toString', () => ({ type: 'toString', view: 'toString', kind: 'toString', data: {} })],
  ['hasOwnProperty', () => ({ type: 'hasOwnProperty', view: 'hasOwnProperty', kind: 'hasOwnProperty', data: {} })],
];

const expectClean = (problem: Problem, ...secrets: readonly string[]): void => {
  expect(problem.kind).toBe('invalid');
  const { issues } = problem as Extract<Problem, { kind: 'invalid' }>;
  expect(issues.length).toBeGreaterThan(0);
  expect(issues.length).toBeLessThanOrEqual(20);
  for (const issue of issues) {
    expect(Object.keys(issue).toSorted()).toEqual(['code', 'path']);
    expect(issue.code).toMatch(/^[a-z][a-z-]{1,40}$/);
    expect(issue.path.length).toBeLessThan(200);
  }
  const told = JSON.stringify(problem);
  for (const secret of secrets) expect(told).not.toContain(secret);
};

const prototypes = (): string =>
  JSON.stringify(
    [Object.prototype, Array.prototype, 'polluted' in {}].map((one) => Reflect.ownKeys(Object(one)).length),
  );

describe.each(stores)('input %s', (kind) => {
  test.each(hostile)(
    'is invalid wherever it is sent, and leaves an entry with a code and a size only: %s',
    async (_, make) => {
      const world = await aStartedProgram(kind);
      const [before, innocent] = [(await world.events()).length, prototypes()];
      const input = make();
      for (const send of Object.values(everywhere)) expectClean(await send(world, input), canary, 'polluted');
      expect(prototypes()).toBe(innocent);
      const stored = (await world.events()).slice(before);
      expect(stored.map(({ type }) => type)).toEqual(Object.keys(everywhere).map(() => 'refused'));
      for (const { data } of stored) {
        expect(data).toMatchObject({ code: 'invalid', programs: [], size: expect.any(Number) });
        expect(JSON.stringify(data).length).toBeLessThan(200);
      }
    },
  );
});

type Wrong = readonly [what: string, type: string, data: object, actor: Actor, path: string, code: string];
const start = (more: object) => ({ ...startOf(tobak, tolvan), ...more });
const reply = (more: object) => ({ programId: theProgram, conversationId: theConversation, body: 'Hej', ...more });
const one = (more: object) => ({ ...tolvan, ...more });

/** One wrong field each, with where and how it is wrong. */
const wrong: readonly Wrong[] = [
  ['an unknown key', 'reply', reply({ [canary]: 1 }), b, 'data', 'unknown-key'],
  ['a missing key', 'reply', { programId: theProgram }, b, 'data.conversationId', 'invalid-type'],
  ['a UUID', 'reply', reply({ programId: canary }), b, 'data.programId', 'invalid-format'],
  ['a UUID of a number', 'reply', reply({ programId: 7 }), b, 'data.programId', 'invalid-type'],
  [
    'a personal number in a UUID’s tail',
    'reply',
    reply({ programId: `0195d3a0-0000-7000-8000-${theNumber}` }),
    b,
    'data.programId',
    'personal-number',
  ],
  [
    'a personal number in a UUID’s head',
    'reply',
    reply({ programId: '19811228-9874-7000-8000-000000000001' }),
    b,
    'data.programId',
    'personal-number',
  ],
  ['an empty text', 'reply', reply({ body: '' }), b, 'data.body', 'too-small'],
  ['a text of spaces', 'reply', reply({ body: ' \n\t ' }), b, 'data.body', 'too-small'],
  ['a text that is too long', 'reply', reply({ body: 'a'.repeat(10_001) }), b, 'data.body', 'too-big'],
  ['a text with a control character', 'reply', reply({ body: `${canary}\u0000` }), b, 'data.body', 'invalid-value'],
  ['a text with half a surrogate pair', 'reply', reply({ body: `${canary}\ud800` }), b, 'data.body', 'invalid-value'],
  ['a truth', 'reply', reply({ notifyInbox: 'ja' }), b, 'data.notifyInbox', 'invalid-type'],
  ['a slug', 'start-program', start({ templateId: canary }), b, 'data.templateId', 'invalid-format'],
  [
    'a personal number in a slug',
    'start-program',
    start({ templateId: `a-${theNumber}` }),
    b,
    'data.templateId',
    'personal-number',
  ],
  [
    'a short personal number in a slug',
    'start-program',
    start({ templateId: 'a-811228-9874' }),
    b,
    'data.templateId',
    'personal-number',
  ],
  [
    'a personal number in letters',
    'start-program',
    start({ resident: one({ personalNumber: canary }) }),
    b,
    'data.resident.personalNumber',
    'invalid-format',
  ],
  [
    'a personal number with a wrong check digit',
    'start-program',
    start({ resident: one({ personalNumber: '191212121213' }) }),
    b,
    'data.resident.personalNumber',
    'personal-number',
  ],
  [
    'a personal number of no day',
    'start-program',
    start({ resident: one({ personalNumber: '199902301234' }) }),
    b,
    'data.resident.personalNumber',
    'personal-number',
  ],
  [
    'a personal number of tomorrow',
    'start-program',
    start({ resident: one({ personalNumber: '202603039803' }) }),
    b,
    'data.resident.personalNumber',
    'personal-number',
  ],
  ['an HSA-id', 'start-program', start({ clinician: canary }), b, 'data.clinician', 'invalid-format'],
  ['a loose HSA-id', 'start-program', start({ clinician: 'TST5565594230-1' }), b, 'data.clinician', 'hsa-id'],
  [
    'a personal number in an HSA-id',
    'start-program',
    start({ clinician: `SE2321000131-${theNumber}` }),
    b,
    'data.clinician',
    'personal-number',
  ],
  [
    'half of what is attested',
    'start-program',
    start({ attested: { informed: true } }),
    b,
    'data.attested.accepted',
    'invalid-type',
  ],
  [
    'a reference',
    'purge-program',
    { programId: theProgram, disposalDecision: canary },
    b,
    'data.disposalDecision',
    'invalid-format',
  ],
  [
    'a personal number in a reference',
    'purge-program',
    { programId: theProgram, disposalDecision: `RA/${theNumber}` },
    b,
    'data.disposalDecision',
    'personal-number',
  ],
  [
    'a day',
    'end-program',
    { programId: theProgram, reason: 'x', residentAware: true, maintenance: { until: '2026-02-30' } },
    b,
    'data.maintenance.until',
    'invalid-format',
  ],
  [
    'days of no end',
    'change-module-days',
    { programId: theProgram, moduleId: 'steg-1', days: 3_651 },
    b,
    'data.days',
    'too-big',
  ],
  [
    'half a day',
    'change-module-days',
    { programId: theProgram, moduleId: 'steg-1', days: 1.5 },
    b,
    'data.days',
    'invalid-type',
  ],
  [
    'no days',
    'change-module-days',
    { programId: theProgram, moduleId: 'steg-1', days: 0 },
    b,
    'data.days',
    'too-small',
  ],
  ['a role', 'grant-role', { unitId, hsaId: 'SE2321000131-a', role: 'boss' }, ba, 'data.role', 'invalid-value'],
  [
    'a personal number in a unit’s name',
    'change-unit',
    { unitId, name: `BMM ${theNumber}` },
    region,
    'data.name',
    'personal-number',
  ],
  [
    'a list that is too long',
    'register-staff',
    { unitId, staff: { ...factsAt(maternity, 'b'), trainings: Array(101).fill('a') } },
    ba,
    'data.staff.trainings',
    'too-big',
  ],
  [
    'a field of the wrong version',
    'review-template',
    { templateId: tobak, version: '1', outcome: 'approved', nextReview: '2027-01-01' },
    b,
    'data.version',
    'invalid-format',
  ],
];

type WrongCall = readonly [what: string, input: unknown, path: string, code: string];
const wrongCommands: readonly WrongCall[] = [
  ['an unknown type', { type: 'nonsense', data: {} }, 'command.type', 'unknown-type'],
  ['a type of Object', { type: 'constructor', data: {} }, 'command.type', 'unknown-type'],
  ['an id that is none', { type: 'reply', data: reply({}), id: canary }, 'command.id', 'invalid-format'],
  [
    'a personal number in an id',
    { type: 'reply', data: reply({}), id: `0195d3a0-0000-7000-8000-${theNumber}` },
    'command.id',
    'personal-number',
  ],
  ['an unknown key', { type: 'reply', data: reply({}), [canary]: 1 }, 'command', 'unknown-key'],
  ['no data', { type: 'open-program' }, 'data', 'invalid-type'],
];
const wrongActors: readonly WrongCall[] = [
  ['an unknown kind', { kind: 'boss' }, 'actor.kind', 'invalid-value'],
  ['no authentication', { kind: 'staff', hsaId: 'SE2321000131-a', unitId }, 'actor.authentication', 'invalid-type'],
  [
    'a level that is none',
    { ...b, authentication: { method: 'siths', assurance: 1 } },
    'actor.authentication.assurance',
    'invalid-value',
  ],
  ['roles of its own', { ...b, roles: ['clinician'] }, 'actor', 'unknown-key'],
  [
    'a number that is none',
    { kind: 'resident', personalNumber: '191212121213', authentication: bankId },
    'actor.personalNumber',
    'personal-number',
  ],
  ['a purpose that is none', { ...b, purpose: canary }, 'actor.purpose', 'invalid-value'],
  ['an office that is none', { ...region, office: canary }, 'actor.office', 'invalid-value'],
  ['a loose HSA-id', { ...b, hsaId: 'TST1-a', authentication: siths }, 'actor.hsaId', 'hsa-id'],
];
const wrongQueries: readonly WrongCall[] = [
  ['an unknown view', { view: canary }, 'query.view', 'unknown-view'],
  ['a view of Object', { view: '__proto__' }, 'query.view', 'unknown-view'],
  ['a tab that is none', { view: 'overview', tab: canary }, 'query.tab', 'invalid-value'],
  ['an unknown key', { view: 'staff', [canary]: 1 }, 'query', 'unknown-key'],
  ['a personal number to search by', { view: 'units', search: theNumber }, 'query.search', 'personal-number'],
  ['a program that is none', { view: 'program', programId: canary }, 'query.programId', 'invalid-format'],
];

describe.each(stores)('a field %s', (kind) => {
  test('R287 is told by its place and a code, never by its value', async () => {
    const world = await aStartedProgram(kind);
    const expectTold = (what: string, problem: Problem, path: string, code: string): void => {
      expectClean(problem, canary, theNumber, '811228', '191212121213');
      const { issues } = problem as Extract<Problem, { kind: 'invalid' }>;
      expect([what, issues]).toEqual([what, expect.arrayContaining([{ path, code }])]);
    };
    for (const [what, type, data, actor, path, code] of wrong)
      expectTold(what, await world.fails(type, data, actor), path, code);
    for (const [what, input, path, code] of wrongCommands) expectTold(what, await asCommand(world, input), path, code);
    for (const [what, input, path, code] of wrongQueries) expectTold(what, await asQuery(world, input), path, code);
    for (const [what, input, path, code] of wrongActors) {
      expectTold(what, await asActor(world, input), path, code);
      expectTold(what, await asAsker(world, input), path, code);
    }
    const stored = (await world.events()).map((event) => JSON.stringify(event)).join();
    for (const secret of [canary, theNumber, '811228-9874']) expect(stored).not.toContain(secret);
  });

  test('takes what JSON leaves out as left out, and copies what it takes', async () => {
    const world = await aStartedProgram(kind);
    const data = reply({ notifyInbox: undefined });
    const sending = world.execute('reply', data, b, uuid(95));
    Object.assign(data, { body: 'Ändrat efteråt', programId: uuid(1_000) });
    await sending;
    const { rows } = await world.sees(
      { view: 'conversation', programId: theProgram, conversationId: theConversation },
      b,
    );
    expect(rows[0]).toMatchObject({ body: 'Hej' });
    const bare = Object.assign(Object.create(null), { view: 'units' });
    await world.sees(bare, resident(tolvan)).catch(() => undefined);
    expect((await world.sees(bare, b)).rows).toHaveLength(3);
  });
});
