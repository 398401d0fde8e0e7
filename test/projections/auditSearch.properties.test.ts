import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoredEvent } from '../../src/eventStore/eventStore.ts';
import { memoryDatabase } from '../../src/eventStore/memoryDatabase.ts';
import { enter, owned } from '../../src/projections/auditEntries.ts';
import { entriesIn } from '../../src/projections/auditExport.ts';
import type { AuditRow } from '../../src/projections/auditLog.ts';
import { type AuditFilter, accessRows, auditRows } from '../../src/projections/auditSearch.ts';
import { all } from '../../src/projections/projection.ts';
import { prepareReadModels } from '../../src/projections/runner.ts';

const owners = ['provider-1', 'provider-2'];
const programs = ['program-1', 'program-2', 'program-3', 'program-4'];
const anyOf = <A>(values: readonly A[]) => fc.constantFrom(...values);

const entry = fc.record({
  kind: anyOf(['staff', 'resident', 'platform', 'system', 'unknown'] as const),
  outcome: anyOf(['allowed', 'refused', 'repeated'] as const),
  action: anyOf(['read-conversation', 'certify-erasure']),
  provider: fc.option(anyOf(owners), { nil: undefined }),
  programs: fc.uniqueArray(anyOf([...programs, 'program-5']), { maxLength: 4 }),
  person: fc.option(anyOf(['person-1', 'person-2']), { nil: undefined, freq: 3 }),
  day: fc.integer({ min: 1, max: 9 }),
});
type Entry = typeof entry extends fc.Arbitrary<infer A> ? A : never;

const eventAt = (index: number, { kind, provider, action, day }: Entry): StoredEvent =>
  ({
    ...{ id: `event-${index}`, position: index * 2 + 1, stream: 'access-1', revision: index, type: 'viewed', data: {} },
    ...{ at: `2026-03-0${day}T00:00:00.000Z`, policy: 'p' },
    by: { kind, ...(provider === undefined ? {} : { careProviderId: provider }) },
    cause: { commandId: '', correlationId: '', causationId: '', command: action },
  }) as StoredEvent;

const filled = async (entries: readonly Entry[]): Promise<Database> => {
  const db = await memoryDatabase();
  prepareReadModels(db);
  for (const [index, program] of programs.entries())
    owned(db, `program-${program}`, { careProviderId: owners[index % 2] ?? '', unitId: 'unit' });
  for (const [index, one] of entries.entries())
    enter(db, eventAt(index, one), { activity: 'read', ...one, programs: one.programs });
  return db;
};

type Numbered = Entry & { readonly seq: number };
const numbered = (entries: readonly Entry[]): readonly Numbered[] =>
  entries.map((one, index) => ({ ...one, seq: index + 1 }));

const ownersOf = ({ programs: about }: Entry): readonly (string | undefined)[] =>
  about.map((program) => (program === 'program-5' ? undefined : owners[programs.indexOf(program) % 2]));

const filter = fc.record(
  {
    actorProvider: anyOf(owners),
    owner: anyOf(owners),
    from: fc.constant('2026-03-03T00:00:00.000Z'),
    to: fc.constant('2026-03-07T00:00:00.000Z'),
    programIds: fc.uniqueArray(anyOf([...programs, 'program-5']), { maxLength: 3 }),
    persons: fc.uniqueArray(anyOf(['person-1', 'person-2']), { maxLength: 2 }),
    without: anyOf([[], [2026], [2025]]),
  },
  { requiredKeys: [] },
);

/** What a search is to find, one entry after the other. */
const isFound =
  ({ actorProvider, owner, from, to, programIds, persons = [], without = [] }: AuditFilter) =>
  (one: Entry): boolean => {
    const at = `2026-03-0${one.day}T00:00:00.000Z`;
    const isAsked =
      programIds === undefined ||
      one.programs.some((program) => programIds.includes(program)) ||
      persons.includes(one.person ?? '');
    const isOwned = owner === undefined || ownersOf(one).includes(owner);
    const isIn = (from === undefined || at >= from) && (to === undefined || at <= to) && !without.includes(2026);
    return isAsked && isOwned && isIn && (actorProvider === undefined || one.provider === actorProvider);
  };

const entries = fc.array(entry, { maxLength: 30 });
const page = fc.record({ before: fc.integer({ min: 1, max: 40 }), limit: fc.integer({ min: 1, max: 12 }) });
const seqs = (rows: readonly Pick<AuditRow, 'seq'>[]): readonly number[] => rows.map(({ seq }) => seq);

describe('entries of the audit log, however they are searched', () => {
  test('R248 are those that one would find going through all of them, once each and in their order', async () => {
    await fc.assert(
      fc.asyncProperty(entries, filter, page, async (made, by, { before, limit }) => {
        const db = await filled(made);
        const expected = numbered(made).filter((one) => one.seq < before && isFound(by)(one));
        expect(seqs(auditRows(db, by, before, limit))).toEqual(seqs(expected.toReversed().slice(0, limit)));
        db.close();
      }),
    );
  });

  test('R248 are in an export those of a stretch of the log, the oldest first', async () => {
    await fc.assert(
      fc.asyncProperty(entries, filter, page, fc.nat(20), async (made, by, { before, limit }, after) => {
        const db = await filled(made);
        const { programIds: _, persons: __, ...wanted } = by;
        const isThere = ({ seq }: Numbered): boolean => seq * 2 - 1 > after && seq * 2 - 1 <= before;
        const expected = numbered(made).filter((one) => isThere(one) && isFound(wanted)(one));
        const stretch = { filter: wanted, after, through: before, onlyNational: false };
        expect(seqs(entriesIn(db, stretch, limit))).toEqual(seqs(expected.slice(0, limit)));
        db.close();
      }),
    );
  });

  test('R251 are in a resident’s report those by others who used what her programs hold', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.uniqueArray(anyOf(programs)), page, async (made, own, { before, limit }) => {
        const db = await filled(made);
        const expected = numbered(made).filter(
          ({ seq, kind, outcome, action, programs: about }) =>
            seq < before &&
            ['staff', 'platform', 'system'].includes(kind) &&
            ![outcome, action].some((word) => ['refused', 'certify-erasure'].includes(word)) &&
            about.some((program) => own.includes(program)),
        );
        const found = accessRows(db, { programIds: own, without: [] }, {}, before, limit);
        expect(seqs(found)).toEqual(seqs(expected.toReversed().slice(0, limit)));
        db.close();
      }),
    );
  });

  test('control: are found twice, or not at all, where an entry names no first program of an owner', async () => {
    const [one] = fc.sample(entry, 1);
    const db = await filled([{ ...(one as Entry), programs: ['program-1', 'program-3'] }]);
    const byOwner = () => seqs(auditRows(db, { owner: owners[0] }, 9, 9));
    expect(byOwner()).toEqual([1]);
    db.exec('UPDATE audit_entry_programs SET first_of_owner = 1');
    expect(byOwner()).toEqual([1, 1]);
    db.exec('UPDATE audit_entry_programs SET first_of_owner = 0');
    expect(byOwner()).toEqual([]);
    expect(all(db, 'SELECT 1 FROM audit_entry_programs')).toHaveLength(2);
    db.close();
  });
});
