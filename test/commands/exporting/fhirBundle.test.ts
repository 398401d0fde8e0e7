import type { Bundle as R4Bundle } from 'fhir/r4.js';
import { type Bundle, type ProgramDocument, programBundle } from 'folja/fhir';
import { describe, expect, test } from 'vitest';
import { aBeginning, aMiddle, anEnd, aWholeLife } from './documents.ts';
import { faultsOf } from './fhirSchema.ts';

const programs = {
  'a whole life of Tobakshjälpen': aWholeLife,
  'Tobakshjälpen in the midst of it': aMiddle,
  'Tobakshjälpen that ended with modules open': anEnd,
  'Lär dig om amning that has begun': aBeginning,
};

const made = new Map<() => Promise<ProgramDocument>, Promise<ProgramDocument>>();
/** A document, made by the first test that asks for it. */
const documentOf = (make: () => Promise<ProgramDocument>): Promise<ProgramDocument> => {
  const document = made.get(make) ?? make();
  made.set(make, document);
  return document;
};

type Resource = Bundle['entry'][number]['resource'];
type Of<Type extends Resource['resourceType']> = Extract<Resource, { resourceType: Type }>;

const resourcesIn = <Type extends Resource['resourceType']>({ entry }: Bundle, type: Type) =>
  entry.map(({ resource }) => resource).filter((one): one is Of<Type> => one.resourceType === type);
const tasksIn = (bundle: Bundle, kind: string) =>
  resourcesIn(bundle, 'Task').filter(({ code }) => code.coding?.[0]?.code === kind);

type Writable<T> = T extends object ? { -readonly [Field in keyof T]: Writable<T[Field]> } : T;
/** Compiles only while a bundle has what R4 demands, and codes that R4 knows: its schema is silent on both. */
const asR4 = (bundle: Bundle): R4Bundle => structuredClone(bundle) as Writable<Bundle>;

/** Every reference in a value, wherever it stands. */
const referencesIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'reference' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  );
};

describe.each(Object.entries(programs))('the bundle of %s', (_, make) => {
  test('R244 keeps to the official schema of R4, each resource and the whole', async () => {
    const bundle = programBundle(await documentOf(make));
    expect(bundle.entry.flatMap(({ resource }) => faultsOf(resource))).toEqual([]);
    expect(faultsOf(bundle)).toEqual([]);
    expect(asR4(bundle)).toEqual(bundle);
  });

  test('R244 names each resource once, and refers only to what is in it', async () => {
    const bundle = programBundle(await documentOf(make));
    const urls = bundle.entry.map(({ fullUrl }) => fullUrl);
    expect(new Set(urls).size).toBe(urls.length);
    expect(bundle.entry.every(({ fullUrl, resource }) => fullUrl === `urn:uuid:${resource.id}`)).toBe(true);
    expect(referencesIn(bundle).filter((reference) => !urls.includes(reference))).toEqual([]);
    expect(referencesIn(bundle).length).toBeGreaterThan(20);
  });

  test('R244 is the same each time, also from a document that was kept as JSON', async () => {
    const document = await documentOf(make);
    const kept = JSON.parse(JSON.stringify(document)) as ProgramDocument;
    expect(JSON.stringify(programBundle(kept))).toBe(JSON.stringify(programBundle(document)));
  });
});

describe('the schema', () => {
  test('finds a field that R4 does not have, a code that it does not know and what is missing', () => {
    expect(faultsOf({ resourceType: 'Task', taskType: 'module' } as never)).not.toEqual([]);
    expect(faultsOf({ resourceType: 'Task', status: 'done' } as never)).not.toEqual([]);
    expect(faultsOf({ resourceType: 'CarePlan' })).not.toEqual([]);
    expect(faultsOf({ resourceType: 'Program' })).toEqual(['there is no resource Program']);
  });
});

const patientOf = (bundle: Bundle) => resourcesIn(bundle, 'Patient').map(({ identifier, name }) => [identifier, name]);

describe('the resident', () => {
  test('R244 is a patient with a personal number, and no part of it is in an id', async () => {
    const document = await documentOf(aBeginning);
    const bundle = programBundle(document);
    const identifier = { system: 'urn:oid:1.2.752.129.2.1.3.1', value: '198112289874' };
    expect(patientOf(bundle)).toEqual([[[identifier], [{ text: 'Disa Ågren' }]]]);
    const other = programBundle({ ...document, resident: { personalNumber: '191212121212', name: 'Någon' } });
    expect(other.entry.map(({ fullUrl }) => fullUrl)).toEqual(bundle.entry.map(({ fullUrl }) => fullUrl));
  });

  test('R244 with a coordination number is told by the system of those', async () => {
    const document = await documentOf(aBeginning);
    const bundle = programBundle({ ...document, resident: { personalNumber: '197010632391', name: 'Någon' } });
    const identifier = { system: 'urn:oid:1.2.752.129.2.1.3.3', value: '197010632391' };
    expect(patientOf(bundle)).toEqual([[[identifier], [{ text: 'Någon' }]]]);
  });
});

describe('the care plan', () => {
  test('R244 is active while the program is ongoing, and names the template with its version', async () => {
    const bundle = programBundle(await documentOf(aBeginning));
    expect(resourcesIn(bundle, 'CarePlan')).toMatchObject([
      {
        status: 'active',
        title: 'Lär dig om amning',
        instantiatesCanonical: ['urn:folja:template:lar-dig-om-amning|1.0'],
        period: { start: '2026-03-02T08:00:00.000Z' },
      },
    ]);
    expect(resourcesIn(bundle, 'CarePlan')[0]?.period).not.toHaveProperty('end');
  });

  test('R244 is completed when it has ended, with the reason and until when it could be read', async () => {
    const bundle = programBundle(await documentOf(aWholeLife));
    const [plan] = resourcesIn(bundle, 'CarePlan');
    expect(plan).toMatchObject({ status: 'completed', period: { end: '2026-03-02T08:00:00.000Z' } });
    expect(plan?.extension).toEqual([
      { url: 'urn:folja:extension:end-reason', valueCode: 'avslutad-enligt-plan' },
      { url: 'urn:folja:extension:resident-aware', valueBoolean: true },
      { url: 'urn:folja:extension:readable-until', valueDate: '2026-05-31' },
    ]);
  });

  test('R244 has the responsible clinician and the unit by their HSA-ids, after a handover those of the new one', async () => {
    const bundle = programBundle(await documentOf(aWholeLife));
    const hsaIds = new Map(
      [...resourcesIn(bundle, 'Practitioner'), ...resourcesIn(bundle, 'Organization')].map(({ id, identifier }) => [
        `urn:uuid:${id}`,
        identifier,
      ]),
    );
    const named = resourcesIn(bundle, 'PractitionerRole').map(({ practitioner, organization }) =>
      referencesIn([practitioner, organization]).map((reference) => hsaIds.get(reference)),
    );
    const system = 'urn:oid:1.2.752.129.2.1.4.1';
    expect(named).toEqual([[[{ system, value: 'SE2321000131-BVC1b' }], [{ system, value: 'SE2321000131-BVC1' }]]]);
  });

  test('R244 of a training unit is marked as no real care', async () => {
    const document = await documentOf(aBeginning);
    const program = { ...document.program, environment: 'training' } as const;
    const bundle = programBundle({ ...document, program });
    expect(bundle.meta?.tag.map(({ code }) => code)).toEqual(['HTEST']);
    expect(faultsOf(bundle)).toEqual([]);
    expect(programBundle(document)).not.toHaveProperty('meta');
  });
});

describe('the modules', () => {
  test('R244 are tasks: open, closed again, completed; with their days, and current where they are', async () => {
    const whole = tasksIn(programBundle(await documentOf(aWholeLife)), 'module');
    expect(whole.map(({ code, status }) => [code.text, status])).toEqual([
      ['inledning', 'cancelled'],
      ['bra-att-veta', 'cancelled'],
      ['steg-1', 'completed'],
      ['steg-2', 'cancelled'],
    ]);
    const middle = tasksIn(programBundle(await documentOf(aMiddle)), 'module');
    expect(middle.find(({ code }) => code.text === 'steg-2')).toMatchObject({
      status: 'in-progress',
      businessStatus: { coding: [{ system: 'urn:folja:code:module', code: 'current' }] },
      executionPeriod: { start: '2026-03-02T08:00:00.000Z' },
      restriction: { period: { start: '2026-03-02', end: '2026-03-16' } },
    });
  });

  test('R244 have sections of their own, as far as they were opened', async () => {
    const [whole, middle] = [await documentOf(aWholeLife), await documentOf(aMiddle)].map(programBundle);
    expect(tasksIn(whole as Bundle, 'section').map(({ status }) => status)).toEqual(['completed']);
    expect(tasksIn(middle as Bundle, 'section').map(({ status }) => status)).toEqual(['in-progress']);
  });

  test('R244 lead to the forms that were submitted, where an empty answer is none', async () => {
    const bundle = programBundle(await documentOf(aMiddle));
    const [response] = resourcesIn(bundle, 'QuestionnaireResponse');
    expect(response?.questionnaire).toBe('urn:folja:template:tobakshjalpen:steg-1:fragor|1.0');
    expect(response?.item?.map(({ linkId, answer }) => [linkId, answer])).toEqual([['fraga-1', undefined]]);
    const outputs = tasksIn(bundle, 'module').flatMap((task) => ('output' in task ? referencesIn(task.output) : []));
    expect(outputs).toEqual([`urn:uuid:${response?.id}`]);
  });
});
