import { describe, expect, test } from 'vitest';
import { beginningOf, historyOf } from '../../src/compliance/telling/history.ts';
import type { Step } from './handMade.ts';
import { command, ids, receipt, refusal, region, resident, runOf, staff, start } from './handMade.ts';

const linesOf = (...steps: readonly Step[]): readonly string[] => historyOf(runOf(steps));
/** A line without the moment before it. */
const told = (...steps: readonly Step[]): readonly string[] =>
  linesOf(...steps).map((line) => line.replace(/^.*?\d\d:\d\d: /, ''));

const at = '2026-03-05T09:05:00.000Z';
const handOver = (actor: Step['call']['actor']): Step => ({
  at,
  call: command(
    { type: 'initiate-handover', data: { programId: ids.program, toUnit: ids.other, residentInformed: true } },
    actor,
  ),
  said: receipt({ handoverId: ids.handover }),
  wrote: [
    {
      stream: `program-${ids.program}`,
      type: 'handover-initiated',
      data: { handoverId: ids.handover, fromUnit: ids.unit, toUnit: ids.other },
    },
  ],
  expected: 'changed',
});

describe('the history of a run', () => {
  test('begins with the units, their kinds, and how many staff they have in which roles', () => {
    expect(beginningOf(runOf([]))[0]).toBe(
      'To begin with there are unit 1 (bmm) with 2 staff: 1 authorization administrator, 1 clinician; unit 2 (bvc) with 1 staff: 1 resident administrator.',
    );
  });

  test('tells a step in one line: when, who, what, and what came of it', () => {
    expect(linesOf(start)).toEqual([
      '3 days and 5 minutes later, 5 March 2026 09:05: a clinician of unit 1 (staff 2) starts tobakshjalpen for resident 1 → accepted, as program 1',
    ]);
  });

  test('tells that the clock was set back', () => {
    const [, line = ''] = linesOf(start, { ...start, at: '2026-03-05T07:45:00.000Z' });
    expect(line).toMatch(/^the clock is set back 20 minutes, 5 March 2026 08:45: /);
  });

  test('names staff by what they were at that moment: responsible, in a role, without one, not registered', () => {
    const [, responsible = '', without = '', stranger = ''] = told(
      start,
      handOver(staff(ids.midwife, ids.unit)),
      {
        ...handOver(staff(ids.nurse, ids.other)),
        call: { ...start.call, actor: staff(ids.nurse, ids.other) } as never,
      },
      handOver(staff(ids.nurse, ids.unit)),
    );
    expect(responsible).toBe(
      'the responsible clinician of program 1 (staff 2 of unit 1) hands program 1 over to unit 2 → accepted, as handover 1',
    );
    expect(without).toMatch(/^a specialist nurse without the role clinician.*, of unit 2 \(staff 1\) starts /);
    expect(stranger).toMatch(/^staff 1 of unit 2, signed in on unit 1 without being registered there, hands /);
  });

  test('tells a role that was taken since as it is then', () => {
    const taken: Step = {
      ...handOver(region),
      wrote: [{ stream: `unit-${ids.unit}`, type: 'role-revoked', data: { hsaId: ids.midwife, role: 'clinician' } }],
    };
    expect(told(start, taken, handOver(staff(ids.midwife, ids.unit)))[2]).toMatch(
      /^the responsible clinician of program 1 without the role clinician/,
    );
  });

  test('names residents by their program, and by their place alone in another’s', () => {
    const open = command({ type: 'open-program', data: { programId: ids.program } }, resident);
    const other = { ...resident, personalNumber: '199107229818' } as Step['call']['actor'];
    const [, own, others] = told(
      start,
      { at, call: open, said: receipt(), expected: 'changed' },
      { at, call: { ...open, actor: other }, said: refusal('not-permitted'), expected: 'refused' },
    );
    expect(own).toBe('the resident of program 1 (resident 1) opens program 1 → accepted');
    expect(others).toBe('resident 2 opens program 1 → refused: not-permitted');
  });

  test('says what the model expected where that is something else, and who was too weakly authenticated', () => {
    const weak = { ...region, authentication: { method: 'siths', assurance: 2 } } as Step['call']['actor'];
    const call = command({ type: 'deactivate-unit', data: { unitId: ids.other } }, weak);
    expect(told({ at, call, said: receipt(), expected: 'refused' })).toEqual([
      'the regional team, authenticated too weakly, deactivates unit 2 → accepted (the model expected: refused)',
    ]);
  });

  test('says where a command was sent before, and what was none', () => {
    const broken = [null, 'start-program', { type: 'do-nothing' }].map((sent) => command(sent as never, region));
    const invalid = { left: { kind: 'invalid', issues: [] } } as unknown as Step['said'];
    const lines = told(
      start,
      { ...start, said: receipt({}, 1) },
      { ...handOver(region), call: command({ type: 'sign-in', data: { unitId: ids.unit } }, region, ids.command) },
      ...broken.map((call): Step => ({ at, call, said: invalid })),
      { at, call: command({ type: 'sign-in', data: {} }, region), said: invalid },
    );
    expect(lines[1]).toMatch(/, as in step 1 and with its id → repeated \(the model expected: accepted\)$/);
    expect(lines[2]).toContain(', with the id of step 1 →');
    expect(lines.slice(3, 6)).toEqual(Array(3).fill('the regional team sends what is no command → invalid'));
    expect(lines[6]).toBe('the regional team sends a sign in that cannot be read → invalid');
  });

  test('tells what was looked at', () => {
    const view = (query: { view: string }): Step => ({
      at,
      call: { kind: 'view', query, actor: resident },
      said: { right: {} },
    });
    const about = { programId: ids.program };
    expect(
      told(
        start,
        view({ view: 'my-program', ...about }),
        view({ view: 'comments', ...about }),
        view({ view: 'no-view' }),
      ).slice(1),
    ).toEqual([
      'the resident of program 1 (resident 1) looks at program 1 → shown',
      'the resident of program 1 (resident 1) looks at the comments of program 1 → shown',
      'resident 1 asks a view that is not there → shown',
    ]);
  });

  test('R250 holds no id, number or name', () => {
    const lines = [...linesOf(start, handOver(staff(ids.midwife, ids.unit))), ...beginningOf(runOf([start]))].join();
    for (const secret of Object.values(ids)) expect(lines).not.toContain(secret);
    expect(lines).not.toMatch(/\d{6,8}-?\d{4}|[0-9a-f]{8}-[0-9a-f]{4}/);
  });
});
