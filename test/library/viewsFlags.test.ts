import { describe, expect, test } from 'vitest';
import { missedFlagId } from '../../src/projections/flags.ts';
import { aStartedProgram, end, offer, theConversation, theHandover, theProgram, uuid } from './given.ts';
import { at, childHealth, idAt, maternity, resident, tolvan } from './people.ts';
import { aDay, monday, stores, type World } from './world.ts';

type Flag = {
  readonly flagId: string;
  readonly type: string;
  readonly severity: string;
  readonly since: string;
  readonly text?: string;
};
type Counted = { readonly type: string; readonly severity: string; readonly count: number };

const b = at(maternity, 'b');
const ia = at(maternity, 'ia');
const parent = resident(tolvan);
const about = { programId: theProgram };
const tuesday = '2026-03-03T08:00:00.000Z';

const flagsOf = async ({ sees }: World): Promise<readonly Flag[]> =>
  (await sees<{ flags: readonly Flag[] }>({ view: 'program', ...about }, b)).flags;
const flagOf = async (world: World, type: string) => (await flagsOf(world)).filter((flag) => flag.type === type);

const byName = (one: Counted, other: Counted): number =>
  `${one.type} ${one.severity}` < `${other.type} ${other.severity}` ? -1 : 1;

/** The flags of the program's row in a list, by type and severity. */
const countedIn = async ({ sees }: World, tab: 'mine' | 'all' | 'ended', actor = b): Promise<readonly Counted[]> => {
  const { rows } = await sees({ view: 'overview', tab }, actor);
  return ((rows[0]?.flags ?? []) as readonly Counted[]).toSorted(byName);
};

const countsOf = (flags: readonly Flag[]): readonly Counted[] => {
  const kinds = [...new Set(flags.map(({ type, severity }) => `${type} ${severity}`))].toSorted();
  return kinds.map((name) => {
    const [type = '', severity = ''] = name.split(' ');
    return { type, severity, count: flags.filter((flag) => flag.type === type && flag.severity === severity).length };
  });
};

const planId = uuid(71);
/** An activity at ten on two days, to be filled in on those days. */
const plan = ({ does }: World) =>
  does(
    'create-activity-plan',
    {
      ...{ ...about, planId, elements: [{ title: 'Nikotinlängtan', kind: 'scale' }], graceDays: 0, remind: false },
      schedule: { from: '2026-03-02', to: '2026-03-03', everyWeeks: 1, weekdays: [1, 2], times: ['10:00'] },
    },
    b,
  );
const raise = async ({ does }: World, severity: 'info' | 'action', text: string) =>
  (await does('raise-flag', { ...about, severity, text }, b)).ids.flagId as string;
const comment = async ({ does }: World) =>
  (await does('comment', { ...about, moduleId: 'steg-1', sectionId: 'avsnitt-1', text: 'Svårt.' }, parent)).ids
    .commentId as string;
const form = { ...about, moduleId: 'steg-1', formId: 'fragor' };
const submit = ({ does }: World) => does('submit-form', { ...form, answers: { 'fraga-1': 'Tre' } }, parent);
const module = { ...about, moduleId: 'steg-2' };

/** Every type of flag is up; it is Thursday. */
const everyFlag = async (world: World): Promise<void> => {
  await comment(world);
  await submit(world);
  await plan(world);
  await world.does('activate-module', { ...module, days: 1 }, b);
  await offer(world, theProgram, childHealth, theHandover);
  await raise(world, 'info', 'Ring på fredag.');
  await raise(world, 'action', 'Ring i dag.');
  world.clock.later(3 * aDay);
};
const everyType = ['activity-missed', 'comment', 'form', 'handover', 'manual', 'message', 'time-expired'];

describe.each(stores)('a flag %s', (kind) => {
  test('R152 R153 R160 R182 of a comment is up until it is read', async () => {
    const world = await aStartedProgram(kind);
    const [first, second] = [await comment(world), await comment(world)];
    const flag = (flagId: string) => ({
      ...{ flagId, type: 'comment', severity: 'action', since: monday },
      link: { view: 'comments', id: flagId },
    });
    expect(await flagOf(world, 'comment')).toEqual([flag(first), flag(second)]);
    await world.does('read-comment', { ...about, commentId: first }, b);
    expect(await flagOf(world, 'comment')).toEqual([flag(second)]);
  });

  test('R141 R145 R159 R160 I10 of a form is up from when it is submitted until it is opened', async () => {
    const world = await aStartedProgram(kind);
    await world.does('save-form', { ...form, answers: {} }, parent);
    expect(await flagOf(world, 'form')).toEqual([]);
    world.clock.later(aDay);
    await submit(world);
    const flag = { type: 'form', severity: 'action', since: tuesday };
    const link = { view: 'form', id: 'fragor', moduleId: 'steg-1' };
    expect(await flagOf(world, 'form')).toMatchObject([{ ...flag, link }]);
    await world.does('open-form', form, b);
    expect(await flagOf(world, 'form')).toEqual([]);
  });

  test('R127 R129 R131 D6 D21 of a module whose days are out is up until they are more, or it is left', async () => {
    const world = await aStartedProgram(kind);
    await world.does('activate-module', { ...module, days: 1 }, b);
    world.clock.at('2026-03-03T22:59:59.999Z');
    expect(await flagOf(world, 'time-expired')).toEqual([]);
    world.clock.at('2026-03-03T23:00:00.000Z');
    const expired = {
      ...{ type: 'time-expired', severity: 'info', since: '2026-03-03T23:00:00.000Z' },
      link: { view: 'program', id: 'steg-2' },
    };
    const [before] = await flagOf(world, 'time-expired');
    expect(before).toMatchObject(expired);
    await world.does('change-module-days', { ...module, days: 2 }, b);
    expect(await flagOf(world, 'time-expired')).toEqual([]);
    world.clock.later(aDay);
    const [after] = await flagOf(world, 'time-expired');
    expect(after).toMatchObject({ ...expired, since: '2026-03-04T23:00:00.000Z' });
    expect(after?.flagId).not.toBe(before?.flagId);
    await world.does('complete-module', module, b);
    expect(await flagOf(world, 'time-expired')).toEqual([]);
  });

  test.each(['deny-handover', 'withdraw-handover'] as const)(
    'D2 D21 of a handover is up at the sender until %s',
    async (type) => {
      const world = await aStartedProgram(kind);
      world.clock.later(aDay);
      await offer(world, theProgram, childHealth, theHandover);
      const flag = { flagId: theHandover, type: 'handover', severity: 'info', since: tuesday };
      expect(await flagOf(world, 'handover')).toEqual([{ ...flag, link: { view: 'overview', id: theHandover } }]);
      await world.does(type, { handoverId: theHandover }, type === 'deny-handover' ? at(childHealth, 'ia') : ia);
      expect(await flagOf(world, 'handover')).toEqual([]);
    },
  );

  test('R155 R156 that a clinician raises has a text and a severity, and is up until it is cleared', async () => {
    const world = await aStartedProgram(kind);
    const [first, second] = [await raise(world, 'info', 'Ring på fredag.'), await raise(world, 'action', 'Ring nu.')];
    const manual = { type: 'manual', since: monday, link: { view: 'program' } };
    expect(await flagOf(world, 'manual')).toEqual([
      { ...manual, flagId: first, severity: 'info', text: 'Ring på fredag.' },
      { ...manual, flagId: second, severity: 'action', text: 'Ring nu.' },
    ]);
    await world.does('clear-flag', { ...about, flagId: first }, b);
    expect(await flagOf(world, 'manual')).toMatchObject([{ flagId: second }]);
  });

  test('D21 D28 of an occasion that was missed is up since it closed, each until it is cleared', async () => {
    const world = await aStartedProgram(kind);
    await plan(world);
    world.clock.at('2026-03-02T22:59:59.999Z');
    expect(await flagOf(world, 'activity-missed')).toEqual([]);
    world.clock.at('2026-03-04T08:00:00.000Z');
    const missed = (occasion: string, since: string) => ({
      ...{ flagId: missedFlagId(planId, occasion), type: 'activity-missed', severity: 'action', since },
      link: { view: 'activities', id: planId },
    });
    const first = missed('2026-03-02T09:00:00.000Z', '2026-03-02T23:00:00.000Z');
    const second = missed('2026-03-03T09:00:00.000Z', '2026-03-03T23:00:00.000Z');
    expect(await flagOf(world, 'activity-missed')).toEqual([first, second]);
    await world.does('clear-flag', { ...about, flagId: first.flagId }, b);
    expect(await flagOf(world, 'activity-missed')).toEqual([second]);
  });

  test('D21 I25 is not of an occasion that was filled in', async () => {
    const world = await aStartedProgram(kind);
    await plan(world);
    world.clock.at('2026-03-02T09:00:00.000Z');
    const occasion = '2026-03-02T09:00:00.000Z';
    await world.does('register-activity', { ...about, planId, occasion, answers: ['7'] }, parent);
    world.clock.at('2026-03-03T08:00:00.000Z');
    expect(await flagOf(world, 'activity-missed')).toEqual([]);
  });
});

describe.each(stores)('the flags of a program %s', (kind) => {
  test('R141 R154 R155 R159 R178 D21 are counted in the lists as the program shows them, the oldest first', async () => {
    const world = await aStartedProgram(kind);
    await everyFlag(world);
    const flags = await flagsOf(world);
    expect([...new Set(flags.map(({ type }) => type))].toSorted()).toEqual(everyType);
    expect(flags.map(({ since }) => since)).toEqual(flags.map(({ since }) => since).toSorted());
    expect(new Set(flags.map(({ flagId }) => flagId)).size).toBe(flags.length);
    expect(await countedIn(world, 'mine')).toEqual(countsOf(flags));
    expect(await countedIn(world, 'all', ia)).toEqual(countsOf(flags));
    expect(countsOf(flags)).toContainEqual({ type: 'activity-missed', severity: 'action', count: 2 });
  });

  test('R160 D21 have the ids by which they are cleared, or are told to close with their cause', async () => {
    const world = await aStartedProgram(kind);
    await everyFlag(world);
    for (const { type, flagId } of await flagsOf(world)) {
      if (['manual', 'activity-missed'].includes(type)) await world.does('clear-flag', { ...about, flagId }, b);
      else
        expect([type, await world.fails('clear-flag', { ...about, flagId }, b)]).toEqual([
          type,
          { kind: 'refused', code: 'flag-closes-with-cause' },
        ]);
    }
    const left = (await flagsOf(world)).map(({ type }) => type).toSorted();
    expect(left).toEqual(['comment', 'form', 'handover', 'message', 'time-expired']);
    expect(await countedIn(world, 'mine')).toEqual(countsOf(await flagsOf(world)));
  });

  test('R155 D21 are as severe as the region says, but for those that a clinician raises', async () => {
    const severities = { message: 'info', form: 'info', handover: 'action', manual: 'info' } as const;
    const world = await aStartedProgram(kind, { policy: { id: 'own-1', severities } });
    await everyFlag(world);
    const flags = await flagsOf(world);
    const severity = (wanted: string) => flags.filter(({ type }) => type === wanted).map((flag) => flag.severity);
    expect([severity('message'), severity('form'), severity('handover')]).toEqual([['info'], ['info'], ['action']]);
    expect(severity('comment')).toEqual(['action']);
    expect(severity('time-expired')).toEqual(['action']);
    expect(severity('manual')).toEqual(['info', 'action']);
    expect(await countedIn(world, 'mine')).toEqual(countsOf(flags));
  });

  test('D15 D21 stay with the unit that owns the program, whoever is responsible', async () => {
    const world = await aStartedProgram(kind);
    await everyFlag(world);
    const { rows } = await world.sees({ view: 'overview', tab: 'handovers' }, at(childHealth, 'ia'));
    expect(rows).toMatchObject([{ programId: theProgram, flags: [] }]);
    const approval = { handoverId: theHandover, clinician: idAt(childHealth, 'b') };
    const before = countsOf((await flagsOf(world)).filter(({ type }) => type !== 'handover'));
    await world.does('approve-handover', approval, at(childHealth, 'ia'));
    expect(await countedIn(world, 'mine', at(childHealth, 'b'))).toEqual(before);
  });

  test('D21 all close at the end', async () => {
    const world = await aStartedProgram(kind);
    await everyFlag(world);
    await world.does('withdraw-handover', { handoverId: theHandover }, ia);
    await end(world, theProgram);
    expect(await flagsOf(world)).toEqual([]);
    expect(await countedIn(world, 'ended')).toEqual([]);
  });

  test('R151 I11 are nothing that the resident sees', async () => {
    const world = await aStartedProgram(kind);
    await everyFlag(world);
    const flagIds = (await flagOf(world, 'manual')).map(({ flagId }) => flagId);
    const views = [
      { view: 'my-program', ...about },
      { view: 'my-programs' },
      { view: 'form', ...form },
      { view: 'comments', ...about },
      { view: 'conversations', ...about },
      { view: 'conversation', ...about, conversationId: theConversation },
    ];
    for (const query of views) {
      const text = JSON.stringify(await world.sees<object>(query, parent));
      for (const hidden of ['Ring', ...flagIds, idAt(maternity, 'b'), 'flag', 'severity', theHandover])
        expect([query.view, text]).not.toEqual([query.view, expect.stringContaining(hidden)]);
    }
    expect(await world.misses({ view: 'program', ...about }, parent)).toEqual({
      kind: 'refused',
      code: 'not-permitted',
    });
  });
});
