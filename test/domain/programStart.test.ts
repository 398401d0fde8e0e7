import { describe, expect, test } from 'vitest';
import type { RefusalCode } from '../../src/domain/decider.ts';
import { programCommands } from '../../src/domain/program/commands.ts';
import { tobakshjalpen } from '../../src/templates/tobakshjalpen.ts';
import { childUnit, colleague, midwife, nurse, personalNumber, resident, secretary, staff, uuid } from './people.ts';
import {
  activated,
  amning,
  attested,
  commands,
  ended,
  fold,
  given,
  ongoing,
  purged,
  start,
  started,
  startFacts,
  tobak,
  unitFacts,
  versioned,
} from './programs.ts';

const sealed = { personalNumber, name: 'Tolvan Tolvansson' };
const opened = ['inledning', 'bra-att-veta', 'steg-1'];

describe('a program that is not started', () => {
  test('R017 R018 R085 R087 R112 I05 starts with who starts it as responsible and exactly three modules open', () => {
    given()
      .when(start())
      .thenEvents({ ...started(), sealed }, ...opened.map((id) => activated(id)));
  });

  test('R104 R106 R118 starts with all twelve chapters of Lär dig om amning open and no other module', () => {
    given()
      .when(start({ templateId: 'lar-dig-om-amning' }), {}, amning)
      .thenEvents(
        { ...started({ templateId: 'lar-dig-om-amning' }), sealed },
        ...Array.from({ length: 12 }, (_, index) => activated(`kapitel-${index + 1}`)),
      );
  });

  test('R130 opens a module with the number of days that its template gives it', () => {
    const modules = tobakshjalpen.modules.filter(({ id }) => id === 'steg-1').map((step) => ({ ...step, days: 14 }));
    given()
      .when(start(), {}, { template: { major: 1, minor: 0, content: { ...tobakshjalpen, modules } } })
      .thenEvents({ ...started(), sealed }, activated('steg-1', 14));
  });

  test.each([
    ['R089', 'maternity', 'bmm'],
    ['R090', 'child health care', 'bvc'],
  ])('%s starts on a %s unit, without a handover', (_, __, kind) => {
    const facts = startFacts({ unit: unitFacts({ unitId: childUnit, kind }) });
    given()
      .when(start(), { by: staff(midwife, 'clinician', childUnit) }, { ...facts, ...versioned(1, 0) })
      .thenEvents({ ...started({ unitId: childUnit }), sealed }, ...opened.map((id) => activated(id)));
  });

  test('R087 D9 starts with another clinician than who starts it, where one is named', () => {
    given()
      .when(start({ clinician: colleague }), { by: staff(secretary, 'resident-administrator') })
      .thenEvents({ ...started({ clinician: colleague }), sealed }, ...opened.map((id) => activated(id)));
  });

  test('R265 R269 R270 keeps the version that is newest at its start', () => {
    given()
      .when(start(), {}, versioned(3, 4))
      .thenEvents({ ...started({ major: 3, minor: 4 }), sealed }, ...opened.map((id) => activated(id)));
  });

  test('R078 R168 keeps the channels that the resident has turned on', () => {
    const notifications = { inbox: true, sms: false, email: true };
    given()
      .when(start({ notifications }))
      .thenEvents({ ...started({ notifications }), sealed }, ...opened.map((id) => activated(id)));
  });

  test('R060 D26 starts for a test resident on a training unit', () => {
    const facts = startFacts({ unit: unitFacts({ environment: 'training' }), isTestResident: true });
    given()
      .when(start(), {}, facts)
      .thenEvents({ ...started({ environment: 'training' }), sealed }, ...opened.map((id) => activated(id)));
  });

  test('R083 R084 is not started without a personal number, a name or a template', () => {
    const { resident: person, templateId, ...rest } = start().data;
    const schema = programCommands['start-program'];
    expect(schema.safeParse({ ...rest, resident: person, templateId }).success).toBe(true);
    expect(schema.safeParse({ ...rest, templateId }).success).toBe(false);
    expect(schema.safeParse({ ...rest, resident: { name: person.name }, templateId }).success).toBe(false);
    expect(schema.safeParse({ ...rest, resident: { personalNumber }, templateId }).success).toBe(false);
    expect(schema.safeParse({ ...rest, resident: person }).success).toBe(false);
  });

  test.each([
    ['R069', 'informed'],
    ['R070 R071 I03', 'accepted'],
    ['R067', 'speaksSwedish'],
    ['R068', 'hasDevice'],
    ['R072', 'hasElectronicId'],
  ])('%s is refused when the resident is not attested as %s', (_, fact) => {
    given()
      .when(start({ attested: { ...attested, [fact]: false } }))
      .thenRefused('not-attested');
  });

  test.each<[string, RefusalCode]>([
    ['R018', 'unknown-staff'],
    ['R015', 'staff-not-active'],
    ['R045', 'role-missing'],
    ['R052', 'assignment-missing'],
    ['R046', 'profession-not-eligible'],
    ['R047', 'employment-not-eligible'],
    ['R042', 'training-missing'],
  ])('%s I03 I04 is refused when it is so with who starts it: %s', (_, clinicianUnfit) => {
    given().when(start(), {}, { clinicianUnfit }).thenRefused(clinicianUnfit);
  });

  test('R018 I04 is refused in one way whatever makes another clinician unfit', () => {
    for (const clinicianUnfit of ['unknown-staff', 'staff-not-active', 'training-missing'] as const) {
      given()
        .when(start({ clinician: nurse }), {}, { clinicianUnfit })
        .thenRefused('clinician-not-eligible');
    }
  });

  test('R084 is refused when there is no such template', () => {
    given().when(start(), {}, { template: undefined }).thenRefused('unknown-template');
  });

  test('R051 R084 is refused when the unit has not got the template', () => {
    const facts = startFacts({ unit: unitFacts({ templateEnabled: false }) });
    given().when(start(), {}, facts).thenRefused('template-not-enabled');
  });

  test('R005 R058 is refused on a unit of a kind that the template is not for', () => {
    const facts = { ...amning, ...startFacts({ unit: unitFacts({ kind: 'dental' }) }) };
    given().when(start(), {}, facts).thenRefused('unit-kind-not-allowed');
  });

  test('R005 starts on a unit of any kind where the template names none', () => {
    const facts = { ...tobak, ...startFacts({ unit: unitFacts({ kind: 'dental' }) }) };
    given()
      .when(start(), {}, facts)
      .thenEvents({ ...started(), sealed }, ...opened.map((id) => activated(id)));
  });

  test('R039 is refused while one of the four roles has no holder on the unit', () => {
    const facts = startFacts({ unit: unitFacts({ ready: false }) });
    given().when(start(), {}, facts).thenRefused('unit-not-ready');
  });

  test('R060 D26 is refused on a training unit for anybody but a test resident', () => {
    const facts = startFacts({ unit: unitFacts({ environment: 'training' }) });
    given().when(start(), {}, facts).thenRefused('training-data-only');
  });

  test('D27 is refused while the resident has the same program ongoing on the unit', () => {
    given()
      .when(start(), {}, startFacts({ alreadyOngoing: true }))
      .thenRefused('program-already-ongoing');
  });

  test.each(Object.values(commands).filter(({ type }) => type !== 'start-program'))(
    'R006 is unknown to $type',
    (command) => {
      given().when(command).thenRefused('unknown-program');
    },
  );
});

describe('a started program', () => {
  test('R086 remembers when it started', () => {
    expect(fold({ ...started(), at: '2026-01-31T23:30:00.000Z' })).toMatchObject({
      startedAt: '2026-01-31T23:30:00.000Z',
    });
  });

  test('R018 I04 has one responsible clinician', () => {
    expect(fold(...ongoing())).toMatchObject({ status: 'ongoing', clinician: midwife });
  });

  test('R006 R007 lets the resident in at once, which is a fact of its own', () => {
    given(...ongoing())
      .when(commands['open-program'], { by: resident })
      .thenEvents({ type: 'program-opened', data: {} });
  });

  test('is not started again', () => {
    given(...ongoing())
      .when(start())
      .thenRefused('program-exists');
  });

  test('does not show another unit that its id is taken', () => {
    given(...ongoing())
      .when(start(), { by: staff(nurse, 'clinician', childUnit) })
      .thenRefused('unknown-program');
  });
});

describe('an ended program', () => {
  test('R091 R092 I22 is started anew as another program, with the newest content and its defaults', () => {
    given()
      .when(start({ programId: uuid(2) }), {}, versioned(2, 0))
      .thenEvents({ ...started({ major: 2 }), sealed }, ...opened.map((id) => activated(id)));
  });

  test('R092 I22 is not opened again by a start', () => {
    given(...ongoing(), ended())
      .when(start())
      .thenRefused('program-exists');
  });

  test('R246 is not opened again by a start after the purge either', () => {
    given(...ongoing(), ended(), purged())
      .when(start())
      .thenRefused('program-exists');
  });
});

describe('the commands of a program', () => {
  test('R041 cover the functions of the national platform', () => {
    expect(Object.keys(programCommands)).toEqual(
      expect.arrayContaining([
        'start-program',
        'change-welcome-text',
        'set-current-module',
        'start-conversation',
        'change-clinician',
        'end-program',
        'close-maintenance',
        'purge-program',
      ]),
    );
  });

  test.each(Object.entries(commands))('take %s as it is', (type, { data }) => {
    expect(programCommands[type as keyof typeof programCommands].parse(data)).toEqual(data);
  });

  test('R083 name no resident but in the start', () => {
    const naming = Object.entries(commands).filter(([, { data }]) => JSON.stringify(data).includes(personalNumber));
    expect(naming.map(([type]) => type)).toEqual(['start-program']);
  });
});
