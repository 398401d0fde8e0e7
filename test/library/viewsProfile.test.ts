import { describe, expect, test } from 'vitest';
import { aRegion, grant } from './given.ts';
import { at, auditor, childHealth, factsAt, idAt, maternity, region, resident, tolvan } from './people.ts';
import { aDay, stores, type World } from './world.ts';

const { unitId } = maternity;
const b = at(maternity, 'b');
const profile = ({ sees }: World, actor = b) => sees<object>({ view: 'profile' }, actor);
const off = { receive: false, channels: [], flagTypes: [] };
const chosen = { receive: true, channels: ['sms', 'email'], flagTypes: ['message', 'form'] };

describe.each(stores)('the profile of a staff member %s', (kind) => {
  test('R065 tells the first sign-in on the unit from the others', async () => {
    const world = await aRegion(kind);
    const isFirst = async (actor = b) => ((await profile(world, actor)) as { firstSignIn: boolean }).firstSignIn;
    expect(await isFirst()).toBe(true);
    await world.does('sign-in', { unitId }, b);
    expect(await isFirst()).toBe(true);
    await world.does('sign-in', { unitId }, at(maternity, 'b2'));
    expect(await isFirst()).toBe(true);
    world.clock.later(aDay);
    await world.does('sign-in', { unitId }, b);
    expect([await isFirst(), await isFirst(at(maternity, 'b2'))]).toEqual([false, true]);
    await world.folja.rebuild();
    expect([await isFirst(), await isFirst(at(maternity, 'b2'))]).toEqual([false, true]);
  });

  test('R161 R162 R163 R164 R165 has all notifications off until they are chosen, by nobody else and for that unit only', async () => {
    const world = await aRegion(kind);
    const shared = { ...factsAt(childHealth, 'b'), hsaId: idAt(maternity, 'b') };
    await world.does('register-staff', { unitId: childHealth.unitId, staff: shared }, at(childHealth, 'ba'));
    const there = { ...at(childHealth, 'b'), hsaId: shared.hsaId } as typeof b;
    const nothing = { ...off, firstSignIn: true, roles: ['clinician'] };
    expect(await profile(world)).toEqual(nothing);
    await world.does('set-notifications', { unitId, ...chosen }, b);
    expect(await profile(world)).toEqual({ ...nothing, ...chosen });
    expect(await profile(world, at(maternity, 'b2'))).toEqual(nothing);
    expect(await profile(world, there)).toEqual({ ...nothing, roles: [] });
    await world.does('set-notifications', { unitId, ...off }, b);
    expect(await profile(world)).toEqual(nothing);
  });

  test('R035 R038 shows the roles that are held on the unit', async () => {
    const world = await aRegion(kind);
    const rolesOf = async (actor = b) => ((await profile(world, actor)) as { roles: unknown }).roles;
    expect(await rolesOf(at(maternity, 'plain'))).toEqual([]);
    await grant(world, maternity, 'b', 'resident-administrator');
    await grant(world, maternity, 'b', 'authorization-administrator');
    expect(await rolesOf()).toEqual(['authorization-administrator', 'clinician', 'resident-administrator']);
    const ba = at(maternity, 'ba');
    await world.does('revoke-role', { unitId, hsaId: idAt(maternity, 'b'), role: 'clinician' }, ba);
    expect(await rolesOf()).toEqual(['authorization-administrator', 'resident-administrator']);
  });

  test('R165 is for staff only, and takes nothing that names another', async () => {
    const world = await aRegion(kind);
    for (const actor of [resident(tolvan), region, auditor])
      expect(await world.misses({ view: 'profile' }, actor)).toEqual({ kind: 'refused', code: 'not-permitted' });
    const other = { view: 'profile', hsaId: idAt(maternity, 'b2') };
    expect(await world.misses(other, b)).toMatchObject({ kind: 'invalid' });
  });
});
