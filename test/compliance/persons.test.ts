import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { failureFrom, textOf } from '../../src/compliance/failure.ts';
import { lives, worldsOf } from '../../src/compliance/lives.ts';
import { exploring } from '../../src/compliance/living/exploring.ts';
import { rules } from '../../src/compliance/rules/rules.ts';
import { withoutPersons } from '../../src/compliance/telling/persons.ts';
import type { Trace } from '../../src/compliance/trace.ts';
import { ids, runOf, start } from './handMade.ts';
import { lies } from './lies.ts';
import { seed } from './seed.ts';
import { copyOf } from './spoiling.ts';
import { memoryGrounds, setting } from './stores.ts';

/** What has the form of something personal, wherever it comes from. */
const personal =
  /canary-\d+-x|(?<!\d)\d{6}(?:\d\d)?[-+]?\d{4}(?!\d)|SE\d{10}-\w+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|Personal \d-\d|Administratör \d/g;

const clean = (text: string): string => withoutPersons(runOf([start]), text);

describe('a text without the persons of a run', () => {
  test.each([
    ['198503149802', 'a number'],
    ['19850314-9802', 'a number'],
    ['850314-9802', 'a number'],
    ['8503149802', 'a number'],
    ['850314+9802', 'a number'],
    ['x198503149802y', 'xa numbery'],
    ['910722–9818 of nobody there', 'a number of nobody there'],
    [ids.name, 'a text'],
    [`by ${ids.midwife}`, 'by staff 2 of unit 1'],
    [`unit-${ids.other} at 3`, 'unit 2 at 3'],
    ['SE2321000131-NOBODY', 'an HSA-id'],
    [`program-${ids.program} at 3`, 'program 1 at 3'],
    [ids.program.toUpperCase(), 'program 1'],
    ['0195d3a0-0001-7000-8000-00000000ffff', 'an id'],
    ['Svar canary-77-x in a file', 'a text in a file'],
  ])('has %s as %s', (text, instead) => {
    expect(clean(text)).toBe(instead);
  });

  test('keeps what is nobody’s', () => {
    const text = 'steg-7 of tobakshjalpen was open on 2026-03-05T08:05:00.000Z, at revision 12: 7 !== 8';
    expect(clean(text)).toBe(text);
  });

  test('is no longer than somebody reads', () => {
    const lines = clean(Array.from({ length: 5_000 }, (_, index) => `+ row ${index}`).join('\n')).split('\n');
    expect(lines).toHaveLength(41);
    expect(lines.at(-1)).toMatch(/^… and \d+ more lines$/);
    expect(clean('x'.repeat(100_000)).length).toBeLessThan(5_000);
  });
});

describe('every rule made to fail in runs that were lived', () => {
  const traces: Trace[] = [];
  beforeAll(async () => {
    console.info(`test/compliance/persons.test.ts: FOLJA_SEED=${seed}`);
    const explore = exploring(memoryGrounds, setting.templates);
    const some = fc.sample(fc.noBias(lives(60, worldsOf(2, seed))), { numRuns: 5, seed });
    for (const life of some) traces.push(await explore(life));
  }, 600_000);

  /** What a rule throws of a run in which a lie was told; nothing where there was nothing to lie about. */
  const thrownBy = (id: string, trace: Trace): readonly unknown[] =>
    rules
      .filter((rule) => rule.id === id)
      .flatMap(({ check }) => {
        try {
          check(trace);
          return [];
        } catch (error) {
          return [error];
        }
      });

  const failuresIn = (trace: Trace) =>
    lies.flatMap(([id, what, tell]) => {
      // A life has functions, which cannot be copied.
      const copy = copyOf({ ...trace, life: { ...trace.life, steps: [] } });
      try {
        tell(copy);
      } catch {
        return [];
      }
      const spoiled = copy as unknown as Trace;
      const rule = rules.find((one) => one.id === id);
      if (rule === undefined) return [];
      return thrownBy(id, spoiled).map((reason) => ({ rule, what, reason, spoiled }));
    });

  test('R250 says nothing personal, whatever the check threw; what it threw does (control)', () => {
    const raw = new Set<string>();
    let told = 0;
    for (const { rule, what, reason, spoiled } of traces.flatMap(failuresIn)) {
      const text = textOf(failureFrom(rule, { trace: spoiled, reason, path: '0' }, { seed, steps: 60 }));
      expect(text.match(personal), `${rule.id}: ${what}`).toBeNull();
      // Everything that there is of the run, as if a check had thrown that.
      const whole = JSON.stringify([spoiled.told, spoiled.events, spoiled.audit])
        .replaceAll('},{', '},\n{')
        .split('\n');
      const some = whole.filter((_, index) => index % 40 === told % 40).slice(0, 30);
      expect(withoutPersons(spoiled, some.join('\n')).match(personal), `${rule.id}: ${what}`).toBeNull();
      for (const one of `${(reason as Error).message} ${some}`.match(personal) ?? []) raw.add(one.slice(0, 2));
      told += 1;
    }
    expect(told).toBeGreaterThan(50);
    expect([...raw]).toEqual(expect.arrayContaining(['SE', 'ca', '01']));
  }, 600_000);
});
