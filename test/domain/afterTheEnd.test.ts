import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { By } from '../../src/domain/actors.ts';
import { permissionTo } from '../../src/domain/permissions.ts';
import { type ProgramCommand, programCommands } from '../../src/domain/program/commands.ts';
import { program } from '../../src/domain/program/program.ts';
import { midwife, resident, staff, usual } from './people.ts';
import {
  commands,
  commentMade,
  conversation,
  ended,
  flagRaised,
  fold,
  formSubmitted,
  given,
  message,
  ongoing,
  planCreated,
  purged,
  startFacts,
  tobak,
} from './programs.ts';

type Type = ProgramCommand['type'];
const types = Object.keys(programCommands) as readonly Type[];

/** A program in which every command but a second start is possible. */
const full = [
  ...ongoing(),
  ...[conversation('resident'), message('resident'), formSubmitted(), commentMade(), flagRaised(), planCreated()],
];
const over = [...full, ended()];
const readable = [...full, ended({ readableUntil: '2026-05-31' })];
const lastMoment = '2026-05-31T21:59:59.999Z';
const dayAfter = '2026-05-31T22:00:00.000Z';

const everyBody: readonly By[] = [
  staff(midwife),
  staff(midwife, 'resident-administrator'),
  staff(midwife, 'data-administrator'),
  { kind: 'system', process: 'clock' },
];

describe('a program that has ended', () => {
  const others = types.filter((type) => !['start-program', 'close-maintenance', 'purge-program'].includes(type));
  const afterEnd = others.filter((type) => permissionTo(type).afterEnd === true);
  const never = others.filter((type) => permissionTo(type).afterEnd === undefined);

  test('D24 leaves staff what came in, the documentation and the export', () => {
    expect(afterEnd.toSorted()).toEqual(
      ['export-program', 'open-form', 'read-comment', 'read-conversation', 'record-documentation'].toSorted(),
    );
    expect(afterEnd.length + never.length).toBe(types.length - 3);
  });

  test.each(afterEnd)('D24 takes %s, in maintenance too', (type) => {
    for (const history of [over, readable]) {
      const decided = program.decide(commands[type], fold(...history), usual, { ...tobak, isDuty: true });
      expect(E.isRight(decided) && decided.right.length).toBe(1);
    }
  });

  test.each(never)('R238 D24 I20 is refused %s by whoever is no resident', (type) => {
    for (const by of everyBody)
      for (const history of [over, readable])
        given(...history)
          .when(commands[type], { by })
          .thenRefused('program-has-ended');
  });

  test.each(others)('R231 R232 D12 is refused %s by its resident', (type) => {
    given(...over)
      .when(commands[type], { by: resident })
      .thenRefused('program-has-ended');
  });

  test.each(others)(
    'R234 R235 D12 I20 is only read by its resident while maintenance lasts, who is refused %s',
    (type) => {
      given(...readable)
        .when(commands[type], { by: resident, at: lastMoment })
        .thenRefused('read-only');
      given(...readable)
        .when(commands[type], { by: resident, at: dayAfter })
        .thenRefused('program-has-ended');
    },
  );

  test('R091 R092 is not started again: that is another program', () => {
    given(...over)
      .when(commands['start-program'], {}, startFacts())
      .thenRefused('program-exists');
  });
});

describe('a program that is purged', () => {
  test.each(types.filter((type) => !['start-program', 'purge-program'].includes(type)))(
    'R246 I21 is refused %s by anybody',
    (type) => {
      for (const by of [...everyBody, resident])
        given(...over, purged())
          .when(commands[type], { by })
          .thenRefused('program-purged');
    },
  );
});

describe('a program that was never started', () => {
  test.each(types.filter((type) => type !== 'start-program'))('is refused %s', (type) => {
    given().when(commands[type]).thenRefused('unknown-program');
  });
});
