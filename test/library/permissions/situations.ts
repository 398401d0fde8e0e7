import type { Policy } from '../../../src/index.ts';
import {
  amning,
  approve,
  aReadyUnit,
  end,
  grant,
  offer,
  publishTemplates,
  purge,
  start,
  theConversation,
  theHandover,
  theProgram,
  tobak,
  uuid,
  write,
} from '../given.ts';
import { at, childHealth, disa, factsAt, idAt, maternity, region, type TestUnit, tolvan } from '../people.ts';
import { prepared, type StoreKind, type World } from '../world.ts';
import { allRoles, ceased, closed, commuterAt, units } from './whoever.ts';

/** How it stands with the program that is asked about, as far as the rules look at it. */
export type Situation = {
  readonly name: string;
  readonly programId: string;
  readonly status: 'none' | 'ongoing' | 'ended' | 'maintenance' | 'purged';
  /** The unit that has it, and the responsible clinician. */
  readonly owner: string;
  readonly clinician: string;
  /** The handover's two units, once there was one, and whether it waits for its answer. */
  readonly handover?: { readonly from: string; readonly to: string; readonly pending: boolean };
  readonly reach: (world: World) => Promise<unknown>;
};

const offered = (world: World) => offer(world, theProgram, childHealth, theHandover);
const denied = async (world: World): Promise<void> => {
  await offered(world);
  await world.does('deny-handover', { handoverId: theHandover }, at(childHealth, 'ia'));
};
const movedOn = async (world: World): Promise<void> => {
  await offered(world);
  await approve(world, theProgram, theHandover, childHealth);
};

const between = { from: maternity.unitId, to: childHealth.unitId, pending: false };
const here = { programId: theProgram, owner: maternity.unitId, clinician: idAt(maternity, 'b') };
const there = { ...here, owner: childHealth.unitId, clinician: idAt(childHealth, 'b'), handover: between };

/** The first is what the answers to strangers are compared with. */
export const situations: readonly Situation[] = [
  { ...here, name: 'does not exist', programId: uuid(77), status: 'none', reach: async () => undefined },
  { ...here, name: 'is ongoing', status: 'ongoing', reach: async () => undefined },
  { ...here, name: 'is offered', status: 'ongoing', handover: { ...between, pending: true }, reach: offered },
  { ...here, name: 'was denied', status: 'ongoing', handover: between, reach: denied },
  { ...there, name: 'is handed over', status: 'ongoing', reach: movedOn },
  { ...here, name: 'has ended', status: 'ended', reach: (world) => end(world, theProgram) },
  {
    ...here,
    name: 'is in maintenance',
    status: 'maintenance',
    reach: (world) => end(world, theProgram, { maintenance: {} }),
  },
  {
    ...here,
    name: 'is purged',
    status: 'purged',
    reach: async (world) => {
      await end(world, theProgram);
      await purge(world, theProgram);
    },
  },
  {
    ...there,
    name: 'was handed over and is purged',
    status: 'purged',
    reach: async (world) => {
      await movedOn(world);
      await end(world, theProgram, {}, childHealth);
      await purge(world, theProgram, childHealth);
    },
  },
];

const register = ({ does }: World, unit: TestUnit, hsaId: string, assignments = ['VoB SJF']) =>
  does(
    'register-staff',
    { unitId: unit.unitId, staff: { ...factsAt(unit, 'plain'), hsaId, assignments } },
    at(unit, 'ba'),
  );

/** The members with every role, and what became of some of them. */
const complete = async (world: World, unit: TestUnit): Promise<void> => {
  for (const member of ['boss', 'left', 'unassigned']) {
    await register(world, unit, idAt(unit, member));
    for (const role of allRoles) await grant(world, unit, member, role);
  }
  await world.does('deactivate-staff', { unitId: unit.unitId, hsaId: idAt(unit, 'left') }, at(unit, 'ba'));
  await register(world, unit, idAt(unit, 'unassigned'), []);
  await register(world, unit, commuterAt(unit));
};

const activate = ({ does }: World, unit: TestUnit, more: object = {}) =>
  does('activate-unit', { ...unit, administrator: factsAt(unit, 'ba'), ...more }, region);

/** The program, with something of each kind in it; and another resident's on the same unit. */
const fill = async (world: World): Promise<void> => {
  const { does } = world;
  await start(world, tobak, tolvan, { programId: theProgram });
  await start(world, tobak, disa, { programId: uuid(8) });
  await write(world, theProgram, theConversation);
  await does('disable-template', { unitId: maternity.unitId, templateId: amning }, region);
};

const aFullRegion = prepared(async (world) => {
  await publishTemplates(world);
  for (const unit of units) {
    await aReadyUnit(world, unit);
    await complete(world, unit);
  }
  await activate(world, closed);
  await world.does('deactivate-unit', { unitId: closed.unitId }, region);
  await activate(world, ceased, { validTo: '2026-03-01' });
  await fill(world);
});

/** A library in which everybody is there, and the program stands as it is said. */
export const reached = async (
  situation: Situation,
  kind: StoreKind = 'in memory',
  policy: Partial<Policy> = {},
): Promise<World> => {
  const world = await aFullRegion(kind, { policy });
  await situation.reach(world);
  return world;
};
