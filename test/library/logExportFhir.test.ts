import type { AuditEvent as R4AuditEvent } from 'fhir/r4.js';
import type { AuditEvent } from 'folja/fhir';
import { describe, expect, test } from 'vitest';
import { faultsOf } from '../commands/exporting/fhirSchema.ts';
import { amning, aRegion, aStartedProgram, start, theProgram } from './given.ts';
import { lifeOf, live } from './life.ts';
import { exportPage, exportPages, logsOf, policy } from './logContract.ts';
import { at, auditor, disa, idAt, maternity, nameAt, resident, system, tolvan } from './people.ts';
import { aWorld, monday, type World } from './world.ts';

const { careProviderId } = maternity;
const b = at(maternity, 'b');
const hsa = (value: string) => ({ system: 'urn:oid:1.2.752.129.2.1.4.1', value });
const personal = (value: string) => ({ system: 'urn:oid:1.2.752.129.2.1.3.1', value });

const owners = { format: 'fhir', perspective: 'owner', careProviderId };
const eventsOf = async (world: World, query: object = owners): Promise<readonly AuditEvent[]> =>
  (await exportPages(world, query)).flatMap(({ rows }) => rows as unknown as readonly AuditEvent[]);
const of = (events: readonly AuditEvent[], action: string): AuditEvent | undefined =>
  events.find(({ subtype }) => subtype[0]?.code === action);

type Writable<T> = T extends object ? { -readonly [Field in keyof T]: Writable<T[Field]> } : T;
/** Compiles only while an entry has what R4 demands, and codes that R4 knows: its schema is silent on both. */
const asR4 = (event: AuditEvent): R4AuditEvent => structuredClone(event) as Writable<AuditEvent>;

type Entity = NonNullable<AuditEvent['entity']>[number];
const patientsIn = ({ entity = [] }: AuditEvent): readonly Entity[] =>
  entity.filter(({ what }) => what?.type === 'Patient');

describe('the log as FHIR AuditEvents', () => {
  test('R248 I23 keeps to the official schema of R4 in every entry of a whole life, and leaves none out', async () => {
    const world = await aWorld('in memory', { policy });
    await live(world, lifeOf());
    await world.misses({ view: 'timeline', programId: theProgram }, b);
    for (const perspective of ['provider', 'owner']) {
      const [page] = await exportPages(world, { format: 'fhir', perspective, careProviderId });
      const events = page?.rows as unknown as readonly AuditEvent[];
      const entries = await world.log({ perspective, careProviderId });
      const actions = entries.map(({ action }) => action);
      expect(events.map(({ subtype }) => subtype[0]?.code)).toEqual(actions.slice(0, events.length));
      expect(actions.slice(events.length)).toEqual(perspective === 'owner' ? ['log-export'] : []);
      expect(events.flatMap((event) => faultsOf(event))).toEqual([]);
      expect(events.map(asR4)).toEqual(events);
      expect(page?.leftOut).toEqual({ refused: 0, withoutUnit: 0, withoutProgram: 0 });
      expect(new Set(events.map(({ action }) => action))).toEqual(
        new Set(perspective === 'owner' ? ['C', 'U', 'R', 'D'] : ['C', 'U', 'R', 'D', 'E']),
      );
    }
  });

  test('R248 says who did what, where, for which purpose and about whom', async () => {
    const world = await aStartedProgram('in memory', { policy });
    await world.sees({ view: 'program', programId: theProgram }, b);
    const code = (name: string, value: string) => ({ system: `urn:folja:code:${name}`, code: value });
    const event = of(await eventsOf(world), 'program');
    const treatment = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' };
    const organization = (kind: string, id: string) => ({
      type: { coding: [code('agent', kind)] },
      who: { type: 'Organization', identifier: hsa(id) },
      requestor: false,
    });
    expect(event).toMatchObject({
      ...{ resourceType: 'AuditEvent', action: 'R', outcome: '0', recorded: monday },
      type: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110110' },
      subtype: [code('action', 'program')],
      purposeOfEvent: [{ coding: [treatment, code('purpose', 'care')] }],
      agent: [
        {
          who: { type: 'Practitioner', identifier: hsa(idAt(maternity, 'b')) },
          role: [{ coding: [code('role', 'clinician')] }],
          ...{ name: nameAt(maternity, 'b'), requestor: true },
        },
        organization('care-unit', maternity.unitId),
        organization('care-provider', careProviderId),
      ],
      source: { site: policy.system.name, observer: { type: 'Device', identifier: hsa(policy.system.id) } },
    });
    expect(event?.entity?.map(({ what, name }) => what?.identifier ?? name)).toEqual([
      personal(tolvan.personalNumber),
      { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${theProgram}` },
      'program',
    ]);
    expect(event).not.toHaveProperty('outcomeDesc');
  });

  test('R248 has one patient for an entry about one, IHE BALP, and one for each of a list', async () => {
    const world = await aStartedProgram('in memory');
    await start(world, amning, tolvan);
    await world.sees({ view: 'overview', tab: 'all' }, b);
    await start(world, amning, disa);
    await world.sees({ view: 'overview', tab: 'all' }, b);
    const lists = (await eventsOf(world)).filter(({ subtype }) => subtype[0]?.code === 'overview');
    expect(
      lists.map((list) =>
        patientsIn(list)
          .map(({ what }) => what?.identifier?.value)
          .toSorted(),
      ),
    ).toEqual([[tolvan.personalNumber], [tolvan.personalNumber, disa.personalNumber].toSorted()]);
  });

  test('R248 R251 names residents by their number, offices by their HSA-id and processes in words', async () => {
    const world = await aStartedProgram('in memory');
    await world.does('send-reminder', { programId: theProgram, about: { moduleId: 'steg-1' } }, system('clock'));
    await world.log({ programId: theProgram });
    const events = await eventsOf(world);
    const agentOf = (action: string) => of(events, action)?.agent;
    expect(agentOf('start-conversation')).toMatchObject([
      { who: { type: 'Patient', identifier: personal(tolvan.personalNumber) }, requestor: true },
    ]);
    expect(agentOf('send-reminder')).toMatchObject([{ who: { type: 'Device', display: 'clock' } }]);
    expect(agentOf('audit')).toMatchObject([
      {
        who: { type: 'Practitioner', identifier: hsa(auditor.kind === 'platform' ? auditor.hsaId : '') },
        role: [{ coding: [{ code: 'log-auditor' }] }],
        extension: [{ valueCode: 'siths' }, { valueInteger: 3 }],
      },
    ]);
    expect(events[0]?.source.observer).toEqual({ type: 'Device', display: 'folja' });
  });

  test('R251 says what was refused, with its code, and what was sent again', async () => {
    const world = await aStartedProgram('in memory');
    await world.fails('end-program', { programId: theProgram, reason: 'finns-inte', residentAware: true }, b);
    for (let time = 0; time < 2; time += 1)
      await world.does('activate-module', { programId: theProgram, moduleId: 'steg-2' }, b);
    const told = (await eventsOf(world)).map(({ outcome, outcomeDesc }) => [outcome, outcomeDesc]);
    expect(told.slice(-3)).toEqual([
      ['4', 'unknown-end-reason'],
      ['0', undefined],
      ['0', 'repeated'],
    ]);
  });

  test('R248 gives an entry the id that it has in the national log, also after a rebuild', async () => {
    const world = await aStartedProgram('in SQLite', { policy });
    const national = logsOf([await exportPage(world, { careProviderId })]).map(({ logId }) => logId);
    const ids = async () =>
      (await eventsOf(world, { ...owners, perspective: 'provider' }))
        .filter(({ entity = [] }) => entity.length > 1)
        .map(({ id }) => id);
    expect(await ids()).toEqual(national);
    await world.folja.rebuild();
    expect(await ids()).toEqual(national);
    const stored = new Set((await world.events()).map(({ id }) => id));
    expect(national.filter((id) => stored.has(id))).toEqual([]);
  });

  test('R248 names no resident in words where the log knows her by the year’s reference only', async () => {
    const world = await aRegion('in memory');
    await world.sees({ view: 'my-programs' }, resident(disa));
    const events = await eventsOf(world, { ...owners, perspective: 'provider' });
    expect(JSON.stringify(events)).not.toContain(disa.personalNumber);
  });
});
