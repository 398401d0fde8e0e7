import Sqlite from 'better-sqlite3';
import { describe, expect, test, vi } from 'vitest';
import type { Actor } from '../../src/index.ts';
import { all } from '../../src/projections/projection.ts';
import { readModelTables } from '../../src/projections/runner.ts';
import { lifeBeforePurge, lifesConversation, lifesProgram, live, thePurge } from '../library/life.ts';
import { at, auditor, childHealth, idAt, maternity, office, region, resident, tolvan } from '../library/people.ts';
import { viewActs } from '../library/permissions/acts.ts';
import { aDay, aWorld, type World } from '../library/world.ts';

/** Every statement that is prepared while something happens. */
const preparedDuring = async (work: () => Promise<void>): Promise<readonly string[]> => {
  const texts = new Set<string>();
  const { prepare } = Sqlite.prototype;
  const watched = vi.spyOn(Sqlite.prototype, 'prepare').mockImplementation(function (this: Sqlite.Database, text) {
    texts.add(text);
    return Reflect.apply(prepare, this, [text]);
  });
  try {
    await work();
  } finally {
    watched.mockRestore();
  }
  return [...texts];
};

const everybody: readonly Actor[] = [
  ...['b', 'ia', 'da', 'ba'].flatMap((member) => [at(maternity, member), at(childHealth, member)]),
  ...[auditor, region, office, resident(tolvan)],
];

const narrowed: readonly (readonly [actor: Actor, ...filters: readonly object[]])[] = [
  [
    at(maternity, 'b'),
    ...[{ conversationId: lifesConversation }, { search: 'BMM' }, { county: maternity.county }, { types: ['started'] }],
    ...[
      { templateId: 'tobakshjalpen', version: '1.0' },
      { from: '2026-03-01', to: '2026-03-09' },
    ],
  ],
  [
    auditor,
    ...[{ unitId: maternity.unitId }, { hsaId: idAt(maternity, 'b') }, { programId: lifesProgram }],
    ...[{ personalNumber: tolvan.personalNumber }, { careProviderId: maternity.careProviderId }],
    { from: '2026-03-01T00:00:00.000Z', to: '2026-03-09T00:00:00.000Z' },
  ],
];

/** Every view, by everybody, and narrowed. */
const askAll = async ({ view }: Pick<World['folja'], 'view'>): Promise<void> => {
  for (const { what, about } of viewActs) {
    const query = { view: what, ...about(lifesProgram) };
    for (const actor of everybody) await view(query, actor);
    for (const [actor, ...filters] of narrowed) for (const more of filters) await view({ ...query, ...more }, actor);
  }
};

/** A table that a statement is about. */
const tableIn = /\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)/g;
const tablesOf = (text: string): readonly string[] => [...text.matchAll(tableIn)].map(([, table = '']) => table);

const isOfReadModels = (text: string): boolean =>
  /^\s*(?:WITH|SELECT|UPDATE|DELETE|INSERT)\b/.test(text) &&
  tablesOf(text).some((table) => readModelTables.includes(table));

const planOf = (db: Sqlite.Database, text: string): readonly string[] => {
  const explained = db.prepare(`EXPLAIN QUERY PLAN ${text}`);
  const values = Array.from({ length: (text.match(/\?/g) ?? []).length }, () => null);
  return (explained.all(...values) as readonly { readonly detail: string }[]).map(({ detail }) => detail);
};

/** Tables that do not grow with programs or events. */
const few: readonly string[] = [
  'units',
  'template_versions',
  'template_reviews',
  'enabled_templates',
  'disposed_log_years',
  'deferred_tidings',
  'projections',
];

/** A statement, and how SQLite goes about it. */
type Planned = { readonly text: string; readonly plan: readonly string[] };

/** What a plan does with all rows of a table, or with a tree that it makes first. What is bound as a list is short. */
const faultsIn = ({ text, plan }: Planned): readonly string[] => {
  const aliases = [...text.matchAll(/\b([a-z_]+) AS ([a-z_]+)\b/g)].map(
    ([, table = '', name = '']) => [name, table] as const,
  );
  const named = new Map(aliases);
  return plan.filter((detail) => {
    if (detail.startsWith('USE TEMP B-TREE')) return true;
    const [, name = ''] = /^SCAN ([a-z_]+)/.exec(detail) ?? [];
    const table = named.get(name) ?? name;
    return readModelTables.includes(table) && !few.includes(table);
  });
};

/** Plans that are as they are on purpose: what the statement holds, what it does, and why. */
const exceptions: readonly (readonly [text: string, fault: string, why: string])[] = [
  [
    'SELECT DISTINCT units.county',
    'USE TEMP B-TREE FOR ORDER BY',
    'a line for each unit and template, whatever the number of programs',
  ],
  ...['SCAN outbox USING INDEX outbox_undelivered', 'USE TEMP B-TREE FOR ORDER BY'].map(
    (fault) =>
      [
        'FROM outbox INDEXED BY outbox_undelivered',
        fault,
        'only what was tried and did not get through is in that index',
      ] as const,
  ),
  ['UPDATE outbox SET state', 'SCAN outbox USING INDEX outbox_waiting', 'only what waits to be handed over is in it'],
  ['FROM purged_programs', 'SCAN purged_programs', 'a replay leaves out everything that is purged today'],
  [
    'FROM audit_entries WHERE audit_entries.seq < ? AND at >= ? AND at <= ?',
    'USE TEMP B-TREE FOR ORDER BY',
    'the entries of an interval: clocks differ, so that their order is not that of their times',
  ],
  [
    'FROM programs WHERE programs.program_id IN (SELECT value FROM json_each(?))',
    'USE TEMP B-TREE FOR ORDER BY',
    'a replay shows a unit only the programs that it has today, which are bound as a list',
  ],
  [
    'WHERE duties.program_id IN (SELECT value FROM json_each(?))',
    'USE TEMP B-TREE FOR ORDER BY',
    'a replay shows a clinician only the programs that are hers today, which are bound as a list',
  ],
];

const excepted = (text: string, fault: string) =>
  exceptions.filter(([part, of]) => text.includes(part) && fault.startsWith(of));

type Lived = { readonly statements: readonly Planned[]; readonly indexes: readonly string[] };

const indexesIn = (db: Sqlite.Database): readonly string[] =>
  all<{ readonly name: string; readonly table: string }>(
    db,
    `SELECT name, tbl_name AS "table" FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`,
  ).flatMap(({ name, table }) => (readModelTables.includes(table) ? [name] : []));

const living = async (): Promise<Lived> => {
  const world = await aWorld('in SQLite');
  const { readModels } = world.engine;
  const texts = await preparedDuring(async () => {
    await live(world, lifeBeforePurge());
    await askAll(world.folja);
    world.clock.later(aDay);
    await world.folja.tick();
    const position = String((await world.events()).length);
    await askAll(await world.folja.replay({ until: { position } }, auditor));
    await live(world, thePurge);
    await askAll(world.folja);
  });
  const statements = texts.filter(isOfReadModels).map((text) => ({ text, plan: planOf(readModels, text) }));
  return { statements, indexes: indexesIn(readModels) };
};

let once: Promise<Lived> | undefined;

/** Lived once, by the first test that asks. */
const lived = (): Promise<Lived> => {
  once ??= living();
  return once;
};

describe('the plans of the statements of views and read models', () => {
  test('read no table whole that grows, and sort by no tree of their own', async () => {
    const { statements } = await lived();
    expect(statements.length).toBeGreaterThan(150);
    const found = statements.flatMap((one) => faultsIn(one).map((fault) => ({ text: one.text, fault })));
    expect(found.filter(({ text, fault }) => excepted(text, fault).length === 0)).toEqual([]);
    const used = new Set(found.flatMap(({ text, fault }) => excepted(text, fault)));
    expect(exceptions.filter((one) => !used.has(one))).toEqual([]);
  }, 60_000);

  test('use every index that is kept', async () => {
    const { statements, indexes } = await lived();
    const plans = statements.flatMap(({ plan }) => plan).join('\n');
    expect(indexes.length).toBeGreaterThan(10);
    // What leaves a row out that is there already says so in no plan.
    const isAskedForConflicts = (name: string): boolean =>
      name === 'audit_by_command' && statements.some(({ text }) => text.includes('ON CONFLICT (command_id)'));
    expect(indexes.filter((name) => !plans.includes(name) && !isAskedForConflicts(name))).toEqual([]);
  }, 60_000);

  test.each([
    ["others' uses of a resident's program", 'about.used = 1', 'audit_by_program (program_id=? AND used=? AND seq<?)'],
    ['entries about a program', 'about.used = ?', 'audit_by_program (program_id=? AND used=? AND seq<?)'],
    ["entries about a provider's information", 'about.first_of_owner = 1', 'audit_by_owner (owner=? AND seq<?)'],
    ['entries about a person whom no program names', 'AND person = ?', 'audit_by_person (person=? AND seq<?)'],
  ])(
    'find %s by an index that holds just those, in their order',
    async (_, part, index) => {
      const { statements } = await lived();
      const plans = statements
        .filter(({ text }) => text.includes(part) && text.includes('DESC'))
        .map(({ plan }) => plan);
      expect(plans.length).toBeGreaterThan(0);
      for (const plan of plans) expect(plan[0]).toContain(index);
    },
    60_000,
  );

  test('would be found if they did (control)', async () => {
    const { engine } = await aWorld('in SQLite');
    const faults = (text: string) => faultsIn({ text, plan: planOf(engine.readModels, text) });
    expect(faults('SELECT * FROM messages WHERE at = ?')).toEqual(['SCAN messages']);
    expect(faults('SELECT * FROM forms AS one WHERE state = ?')).toEqual(['SCAN one']);
    expect(faults('DELETE FROM duties WHERE duty_id = ?')).toEqual(['SCAN duties']);
    const sorted = 'SELECT * FROM messages WHERE program_id = ? ORDER BY at';
    expect(faults(sorted)).toEqual(['USE TEMP B-TREE FOR ORDER BY']);
    expect(faults('SELECT * FROM units')).toEqual([]);
  });
});
