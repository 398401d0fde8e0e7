import { describe, expect, test } from 'vitest';
import type { ProgramCommand } from '../../src/domain/program/commands.ts';
import { resident } from './people.ts';
import {
  activated,
  amning,
  completed,
  finished,
  fold,
  given,
  type History,
  handoverInitiated,
  ongoing,
  ongoingAmning,
  programId,
  twoSections,
} from './programs.ts';

const acting = { by: resident };
const section = <Type extends 'open-section' | 'complete-section'>(
  type: Type,
  moduleId = 'steg-1',
  sectionId = 'avsnitt-1',
) => ({
  type,
  data: { programId, moduleId, sectionId },
});
const finish = (moduleId = 'steg-1') => ({ type: 'finish-module' as const, data: { programId, moduleId } });
const inSection = <Type extends 'section-opened' | 'section-completed'>(type: Type, moduleId = 'steg-1') => ({
  type,
  data: { moduleId, sectionId: 'avsnitt-1' },
});
const inModules = (moduleId: string): readonly ProgramCommand[] => [
  section('open-section', moduleId),
  section('complete-section', moduleId),
  finish(moduleId),
];

const colorOf = (...later: History) => {
  const program = fold(...ongoing(), ...later);
  return program.status === 'ongoing' ? program.modules.get('steg-1')?.sections.get('avsnitt-1') : undefined;
};

describe('an ongoing program', () => {
  test('R006 R137 is opened by the resident, again and again', () => {
    const opened = { type: 'program-opened' as const, data: {} };
    given(...ongoing())
      .when({ type: 'open-program', data: { programId } }, acting)
      .thenEvents(opened);
    given(...ongoing(), opened)
      .when({ type: 'open-program', data: { programId } }, acting)
      .thenEvents(opened);
  });

  test.each(['2026-03-03T02:00:00.000Z', '2026-12-25T11:00:00.000Z', '2026-03-29T01:00:00.000Z'])(
    'R079 is open to the resident at any hour: %s',
    (at) => {
      given(...ongoing())
        .when(section('open-section'), { ...acting, at })
        .thenEvents(inSection('section-opened'));
    },
  );

  test('R236 D11 goes on after two years', () => {
    given(...ongoing())
      .when(section('open-section'), { ...acting, at: '2029-03-02T08:00:00.000Z' })
      .thenEvents(inSection('section-opened'));
  });

  test('R193 I14 goes on for the resident while a handover is pending', () => {
    given(...ongoing(), handoverInitiated())
      .when(section('complete-section'), acting)
      .thenEvents(inSection('section-completed'));
  });
});

describe('an open module', () => {
  test('R105 R110 R132 R133 has a section opened, which is begun', () => {
    given(...ongoing())
      .when(section('open-section'), acting)
      .thenEvents(inSection('section-opened'));
    expect(colorOf(inSection('section-opened'))).toBe('yellow');
  });

  test('R133 has a section completed without being opened first', () => {
    given(...ongoing())
      .when(section('complete-section'), acting)
      .thenEvents(inSection('section-completed'));
    expect(colorOf(inSection('section-completed'))).toBe('green');
  });

  test('R133 has an opened section completed', () => {
    given(...ongoing(), inSection('section-opened'))
      .when(section('complete-section'), acting)
      .thenEvents(inSection('section-completed'));
  });

  test('R139 has a section opened once', () => {
    given(...ongoing(), inSection('section-opened'))
      .when(section('open-section'), acting)
      .thenNothing();
  });

  test('R139 has a section completed once', () => {
    given(...ongoing(), inSection('section-completed'))
      .when(section('complete-section'), acting)
      .thenNothing();
  });

  test('R132 R139 I09 has no section that goes from completed to begun', () => {
    given(...ongoing(), inSection('section-completed'))
      .when(section('open-section'), acting)
      .thenNothing();
    expect(colorOf(inSection('section-completed'), inSection('section-opened'))).toBe('green');
  });

  test('R139 keeps its sections when it is activated again', () => {
    expect(colorOf(inSection('section-completed'), activated('steg-1', 30))).toBe('green');
  });

  test('R119 is finished by the resident, which completes and opens nothing', () => {
    given(...ongoing())
      .when(finish(), acting)
      .thenEvents(finished('steg-1'));
    expect(fold(...ongoing(), finished('steg-1'))).toMatchObject({ current: undefined });
  });

  test('R119 is finished once', () => {
    given(...ongoing(), finished('steg-1'))
      .when(finish(), acting)
      .thenNothing();
  });

  test('R105 R110 has as many sections as its template gives it, and no other module’s', () => {
    given(...ongoing())
      .when(section('open-section', 'steg-1', 'avsnitt-2'), acting, twoSections())
      .thenEvents({ type: 'section-opened', data: { moduleId: 'steg-1', sectionId: 'avsnitt-2' } });
    given(...ongoing())
      .when(section('open-section', 'inledning', 'avsnitt-2'), acting, twoSections())
      .thenRefused('unknown-section');
  });

  test.each(['open-section', 'complete-section'] as const)('R105 is refused %s of a section it has not got', (type) => {
    given(...ongoing())
      .when(section(type, 'steg-1', 'avsnitt-99'), acting)
      .thenRefused('unknown-section');
  });
});

describe('a chapter of Lär dig om amning', () => {
  test.each(['kapitel-1', 'kapitel-12'])('R106 is read, completed and finished without activation: %s', (moduleId) => {
    given(...ongoingAmning())
      .when(section('open-section', moduleId), acting, amning)
      .thenEvents(inSection('section-opened', moduleId));
    given(...ongoingAmning())
      .when(section('complete-section', moduleId), acting, amning)
      .thenEvents(inSection('section-completed', moduleId));
    given(...ongoingAmning())
      .when(finish(moduleId), acting, amning)
      .thenEvents(finished(moduleId));
  });
});

describe('a closed module', () => {
  test.each(['steg-2', 'steg-7', 'graviditet', 'operation', 'ung', 'cancer'].flatMap(inModules))(
    'R118 R122 I05 I06 is not opened by the resident: $type in $data.moduleId',
    (command) => {
      given(...ongoing())
        .when(command, acting)
        .thenRefused('module-not-open');
    },
  );
});

describe('a module that the template has not got', () => {
  test.each(inModules('steg-8'))('R109 is unknown to $type', (command) => {
    given(...ongoing())
      .when(command, acting)
      .thenRefused('unknown-module');
  });
});

describe('a completed module', () => {
  const history = [...ongoing(), completed('steg-1')];

  test('D13 is still read', () => {
    given(...history)
      .when(section('open-section'), acting)
      .thenEvents(inSection('section-opened'));
  });

  test('R133 D13 still has its sections completed', () => {
    given(...history)
      .when(section('complete-section'), acting)
      .thenEvents(inSection('section-completed'));
  });

  test('R119 D13 is not finished afterwards', () => {
    given(...history)
      .when(finish(), acting)
      .thenRefused('module-completed');
  });

  test('R119 is finished already where the resident finished it first', () => {
    given(...ongoing(), finished('steg-1'), completed('steg-1', true))
      .when(finish(), acting)
      .thenNothing();
  });
});
