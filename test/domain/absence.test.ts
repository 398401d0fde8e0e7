import { describe, expect, test } from 'vitest';
import { programCommands } from '../../src/domain/program/commands.ts';
import { colleague, staff } from './people.ts';
import { clinicianChanged, commands, ended, fold, given, ongoing } from './programs.ts';

const announce = commands['announce-absence'];
const during = (from: string, to: string) => ({ ...announce, data: { ...announce.data, from, to } });
const announced = (from = announce.data.from, to = announce.data.to) => ({
  type: 'absence-announced' as const,
  data: { from, to },
  sealed: { text: announce.data.text },
});
const administrator = { by: staff(colleague, 'resident-administrator') };

describe('the absence of a clinician', () => {
  test('R025 R211 is announced by the resident administrator, who is not responsible', () => {
    given(...ongoing())
      .when(announce, administrator)
      .thenEvents(announced());
  });

  test('R025 is announced again as often as it changes', () => {
    given(...ongoing(), announced())
      .when(announce, administrator)
      .thenEvents(announced());
  });

  test('R025 leaves the program with its clinician', () => {
    expect(fold(...ongoing(), announced())).toEqual(fold(...ongoing()));
    expect(fold(...ongoing(), clinicianChanged(), announced())).toMatchObject({ clinician: colleague });
  });

  test.each([
    ['2026-03-02', '2026-03-02'],
    ['2026-02-02', '2026-03-02'],
  ])('R025 D19 lasts through its last day in Sweden: %s–%s', (from, to) => {
    given(...ongoing())
      .when(during(from, to), { ...administrator, at: '2026-03-02T22:59:59.999Z' })
      .thenEvents(announced(from, to));
    given(...ongoing())
      .when(during(from, to), { ...administrator, at: '2026-03-02T23:00:00.000Z' })
      .thenInvalid('data.to', 'in-the-past');
  });

  test('R025 does not end before it begins', () => {
    const schema = programCommands['announce-absence'];
    expect(schema.safeParse(during('2026-03-09', '2026-03-09').data).success).toBe(true);
    const read = schema.safeParse(during('2026-03-09', '2026-03-08').data);
    expect(read.error?.issues).toMatchObject([{ path: ['to'], message: 'ends-before-it-begins' }]);
  });

  test('R238 is not announced after the end', () => {
    given(...ongoing(), ended())
      .when(announce, administrator)
      .thenRefused('program-has-ended');
  });
});
