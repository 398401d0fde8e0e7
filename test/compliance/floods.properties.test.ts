import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/access/actor.ts';
import type { Ground } from '../../src/compliance/living/grounds.ts';
import { type Opened, openOn } from '../../src/compliance/living/opened.ts';
import type { AuditEntry } from '../../src/compliance/shown.ts';
import { auditor, clock, nobody, noUnit, residentActor, residents, staffActor } from '../../src/compliance/world.ts';
import { seed } from './seed.ts';
import { inMemory, inSqlite } from './stores.ts';

/** Nobody here may do anything: every call is a refusal of one of these. */
const actors: readonly Actor[] = [
  residentActor(residents[0]),
  residentActor(residents[1]),
  staffActor(nobody, noUnit),
  clock,
];
const names = ['resident', 'resident', nobody, 'clock'];

const refusals = fc.array(
  fc.record({
    by: fc.oneof(
      { weight: 6, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.nat({ max: actors.length - 1 }) },
    ),
    isView: fc.boolean(),
    seconds: fc.oneof(
      { weight: 12, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 90 }) },
    ),
  }),
  { minLength: 20, maxLength: 45, size: 'max' },
);
type Refusals = Parameters<Parameters<typeof refusals.map>[0]>[0];

/** How many refusals of each actor have an entry of their own, and how many are counted: twenty a minute, said simply. */
const expected = (run: Refusals): { readonly single: number; readonly counted: number } => {
  const minutes = new Map<number, { since: number; seen: number }>();
  let [now, single] = [0, 0];
  for (const { by, seconds } of run) {
    now += seconds;
    for (const [actor, { since }] of minutes) if (now - since >= 60) minutes.delete(actor);
    const minute = minutes.get(by) ?? { since: now, seen: 0 };
    minutes.set(by, { ...minute, seen: minute.seen + 1 });
    if (minute.seen < 20) single += 1;
  }
  return { single, counted: run.length - single };
};

const stores: readonly (readonly [string, () => Ground])[] = [
  ['the store in memory', inMemory],
  ['the SQLite store', inSqlite],
];

describe.each(stores)('a flood of refusals on %s', (name, open) => {
  let opened: Opened;
  let now = Date.parse('2026-03-02T08:00:00.000Z');

  beforeAll(async () => {
    console.info(`test/compliance, floods on ${name}: FOLJA_SEED=${seed}`);
    const store = open();
    opened = await openOn(store, () => new Date(now));
    return async () => {
      await opened.folja.close();
      store.remove();
    };
  });

  const entriesSince = async (seq: number): Promise<readonly AuditEntry[]> => {
    const answer = await opened.folja.view({ view: 'audit', perspective: 'provider', limit: 100 }, auditor);
    const { rows } = answer._tag === 'Right' ? (answer.right as { rows: AuditEntry[] }) : { rows: [] };
    return rows.filter((row) => row.seq > seq && row.outcome === 'refused');
  };

  test('I23 is counted together beyond twenty a minute, and no refusal is lost', async () => {
    let [last, floods] = [0, 0];
    const follow = async (run: Refusals): Promise<void> => {
      now += 10 * 60_000;
      for (const { by, isView, seconds } of run) {
        now += seconds * 1_000;
        const actor = actors[by] as Actor;
        const { execute, view } = opened.folja;
        const answer = await (isView
          ? view({ view: 'purge-list' }, actor)
          : execute({ type: 'deactivate-unit', data: { unitId: noUnit } }, actor));
        expect(answer._tag).toBe('Left');
      }
      const entries = await entriesSince(last);
      const single = entries.filter(({ count }) => count === undefined);
      const counted = entries.filter(({ count }) => count !== undefined);
      const sum = counted.reduce((total, { count = 0 }) => total + count, 0);
      expect({ single: single.length, counted: sum }).toEqual(expected(run));
      expect(entries.every(({ actor }) => names.includes(actor))).toBe(true);
      last = entries[0]?.seq ?? last;
      floods += counted.length;
    };
    await fc.assert(fc.asyncProperty(fc.noBias(refusals), follow), { numRuns: 60, seed });
    expect(floods).toBeGreaterThan(25);
  }, 300_000);
});
