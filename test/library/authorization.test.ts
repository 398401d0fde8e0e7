import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/index.ts';
import { viewNames } from '../../src/projections/viewing.ts';
import { aStartedProgram, end, purge, theConversation, theProgram, tobak } from './given.ts';
import { type CommandType, commandTypes, exampleOf } from './life.ts';
import { at, auditor, childHealth, expert, maternity, office, region, resident, system, tolvan } from './people.ts';
import { codeOf, type StoreKind, stores, type World } from './world.ts';

const everyone = {
  'regional team': region,
  'production office': office,
  expert,
  'log auditor': auditor,
  clock: system('clock'),
  directory: system('directory'),
  delivery: system('delivery'),
  resident: resident(tolvan),
  BA: at(maternity, 'ba'),
  B: at(maternity, 'b'),
  IA: at(maternity, 'ia'),
  DA: at(maternity, 'da'),
  staff: at(maternity, 'plain'),
} satisfies Record<string, Actor>;
type Who = keyof typeof everyone;
const whoever = Object.keys(everyone) as readonly Who[];
const staff: readonly Who[] = ['BA', 'B', 'IA', 'DA', 'staff'];

/** Who may send each command, as architecture section 3 and R009–R041 say. A command that is missing here does not compile. */
const mayCommand: Readonly<Record<CommandType, readonly Who[]>> = {
  'activate-unit': ['regional team'],
  'change-unit': ['regional team', 'BA'],
  'deactivate-unit': ['regional team'],
  'enable-template': ['regional team'],
  'disable-template': ['regional team'],
  'register-staff': ['BA', 'directory'],
  'grant-role': ['BA'],
  'revoke-role': ['BA'],
  'deactivate-staff': ['BA'],
  'reactivate-staff': ['BA'],
  'sign-in': staff,
  'set-notifications': staff,
  'publish-template': ['production office'],
  'review-template': ['expert'],
  'record-log-check': ['log auditor'],
  'dispose-log-year': ['log auditor'],
  'start-program': ['B'],
  'change-welcome-text': ['B'],
  'activate-module': ['B'],
  'set-current-module': ['B'],
  'complete-module': ['B'],
  'change-module-days': ['B'],
  'deactivate-module': ['B'],
  'open-program': ['resident'],
  'open-section': ['resident'],
  'complete-section': ['resident'],
  'finish-module': ['resident'],
  'start-conversation': ['B', 'resident'],
  reply: ['B', 'resident'],
  'read-conversation': ['B', 'resident'],
  'set-resident-notifications': ['resident', 'directory', 'delivery'],
  'save-form': ['resident'],
  'submit-form': ['resident'],
  'open-form': ['B'],
  comment: ['resident'],
  'read-comment': ['B'],
  'raise-flag': ['B'],
  'clear-flag': ['B'],
  'create-activity-plan': ['B'],
  'change-activity-plan': ['B'],
  'stop-activity-plan': ['B'],
  'register-activity': ['resident'],
  'send-reminder': ['B', 'clock'],
  'announce-absence': ['IA'],
  'record-documentation': ['B'],
  'export-program': ['DA'],
  'change-clinician': ['IA'],
  'end-program': ['B'],
  'close-maintenance': ['B'],
  'purge-program': ['DA'],
  'initiate-handover': ['IA'],
  'approve-handover': ['IA'],
  'deny-handover': ['IA'],
  'withdraw-handover': ['IA'],
};

/** Who may ask each view, as contract.d.ts says. */
const mayView: Readonly<Record<string, readonly Who[]>> = {
  'overview mine': ['B', 'IA'],
  'overview all': ['B', 'IA'],
  'overview ended': ['B', 'IA', 'DA'],
  'overview handovers': ['IA'],
  program: ['B', 'IA'],
  'my-programs': ['resident'],
  'my-program': ['resident'],
  form: ['B', 'resident'],
  comments: ['B', 'resident'],
  conversations: ['B', 'resident'],
  conversation: ['B', 'resident'],
  activities: ['B', 'resident'],
  timeline: ['B'],
  documentation: ['B'],
  purge: ['DA'],
  templates: [...staff, 'regional team', 'production office', 'expert'],
  template: [...staff, 'resident', 'regional team', 'production office', 'expert'],
  profile: staff,
  statistics: [...staff, 'regional team'],
  undelivered: ['IA', 'regional team'],
  'access-report': ['resident'],
  staff: ['BA', 'IA'],
  units: [...staff, 'regional team', 'log auditor'],
  caseload: ['IA'],
  'purge-list': ['DA'],
  audit: ['log auditor'],
  'log-export': ['log auditor'],
  'log-checks': ['log auditor', 'regional team'],
};

const example: Readonly<Record<string, object>> = {
  'overview mine': { tab: 'mine' },
  'overview all': { tab: 'all' },
  'overview ended': { tab: 'ended' },
  'overview handovers': { tab: 'handovers' },
  program: { programId: theProgram },
  'my-program': { programId: theProgram },
  form: { programId: theProgram, moduleId: 'steg-1', formId: 'fragor' },
  comments: { programId: theProgram },
  conversations: { programId: theProgram },
  conversation: { programId: theProgram, conversationId: theConversation },
  activities: { programId: theProgram, from: '2026-03-02', to: '2026-03-08' },
  timeline: { programId: theProgram },
  purge: { programId: theProgram },
  template: { templateId: tobak },
  staff: { eligibleFor: tobak },
  audit: { perspective: 'provider' },
  'log-export': { format: 'fhir', perspective: 'provider', careProviderId: maternity.careProviderId },
};

/** The data of the life, about the program of this world; no field of a unit that belongs to one side only. */
const dataOf = (type: CommandType): object => {
  if (type === 'change-unit') return { unitId: maternity.unitId };
  const data = exampleOf(type);
  return 'programId' in data && type !== 'start-program' ? { ...data, programId: theProgram } : data;
};

/** Staff of a kind that may, without the role; everybody else may not at all. */
const refusalFor = (who: Who, allowed: readonly Who[]): string =>
  staff.includes(who) && allowed.some((other) => staff.includes(other)) ? 'role-missing' : 'not-permitted';

const isAuthorization = (code: string): boolean => ['not-permitted', 'role-missing'].includes(code);

const expectCommandFor = async (world: World, type: CommandType, allowed: readonly Who[]): Promise<void> => {
  const outcomes = new Map<string, string>();
  const expected = new Map<string, string>();
  const last = (who: Who): number => (allowed.includes(who) ? 1 : 0);
  for (const who of whoever.toSorted((one, other) => last(one) - last(other))) {
    const code = codeOf(await world.execute(type, dataOf(type), everyone[who]));
    outcomes.set(who, isAuthorization(code) ? code : 'judged');
    expected.set(who, allowed.includes(who) ? 'judged' : refusalFor(who, allowed));
  }
  expect(outcomes).toEqual(expected);
};

const expectViewFor = async (kind: StoreKind, name: string, allowed: readonly Who[]): Promise<void> => {
  const world = await aStartedProgram(kind);
  if (name === 'purge') {
    await end(world, theProgram);
    await purge(world, theProgram);
  }
  for (const who of whoever) {
    const query = { view: name.split(' ')[0] as string, ...example[name] };
    const code = codeOf(await world.folja.view(query, everyone[who]));
    expect([who, code]).toEqual([who, allowed.includes(who) ? 'done' : refusalFor(who, allowed)]);
  }
};

// In memory the whole product is tried: test/library/permissions.
describe.each(['in SQLite'] as const)('a library %s', (kind) => {
  test('R009 knows who may send each of its commands', () => {
    expect(Object.keys(mayCommand).toSorted()).toEqual(commandTypes.toSorted());
    expect([...new Set(Object.keys(mayView).map((name) => name.split(' ')[0]))].toSorted()).toEqual(
      viewNames.toSorted(),
    );
  });

  test.each(Object.entries(mayCommand))(
    'R009 R010 R013 R014 R017 R024–R029 R031 %s is sent by %s only',
    async (type, who) => {
      const world = await aStartedProgram(kind);
      await expectCommandFor(world, type as CommandType, who);
    },
  );

  test.each(Object.entries(mayView))('R009 R016 R022 R151 the view %s is shown to %s only', (name, who) =>
    expectViewFor(kind, name, who),
  );
});

describe.each(stores)('a unit %s', (kind) => {
  const { unitId } = maternity;

  test('R040 is changed by its own administrator only, in every command that names it', async () => {
    const { fails } = await aStartedProgram(kind);
    for (const type of commandTypes) {
      const data = exampleOf(type);
      if (!('unitId' in data) || !mayCommand[type].includes('BA')) continue;
      const refusal = await fails(type, { ...data, unitId }, at(childHealth, 'ba'));
      expect([type, refusal]).toEqual([type, { kind: 'refused', code: 'wrong-unit' }]);
    }
  });

  test.each([
    ['name', { name: 'BMM Väst' }],
    ['kind', { kind: 'bvc' }],
    ['validTo', { validTo: '2027-01-01' }],
    ['validTo (none)', { validTo: null }],
  ])('R048 R056 has its place in the region, the %s, from the regional team', async (_, fields) => {
    const { fails, does } = await aStartedProgram(kind);
    expect(await fails('change-unit', { unitId, ...fields }, at(maternity, 'ba'))).toMatchObject({
      code: 'not-permitted',
    });
    await does('change-unit', { unitId, ...fields }, region);
  });

  test.each([
    ['answer time', { answerWithinDays: 3 }],
    ['welcome text', { welcomeText: { templateId: tobak, text: 'Hej!' } }],
  ])('R100 R180 sets its %s itself', async (_, fields) => {
    const { fails, does } = await aStartedProgram(kind);
    expect(await fails('change-unit', { unitId, ...fields }, region)).toMatchObject({ code: 'not-permitted' });
    expect(await fails('change-unit', { unitId, name: 'X', ...fields }, region)).toMatchObject({
      code: 'not-permitted',
    });
    await does('change-unit', { unitId, ...fields }, at(maternity, 'ba'));
  });
});
