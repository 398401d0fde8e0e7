import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/index.ts';
import { viewNames } from '../../src/projections/viewing.ts';
import {
  amning,
  aStartedProgram,
  end,
  grant,
  purge,
  start,
  theConversation,
  theProgram,
  tobak,
  uuid,
} from './given.ts';
import { commandTypes, exampleOf, lifeOf, lifesProgram, live, plainTexts, type Step } from './life.ts';
import {
  at,
  auditor,
  childHealth,
  expert,
  idAt,
  maternity,
  nameAt,
  privateChildHealth,
  region,
  resident,
  siths,
  system,
  tolvan,
} from './people.ts';
import { aWorld, monday, type Rows, stores } from './world.ts';

type Entry = Rows['rows'][number];

/** What an entry is to say of who acted. */
const actorOf = (actor: Actor): object => {
  if (actor.kind === 'resident') return { actor: 'resident', authentication: actor.authentication };
  if (actor.kind === 'system') return { actor: actor.process };
  return { actor: actor.hsaId, authentication: actor.authentication };
};
const providers: Readonly<Record<string, string>> = Object.fromEntries(
  [maternity, childHealth, privateChildHealth].map(({ unitId, careProviderId }) => [unitId, careProviderId]),
);
const placeOf = (actor: Actor): object =>
  actor.kind === 'staff' ? { unitId: actor.unitId, careProviderId: providers[actor.unitId] } : {};

/** What the entries leave unsaid: a field of another kind of actor. */
const without = (entry: Entry, actor: Actor): void => {
  if (actor.kind !== 'staff')
    for (const field of ['unitId', 'careProviderId', 'role', 'name']) expect(entry).not.toHaveProperty(field);
  if (actor.kind === 'system') expect(entry).not.toHaveProperty('authentication');
};

const subject = { programId: lifesProgram, personalNumber: plainTexts.person.personalNumber };
const isAboutProgram = ({ type, data }: Step): boolean => 'programId' in data || type === 'start-program';

const roleFor: Readonly<Record<string, string>> = {
  ba: 'authorization-administrator',
  b: 'clinician',
  ia: 'resident-administrator',
  da: 'data-administrator',
};
const roleOf = ({ type, actor }: Step): string | undefined => {
  if (actor.kind !== 'staff' || type === 'sign-in' || type === 'set-notifications') return undefined;
  return roleFor[actor.hsaId.slice(actor.unitId.length)];
};

const activityOf: Readonly<Record<string, string>> = {
  'purge-program': 'erase',
  'export-program': 'print',
  'dispose-log-year': 'erase',
};

const expectEntry = (entry: Entry | undefined, step: Step, outcome: object): void => {
  const { type, actor } = step;
  expect(entry).toMatchObject({
    ...{ at: monday, action: type, purpose: 'care', activity: activityOf[type] ?? 'write' },
    ...actorOf(actor),
    ...placeOf(actor),
    ...outcome,
  });
  without(entry as Entry, actor);
};

/** What was asked of the library; it certifies the erasure by itself. */
const asked = (log: readonly Entry[]): readonly Entry[] => log.filter(({ actor }) => actor !== 'operations');

/** Somebody who may not send a command. */
const notFor = (type: string): Actor => (type.includes('-log-') ? expert : auditor);

describe.each(stores)('the audit log %s', (kind) => {
  test('R248 R251 I23 has one entry for every command that was allowed, with who, where, how, what and whom', async () => {
    const world = await aWorld(kind);
    const steps = lifeOf();
    await live(world, steps);
    const whole = await world.log();
    const log = asked(whole);
    expect(log).toHaveLength(steps.length);
    expect(whole.map(({ seq }) => seq)).toEqual(whole.map((_, index) => index + 1));
    for (const [index, step] of steps.entries()) {
      const role = roleOf(step);
      const subjects = isAboutProgram(step) ? [subject] : [];
      expectEntry(log[index], step, { outcome: 'allowed', subjects, ...(role === undefined ? {} : { role }) });
    }
    expect(new Set(log.map(({ action }) => action))).toEqual(new Set(commandTypes));
  });

  test('R251 I23 has one entry for every command that was refused, by the same who and where', async () => {
    const world = await aWorld(kind);
    const steps = lifeOf();
    await live(world, steps);
    for (const type of commandTypes) {
      world.clock.later(61_000);
      await world.fails(type, exampleOf(type), notFor(type));
    }
    const log = asked(await world.log()).slice(steps.length);
    expect(log.map(({ action, actor, outcome, code }) => [action, actor, outcome, code])).toEqual(
      commandTypes.map((type) => [type, (notFor(type) as { hsaId: string }).hsaId, 'refused', 'not-permitted']),
    );
  });

  test('R251 I23 has one entry for every command that was none, with its name and nothing of what it said', async () => {
    const world = await aWorld(kind);
    const steps = lifeOf();
    await live(world, steps);
    for (const type of commandTypes) {
      world.clock.later(61_000);
      await world.fails(type, { ...exampleOf(type), nonsense: plainTexts.body }, at(childHealth, 'b'));
    }
    const log = asked(await world.log()).slice(steps.length);
    expect(log.map(({ action, actor, outcome, code, subjects }) => [action, actor, outcome, code, subjects])).toEqual(
      commandTypes.map((type) => [type, idAt(childHealth, 'b'), 'refused', 'invalid', []]),
    );
  });

  test('R251 I23 has one entry for every command that was sent again', async () => {
    const world = await aWorld(kind);
    const steps = lifeOf();
    await live(world, steps);
    const again = steps.filter(({ actor, type }) => actor.kind !== 'resident' && type !== 'export-program');
    await live(world, again);
    const log = asked(await world.log()).slice(steps.length);
    expect(log).toHaveLength(again.length);
    for (const [index, step] of again.entries()) {
      const subjects = isAboutProgram(step) ? [subject] : [];
      expectEntry(log[index], step, { outcome: 'repeated', subjects });
    }
  });
});

const b = at(maternity, 'b');
const thePurged = uuid(7);
const queries: Readonly<Record<string, readonly [query: object, actor: Actor, about: readonly string[]]>> = {
  overview: [{ tab: 'all' }, b, [theProgram]],
  program: [{ programId: theProgram }, b, [theProgram]],
  'my-programs': [{}, resident(tolvan), [theProgram]],
  'my-program': [{ programId: theProgram }, resident(tolvan), [theProgram]],
  form: [{ programId: theProgram, moduleId: 'steg-1', formId: 'fragor' }, b, [theProgram]],
  comments: [{ programId: theProgram }, resident(tolvan), [theProgram]],
  conversations: [{ programId: theProgram }, b, [theProgram]],
  conversation: [{ programId: theProgram, conversationId: theConversation }, resident(tolvan), [theProgram]],
  activities: [{ programId: theProgram, from: '2026-03-02', to: '2026-03-08' }, b, [theProgram]],
  timeline: [{ programId: theProgram }, b, [theProgram]],
  documentation: [{}, b, [theProgram]],
  purge: [{ programId: thePurged }, at(maternity, 'da'), [thePurged]],
  templates: [{}, at(maternity, 'plain'), []],
  template: [{ templateId: tobak }, at(maternity, 'plain'), []],
  profile: [{}, at(maternity, 'plain'), []],
  statistics: [{}, region, []],
  undelivered: [{}, region, []],
  'access-report': [{}, resident(tolvan), [theProgram, thePurged]],
  staff: [{}, at(maternity, 'ba'), []],
  units: [{}, region, []],
  caseload: [{}, at(maternity, 'ia'), [theProgram]],
  'purge-list': [{}, at(maternity, 'da'), []],
  audit: [{ perspective: 'owner', programId: theProgram, limit: 1 }, auditor, [theProgram]],
  'log-export': [
    { format: 'fhir', perspective: 'owner', careProviderId: maternity.careProviderId, limit: 1 },
    auditor,
    [theProgram],
  ],
  'log-checks': [{}, auditor, []],
};

/** What is taken out to be kept elsewhere is a print. */
const shownAs = (view: string): string => (view === 'log-export' ? 'print' : 'read');

describe.each(stores)('the audit log of views %s', (kind) => {
  test('R248 R251 R278 I23 has one entry for every view that was shown, with whom it showed', async () => {
    const world = await aStartedProgram(kind);
    await start(world, amning, tolvan, { programId: thePurged });
    await end(world, thePurged);
    await purge(world, thePurged);
    const before = (await world.log()).length + 1;
    expect(Object.keys(queries).toSorted()).toEqual(viewNames.toSorted());
    for (const [view, [query, actor]] of Object.entries(queries)) await world.sees({ view, ...query }, actor);
    const log = (await world.log()).slice(before);
    expect(log).toHaveLength(viewNames.length);
    for (const [index, [view, [, actor, about]]] of Object.entries(queries).entries()) {
      const subjects = about.map((programId) => ({ programId, personalNumber: tolvan.personalNumber }));
      const said = { at: monday, action: view, activity: shownAs(view), outcome: 'allowed', purpose: 'care', subjects };
      expect(log[index]).toMatchObject({ ...said, ...actorOf(actor), ...placeOf(actor) });
      without(log[index] as Entry, actor);
    }
  });

  test('R251 I23 has one entry for every view that was refused, and for every one that was none', async () => {
    const world = await aStartedProgram(kind);
    const before = (await world.log()).length + 1;
    for (const [view, [query]] of Object.entries(queries)) {
      world.clock.later(61_000);
      await world.misses({ view, ...query }, system('clock'));
      await world.misses({ view, ...query, nonsense: 1 }, b);
    }
    const log = (await world.log()).slice(before);
    expect(log.map(({ action, actor, code, activity, outcome }) => [action, actor, code, activity, outcome])).toEqual(
      Object.keys(queries).flatMap((view) => [
        [view, 'clock', 'not-permitted', shownAs(view), 'refused'],
        [view, idAt(maternity, 'b'), 'invalid', shownAs(view), 'refused'],
      ]),
    );
  });

  test('R251 names the program that a stranger asked for, to the provider whose it is', async () => {
    const world = await aStartedProgram(kind);
    await world.misses({ view: 'program', programId: theProgram }, at(privateChildHealth, 'b'));
    const [entry] = (await world.log({ perspective: 'owner', careProviderId: maternity.careProviderId })).slice(-1);
    expect(entry).toMatchObject({
      ...{ action: 'program', outcome: 'refused', code: 'unknown-program', name: nameAt(privateChildHealth, 'b') },
      ...{ actor: idAt(privateChildHealth, 'b'), careProviderId: privateChildHealth.careProviderId },
      subjects: [{ programId: theProgram, personalNumber: tolvan.personalNumber }],
    });
  });

  test('R248 keeps the purpose that was given, and the way of signing in', async () => {
    const world = await aStartedProgram(kind);
    const actor = { ...b, purpose: 'quality', authentication: { ...siths, assurance: 4 } } as Actor;
    await world.sees({ view: 'overview', tab: 'all' }, actor);
    await grant(world, maternity, 'b', 'clinician');
    const [shown] = (await world.log()).slice(-2);
    expect(shown).toMatchObject({
      purpose: 'quality',
      authentication: { method: 'siths', assurance: 4 },
      role: 'clinician',
    });
  });
});
