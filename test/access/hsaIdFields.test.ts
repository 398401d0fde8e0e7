import { describe, expect, test } from 'vitest';
import { commandSchemas } from '../../src/commands/catalog.ts';
import { HsaId, hsaIdFields } from '../../src/domain/identifiers.ts';

type Shape = Readonly<Record<string, unknown>>;

/** The names of the fields of a schema, however deep, whose schema is that of an HSA-id. */
const hsaIdFieldsOf = (schema: unknown, name = ''): readonly string[] => {
  if (schema === HsaId) return [name];
  const { shape, def } = (schema ?? {}) as { readonly shape?: Shape; readonly def?: Shape };
  if (shape !== undefined) return Object.entries(shape).flatMap(([field, inner]) => hsaIdFieldsOf(inner, field));
  return [def?.innerType, def?.element, def?.in].flatMap((inner) =>
    inner === undefined ? [] : hsaIdFieldsOf(inner, name),
  );
};

describe('the fields that are held to the strict form of an HSA-id', () => {
  test('are all that a command has', () => {
    const found = new Set(Object.values(commandSchemas).flatMap((schema) => hsaIdFieldsOf(schema)));
    expect([...found].sort()).toEqual([...hsaIdFields].sort());
  });
});
