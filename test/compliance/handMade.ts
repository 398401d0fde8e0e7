import type { Command } from '../../src/commands/catalog.ts';
import { standardSetting } from '../../src/compliance/setting.ts';
import type { Event, Said } from '../../src/compliance/shown.ts';
import type { Told, Trace } from '../../src/compliance/trace.ts';
import type { Call } from '../../src/compliance/world.ts';

/** Ids of a run that was never lived: two units, their staff, a program and what came of it. */
export const ids = {
  ...{ unit: 'SE2321000131-U0', other: 'SE2321000131-U1' },
  ...{ administrator: 'SE2321000131-U0S0', midwife: 'SE2321000131-U0S1', nurse: 'SE2321000131-U1S0' },
  ...{ program: '0195d3a0-0001-7000-8000-000000000001', handover: '0195d3a0-0001-7000-8000-000000000002' },
  ...{ command: '0195d3a0-0001-7000-8000-000000000003', resident: '198503149802', name: 'Maj Majsson' },
};

const authentication = { method: 'siths', assurance: 3 } as const;
export const staff = (hsaId: string, unitId: string): Call['actor'] => ({
  kind: 'staff',
  hsaId,
  unitId,
  authentication,
});
export const resident: Call['actor'] = { kind: 'resident', personalNumber: '850314-9802', authentication };
export const region: Call['actor'] = {
  kind: 'platform',
  hsaId: 'SE2321000131-REGI',
  office: 'regional-team',
  authentication,
};

type Written = Pick<Event, 'stream' | 'type' | 'data'>;

const unit = (unitId: string, kind: string): Written => ({
  stream: `unit-${unitId}`,
  type: 'unit-activated',
  data: { kind },
});
const registered = (unitId: string, hsaId: string, profession: string): Written => ({
  stream: `unit-${unitId}`,
  type: 'staff-registered',
  data: { hsaId, profession },
});
const granted = (unitId: string, hsaId: string, role: string): Written => ({
  stream: `unit-${unitId}`,
  type: 'role-granted',
  data: { hsaId, role },
});

const setUp: readonly Written[] = [
  unit(ids.unit, 'bmm'),
  registered(ids.unit, ids.administrator, 'midwife'),
  granted(ids.unit, ids.administrator, 'authorization-administrator'),
  registered(ids.unit, ids.midwife, 'midwife'),
  granted(ids.unit, ids.midwife, 'clinician'),
  unit(ids.other, 'bvc'),
  registered(ids.other, ids.nurse, 'specialist-nurse'),
  granted(ids.other, ids.nurse, 'resident-administrator'),
];

/** One step: who asked what when, what came of it, and what it wrote. */
export type Step = {
  readonly at: string;
  readonly call: Call;
  readonly said: Said;
  readonly wrote?: readonly Written[];
  readonly expected?: Told['expected'];
};

export const receipt = (made: Readonly<Record<string, string>> = {}, position = 1_000): Said => ({
  right: { events: [{}], position: String(position), ids: made },
});
export const refusal = (code: string): Said => ({ left: { kind: 'refused', code } }) as unknown as Said;

/** A command, as somebody sends it. */
export const command = (sent: object, actor: Call['actor'], id?: string): Call => ({
  kind: 'command',
  command: sent as Command,
  actor,
  id,
});

const storedFrom = (written: readonly Written[]): readonly Event[] => {
  const revisions = new Map<string, number>();
  return written.map((one, index) => {
    const revision = (revisions.get(one.stream) ?? -1) + 1;
    revisions.set(one.stream, revision);
    return {
      ...one,
      revision,
      position: index + 1,
      id: `e${index}`,
      at: '',
      by: { kind: 'staff' },
    } as unknown as Event;
  });
};

/** A run of some steps, after a set-up. */
export const runOf = (steps: readonly Step[]): Trace => {
  const written = [...setUp];
  const began: Told = {
    ...{ phase: 'set-up', at: '2026-03-02T08:00:00.000Z', after: 0, until: setUp.length, expected: 'changed' },
    ...{ call: command({ type: 'sign-in', data: { unitId: ids.unit } }, region), said: receipt() },
  };
  const told = steps.map(({ at, call, said, wrote = [], expected }): Told => {
    const after = written.length;
    written.push(...wrote);
    return { phase: 'step', call, at, after, until: written.length, said, expected };
  });
  return {
    ...{ setting: standardSetting, told: [began, ...told], events: storedFrom(written), canaries: new Map() },
    ...{ owners: new Map([[ids.program, ids.resident]]) },
  } as unknown as Trace;
};

const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };

/** A start that was accepted. */
export const start: Step = {
  at: '2026-03-05T08:05:00.000Z',
  call: command(
    {
      type: 'start-program',
      data: {
        ...{ templateId: 'tobakshjalpen', attested },
        resident: { personalNumber: '19850314-9802', name: ids.name },
      },
    },
    staff(ids.midwife, ids.unit),
    ids.command,
  ),
  said: receipt({ programId: ids.program }),
  wrote: [
    {
      stream: `program-${ids.program}`,
      type: 'started',
      data: { templateId: 'tobakshjalpen', unitId: ids.unit, clinician: ids.midwife },
    },
  ],
  expected: 'changed',
};
