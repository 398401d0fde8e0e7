import { describe, expect, test } from 'vitest';
import { programCommands } from '../../src/domain/program/commands.ts';
import { program } from '../../src/domain/program/program.ts';
import { maternityUnit, resident, secretary, staff, usual } from './people.ts';
import {
  commands,
  conversation,
  ended,
  fold,
  given,
  keyId,
  maintenanceClosed,
  message,
  ongoing,
  programId,
  purged,
} from './programs.ts';

const purge = commands['purge-program'];
const acting = { by: staff(secretary, 'data-administrator') };
const inMaintenance = [...ongoing(), ended({ readableUntil: '2026-05-31' })];

describe('an ongoing program', () => {
  test('R031 R240 I21 is not purged before its end', () => {
    given(...ongoing())
      .when(purge, acting)
      .thenRefused('program-not-ended');
  });
});

describe('an ended program', () => {
  test('R028 R029 R031 R240 R245 D10 is purged right away, on a decision, by who need not be responsible', () => {
    given(...ongoing(), ended())
      .when(purge, acting)
      .thenEvents(purged());
  });

  test('R257 R261 is purged with a warning while duties are open, and without when none is', () => {
    given(...ongoing(), ended())
      .when(purge, acting, { openDuties: 1 })
      .thenEvents({ ...purged(), data: { ...purged().data, warnedOf: ['duties-open'] } });
    given(...ongoing(), ended())
      .when(purge, acting, { openDuties: 0 })
      .thenEvents(purged());
  });

  test('R240 is not purged without a disposal decision, nor on one that holds a personal number', () => {
    const schema = programCommands['purge-program'];
    expect(schema.safeParse({ programId }).success).toBe(false);
    expect(schema.safeParse({ programId, disposalDecision: 'RS-19121212-1212' }).success).toBe(false);
  });
});

describe('a program in maintenance', () => {
  test('R245 D4 is not purged through its last day', () => {
    given(...inMaintenance)
      .when(purge, { ...acting, at: '2026-05-31T21:59:59.999Z' })
      .thenRefused('maintenance-running');
  });

  test('R245 D4 is purged after its last day', () => {
    given(...inMaintenance)
      .when(purge, { ...acting, at: '2026-05-31T22:00:00.000Z' })
      .thenEvents(purged());
  });

  test('R245 D4 is purged once its maintenance is closed', () => {
    given(...inMaintenance, maintenanceClosed())
      .when(purge, acting)
      .thenEvents(purged());
  });
});

describe('a purged program', () => {
  const history = [...ongoing(), conversation(), message(), ended(), purged()];

  test('R242 I21 remembers nothing but its unit and the key that is gone', () => {
    expect(fold(...history)).toEqual({ status: 'purged', unitId: maternityUnit, keyId });
  });

  test('R246 is purged already', () => {
    given(...history)
      .when(purge, acting)
      .thenNothing();
  });

  test('R246 is purged already whatever decision is named', () => {
    given(...history)
      .when({ type: 'purge-program', data: { programId, disposalDecision: 'RS-2026/99' } }, acting)
      .thenNothing();
  });

  test('R246 is out of the resident’s reach', () => {
    given(...history)
      .when(commands['open-program'], { by: resident })
      .thenRefused('program-purged');
  });

  test('R246 I21 is changed by nothing that could follow', () => {
    const state = fold(...history);
    const later = [...ongoing(), conversation(), message(), ended(), maintenanceClosed()];
    expect(later.reduce((after, event) => program.evolve(after, { ...usual, ...event }), state)).toBe(state);
  });
});
