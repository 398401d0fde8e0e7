import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/access/rules.ts';
import { commandSchemas } from '../../src/commands/catalog.ts';
import type { By } from '../../src/domain/actors.ts';
import {
  mayCommand,
  mayView,
  type Permission,
  permissionTo,
  permissionToView,
  type ViewName,
} from '../../src/domain/permissions.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { type ProgramCommand, programCommands } from '../../src/domain/program/commands.ts';
import { program } from '../../src/domain/program/program.ts';
import { viewNames } from '../../src/projections/viewing.ts';
import { colleague, midwife, resident, staff, usual } from './people.ts';
import {
  commands,
  commentMade,
  conversation,
  ended,
  flagRaised,
  fold,
  formSubmitted,
  type History,
  message,
  ongoing,
  planCreated,
  tobak,
} from './programs.ts';

type Type = ProgramCommand['type'];
const rows: readonly (readonly [string, Permission])[] = [...Object.entries(mayCommand), ...Object.entries(mayView)];
const rolesOf = ({ staff: roles }: Permission, policy = defaultPolicy) =>
  typeof roles === 'function' ? roles(policy) : roles;

const everyKind: readonly By[] = [
  staff(midwife),
  resident,
  ...(['regional-team', 'production-office', 'expert', 'log-auditor'] as const).map(
    (office): By => ({ kind: 'platform', office }),
  ),
  ...(['clock', 'directory', 'delivery'] as const).map((process): By => ({ kind: 'system', process })),
  { kind: 'unknown' },
];
const verdict = (permission: Permission, by: By): string => {
  const judged = judge(permission, { by } as Parameters<typeof judge>[1], defaultPolicy);
  return E.isRight(judged) ? 'allowed' : 'code' in judged.left ? judged.left.code : judged.left.kind;
};

describe('the table of permissions', () => {
  test('R009 has a row for each command, and for no other', () => {
    expect(Object.keys(mayCommand).toSorted()).toEqual(Object.keys(commandSchemas).toSorted());
  });

  test('R009 has a row for each view', () => {
    const named = new Set(Object.keys(mayView).map((name) => name.split(' ')[0]));
    expect(viewNames.filter((name) => !named.has(name))).toEqual([]);
  });

  test('R279 R280 has the tabs of a program, the clinician’s own page, and the views of the resident', () => {
    const tabs = [
      'program',
      'conversations',
      'activities',
      'timeline',
      'profile',
      'my-programs',
      'my-program',
    ] as const;
    expect(tabs.filter((view) => !viewNames.includes(view))).toEqual([]);
    const residents = tabs.filter((view) => permissionToView(view).resident === true);
    expect(residents).toEqual(['conversations', 'activities', 'my-programs', 'my-program']);
    expect(tabs.filter((view) => permissionToView(view).staff === undefined)).toEqual(['my-programs', 'my-program']);
  });

  test('R009 permits each of its rows to somebody, and nothing else to anybody', () => {
    for (const [name, permission] of rows) {
      const someone = permission.staff ?? permission.platform ?? permission.system ?? permission.resident;
      expect([name, someone === undefined]).toEqual([name, false]);
    }
    for (const by of everyKind) expect(verdict({}, by)).toBe('not-permitted');
  });

  test('R009 permits nothing to whom nobody knows', () => {
    for (const [name, permission] of rows)
      expect([name, verdict(permission, { kind: 'unknown' })]).toEqual([name, 'not-permitted']);
  });

  test('R009 admits an office or a process by its name only', () => {
    const permission: Permission = { platform: ['expert'], system: ['clock'] };
    const allowed = everyKind.filter((by) => verdict(permission, by) === 'allowed');
    expect(allowed).toEqual([
      { kind: 'platform', office: 'expert' },
      { kind: 'system', process: 'clock' },
    ]);
    for (const kind of ['platform', 'system'] as const) expect(verdict(permission, { kind })).toBe('not-permitted');
  });

  test('R004 gives the library’s own processes what is told them or due, and nothing about anybody’s care', () => {
    const open = rows.filter(([, { system }]) => system !== undefined).map(([name]) => name);
    expect(open).toEqual(['register-staff', 'send-reminder', 'set-resident-notifications']);
  });

  test('R018 R021 R022 asks for a relation to the program in each row of staff that is about one', () => {
    const about = Object.keys(programCommands).filter((type) => type !== 'start-program') as readonly Type[];
    const staffs = about.filter((type) => permissionTo(type).staff !== undefined);
    expect(staffs.filter((type) => permissionTo(type).relation === undefined)).toEqual([]);
    const ofNoProgram = rows.filter(([, { relation, staff: roles }]) => relation !== undefined && roles === undefined);
    expect(ofNoProgram).toEqual([]);
  });

  test('R018–R029 asks for responsibility where a program is steered, and for the unit where it is administered', () => {
    const related = (relation: Permission['relation']) =>
      Object.entries(mayCommand)
        .filter(([, row]: readonly [string, Permission]) => row.relation === relation)
        .map(([type]) => type);
    const steering = ['change-welcome-text', 'activate-module', 'set-current-module', 'complete-module'];
    const days = ['change-module-days', 'deactivate-module', 'send-reminder', 'end-program', 'close-maintenance'];
    const plans = ['create-activity-plan', 'change-activity-plan', 'stop-activity-plan'];
    const attending = ['raise-flag', 'clear-flag', 'open-form', 'read-comment', 'record-documentation'];
    const messages = ['start-conversation', 'reply', 'read-conversation'];
    expect(related('responsible').toSorted()).toEqual(
      [...steering, ...days, ...plans, ...attending, ...messages].toSorted(),
    );
    expect(related('own-unit').toSorted()).toEqual(
      [
        ...['change-clinician', 'announce-absence', 'initiate-handover', 'withdraw-handover'],
        ...['export-program', 'purge-program'],
      ].toSorted(),
    );
    expect(related('receiving-unit').toSorted()).toEqual(['approve-handover', 'deny-handover']);
  });

  test('R151 PDL 4:1 shows the contents to clinicians of the unit, and the timeline never to the resident', () => {
    const contents: readonly ViewName[] = [
      ...(['form', 'comments', 'conversations', 'conversation', 'activities', 'timeline'] as const),
    ];
    for (const view of contents) {
      expect([view, rolesOf(permissionToView(view))]).toEqual([view, ['clinician']]);
      expect([view, permissionToView(view).relation]).toEqual([view, 'own-unit']);
      expect([view, permissionToView(view).resident === true]).toEqual([view, view !== 'timeline']);
    }
  });

  test.each([
    ['D1', 'initiate-handover', { handover: { initiator: 'clinician-or-resident-administrator' } }, 'clinician'],
    ['D8', 'end-program', { ending: { byResidentAdministrator: true } }, 'resident-administrator'],
    ['D9', 'start-program', { starting: { byResidentAdministrator: true } }, 'resident-administrator'],
  ] as const)('%s permits %s to another role as well, where the region says so', (_, command, choice, role) => {
    const permission = permissionTo(command);
    expect(rolesOf(permission)).not.toContain(role);
    expect(rolesOf(permission, { ...defaultPolicy, ...choice } as typeof defaultPolicy)).toContain(role);
    expect(rolesOf(permission, { ...defaultPolicy, ...choice } as typeof defaultPolicy)).toHaveLength(2);
  });

  test('D8 acts as administrator who holds both roles', () => {
    const policy = { ...defaultPolicy, ending: { byResidentAdministrator: true } };
    expect(rolesOf(permissionTo('end-program'), policy)).toEqual(['resident-administrator', 'clinician']);
  });
});

describe('a program', () => {
  const full = [
    ...ongoing(),
    ...[conversation('resident'), message('resident'), formSubmitted(), commentMade(), flagRaised(), planCreated()],
  ];
  const known = Object.keys(programCommands).filter((type) => type !== 'start-program') as readonly Type[];
  const codeFor = (type: Type, by: By, history: History = full): string => {
    const decided = program.decide(commands[type], fold(...history), { ...usual, by }, { ...tobak, isDuty: true });
    return E.isRight(decided) ? 'decided' : 'code' in decided.left ? decided.left.code : decided.left.kind;
  };
  const responsible = known.filter((type) => permissionTo(type).relation === 'responsible');

  test.each(responsible)('R018 R021 I04 takes %s from no clinician but the responsible one', (type) => {
    expect(codeFor(type, staff(colleague))).toBe('not-responsible');
    expect(codeFor(type, staff(midwife))).not.toBe('not-responsible');
  });

  test.each(responsible)('R018 D24 takes %s from no other after the end either', (type) => {
    expect(codeFor(type, staff(colleague), [...full, ended()])).toBe('not-responsible');
  });

  test.each(known.filter((type) => !responsible.includes(type)))(
    'R022 asks of nobody to be responsible for %s',
    (type) => {
      expect(codeFor(type, staff(colleague, 'resident-administrator'))).not.toBe('not-responsible');
    },
  );

  test.each(known)(
    'R018 asks of neither its resident nor the library’s own processes to be responsible for %s',
    (type) => {
      for (const by of [resident, { kind: 'system', process: 'clock' } as const])
        expect(codeFor(type, by)).not.toBe('not-responsible');
    },
  );

  test('D8 is ended by a resident administrator where the region says so, who does nothing else for others', () => {
    const policy = { ...defaultPolicy, ending: { byResidentAdministrator: true } };
    const by = staff(colleague, 'resident-administrator');
    const decide = (type: Type, acting: By) =>
      E.isRight(program.decide(commands[type], fold(...full), { ...usual, policy, by: acting }, tobak));
    expect(decide('end-program', by)).toBe(true);
    expect(decide('end-program', staff(colleague))).toBe(false);
    expect(responsible.filter((type) => type !== 'end-program' && decide(type, by))).toEqual([]);
  });
});
