import { beforeAll, describe, expect, test } from 'vitest';
import { agendaFrom } from '../../simulation/agenda.ts';
import { aHistory, type Event } from '../../simulation/history.ts';
import { readOptions } from '../../simulation/options.ts';
import { aResident } from '../../simulation/people.ts';
import { seeded } from '../../simulation/random.ts';
import { readPersonalNumber } from '../../src/domain/identifiers.ts';
import { build, root, runNode } from '../examples/running.ts';

const run = (...args: readonly string[]) => runNode('simulation/simulate.ts', args, { cwd: root });

describe('the simulated year', () => {
  beforeAll(build);

  test('I04 I23 I27 holds what it must at its end, for a small region, and shows how far it has come', async () => {
    const { code, stdout, stderr } = await run('--units', '4', '--programs', '12', '--days', '60', '--seed', '7');
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(stdout.match(/ holds /g)).toHaveLength(8);
    expect(stdout).toMatch(/programs started\s*│ 12/);
    expect(stderr).toMatch(/The year █+ 100 %/);
    expect(stderr).toMatch(/Rebuild {2}█+ 100 %/);
  });

  test('says what it takes, and refuses the rest in one sentence', async () => {
    expect((await run('--help')).stdout).toContain('npm run simulate -- --units 4');
    expect(await run('--unit', '4')).toMatchObject({ code: 2, stdout: '' });
    expect(readOptions(['--units', '0'])).toBe('--units takes a whole number from 3 to 500.');
    expect(readOptions(['--programs', 'many'])).toContain('--programs takes a whole number');
  });
});

const by = { kind: 'staff', hsaId: 'B', role: 'clinician', unitId: 'U' };
const resident = { kind: 'resident' };
const start = { unitId: 'U', clinician: 'B', templateId: 'T' };

/** What the simulation's own history finds wrong with some events of one program. */
const faultsOf = (...events: readonly (readonly [type: string, data: object, by: object])[]): readonly string[] => {
  const { take, programs } = aHistory();
  [['started', start, by] as const, ...events].forEach(([type, data, actor], index) => {
    take({
      id: '',
      stream: 'program-1',
      revision: index,
      position: `${index + 1}`,
      type,
      at: '',
      data,
      by: actor,
    } as Event);
  });
  return [...programs.values()].flatMap(({ faults }) => faults);
};

const ended = ['ended', { reason: 'x' }, by] as const;
const module = { moduleId: 'm' };
const purged = ['purged', {}, { ...by, hsaId: 'D', role: 'data-administrator' }] as const;

describe("the simulation's own history", () => {
  test('finds nothing wrong with a life as it should be', () => {
    const life = [['module-activated', module, by], ['section-opened', module, resident], ended, purged] as const;
    expect(faultsOf(...life)).toEqual([]);
  });

  test.each([
    ['I20', [ended, ['section-opened', module, resident]]],
    ['I06', [['module-activated', module, resident]]],
    ['R207', [['module-activated', module, { ...by, unitId: 'V' }]]],
    ['R021', [['module-activated', module, { ...by, hsaId: 'C' }]]],
    ['I13', [['message-sent', { from: 'resident', addressee: 'C' }, resident]]],
    ['R118', [['section-opened', module, resident]]],
    [
      'I15',
      [
        ['handover-initiated', {}, { ...by, role: 'x' }],
        ['handover-initiated', {}, { ...by, role: 'x' }],
      ],
    ],
    ['D3 I19', [['handover-initiated', {}, { ...by, role: 'x' }], ended]],
    ['I21', [purged]],
    ['R246', [ended, purged, ['exported', {}, { ...by, role: 'x' }]]],
    [
      'R140',
      [
        ['form-submitted', module, resident],
        ['form-submitted', module, resident],
      ],
    ],
    ['I10', [['form-opened', module, by]]],
    [
      'I25',
      [
        ['activity-registered', {}, resident],
        ['activity-registered', {}, resident],
      ],
    ],
  ] as const)('finds what breaks %s', (rule, events) => {
    expect(faultsOf(...events).join('\n')).toContain(rule);
  });
});

describe('the simulation', () => {
  test('draws the same from the same seed', () => {
    const draw = (seed: number) => {
      const { between, uuid, pick } = seeded(seed);
      return [between(1, 1_000_000), uuid(), pick('abcdefgh'.split('')), between(1, 1_000_000)];
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test('makes up residents whose numbers are valid', () => {
    const random = seeded(3);
    const numbers = Array.from({ length: 200 }, (_, index) => aResident(random, index).personalNumber);
    for (const number of numbers) expect(readPersonalNumber(number, '2026-01-01')).toBe(number);
  });

  test('lives its tasks in the order of their time, also those planned on the way', async () => {
    const agenda = agendaFrom(Date.parse('2026-01-01T00:00:00Z'));
    const lived: string[] = [];
    const note = (what: string) => async () => void lived.push(`${what} ${agenda.now().toISOString().slice(8, 16)}`);
    agenda.plan(1, 60, note('c'));
    agenda.plan(0, 600, note('b'));
    agenda.plan(0, 60, async () => agenda.plan(0, 30, note('a')));
    await agenda.liveUntil(agenda.now().getTime() + 2 * 86_400_000, () => undefined);
    expect(lived).toEqual(['a 01T01:00', 'b 01T10:00', 'c 02T01:00']);
  });
});
