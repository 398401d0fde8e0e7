import { describe, expect, test } from 'vitest';
import { approve, aStartedProgram, end, offer, theHandover, theProgram } from './given.ts';
import { at, auditor, childHealth, disa, idAt, maternity, resident, tolvan } from './people.ts';
import { during, lastPosition } from './replays.ts';
import { aDay, aMinute, codeOf, type Rows, rightOf, type World } from './world.ts';

type Ask = World['folja']['view'];

const rowsOf = async (view: Ask, query: { readonly view: string }, actor: Parameters<Ask>[1]): Promise<Rows['rows']> =>
  (rightOf(await view(query, actor), query.view) as Rows).rows;

const tab = (name: string) => ({ view: 'overview', tab: name });
const b = at(maternity, 'b');
const ofProgram = { view: 'program', programId: theProgram };
const maintained = { maintenance: { until: '2026-03-20' } };

describe('who may see a replay', () => {
  test('R013 R207 is who may see the view today: a role that was taken back opens nothing', async () => {
    const world = await aStartedProgram('in memory');
    const position = await lastPosition(world);
    const taken = { unitId: maternity.unitId, hsaId: idAt(maternity, 'b'), role: 'clinician' };
    await world.does(
      'grant-role',
      { ...taken, role: 'clinician', hsaId: idAt(maternity, 'plain') },
      at(maternity, 'ba'),
    );
    await world.does('revoke-role', taken, at(maternity, 'ba'));
    await during(world, { position }, async ({ view }) => {
      expect(codeOf(await view(ofProgram, b))).toBe('role-missing');
      expect(codeOf(await view(ofProgram, at(maternity, 'plain')))).toBe('done');
      expect(codeOf(await view(ofProgram, at(childHealth, 'b')))).toBe('unknown-program');
      expect(codeOf(await view(ofProgram, resident(tolvan)))).toBe('not-permitted');
      expect(codeOf(await view({ view: 'my-program', programId: theProgram }, resident(disa)))).toBe('unknown-program');
    });
  });

  test('R204 R274 lists a program to the clinician of today, and names the one of then', async () => {
    const world = await aStartedProgram('in memory');
    const position = await lastPosition(world);
    const change = { programId: theProgram, clinician: idAt(maternity, 'b2'), reason: 'semester' };
    await world.does('change-clinician', change, at(maternity, 'ia'));
    await during(world, { position }, async ({ view }) => {
      expect(await rowsOf(view, tab('mine'), b)).toEqual([]);
      expect(await rowsOf(view, { view: 'documentation' }, b)).toEqual([]);
      const [row] = await rowsOf(view, tab('mine'), at(maternity, 'b2'));
      expect(row).toMatchObject({ programId: theProgram, clinician: { hsaId: idAt(maternity, 'b') } });
      expect(await rowsOf(view, { view: 'documentation' }, at(maternity, 'b2'))).not.toEqual([]);
    });
  });

  test('R196 R201 shows an offer while it waits today, and to its unit only', async () => {
    const world = await aStartedProgram('in memory');
    const before = await lastPosition(world);
    await offer(world, theProgram, childHealth, theHandover);
    const position = await lastPosition(world);
    const receiver = at(childHealth, 'ia');
    const shown = await rowsOf(world.folja.view, tab('handovers'), receiver);
    expect(shown).toHaveLength(1);
    await during(world, { position }, async ({ view }) => {
      expect(await rowsOf(view, tab('handovers'), receiver)).toEqual(shown);
      expect(await rowsOf(view, tab('handovers'), at(maternity, 'ia'))).toEqual([]);
    });
    await during(world, { position: before }, async ({ view }) =>
      expect(await rowsOf(view, tab('handovers'), receiver)).toEqual([]),
    );
    await during(world, { position }, async ({ view }) => {
      await approve(world, theProgram, theHandover, childHealth);
      expect(await rowsOf(view, tab('handovers'), receiver)).toEqual([]);
      expect(await rowsOf(view, tab('mine'), b)).toEqual([]);
      expect(await rowsOf(view, tab('mine'), at(childHealth, 'b'))).toMatchObject([
        { programId: theProgram, clinician: { hsaId: idAt(maternity, 'b') } },
      ]);
    });
  });

  test('R231 R235 D12 is closed to the resident when the reading has ended today, and reads on until then', async () => {
    const world = await aStartedProgram('in memory');
    const position = await lastPosition(world);
    const mine = { view: 'my-program', programId: theProgram };
    await end(world, theProgram, maintained);
    await during(world, { position }, async ({ view }) => {
      expect(rightOf(await view(mine, resident(tolvan)), 'my-program')).toMatchObject({ writable: true });
      world.clock.later(40 * aDay);
      expect(codeOf(await view(mine, resident(tolvan)))).toBe('program-has-ended');
      expect(codeOf(await view({ view: 'conversations', programId: theProgram }, resident(tolvan)))).toBe(
        'program-has-ended',
      );
      const [row] = await rowsOf(view, { view: 'my-programs' }, resident(tolvan));
      expect(row).toMatchObject({ programId: theProgram, readable: false, writable: true });
      expect(codeOf(await view({ view: 'template', templateId: 'tobakshjalpen' }, resident(tolvan)))).toBe(
        'unknown-template',
      );
    });
  });

  test('R248 P14 is logged today like any view, with the position that it showed; nothing else is written', async () => {
    const world = await aStartedProgram('in memory');
    const position = await lastPosition(world);
    await end(world, theProgram);
    world.clock.later(aMinute);
    const last = Number(await lastPosition(world));
    await during(world, { position }, async ({ view }) => {
      expect(rightOf(await view(tab('all'), b), 'all')).toMatchObject({ asOf: position });
      await view(tab('all'), at(childHealth, 'b'));
      await view(ofProgram, at(childHealth, 'b'));
    });
    const written = (await world.events()).filter((event) => event.position > last);
    const now = world.clock.now().toISOString();
    expect(written.map(({ stream, type, at: time, data }) => [stream.slice(0, 7), type, time, data])).toEqual([
      ['access-', 'operated', now, { what: 'replay', until: Number(position) }],
      ['access-', 'viewed', now, { what: 'overview', programs: [theProgram], asOf: Number(position) }],
      ['access-', 'viewed', now, { what: 'overview', programs: [], asOf: Number(position) }],
      ['access-', 'refused', now, { what: 'program', programs: [theProgram], code: 'unknown-program', reading: true }],
    ]);
    expect((await world.log()).slice(-4).map(({ action, actor }) => [action, actor])).toEqual([
      ['replay', auditor.kind === 'platform' ? auditor.hsaId : ''],
      ['overview', idAt(maternity, 'b')],
      ['overview', idAt(childHealth, 'b')],
      ['program', idAt(childHealth, 'b')],
    ]);
  });
});
