import type { z } from 'zod';
import { handoverEvents } from '../domain/handover/events.ts';
import { programEvents } from '../domain/program/events.ts';
import { templateEvents } from '../domain/template/events.ts';
import { unitEvents } from '../domain/unit/events.ts';
import { accessEvents } from '../eventStore/accessEvents.ts';
import { type EventType, eventShapes } from '../eventStore/shapes.ts';
import {
  type DataCategory,
  type DataSubject,
  exceptions,
  type LegalBasis,
  type ProcessingPurpose,
  purposes,
  type Recipient,
  type Retention,
  type SealedField,
  type SkeletonField,
  sealedFields,
  skeletonFields,
  terms,
} from './processingTerms.ts';

/** A field of an event: in clear in the skeleton, or sealed and deleted with its key. */
export type ProcessedField = { readonly name: string; readonly category: DataCategory; readonly sealed: boolean };

type Aggregate = 'unit' | 'template' | 'program' | 'handover' | 'access-log';

/** What is processed in the events of one type, of whom, why, on what basis, for how long, and who gets it. */
export type ProcessedEvent = {
  readonly type: EventType;
  readonly aggregate: Aggregate;
  readonly fields: readonly ProcessedField[];
  readonly subjects: readonly DataSubject[];
  readonly purposes: readonly ProcessingPurpose[];
  readonly legalBasis: LegalBasis;
  readonly retention: readonly Retention[];
  readonly recipients: readonly Recipient[];
};

/** What is kept beside the events. */
export type ProcessedStore = Pick<
  ProcessedEvent,
  'subjects' | 'legalBasis' | 'retention' | 'recipients' | 'purposes'
> & {
  readonly name: string;
  readonly holds: string;
  readonly categories: readonly DataCategory[];
};

type Usual = Pick<ProcessedEvent, 'subjects' | 'legalBasis' | 'recipients'> & { readonly sealedUnder: Retention };

/** What holds for the events of an aggregate where nothing else is said. */
const usual: Readonly<Record<Aggregate, Usual>> = {
  unit: {
    subjects: ['staff'],
    legalBasis: 'staff',
    recipients: ['own-unit', 'regional-team'],
    sealedUnder: 'unit-key',
  },
  template: {
    subjects: ['staff'],
    legalBasis: 'staff',
    recipients: ['own-unit', 'regional-team'],
    sealedUnder: 'kept',
  },
  program: {
    subjects: ['resident', 'staff'],
    legalBasis: 'care',
    recipients: ['own-unit', 'resident', 'receiving-unit', 'copy'],
    sealedUnder: 'care-key',
  },
  handover: {
    subjects: ['resident', 'staff'],
    legalBasis: 'care',
    recipients: ['own-unit', 'receiving-unit', 'copy'],
    sealedUnder: 'care-key',
  },
  'access-log': {
    subjects: ['resident', 'staff'],
    legalBasis: 'log',
    recipients: ['log-auditor', 'resident', 'national-log'],
    sealedUnder: 'audit-year',
  },
};

/** Who gets an event of whom not everybody does who gets those of its aggregate. */
const fewer: Readonly<Partial<Record<EventType, readonly Recipient[]>>> = {
  'form-saved': ['resident'],
  'flag-raised': ['own-unit', 'receiving-unit', 'copy'],
  'flag-cleared': ['own-unit', 'receiving-unit', 'copy'],
  'documentation-recorded': ['own-unit', 'receiving-unit', 'copy'],
};

const aggregates: readonly (readonly [Aggregate, object])[] = [
  ['unit', unitEvents],
  ['template', templateEvents],
  ['program', programEvents],
  ['handover', handoverEvents],
  ['access-log', accessEvents],
];

const namesIn = (schema: z.ZodType | undefined): readonly string[] =>
  Object.keys((schema as { readonly shape?: object } | undefined)?.shape ?? {});

const fieldsOf = (type: EventType): readonly ProcessedField[] => {
  const shape: { readonly data: z.ZodType; readonly sealed?: z.ZodType } = eventShapes[type];
  const inClear = namesIn(shape.data).map((name) => ({
    name,
    category: exceptions[`${type}.${name}`] ?? skeletonFields[name as SkeletonField],
    sealed: false,
  }));
  const sealed = namesIn(shape.sealed).map((name) => ({
    name,
    category: sealedFields[`${type}.${name}` as SealedField],
    sealed: true,
  }));
  return [...inClear, ...sealed];
};

const eventOf = (aggregate: Aggregate, type: EventType): ProcessedEvent => {
  const { subjects, legalBasis, recipients, sealedUnder } = usual[aggregate];
  const fields = fieldsOf(type);
  const isSealed = fields.some(({ sealed, category }) => sealed || category === 'identity');
  return {
    ...{ type, aggregate, fields, subjects, legalBasis },
    purposes: purposes[type],
    retention: isSealed ? [sealedUnder, 'skeleton'] : ['skeleton'],
    recipients: fewer[type] ?? recipients,
  };
};

/** What every event says besides: who did it, when, by which command. */
const envelope: readonly ProcessedField[] = [
  ...['by.hsaId', 'by.role', 'by.office', 'by.unitId', 'by.careProviderId', 'by.authentication'].map((name) => ({
    ...{ name, category: 'staff-identity' as const, sealed: false },
  })),
  { name: 'by.person', category: 'identity', sealed: false },
  ...['stream', 'at', 'cause', 'policy'].map((name) => ({ name, category: 'none' as const, sealed: false })),
];

const resident = { subjects: ['resident'], legalBasis: 'care' } as const;

const stores: readonly ProcessedStore[] = [
  {
    name: 'rows of the audit years',
    holds: 'whose each program was: a keyed hash of the personal number, and the number sealed, under the year’s key',
    categories: ['identity'],
    ...{ subjects: ['resident'], purposes: ['access-control'], legalBasis: 'log', retention: ['audit-year'] },
    recipients: ['log-auditor', 'national-log'],
  },
  {
    name: 'the resident’s lookup',
    holds: 'a keyed hash of the personal number, and the programs of that resident',
    ...{ ...resident, categories: ['identity'], purposes: ['care'], retention: ['purge'], recipients: ['resident'] },
  },
  {
    name: 'read models',
    holds: 'ids, codes, counts and days of programs, and where sealed parts lie; no text of anybody’s',
    ...{ ...resident, categories: ['health'], purposes: ['care', 'administration'], retention: ['purge'] },
    recipients: ['own-unit', 'resident', 'receiving-unit'],
  },
  {
    name: 'the outbox',
    holds: 'who is to be told of what kind of news, by program and channel; no content and no address',
    ...{
      ...resident,
      categories: ['health'],
      purposes: ['administration'],
      retention: ['purge'],
      recipients: ['host'],
    },
  },
  {
    name: 'statistics',
    holds: 'counts by county, unit, template and month',
    ...{ subjects: [], categories: ['none'], purposes: ['statistics'], legalBasis: 'care', retention: ['kept'] },
    recipients: ['own-unit', 'regional-team'],
  },
];

/** The record of processing: machine-readable, and made from the shapes of the events themselves. */
export type ProcessingRecord = {
  readonly terms: typeof terms;
  readonly envelope: readonly ProcessedField[];
  readonly events: readonly ProcessedEvent[];
  readonly stores: readonly ProcessedStore[];
};

/**
 * What the library processes of whom, why, for how long and who gets it (GDPR art. 30): the part of a controller's record that the
 * library can know. docs/privacy-record.md is made of it.
 */
export const processingRecord: ProcessingRecord = {
  terms,
  envelope,
  events: aggregates.flatMap(([aggregate, shapes]) =>
    Object.keys(shapes).map((type) => eventOf(aggregate, type as EventType)),
  ),
  stores,
};
