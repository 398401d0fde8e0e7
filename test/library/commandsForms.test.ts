import { describe, expect, test } from 'vitest';
import { derivedId } from '../../src/access/ids.ts';
import { missedFlag } from '../../src/domain/program/plans.ts';
import { aStartedProgram, end, theProgram, uuid } from './given.ts';
import { at, childHealth, disa, maternity, resident, system, tolvan } from './people.ts';
import { stores } from './world.ts';

const about = { programId: theProgram };
const form = { ...about, moduleId: 'steg-1', formId: 'fragor' };
const answers = { 'fraga-1': 'Tre om dagen' };
const section = { ...about, moduleId: 'steg-1', sectionId: 'avsnitt-1' };
const [b, parent] = [at(maternity, 'b'), resident(tolvan)];
const refused = (code: string) => ({ kind: 'refused', code });
const invalid = (path: string, code: string) => ({ kind: 'invalid', issues: [{ path, code }] });
const plan = {
  ...{ ...about, elements: [{ title: 'Nikotinlängtan', kind: 'scale' }], graceDays: 0, remind: false },
  schedule: { from: '2026-03-02', everyWeeks: 1, weekdays: [1], times: ['08:00'] },
};

describe.each(stores)('a form %s', (kind) => {
  test('R140 R142 I10 is saved, submitted and opened, each once and for all', async () => {
    const world = await aStartedProgram(kind);
    await world.does('save-form', { ...form, answers }, parent);
    expect(await world.fails('open-form', form, b)).toEqual(refused('form-not-submitted'));
    await world.does('submit-form', { ...form, answers }, parent);
    expect(await world.fails('save-form', { ...form, answers }, parent)).toEqual(refused('form-already-submitted'));
    expect((await world.does('open-form', form, b)).events).toHaveLength(1);
    expect((await world.does('open-form', form, b)).events).toEqual([]);
  });

  test('R142 D24 is opened after the end of its program', async () => {
    const world = await aStartedProgram(kind);
    await world.does('submit-form', { ...form, answers }, parent);
    await end(world, theProgram);
    expect((await world.does('open-form', form, b)).events).toMatchObject([{ type: 'form-opened' }]);
  });

  test.each(['save-form', 'submit-form'])('R140 takes no answer to another question: %s', async (type) => {
    const { fails } = await aStartedProgram(kind);
    const wrong = { ...answers, 'fraga-2': 'Nej' };
    expect(await fails(type, { ...form, answers: wrong }, parent)).toEqual(invalid('data.answers', 'unknown-question'));
  });

  test.each([
    ['a personal number', '19121212-1212', 'invalid-key'],
    ['one without a dash', '191212121212', 'invalid-key'],
    ['a name', 'Tolvan Tolvansson', 'invalid-key'],
    ['a question of no form', 'tolvan-tolvansson', 'unknown-question'],
  ])('R242 repeats nothing of a question that is none: %s', async (_, question, code) => {
    const world = await aStartedProgram(kind);
    for (const written of [{ [question]: 'Ja' }, { ...answers, [question]: 'Ja' }])
      expect(await world.fails('submit-form', { ...form, answers: written }, parent)).toEqual(
        invalid('data.answers', code),
      );
    const wrong = { ...answers, [question]: 7 };
    const problem = await world.fails('submit-form', { ...form, answers: wrong }, parent);
    const kept = JSON.stringify([problem, (await world.events()).slice(-4)]);
    expect(kept.includes(question)).toBe(false);
  });
});

describe.each(stores)('what the library makes an id for %s', (kind) => {
  const made: readonly (readonly [string, string, object, typeof b])[] = [
    ['commentId', 'comment', { ...section, text: 'Svårt.' }, parent],
    ['flagId', 'raise-flag', { ...about, severity: 'info', text: 'Ring.' }, b],
    ['planId', 'create-activity-plan', plan, b],
  ];

  test.each(made)('P4 P6 tells its %s, the same whenever %s is sent again', async (name, type, data, actor) => {
    const world = await aStartedProgram(kind);
    const receipt = await world.does(type, data, actor, uuid(71));
    expect(receipt.ids).toEqual({ ...about, [name]: derivedId(uuid(71), name.replace('Id', '')) });
    world.clock.later(60_000);
    expect(await world.does(type, data, actor, uuid(71))).toEqual(receipt);
    const again = await world.does(type, data, actor, uuid(72));
    expect(again.ids[name]).not.toBe(receipt.ids[name]);
  });

  test('R160 R182 is what a comment and a flag are known by afterwards', async () => {
    const world = await aStartedProgram(kind);
    const { commentId } = (await world.does('comment', { ...section, text: 'Svårt.' }, parent)).ids;
    expect(await world.fails('clear-flag', { ...about, flagId: commentId }, b)).toEqual(
      refused('flag-closes-with-cause'),
    );
    await world.does('read-comment', { ...about, commentId }, b);
    expect(await world.fails('clear-flag', { ...about, flagId: commentId }, b)).toEqual(refused('unknown-flag'));
    const { flagId } = (await world.does('raise-flag', { ...about, severity: 'info', text: 'Ring.' }, b)).ids;
    expect((await world.does('clear-flag', { ...about, flagId }, b)).ids).toEqual({ ...about, flagId });
  });
});

describe.each(stores)('an activity plan %s', (kind) => {
  test('R219 D21 I25 is filled in while an occasion is open, and a missed one is cleared by hand', async () => {
    const world = await aStartedProgram(kind);
    const { planId } = (await world.does('create-activity-plan', plan, b)).ids as { planId: string };
    const registering = { ...about, planId, answers: ['3'] };
    await world.does('register-activity', { ...registering, occasion: '2026-03-02T07:00:00.000Z' }, parent);
    world.clock.at('2026-03-10T08:00:00.000Z');
    const missed = { ...registering, occasion: '2026-03-09T07:00:00.000Z' };
    expect(await world.fails('register-activity', missed, parent)).toEqual(refused('outside-occasion'));
    const flagId = derivedId(planId, missedFlag(missed.occasion));
    await world.does('clear-flag', { ...about, flagId }, b);
  });

  test('R218 takes as many answers as it has elements', async () => {
    const world = await aStartedProgram(kind);
    const { planId } = (await world.does('create-activity-plan', plan, b)).ids as { planId: string };
    const registering = { ...about, planId, occasion: '2026-03-02T07:00:00.000Z', answers: ['3', '4'] };
    expect(await world.fails('register-activity', registering, parent)).toEqual(
      invalid('data.answers', 'wrong-number'),
    );
  });
});

describe.each(stores)('a duty %s', (kind) => {
  test('R257 D20 is known by the event that raised it, in the same program', async () => {
    const world = await aStartedProgram(kind);
    const events = await world.events(`program-${theProgram}`);
    const idOf = (type: string) => events.find((event) => event.type === type)?.id as string;
    for (const type of ['started', 'message-sent'])
      await world.does('record-documentation', { ...about, dutyId: idOf(type) }, b);
    expect((await world.does('record-documentation', { ...about, dutyId: idOf('started') }, b)).events).toEqual([]);
    for (const dutyId of [idOf('module-activated'), uuid(73), (await world.events())[0]?.id])
      expect(await world.fails('record-documentation', { ...about, dutyId }, b)).toEqual(refused('unknown-duty'));
  });

  test('R261 is warned of when its program is purged, until each is attested', async () => {
    const world = await aStartedProgram(kind);
    await end(world, theProgram);
    const duties = ['started', 'message-sent', 'ended'];
    for (const { id } of (await world.events(`program-${theProgram}`)).filter(({ type }) => duties.includes(type)))
      await world.does('record-documentation', { ...about, dutyId: id }, b);
    const purging = { ...about, disposalDecision: 'RA-2026/1' };
    expect(await world.does('purge-program', purging, at(maternity, 'da'))).not.toHaveProperty('warnings');
    const other = await aStartedProgram(kind);
    await end(other, theProgram);
    expect((await other.does('purge-program', purging, at(maternity, 'da'))).warnings).toEqual([
      { code: 'duties-open' },
    ]);
  });
});

describe.each(stores)('what the library’s own processes do %s', (kind) => {
  test('R078 R170 is to remind, and to say which channels 1177 has', async () => {
    const { does, fails } = await aStartedProgram(kind);
    await does('send-reminder', { ...about, about: { moduleId: 'steg-1' } }, system('clock'));
    const channels = { ...about, inbox: true, sms: false, email: false };
    for (const process of ['directory', 'delivery'] as const)
      await does('set-resident-notifications', channels, system(process));
    expect(await fails('set-resident-notifications', channels, system('clock'))).toEqual(refused('not-permitted'));
  });
});

describe.each(stores)('who has nothing to do with a program %s', (kind) => {
  const of: readonly (readonly [string, object, typeof b])[] = [
    ['submit-form', { ...form, answers }, resident(disa)],
    ['comment', { ...section, text: 'Svårt.' }, resident(disa)],
    ['open-form', form, at(childHealth, 'b')],
    ['raise-flag', { ...about, severity: 'info', text: 'Ring.' }, at(childHealth, 'b')],
    ['create-activity-plan', plan, at(childHealth, 'b')],
    ['announce-absence', { ...about, from: '2026-03-09', to: '2026-03-13', text: 'Borta.' }, at(childHealth, 'ia')],
    ['export-program', { ...about, format: 'json' }, at(childHealth, 'da')],
  ];

  test.each(of)('R040 I22 learns nothing of it by %s', async (type, data, actor) => {
    const { fails } = await aStartedProgram(kind);
    expect(await fails(type, data, actor)).toEqual(refused('unknown-program'));
    expect(await fails(type, { ...data, programId: uuid(74) }, actor)).toEqual(refused('unknown-program'));
  });
});
