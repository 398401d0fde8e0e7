import { describe, expect, test } from 'vitest';
import type { ProgramCommand } from '../../src/domain/program/commands.ts';
import { larDigOmAmning } from '../../src/templates/larDigOmAmning.ts';
import { tobakshjalpen } from '../../src/templates/tobakshjalpen.ts';
import { colleague, resident, staff } from './people.ts';
import {
  activated,
  amning,
  commands,
  completed,
  deactivated,
  ended,
  finished,
  fold,
  given,
  madeCurrent,
  ongoing,
  ongoingAmning,
  programId,
  withDays,
} from './programs.ts';

const moduleCommands = [
  'activate-module',
  'set-current-module',
  'complete-module',
  'change-module-days',
  'deactivate-module',
] as const;
type Steering = (typeof moduleCommands)[number];

const steer = (type: Steering, moduleId: string, extra: { days?: number; makeCurrent?: boolean } = {}) =>
  ({
    type,
    data: { programId, moduleId, ...(type === 'change-module-days' ? { days: 21 } : {}), ...extra },
  }) as ProgramCommand;

const closed = tobakshjalpen.modules.filter(({ opensAtStart }) => !opensAtStart).map(({ id }) => id);

describe('a closed module', () => {
  test.each(closed)('R113 R118 R123 R124 is opened by the clinician, in any order: %s', (moduleId) => {
    given(...ongoing())
      .when(steer('activate-module', moduleId))
      .thenEvents(activated(moduleId));
  });

  test('R122 D5 is opened and made current in one act', () => {
    given(...ongoing())
      .when(steer('set-current-module', 'steg-2'))
      .thenEvents(activated('steg-2'), madeCurrent('steg-2'));
  });

  test('R121 R125 is opened as current where the clinician says so', () => {
    given(...ongoing())
      .when(steer('activate-module', 'steg-2', { makeCurrent: true }))
      .thenEvents(activated('steg-2'), madeCurrent('steg-2'));
  });

  test('R128 R130 is opened with the days that the clinician gives', () => {
    given(...ongoing())
      .when(steer('activate-module', 'steg-2', { days: 10 }))
      .thenEvents(activated('steg-2', 10));
  });

  test.each(['activate-module', 'set-current-module'] as const)(
    'R130 is opened by %s with the days of the template where the clinician gives none',
    (type) => {
      const extra = type === 'set-current-module' ? [madeCurrent('steg-2')] : [];
      given(...ongoing())
        .when(steer(type, 'steg-2'), {}, withDays('steg-2', 14))
        .thenEvents(activated('steg-2', 14), ...extra);
    },
  );

  test.each(['complete-module', 'change-module-days'] as const)('R126 is refused %s', (type) => {
    given(...ongoing())
      .when(steer(type, 'steg-2'))
      .thenRefused('module-not-open');
  });

  test('R126 is deactivated already', () => {
    given(...ongoing())
      .when(steer('deactivate-module', 'steg-2'))
      .thenNothing();
  });
});

describe('an open module', () => {
  test('R123 R126 is activated already', () => {
    given(...ongoing())
      .when(steer('activate-module', 'steg-1'))
      .thenNothing();
  });

  test('R122 D5 is made current', () => {
    given(...ongoing())
      .when(steer('set-current-module', 'steg-1'))
      .thenEvents(madeCurrent('steg-1'));
  });

  test('R122 D5 is made current by an activation that says so', () => {
    given(...ongoing())
      .when(steer('activate-module', 'steg-1', { makeCurrent: true }))
      .thenEvents(madeCurrent('steg-1'));
  });

  test('R120 D14 is completed by the clinician though the resident has not finished it', () => {
    given(...ongoing())
      .when(steer('complete-module', 'steg-1'))
      .thenEvents(completed('steg-1', false));
  });

  test('R119 R120 D14 is completed with the fact that the resident had finished it', () => {
    given(...ongoing(), finished('steg-1'))
      .when(steer('complete-module', 'steg-1'))
      .thenEvents(completed('steg-1', true));
  });

  test('R121 R122 is completed without opening the next', () => {
    expect(fold(...ongoing(), completed('steg-1'))).not.toHaveProperty('modules.steg-2');
    given(...ongoing(), completed('steg-1'))
      .when(commands['open-section'], { by: resident })
      .thenEvents({ type: 'section-opened', data: { moduleId: 'steg-1', sectionId: 'avsnitt-1' } });
  });

  test('R126 is deactivated', () => {
    given(...ongoing())
      .when(steer('deactivate-module', 'steg-1'))
      .thenEvents(deactivated('steg-1'));
  });
});

describe('the current module', () => {
  test('R122 R126 is current already', () => {
    given(...ongoing(), madeCurrent('steg-1'))
      .when(steer('set-current-module', 'steg-1'))
      .thenNothing();
  });

  test('R122 R126 D5 gives way to another, so that at most one is current', () => {
    const state = fold(...ongoing(), madeCurrent('steg-1'), activated('steg-2'), madeCurrent('steg-2'));
    expect(state).toMatchObject({ current: 'steg-2' });
  });

  test('R123 D5 stays open when another is made current', () => {
    given(...ongoing(), madeCurrent('steg-1'), activated('steg-2'), madeCurrent('steg-2'))
      .when(steer('activate-module', 'steg-1'))
      .thenNothing();
  });

  test.each([
    ['completed', completed('steg-1')],
    ['deactivated', deactivated('steg-1')],
  ])('R126 D5 is current no longer when it is %s', (_, event) => {
    expect(fold(...ongoing(), madeCurrent('steg-1'), event)).toMatchObject({ current: undefined });
  });

  test('R126 is left current when another is completed', () => {
    expect(fold(...ongoing(), madeCurrent('steg-1'), completed('inledning'))).toMatchObject({ current: 'steg-1' });
  });
});

describe('a completed module', () => {
  const history = [...ongoing(), completed('steg-1')];

  test('R120 is completed already', () => {
    given(...history)
      .when(steer('complete-module', 'steg-1'))
      .thenNothing();
  });

  test.each(moduleCommands.filter((type) => type !== 'complete-module'))('R126 D13 is refused %s', (type) => {
    given(...history)
      .when(steer(type, 'steg-1'))
      .thenRefused('module-completed');
  });
});

describe('a deactivated module', () => {
  const history = [...ongoing(), finished('steg-1'), deactivated('steg-1')];

  test('R126 is opened again', () => {
    given(...history)
      .when(steer('activate-module', 'steg-1'))
      .thenEvents(activated('steg-1'));
  });

  test('R139 keeps what the resident did there', () => {
    given(...history, activated('steg-1'))
      .when(steer('complete-module', 'steg-1'))
      .thenEvents(completed('steg-1', true));
  });

  test('R118 is out of the resident’s reach', () => {
    given(...history)
      .when(commands['open-section'], { by: resident })
      .thenRefused('module-not-open');
  });

  test('R126 is deactivated already', () => {
    given(...history)
      .when(steer('deactivate-module', 'steg-1'))
      .thenNothing();
  });
});

describe('an always-open module', () => {
  test.each(larDigOmAmning.modules.flatMap(({ id }) => moduleCommands.map((type) => [type, id] as const)))(
    'R106 I08 is refused %s: %s',
    (type, moduleId) => {
      given(...ongoingAmning())
        .when(steer(type, moduleId), {}, amning)
        .thenRefused('module-always-open');
    },
  );
});

describe('a module that the template has not got', () => {
  test.each(moduleCommands)('R109 is unknown to %s', (type) => {
    given(...ongoing())
      .when(steer(type, 'steg-8'))
      .thenRefused('unknown-module');
  });
});

describe('a module of a program', () => {
  test.each(moduleCommands)('R018 R120 is refused %s by another clinician than the responsible one', (type) => {
    given(...ongoing())
      .when(steer(type, 'steg-1'), { by: staff(colleague) })
      .thenRefused('not-responsible');
  });

  test.each(moduleCommands)('R238 is refused %s when the program has ended', (type) => {
    given(...ongoing(), ended())
      .when(steer(type, 'steg-1'))
      .thenRefused('program-has-ended');
  });
});
