import { describe, expect, test } from 'vitest';
import type { Actor, QueryInput } from '../../src/index.ts';
import { viewNames } from '../../src/projections/viewing.ts';
import { amning, aRegion, end, offer, start, tobak, uuid } from './given.ts';
import { at, auditor, childHealth, disa, majken, maternity, region, resident, tolvan } from './people.ts';
import { type Rows, stores, type World } from './world.ts';

const theThird = { personalNumber: '197010632391', name: 'Sam Ordning' };

const firstSection = { moduleId: 'kapitel-1', sectionId: 'avsnitt-1' };

const untilMonday = { to: '2026-03-02T08:00:00.000Z' };
const { careProviderId } = maternity;

/** Something to page through in every view of rows. */
const crowd = async (world: World): Promise<string> => {
  const programs = [];
  for (const person of [tolvan, disa, majken, theThird])
    programs.push(await start(world, amning, person), await start(world, tobak, person));
  const [first = '', second = '', third = '', ...others] = programs;
  for (const [index, programId] of others.entries()) await offer(world, programId, childHealth, uuid(40 + index));
  for (const programId of [second, third]) await end(world, programId);
  const check = { careProviderId, from: '2026-02-01', to: '2026-02-28', finding: 'nothing-unusual' };
  for (const entries of [1, 2, 3]) await world.does('record-log-check', { ...check, entries }, auditor);
  for (let number = 0; number < 4; number += 1) {
    const conversationId = uuid(60 + number);
    await world.does(
      'start-conversation',
      { programId: first, conversationId, subject: `Ämne ${number}`, body: 'Hej' },
      at(maternity, 'b'),
    );
    await world.does('comment', { programId: first, ...firstSection, text: `Tanke ${number}` }, resident(tolvan));
    await world.does('reply', { programId: first, conversationId: uuid(60), body: `Rad ${number}` }, resident(tolvan));
  }
  const schedule = { from: '2026-03-02', everyWeeks: 1, weekdays: [1, 2, 3, 4, 5], times: ['08:00', '20:00'] };
  const plan = { schedule, elements: [{ title: 'Promenad', kind: 'done' }], graceDays: 1, remind: false };
  await world.does('create-activity-plan', { programId: first, ...plan }, at(maternity, 'b'));
  return first;
};

const queriesAbout = (programId: string): readonly (readonly [QueryInput, Actor])[] => [
  [{ view: 'overview', tab: 'mine' }, at(maternity, 'b')],
  [{ view: 'overview', tab: 'all' }, at(maternity, 'ia')],
  [{ view: 'overview', tab: 'ended' }, at(maternity, 'da')],
  [{ view: 'overview', tab: 'handovers' }, at(childHealth, 'ia')],
  [{ view: 'my-programs' }, resident(tolvan)],
  [{ view: 'comments', programId }, resident(tolvan)],
  [{ view: 'conversations', programId }, at(maternity, 'b')],
  [{ view: 'conversation', programId, conversationId: uuid(60) }, resident(tolvan)],
  [{ view: 'timeline', programId }, at(maternity, 'b')],
  [{ view: 'activities', programId, from: '2026-03-02', to: '2026-03-08' }, resident(tolvan)],
  [{ view: 'documentation' }, at(maternity, 'b')],
  [{ view: 'documentation', programId }, at(maternity, 'b2')],
  [{ view: 'access-report' }, resident(tolvan)],
  [{ view: 'templates' }, at(maternity, 'plain')],
  [{ view: 'statistics' }, region],
  [{ view: 'undelivered' }, at(maternity, 'ia')],
  [{ view: 'staff' }, at(maternity, 'ba')],
  [{ view: 'units' }, region],
  [{ view: 'units', mine: true }, at(maternity, 'b')],
  [{ view: 'caseload' }, at(maternity, 'ia')],
  [{ view: 'purge-list' }, at(maternity, 'da')],
  [{ view: 'audit', perspective: 'provider', to: '2026-03-02T08:00:00.000Z' }, auditor],
  [{ view: 'log-checks' }, auditor],
  [{ view: 'log-export', format: 'fhir', perspective: 'owner', ...untilMonday, careProviderId }, auditor],
];

/** Every page of a query, from the first to the last. */
const pagesOf = async (world: World, query: QueryInput, actor: Actor, limit: number): Promise<readonly Rows[]> => {
  const pages: Rows[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await world.sees({ ...query, limit, ...(cursor === undefined ? {} : { cursor }) }, actor);
    pages.push(page);
    cursor = page.next;
  }
  return pages;
};

const isSingle = (view: string): boolean =>
  ['program', 'my-program', 'form', 'purge', 'template', 'profile'].includes(view);
const invalid = (path: string, code: string) => ({ kind: 'invalid', issues: [{ path, code }] });

describe.each(stores)('a view of rows %s', (kind) => {
  test('visits every row once, in the same order, for every size of page', async () => {
    const world = await aRegion(kind);
    const queries = queriesAbout(await crowd(world));
    expect(new Set(queries.map(([{ view }]) => view))).toEqual(new Set(viewNames.filter((view) => !isSingle(view))));
    world.clock.later(1);
    for (const [query, actor] of queries) {
      const { rows, next } = await world.sees({ ...query, limit: 200 }, actor);
      expect(next).toBeUndefined();
      const many = rows.length > 20;
      for (const limit of many ? [7, 31] : rows.map((_, index) => index + 1)) {
        const pages = await pagesOf(world, query, actor, limit);
        expect(pages.flatMap((page) => page.rows)).toEqual(rows);
        expect(pages.length).toBe(Math.max(1, Math.ceil(rows.length / limit)));
        expect(pages.slice(0, -1).every((page) => page.rows.length === limit)).toBe(true);
      }
    }
  });

  test('refuses a limit of none, of more than 200, and of no number', async () => {
    const world = await aRegion(kind);
    const query = { view: 'staff' };
    for (const [limit, code] of [
      [0, 'too-small'],
      [201, 'too-big'],
      [-1, 'too-small'],
      [1.5, 'invalid-type'],
      ['5', 'invalid-type'],
    ])
      expect(await world.misses({ ...query, limit }, at(maternity, 'ba'))).toEqual(
        invalid('query.limit', code as string),
      );
    expect(await world.misses({ view: 'program', programId: uuid(1), limit: 5 }, at(maternity, 'b'))).toEqual(
      invalid('query', 'unknown-key'),
    );
  });

  test('refuses the cursor of another view or tab, and what is none', async () => {
    const world = await aRegion(kind);
    const queries = queriesAbout(await crowd(world));
    const cursors = new Map<string, string>();
    for (const [query, actor] of queries) {
      const { next } = await world.sees({ ...query, limit: 1 }, actor);
      if (next !== undefined) cursors.set(`${query.view} ${query.tab ?? ''}`, next);
    }
    expect(cursors.size).toBeGreaterThanOrEqual(10);
    const garbage = [
      '',
      ' ',
      'x',
      'null',
      'W10',
      btoa('["staff"]'),
      btoa('["staff",1,2]'),
      btoa('{"0":"staff"}'),
      '💥',
    ];
    for (const [query, actor] of queries) {
      const own = `${query.view} ${query.tab ?? ''}`;
      const others = [...cursors].filter(([name]) => name !== own).map(([, cursor]) => cursor);
      for (const cursor of [...others, ...garbage])
        expect(await world.misses({ ...query, cursor }, actor)).toEqual(invalid('query.cursor', 'invalid-value'));
    }
  });

  test('R171 holds nothing personal in its cursors', async () => {
    const world = await aRegion(kind);
    const queries = queriesAbout(await crowd(world));
    for (const [query, actor] of queries) {
      const { next = '' } = await world.sees({ ...query, limit: 1 }, actor);
      const text = Buffer.from(next, 'base64url').toString('utf8');
      for (const { personalNumber, name } of [tolvan, disa, majken, theThird]) {
        expect(text).not.toContain(personalNumber);
        expect(text).not.toContain(name);
      }
    }
  });
});
