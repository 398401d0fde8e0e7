import { describe, expect, test } from 'vitest';
import type { Actor, Problem } from '../../src/index.ts';
import { aStartedProgram, startOf, theConversation, theProgram, tobak, uuid } from './given.ts';
import { asActor, asAsker, asCommand, asQuery, canary, expectClean } from './inputs.ts';
import { at, bankId, factsAt, maternity, region, resident, siths, tolvan } from './people.ts';
import { stores } from './world.ts';

const b = at(maternity, 'b');
const ba = at(maternity, 'ba');
const { unitId } = maternity;
const theNumber = '198112289874';

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
  ['no data', { type: 'open-program' }, 'command.data', 'invalid-type'],
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

  test('is no way to another prototype, in what is otherwise well formed', async () => {
    const world = await aStartedProgram(kind);
    const polluting = (value: object): unknown =>
      JSON.parse(`{"__proto__":{"polluted":1},${JSON.stringify(value).slice(1)}`);
    const command = { type: 'sign-in', data: { unitId } };
    const problems = [
      await asCommand(world, polluting(command)),
      await asCommand(world, { ...command, data: polluting(command.data) }),
      await asQuery(world, polluting({ view: 'units' })),
      await asActor(world, polluting(b)),
      await asAsker(world, polluting(b)),
    ];
    for (const problem of problems) expect(problem).toMatchObject({ issues: [{ code: 'unknown-key' }] });
    expect('polluted' in {}).toBe(false);
    await world.does(command.type, command.data, b);
  });

  test('R242 is no HSA-id of a test environment when it is a personal number', async () => {
    const world = await aStartedProgram(kind, { policy: { id: 'test-1', testIdentifiers: true } });
    for (const hsaId of ['19811228-9874', '811228-9874', theNumber, 'TST-198112289874', '198112289874-x'])
      for (const send of [asActor, asAsker])
        expectClean(await send(world, { ...b, hsaId }), theNumber, '811228', '9874');
    await world.does('sign-in', { unitId }, b);
    expect(await world.fails('sign-in', { unitId: 'TST1' }, { ...b, unitId: 'TST1' } as Actor)).toMatchObject({
      code: 'unknown-unit',
    });
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
