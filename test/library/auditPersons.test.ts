import { describe, expect, test } from 'vitest';
import {
  amning,
  approve,
  aRegion,
  aStartedProgram,
  attested,
  end,
  offer,
  purge,
  start,
  startOf,
  theHandover,
  theProgram,
  tobak,
} from './given.ts';
import { everyTextWith, lifeOf, live } from './life.ts';
import { at, auditor, disa, idAt, maternity, privateChildHealth, region, resident, tolvan } from './people.ts';
import { aDay, aWorld, stores, type World } from './world.ts';

const b = at(maternity, 'b');
const actions = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.map(({ action, outcome }) => [action, outcome]);

describe.each(stores)('the audit log of a person %s', (kind) => {
  test('R247 I23 is found by number after the purge as before it, with the number opened', async () => {
    const world = await aStartedProgram(kind);
    await start(world, amning, disa);
    await world.sees({ view: 'program', programId: theProgram }, b);
    const about = { personalNumber: '19121212-1212' };
    const before = await world.log(about);
    expect(actions(before)).toEqual([
      ['start-program', 'allowed'],
      ['start-conversation', 'allowed'],
      ['program', 'allowed'],
    ]);
    await end(world, theProgram);
    await purge(world, theProgram);
    await world.misses({ view: 'program', programId: theProgram }, b);
    const after = await world.log(about);
    expect(actions(after)).toEqual([
      ...actions(before),
      ['audit', 'allowed'],
      ['end-program', 'allowed'],
      ['purge-program', 'allowed'],
      ['certify-erasure', 'allowed'],
      ['program', 'refused'],
    ]);
    const subject = { programId: theProgram, personalNumber: tolvan.personalNumber };
    for (const { subjects } of after) expect(subjects).toContainEqual(subject);
    expect(await world.log({ programId: theProgram })).toHaveLength(after.length + 1);
    expect(await world.log({ personalNumber: '197010632391' })).toEqual([]);
  });

  test('R247 is found by number in the years after the purge too', async () => {
    const world = await aStartedProgram(kind);
    await end(world, theProgram);
    await purge(world, theProgram);
    world.clock.at('2027-06-01T08:00:00.000Z');
    await world.misses({ view: 'program', programId: theProgram }, b);
    const entries = await world.log({ personalNumber: tolvan.personalNumber });
    expect(entries.at(-1)).toMatchObject({
      ...{ action: 'program', at: '2027-06-01T08:00:00.000Z', code: 'program-purged' },
      subjects: [{ programId: theProgram, personalNumber: tolvan.personalNumber }],
    });
    expect(entries).toHaveLength(6);
  });

  test('R070 R251 names the person whom a refused start was about, and one who asked for nothing', async () => {
    const world = await aRegion(kind);
    const refused = { ...startOf(tobak, tolvan), attested: { ...attested, accepted: false } };
    await world.fails('start-program', refused, b);
    await world.fails('start-program', startOf(tobak, tolvan), at(maternity, 'ia'));
    await world.sees({ view: 'my-programs' }, resident(tolvan));
    await world.misses({ view: 'my-program', programId: theProgram }, resident(tolvan));
    await world.fails('open-program', { programId: theProgram }, resident(tolvan));
    await world.misses({ view: 'nonsense' }, resident(tolvan));
    const entries = await world.log({ personalNumber: tolvan.personalNumber });
    expect(entries.map(({ action, code }) => [action, code])).toEqual([
      ['start-program', 'not-attested'],
      ['start-program', 'role-missing'],
      ['my-programs', undefined],
      ['my-program', 'unknown-program'],
      ['open-program', 'unknown-program'],
      ['unknown', 'invalid'],
    ]);
    expect(await world.log({ personalNumber: disa.personalNumber })).toEqual([]);
  });

  test('R248 is narrowed by unit, staff member, program, provider and time', async () => {
    const world = await aStartedProgram(kind);
    const other = await start(world, tobak, tolvan, { unit: privateChildHealth });
    world.clock.later(aDay);
    await world.sees({ view: 'overview', tab: 'mine' }, b);
    const count = async (query: object) => (await world.log(query)).length;
    const { personalNumber } = tolvan;
    expect(await count({ personalNumber, unitId: maternity.unitId })).toBe(2);
    expect(await count({ personalNumber, hsaId: idAt(privateChildHealth, 'b') })).toBe(1);
    expect(await count({ personalNumber, programId: other })).toBeGreaterThanOrEqual(1);
    expect(await count({ personalNumber, careProviderId: privateChildHealth.careProviderId })).toBe(1);
    expect(await count({ personalNumber, from: '2026-03-03T00:00:00.000Z', unitId: maternity.unitId })).toBe(1);
    expect(await count({ personalNumber, to: '2026-03-03T00:00:00.000Z' })).toBe(3);
    expect(await count({ hsaId: idAt(maternity, 'nobody') })).toBe(0);
  });

  test('I23 grows by its own readings, and never loses an entry', async () => {
    const world = await aStartedProgram(kind);
    const first = await world.log();
    const second = await world.log();
    expect(second.slice(0, first.length)).toEqual(first);
    expect(second.at(-1)).toMatchObject({ action: 'audit', actor: auditor.kind === 'platform' && auditor.hsaId });
    expect(second).toHaveLength(first.length + 1);
    await world.folja.rebuild();
    expect((await world.log()).slice(0, second.length)).toEqual(second);
  });
});

describe.each(stores)('the perspectives of the audit log %s', (kind) => {
  const own = maternity.careProviderId;
  const theirs = privateChildHealth.careProviderId;

  /** Seen by each unit, handed over to another provider in between. */
  const handedOver = async (): Promise<World> => {
    const world = await aStartedProgram(kind);
    await world.sees({ view: 'program', programId: theProgram }, b);
    await offer(world, theProgram, privateChildHealth, theHandover, { disclosureBasis: 'samtycke' });
    await world.sees({ view: 'overview', tab: 'handovers' }, at(privateChildHealth, 'ia'));
    await approve(world, theProgram, theHandover, privateChildHealth);
    await world.sees({ view: 'program', programId: theProgram }, at(privateChildHealth, 'b'));
    await world.misses({ view: 'program', programId: theProgram }, b);
    return world;
  };

  test('R248 R251 HSLF-FS 2016:40 4:9 PDL 4:3 differ after a handover: the patient’s, the provider’s, the owner’s', async () => {
    const world = await handedOver();
    const entries = async (perspective: string, careProviderId: string) =>
      actions(await world.log({ perspective, careProviderId, programId: theProgram }));
    expect(await entries('provider', own)).toEqual([
      ['start-program', 'allowed'],
      ['program', 'allowed'],
      ['initiate-handover', 'allowed'],
      ['program', 'refused'],
    ]);
    expect(await entries('provider', theirs)).toEqual([
      ['overview', 'allowed'],
      ['approve-handover', 'allowed'],
      ['program', 'allowed'],
    ]);
    const ownersBefore = (await entries('owner', own)).filter(([action]) => action !== 'audit');
    expect(ownersBefore).toEqual([
      ['start-program', 'allowed'],
      ['start-conversation', 'allowed'],
      ['program', 'allowed'],
      ['initiate-handover', 'allowed'],
      ['overview', 'allowed'],
      ['approve-handover', 'allowed'],
    ]);
    const ownersAfter = (await entries('owner', theirs)).filter(([action]) => action !== 'audit');
    expect(ownersAfter).toEqual([
      ['program', 'allowed'],
      ['program', 'refused'],
    ]);
    const { rows } = await world.sees({ view: 'access-report' }, resident(tolvan));
    const used = rows.filter(({ unit }) => unit !== 'Plattformens förvaltning');
    expect(used.map(({ careProvider, action }) => [careProvider, action])).toEqual([
      [theirs, 'Såg översikten över ditt program'],
      [theirs, 'Tog över ditt program'],
      [theirs, 'Såg ditt program i en lista'],
      [own, 'Erbjöd en annan vårdenhet att ta över ditt program'],
      [own, 'Såg översikten över ditt program'],
      [own, 'Startade ditt program'],
    ]);
  });
});

describe.each(stores)('the skeleton %s', (kind) => {
  test('R242 R251 I21 holds no personal text, in no event and in no entry', async () => {
    const world = await aWorld(kind);
    const texts = {
      ...everyTextWith('Kanariefågel'),
      person: { personalNumber: '19811228-9874', name: 'Disa Kanariefågel' },
    };
    await live(world, lifeOf(texts));
    await world.fails('start-program', startOf(tobak, texts.person), region);
    await world.misses({ view: 'units', search: 'Disa Kanariefågel', nonsense: '198112289874' }, b);
    await world.log({ personalNumber: texts.person.personalNumber });
    const skeleton = (await world.events()).map((event) => JSON.stringify(event)).join('\n');
    expect(skeleton).toContain('signed-in');
    for (const secret of ['Kanariefågel', '28-9874', '2289874', '19811228', '811228-', '811228+'])
      expect(skeleton.includes(secret)).toBe(false);
  });
});
