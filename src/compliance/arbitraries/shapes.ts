import fc from 'fast-check';
import type { z } from 'zod';
import {
  HsaId,
  PersonName,
  PlainText,
  Reference,
  RegistrationCode,
  Slug,
  Uuid,
  WrittenPersonalNumber,
} from '../../domain/identifiers.ts';
import { Schedule } from '../../domain/program/schedule.ts';
import { Version } from '../../domain/template/commands.ts';
import { TemplateContent } from '../../domain/template/content.ts';
import { Day, Instant, Time } from '../../domain/time.ts';
import {
  anyCode,
  anyDay,
  anyHsaId,
  anyInstant,
  anyReference,
  anySlug,
  anyText,
  anyTime,
  anyUuid,
  anyWrittenNumber,
} from './names.ts';
import { anyTemplateContent } from './templates.ts';

type Schema = z.core.$ZodType;
type Values = fc.Arbitrary<unknown>;

const weekday = fc.constantFrom<Schedule['weekdays'][number]>(1, 2, 3, 4, 5, 6, 7);

/** A schedule about now, which need not end. */
const anySchedule: fc.Arbitrary<Schedule> = fc
  .record({
    from: anyDay,
    length: fc.option(fc.nat({ max: 60 })),
    everyWeeks: fc.integer({ min: 1, max: 4 }),
    weekdays: fc.uniqueArray(weekday, { minLength: 1 }),
    times: fc.uniqueArray(anyTime, { minLength: 1, maxLength: 3 }),
  })
  .map(({ from, length, ...rest }) => {
    const last = new Date(Date.parse(`${from}T00:00:00Z`) + (length ?? 0) * 86_400_000).toISOString().slice(0, 10);
    return { from, ...(length === null ? {} : { to: last }), ...rest };
  });

/** What is of a shape that the domain names. */
const known = new Map<Schema, Values>([
  [HsaId, anyHsaId],
  [Uuid, anyUuid],
  [Slug, anySlug],
  [WrittenPersonalNumber, anyWrittenNumber],
  [Reference, anyReference],
  [RegistrationCode, anyCode],
  [PersonName, anyText(40)],
  [PlainText, anyText(200)],
  [Day, anyDay],
  [Instant, anyInstant],
  [Time, anyTime],
  [Version, fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat({ max: 9 })).map((parts) => parts.join('.'))],
  [Schedule, anySchedule],
  [TemplateContent, anyTemplateContent({ mostModules: 3 })],
]);

type Bounds = { readonly least: number; readonly most: number };

type Bound = { readonly check: string; readonly minimum?: number; readonly maximum?: number } & {
  readonly value?: number;
  readonly inclusive?: boolean;
};

/** How each check that has a bound moves those that hold before it. */
const narrowed: Readonly<Record<string, (bounds: Bounds, bound: Bound) => Bounds>> = {
  min_length: (bounds, { minimum = 0 }) => ({ ...bounds, least: minimum }),
  max_length: ({ least, most }, { maximum = most }) => ({ least, most: Math.min(most, maximum) }),
  greater_than: (bounds, { value = 0, inclusive }) => ({ ...bounds, least: inclusive === true ? value : value + 1 }),
  less_than: ({ least, most }, { value = most, inclusive }) => ({
    least,
    most: Math.min(most, inclusive === true ? value : value - 1),
  }),
};

/** The bounds that the checks of a schema set; from 0 to `most` unless they say otherwise. */
const boundsOf = (schema: Schema, most: number): Bounds =>
  (schema._zod.def.checks ?? [])
    .map((check) => check._zod.def as Bound)
    .reduce<Bounds>((bounds, bound) => narrowed[bound.check]?.(bounds, bound) ?? bounds, { least: 0, most });

/** What a cursor means only the library knows: pages are asked for from their beginning. */
const leftOut = ['cursor'];

const objectOf = (shape: Readonly<Record<string, Schema>>): Values => {
  const fields = Object.entries(shape).filter(([name]) => !leftOut.includes(name));
  const required = fields.filter(([, field]) => field._zod.def.type !== 'optional').map(([name]) => name);
  const model = Object.fromEntries(fields.map(([name, field]) => [name, valuesOf(field)]));
  return fc.record(model, { requiredKeys: required, noNullPrototype: true });
};

const mostEntries = 3;

type Def = z.core.$ZodTypes['_zod']['def'];

/** The values of one sort of schema; throws for a sort that no input of the library has. */
const ofSort = (def: Def, schema: Schema): Values => {
  switch (def.type) {
    case 'object':
      return objectOf(def.shape);
    case 'optional':
      return valuesOf(def.innerType);
    case 'nullable':
      return fc.option(valuesOf(def.innerType));
    case 'array': {
      const { least, most } = boundsOf(schema, mostEntries);
      return fc.array(valuesOf(def.element), { minLength: least, maxLength: Math.max(least, most) });
    }
    case 'record':
      return fc
        .array(fc.tuple(valuesOf(def.keyType) as fc.Arbitrary<string>, valuesOf(def.valueType)), {
          maxLength: mostEntries,
        })
        .map((entries) => Object.fromEntries(entries));
    case 'union':
      return fc.oneof(...def.options.map(valuesOf));
    case 'literal':
      return fc.constantFrom(...def.values);
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries));
    case 'boolean':
      return fc.boolean();
    case 'number': {
      const { least, most } = boundsOf(schema, 1_000);
      return fc.integer({ min: least, max: Math.max(least, most) });
    }
    case 'string': {
      const { least, most } = boundsOf(schema, 200);
      return anyText(most, least);
    }
    default:
      throw new Error(`no values are known of ${def.type}`);
  }
};

const valuesOf = (schema: Schema): Values => known.get(schema) ?? ofSort((schema as z.core.$ZodTypes)._zod.def, schema);

/** Values that a schema of the library's input takes, of every shape that it has. */
export const anyOf = <A>(schema: z.ZodType<A>): fc.Arbitrary<A> =>
  valuesOf(schema).filter((value) => schema.safeParse(value).success) as fc.Arbitrary<A>;
