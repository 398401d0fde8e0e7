import { describe, expect, test } from 'vitest';
import { aRegion, uuid } from './given.ts';
import { rowsInPages } from './pages.ts';
import { at, auditor, maternity, privateChildHealth, region } from './people.ts';
import { monday, stores } from './world.ts';

const auditorsId = 'SE2321000131-logauditor';
const check = {
  ...{ careProviderId: maternity.careProviderId, from: '2026-02-01', to: '2026-02-28', entries: 40 },
  finding: 'nothing-unusual',
} as const;

describe.each(stores)('a spot check of the log %s', (kind) => {
  test('R248 R251 HSLF-FS 2016:40 4:9 is recorded with whose log, which days, how many entries, and what came of it', async () => {
    const world = await aRegion(kind);
    const receipt = await world.does('record-log-check', { ...check, reference: 'LG-2026/3' }, auditor);
    expect(receipt.events).toMatchObject([{ type: 'log-checked' }]);
    expect(receipt.stream).toMatch(/^access-/);
    expect((await world.sees({ view: 'log-checks' }, auditor)).rows).toEqual([
      { at: monday, by: auditorsId, ...check, reference: 'LG-2026/3' },
    ]);
    expect((await world.log()).slice(-2)).toMatchObject([
      { action: 'record-log-check', activity: 'write', outcome: 'allowed', actor: auditorsId },
      { action: 'log-checks', activity: 'read', outcome: 'allowed', actor: auditorsId },
    ]);
  });

  test('P4 happens once under its id, and is another under another', async () => {
    const world = await aRegion(kind);
    const id = uuid(91);
    const receipt = await world.does('record-log-check', check, auditor, id);
    world.clock.later(1_000);
    expect(await world.does('record-log-check', check, auditor, id)).toEqual(receipt);
    const other = { ...check, entries: 41 };
    expect(await world.fails('record-log-check', other, auditor, id)).toMatchObject({ code: 'command-id-reused' });
    await world.does('record-log-check', check, auditor);
    expect((await world.sees({ view: 'log-checks' }, auditor)).rows).toHaveLength(2);
    const entries = (await world.log()).filter(({ action }) => action === 'record-log-check');
    expect(entries.map(({ outcome }) => outcome)).toEqual(['allowed', 'repeated', 'refused', 'allowed']);
  });

  test('R287 is of days that have come, the first before the last', async () => {
    const world = await aRegion(kind);
    const problem = (path: string, code: string) => ({ kind: 'invalid', issues: [{ path, code }] });
    const fails = (change: object) => world.fails('record-log-check', { ...check, ...change }, auditor);
    expect(await fails({ from: '2026-03-01' })).toEqual(problem('data.to', 'ends-before-it-begins'));
    expect(await fails({ to: '2026-03-03' })).toEqual(problem('data.to', 'in-the-future'));
    expect(await fails({ finding: 'Tolvan' })).toEqual(problem('data.finding', 'invalid-value'));
    expect(await fails({ entries: -1 })).toEqual(problem('data.entries', 'too-small'));
    expect(await fails({ reference: '19121212-1212' })).toEqual(problem('data.reference', 'personal-number'));
    await world.does('record-log-check', { ...check, to: '2026-03-02' }, auditor);
    const refused = (await world.log()).filter(({ outcome }) => outcome === 'refused');
    expect(refused.map(({ action, code }) => [action, code])).toEqual(
      Array.from({ length: 5 }, () => ['record-log-check', 'invalid']),
    );
  });

  test('R009 is for the log auditor alone, and seen by the regional team as well', async () => {
    const world = await aRegion(kind);
    for (const actor of [region, at(maternity, 'ba')])
      expect(await world.fails('record-log-check', check, actor)).toMatchObject({ code: 'not-permitted' });
    await world.does('record-log-check', check, auditor);
    expect((await world.sees({ view: 'log-checks' }, region)).rows).toHaveLength(1);
    expect(await world.misses({ view: 'log-checks' }, at(maternity, 'ba'))).toMatchObject({ code: 'not-permitted' });
  });

  test('R248 is listed the newest first, by care provider where asked, in pages, and the same after a rebuild', async () => {
    const world = await aRegion(kind);
    const providers = [maternity, privateChildHealth, maternity].map(({ careProviderId }) => careProviderId);
    for (const [entries, careProviderId] of providers.entries()) {
      world.clock.later(1_000);
      await world.does('record-log-check', { ...check, careProviderId, entries }, auditor);
    }
    const counts = async (query: object = {}) =>
      (await world.sees({ view: 'log-checks', ...query }, auditor)).rows.map(({ entries }) => entries);
    expect(await counts()).toEqual([2, 1, 0]);
    expect(await counts({ careProviderId: maternity.careProviderId })).toEqual([2, 0]);
    const whole = (await world.sees({ view: 'log-checks' }, auditor)).rows;
    expect(await rowsInPages(world, { view: 'log-checks' }, auditor, 2)).toEqual(whole);
    await world.folja.rebuild();
    expect((await world.sees({ view: 'log-checks' }, auditor)).rows).toEqual(whole);
  });
});
