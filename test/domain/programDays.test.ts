import { describe, expect, test } from 'vitest';
import { daysLeft } from '../../src/domain/program/state.ts';
import { resident } from './people.ts';
import {
  activated,
  commands,
  completed,
  deactivated,
  fold,
  given,
  type History,
  ongoing,
  programId,
  started,
} from './programs.ts';

const changeDays = (days: number) => ({
  type: 'change-module-days' as const,
  data: { programId, moduleId: 'steg-1', days },
});
const daysChanged = (days: number) => ({
  type: 'module-days-changed' as const,
  data: { moduleId: 'steg-1', days },
});
/** Activated half an hour into 3 March in Sweden, which is still 2 March in UTC. */
const limited = () => [started(), { ...activated('steg-1', 7), at: '2026-03-02T23:30:00.000Z' }];
const activationDay = '2026-03-03';

const left = (today: string, ...later: History) => {
  const program = fold(...limited(), ...later);
  const module = program.status === 'ongoing' ? program.modules.get('steg-1') : undefined;
  return module === undefined ? 'no module' : daysLeft(module, today);
};

describe('a module with a number of days', () => {
  test('R127 R130 I12 D19 counts calendar days in Sweden from its activation', () => {
    expect(left(activationDay)).toBe(7);
    expect(left('2026-03-09')).toBe(1);
  });

  test('R127 D19 has no days left on its last day, and fewer than none after it', () => {
    expect(left('2026-03-10')).toBe(0);
    expect(left('2026-03-11')).toBe(-1);
  });

  test('R130 D19 loses no day when the clock is set forward', () => {
    expect(left('2026-04-01', { ...activated('steg-1', 7), at: '2026-03-28T23:30:00.000Z' })).toBe(4);
  });

  test('R128 is given another number of days', () => {
    given(...limited())
      .when(changeDays(21))
      .thenEvents(daysChanged(21));
  });

  test('R128 D6 is given fewer days', () => {
    given(...limited())
      .when(changeDays(2))
      .thenEvents(daysChanged(2));
  });

  test('R128 has those days already', () => {
    given(...limited())
      .when(changeDays(7))
      .thenNothing();
    given(...limited(), daysChanged(21))
      .when(changeDays(21))
      .thenNothing();
  });

  test('R128 R129 counts the new total from its activation, not from the change', () => {
    expect(left('2026-03-09', daysChanged(21))).toBe(15);
  });

  test('R128 is given other days by an activation that names them', () => {
    given(...limited())
      .when({ type: 'activate-module', data: { programId, moduleId: 'steg-1', days: 30 } })
      .thenEvents(daysChanged(30));
  });

  test('R128 keeps its days when an activation names none or the same', () => {
    given(...limited())
      .when({ type: 'activate-module', data: { programId, moduleId: 'steg-1' } })
      .thenNothing();
    given(...limited())
      .when({ type: 'activate-module', data: { programId, moduleId: 'steg-1', days: 7 } })
      .thenNothing();
  });

  test('R130 counts from the newest activation when it was closed in between', () => {
    const again = { ...activated('steg-1', 7), at: '2026-05-04T08:00:00.000Z' };
    expect(left('2026-05-04', deactivated('steg-1'), again)).toBe(7);
  });
});

describe('a module whose days have run out', () => {
  const at = '2026-06-01T08:00:00.000Z';

  test('R129 R131 D6 is given more days afterwards', () => {
    given(...limited())
      .when(changeDays(120), { at })
      .thenEvents(daysChanged(120));
    expect(left('2026-06-01', daysChanged(120))).toBe(30);
  });

  test('R131 D6 is still read', () => {
    given(...limited())
      .when(commands['open-section'], { at, by: resident })
      .thenEvents({ type: 'section-opened', data: { moduleId: 'steg-1', sectionId: 'avsnitt-1' } });
  });

  test('R131 D6 is still finished, since only answering closes', () => {
    given(...limited())
      .when(commands['finish-module'], { at, by: resident })
      .thenEvents({ type: 'module-finished', data: { moduleId: 'steg-1' } });
  });

  test('R120 is still completed', () => {
    given(...limited())
      .when(commands['complete-module'], { at })
      .thenEvents(completed('steg-1'));
  });
});

describe('a module without a number of days', () => {
  test('R127 R130 never runs out', () => {
    const program = fold(...ongoing());
    const module = program.status === 'ongoing' ? program.modules.get('steg-1') : undefined;
    expect(module).toBeDefined();
    expect(module && daysLeft(module, '2099-12-31')).toBeUndefined();
  });

  test('R128 is given a number of days', () => {
    given(...ongoing())
      .when(changeDays(21))
      .thenEvents(daysChanged(21));
  });
});
