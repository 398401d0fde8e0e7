import { z } from 'zod';
import type { Actor, FoljaOptions } from '../../src/index.ts';
import { auditor } from './people.ts';
import type { Rows, World } from './world.ts';

/*
 * One `log` of StoreLog, from the tables of Inera's contract informationsecurity:auditing:log 2.0 and without a look at what makes it:
 * fields with their cardinality, lengths and lists of values.
 */

const text = (longest: number) => z.string().min(1).max(longest);
const hsaId = text(32);
const careProvider = z.strictObject({ careProviderId: hsaId, careProviderName: text(256).optional() });
const careUnit = z.strictObject({ careUnitId: hsaId, careUnitName: text(256).optional() });
const numbers = { '1.2.752.129.2.1.3.1': /^\d{6}[0-3]\d{5}$/, '1.2.752.129.2.1.3.3': /^\d{6}[6-9]\d{5}$/ } as const;
const identifier = z
  .strictObject({ root: z.enum(Object.keys(numbers) as (keyof typeof numbers)[]), extension: z.string().optional() })
  .refine(({ root, extension }) => numbers[root].test(extension ?? ''));

const resource = z.strictObject({
  resourceType: text(256),
  patient: z.strictObject({ patientId: identifier, patientName: text(256).optional() }).optional(),
  careProvider,
  careUnit: careUnit.optional(),
});

export const nationalLog = z.strictObject({
  logId: z.uuid().max(36),
  system: z.strictObject({ systemId: hsaId, systemName: text(256).optional() }),
  activity: z.strictObject({
    activityType: z.enum(['Läsa', 'Skriva', 'Signera', 'Utskrift', 'Vidimera', 'Radera', 'Nödöppning']),
    activityLevel: text(256).optional(),
    activityArgs: text(8192).optional(),
    startDate: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}$/),
    purpose: z.enum([
      'Vård och behandling',
      'Kvalitetssäkring',
      'Annan dokumentation enligt lag',
      'Statistik',
      'Administration',
      'Kvalitetsregister',
    ]),
  }),
  user: z.strictObject({
    userId: hsaId,
    name: text(256).optional(),
    personId: identifier.optional(),
    assignment: text(256).optional(),
    title: text(256).optional(),
    careProvider,
    careUnit,
  }),
  resources: z.strictObject({ resource: z.array(resource).min(1) }),
});
export type NationalLog = z.infer<typeof nationalLog>;

/** The policy of a region whose system has a name in the national log. */
export const policy = {
  id: 'skane-1',
  system: { id: 'SE2321000131-SOB', name: 'Stöd och behandling' },
} satisfies FoljaOptions['policy'];

/** A page of an export. */
export type Page = Rows & {
  readonly asOf: string;
  readonly resume: string;
  readonly leftOut: { readonly refused: number; readonly withoutUnit: number; readonly withoutProgram: number };
};

/** Asks for one page of an export. */
export const exportPage = ({ sees }: World, query: object, actor: Actor = auditor): Promise<Page> =>
  sees<Page>({ view: 'log-export', format: 'inera', perspective: 'provider', ...query }, actor);

/** Every page of an export, from a cursor to the end. */
export const exportPages = async (world: World, query: object): Promise<readonly Page[]> => {
  const pages: Page[] = [];
  for (let cursor: string | undefined, more = true; more && pages.length < 1_000; more = cursor !== undefined) {
    const page = await exportPage(world, { ...query, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(page);
    cursor = page.next;
  }
  return pages;
};

/** The rows of pages as the contract has them; a row that it does not have fails. */
export const logsOf = (pages: readonly Page[]): readonly NationalLog[] =>
  pages.flatMap(({ rows }) => rows.map((row) => nationalLog.parse(row)));
