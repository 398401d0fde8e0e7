import { describe, expect, test } from 'vitest';
import { programCommands } from '../../src/domain/program/commands.ts';
import { secretary, staff } from './people.ts';
import { commands, ended, fold, given, ongoing, programId, purged } from './programs.ts';

const asAdministrator = { by: staff(secretary, 'data-administrator') };
const exportAs = (format: 'json' | 'fhir') => ({ type: 'export-program' as const, data: { programId, format } });
const exported = (format: 'json' | 'fhir') => ({ type: 'exported' as const, data: { format } });

describe.each(['json', 'fhir'] as const)('an export as %s', (format) => {
  test.each([
    ['ongoing', []],
    ['ended', [ended()]],
    ['readable by its resident', [ended({ readableUntil: '2026-05-31' })]],
    ['exported before', [exported(format)]],
  ])('R029 R244 is made by the data administrator of a program that is %s', (_, history) => {
    given(...ongoing(), ...history)
      .when(exportAs(format), asAdministrator)
      .thenEvents(exported(format));
  });

  test('R242 R246 is made of nothing that is purged', () => {
    given(...ongoing(), ended(), purged())
      .when(exportAs(format), asAdministrator)
      .thenRefused('program-purged');
  });

  test('R244 leaves the program as it is', () => {
    expect(fold(...ongoing(), exported(format))).toEqual(fold(...ongoing()));
  });
});

describe('an export', () => {
  test('R244 has one of two formats', () => {
    const fits = (format?: string) => programCommands['export-program'].safeParse({ programId, format }).success;
    expect([fits('json'), fits('fhir'), fits('xml'), fits()]).toEqual([true, true, false, false]);
    expect(fits(commands['export-program'].data.format)).toBe(true);
  });
});
