import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { processingRecord } from 'folja';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { pageOf } from '../../scripts/processing/page.ts';
import { HsaId, Uuid } from '../../src/domain/identifiers.ts';
import { eventShapes } from '../../src/eventStore/shapes.ts';
import { exceptions, skeletonFields } from '../../src/privacy/processingTerms.ts';

const { events, terms, stores } = processingRecord;
const shapes: Readonly<Record<string, { readonly data: z.ZodType; readonly sealed?: z.ZodType }>> = eventShapes;

type Inside = { readonly _zod: { readonly def: { readonly innerType?: z.ZodType; readonly shape?: object } } };
/** The schema in its optional or nullable cover. */
const bare = (schema: unknown): unknown => {
  const inner = (schema as Inside)._zod.def.innerType;
  return inner === undefined ? schema : bare(inner);
};
const shapeOf = (schema: z.ZodType | undefined): Readonly<Record<string, unknown>> =>
  schema === undefined ? {} : ((schema as unknown as Inside)._zod.def.shape as Readonly<Record<string, unknown>>);

/** HSA-ids that name a unit or a care provider, nobody. */
const ofOrganizations = ['unitId', 'careProviderId', 'fromUnit', 'toUnit'];

describe('the record of processing', () => {
  test('R242 GDPR 30 has every event that can be stored, with every field, sealed or in clear', () => {
    expect(events.map(({ type }) => type).toSorted()).toEqual(Object.keys(shapes).toSorted());
    for (const { type, fields } of events) {
      const named = (isSealed: boolean) => fields.filter(({ sealed }) => sealed === isSealed).map(({ name }) => name);
      expect([type, named(false)]).toEqual([type, Object.keys(shapeOf(shapes[type]?.data))]);
      expect([type, named(true)]).toEqual([type, Object.keys(shapeOf(shapes[type]?.sealed))]);
    }
  });

  test('GDPR 30 says of every field and event what it is, of whom, why, on what basis, how long, for whom', () => {
    const everything = [...events, ...stores];
    const unsaid = events.flatMap(({ type, fields }) =>
      fields.filter(({ category }) => !Object.hasOwn(terms.category, category)).map(({ name }) => `${type}.${name}`),
    );
    expect(unsaid).toEqual([]);
    for (const { purposes, legalBasis, retention, recipients } of everything) {
      expect(purposes.length * retention.length * recipients.length).toBeGreaterThan(0);
      expect(purposes.every((one) => Object.hasOwn(terms.purpose, one))).toBe(true);
      expect(retention.every((one) => Object.hasOwn(terms.retention, one))).toBe(true);
      expect(recipients.every((one) => Object.hasOwn(terms.recipient, one))).toBe(true);
      expect(Object.hasOwn(terms.legalBasis, legalBasis)).toBe(true);
    }
  });

  test('GDPR 30 uses every word that it explains, and classifies nothing that is not there', () => {
    const used = new Set([
      ...events.flatMap((event) => [...event.purposes, ...event.retention, ...event.recipients, event.legalBasis]),
      ...events.flatMap(({ fields, subjects }) => [...fields.map(({ category }) => category), ...subjects]),
      ...stores.flatMap((store) => [...store.retention, ...store.recipients, ...store.purposes]),
    ]);
    const words = Object.values(terms).flatMap((meanings) => Object.keys(meanings));
    expect(words.filter((word) => !used.has(word as never))).toEqual([]);
    const names = events.flatMap(({ type, fields }) => fields.flatMap(({ name }) => [name, `${type}.${name}`]));
    expect(
      [...Object.keys(skeletonFields), ...Object.keys(exceptions)].filter((name) => !names.includes(name)),
    ).toEqual([]);
  });

  test('R242 PDL 4:3 calls every HSA-id of a person staff identity, and none of a unit', () => {
    const found = events.flatMap(({ type, fields }) => {
      const shape = shapeOf(shapes[type]?.data);
      return fields
        .filter(({ name, sealed }) => !sealed && bare(shape[name]) === HsaId)
        .map(({ name, category }) => [`${type}.${name}`, category, ofOrganizations.includes(name)] as const);
    });
    expect(found.length).toBeGreaterThan(15);
    expect(found.filter(([, category, isUnit]) => (category === 'staff-identity') === isUnit)).toEqual([]);
  });

  test('R242 R246 has no sealed field without an end but the names of staff, and no identity in clear but a keyed reference', () => {
    const sealed = events.filter(({ fields }) => fields.some((field) => field.sealed));
    expect(sealed.length).toBeGreaterThan(10);
    for (const { type, aggregate, retention } of sealed)
      expect([type, retention[0]]).toEqual([type, aggregate === 'unit' ? 'unit-key' : 'care-key']);
    const clear = events.flatMap(({ fields }) =>
      fields.filter((field) => !field.sealed && field.category === 'identity'),
    );
    expect([...new Set(clear.map(({ name }) => name))]).toEqual(['person']);
    expect(bare(shapeOf(shapes.started?.data).unitId)).toBe(HsaId);
    expect(bare(shapeOf(shapes['message-sent']?.data).messageId)).toBe(Uuid);
  });

  test('GDPR 30 is what docs/privacy-record.md says: write it anew with node scripts/processing.ts', () => {
    const page = readFileSync(fileURLToPath(new URL('../../docs/privacy-record.md', import.meta.url)), 'utf8');
    expect(page).toBe(pageOf(processingRecord));
  });
});
