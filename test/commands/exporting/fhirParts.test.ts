import { type Bundle, type ProgramDocument, programBundle } from 'folja/fhir';
import { describe, expect, test } from 'vitest';
import { lifesProgram } from '../../library/life.ts';
import { aMiddle, aWholeLife } from './documents.ts';

type Resource = Bundle['entry'][number]['resource'];
type Of<Type extends Resource['resourceType']> = Extract<Resource, { resourceType: Type }>;

const resourcesIn = <Type extends Resource['resourceType']>({ entry }: Bundle, type: Type) =>
  entry.map(({ resource }) => resource).filter((one): one is Of<Type> => one.resourceType === type);

/** The resource that a reference leads to, as a type and a word about it. */
const followed = (bundle: Bundle, found: object | undefined): string => {
  const { reference } = found as { readonly reference: string };
  const resource = bundle.entry.find(({ fullUrl }) => fullUrl === reference)?.resource;
  if (resource?.resourceType === 'Practitioner' || resource?.resourceType === 'Organization')
    return resource.identifier.map(({ value }) => value).join();
  if (resource?.resourceType === 'Task') return `Task ${resource.code.text ?? resource.code.coding?.[0]?.code}`;
  return resource?.resourceType ?? 'nothing';
};

const code = (concept: { readonly coding?: readonly { readonly code: string }[] } | undefined) =>
  concept?.coding?.map((one) => one.code).join();

const once = <A>(make: () => Promise<A>): (() => Promise<A>) => {
  let made: Promise<A> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};
const theLife = once(aWholeLife);
const theMiddle = once(aMiddle);
const life = async (): Promise<Bundle> => programBundle(await theLife());
const middle = async (): Promise<Bundle> => programBundle(await theMiddle());

describe('a conversation', () => {
  test('R244 is a communication with a topic, and each message is a part of it that answers the one before', async () => {
    const bundle = await life();
    const all = resourcesIn(bundle, 'Communication');
    const [thread] = all.filter(({ category: [kind] }) => code(kind) === 'conversation');
    const messages = all.filter(({ category: [kind] }) => code(kind) === 'message');
    expect(thread).toMatchObject({ status: 'completed', topic: { text: 'En fråga' } });
    expect(thread).not.toHaveProperty('payload');
    expect(messages.map(({ partOf }) => partOf)).toEqual(messages.map(() => [{ reference: `urn:uuid:${thread?.id}` }]));
    expect(messages.map(({ inResponseTo }) => inResponseTo)).toEqual(
      [undefined, ...messages.slice(0, -1)].map((one) => one && [{ reference: `urn:uuid:${one.id}` }]),
    );
    const sides = messages.map(({ sender, recipient }) => [sender, recipient?.[0]].map((one) => followed(bundle, one)));
    expect(sides).toEqual([
      ['Patient', 'SE2321000131-BMM1b'],
      ['SE2321000131-BMM1b', 'Patient'],
      ['Patient', 'SE2321000131-BMM1b'],
    ]);
    expect(messages.map((message) => 'received' in message)).toEqual([true, false, false]);
  });
});

describe('what else was written', () => {
  test('R244 is communications too: a comment about its section or module, a notice of absence with its days', async () => {
    const [whole, half] = [await life(), await middle()];
    const about = (bundle: Bundle, kind: string) =>
      resourcesIn(bundle, 'Communication').filter(({ category }) => code(category[0]) === kind);
    expect(about(whole, 'comment').map((one) => followed(whole, one.about?.[0]))).toEqual(['Task avsnitt-1']);
    expect(about(half, 'comment').map((one) => followed(half, one.about?.[0]))).toEqual(['Task steg-2']);
    expect(about(whole, 'absence').map((one) => [followed(whole, one.sender), one.extension])).toEqual([
      [
        'SE2321000131-BMM1ia',
        [{ url: 'urn:folja:extension:absence', valuePeriod: { start: '2026-03-09', end: '2026-03-13' } }],
      ],
    ]);
  });

  test('R244 has reminders as requests, about what they remind of and by whom, the clock by nobody', async () => {
    const [whole, half] = [await life(), await middle()];
    const told = (bundle: Bundle) =>
      resourcesIn(bundle, 'CommunicationRequest').map(({ category, about, requester, occurrenceDateTime }) => [
        code(category[0]),
        followed(bundle, about[0]),
        requester && followed(bundle, requester),
        occurrenceDateTime,
      ]);
    expect(told(whole)).toEqual([['plan', 'ServiceRequest', 'SE2321000131-BMM1b', undefined]]);
    expect(told(half)).toEqual([
      ['module', 'Task steg-2', 'SE2321000131-BMM1b', undefined],
      ['follow-up', 'CarePlan', undefined, '2026-06-01T22:00:00.000Z'],
    ]);
  });

  test('R244 has flags that were raised by hand: active until they are cleared or the program ends', async () => {
    const document = await theMiddle();
    const flags = (one: ProgramDocument) =>
      resourcesIn(programBundle(one), 'Flag').map(({ status, category, period }) => [
        status,
        code(category[0]),
        period.end,
      ]);
    const at = '2026-06-04T07:00:00.000Z';
    const ended = { at, reason: 'annat', residentAware: true, notifyResident: true };
    expect(flags(document)).toEqual([['active', 'action', undefined]]);
    expect(flags({ ...document, program: { ...document.program, ended } })).toEqual([['inactive', 'action', at]]);
    expect(flags(await theLife())).toEqual([['inactive', 'info', '2026-03-02T08:00:00.000Z']]);
  });
});

describe('an activity plan', () => {
  test('R244 R216 is a request with a timing: days, clock times, weeks between and bounds', async () => {
    const [request] = resourcesIn(await middle(), 'ServiceRequest');
    expect(request).toMatchObject({ status: 'active', orderDetail: [{ text: 'Lust' }] });
    expect(request?.occurrenceTiming).toEqual({
      repeat: {
        boundsPeriod: { start: '2026-03-02', end: '2026-04-30' },
        frequency: 4,
        period: 2,
        periodUnit: 'wk',
        dayOfWeek: ['mon', 'sun'],
        timeOfDay: ['08:00:00', '19:30:00'],
      },
    });
    expect(request?.extension).toEqual([
      { url: 'urn:folja:extension:grace-days', valueInteger: 3 },
      { url: 'urn:folja:extension:remind', valueBoolean: false },
    ]);
  });

  test('R244 that was changed and stopped is two requests, the second in place of the first', async () => {
    const bundle = await life();
    const [first, second, ...more] = resourcesIn(bundle, 'ServiceRequest');
    expect([first?.status, second?.status, more]).toEqual(['completed', 'revoked', []]);
    expect(second?.replaces).toEqual([{ reference: `urn:uuid:${first?.id}` }]);
    expect(second?.extension?.at(-1)?.url).toBe('urn:folja:extension:stopped-at');
  });

  test('R244 has what was registered as responses to the request that the occasion came of', async () => {
    const bundle = await life();
    const [first] = resourcesIn(bundle, 'ServiceRequest');
    const responses = resourcesIn(bundle, 'QuestionnaireResponse').filter(({ extension }) => extension !== undefined);
    expect(responses).toMatchObject([
      {
        extension: [{ url: 'urn:folja:extension:occasion', valueDateTime: '2026-03-02T07:00:00.000Z' }],
        basedOn: [{ reference: `urn:uuid:${first?.id}` }],
        item: [{ linkId: '1', text: 'Nikotinlängtan i dag', answer: [{ valueString: 'Mest på kvällen' }] }],
      },
    ]);
  });
});

describe('a handover', () => {
  test('R244 is a task from unit to unit: asked for, withdrawn, denied with its reason, or approved', async () => {
    const told = (bundle: Bundle) =>
      resourcesIn(bundle, 'Task').flatMap((task) =>
        'authoredOn' in task
          ? [[followed(bundle, task.requester), followed(bundle, task.owner), task.status, code(task.statusReason)]]
          : [],
      );
    expect(told(await life())).toEqual([
      ['SE2321000131-BMM1', 'SE2321000131-BVC1', 'cancelled', undefined],
      ['SE2321000131-BMM1', 'SE5565594230-BVC9', 'rejected', 'fel-enhet'],
      ['SE2321000131-BMM1', 'SE2321000131-BVC1', 'accepted', undefined],
    ]);
    expect(told(await middle())).toEqual([['SE2321000131-BMM1', 'SE2321000131-BVC1', 'requested', undefined]]);
  });
});

describe('the provenance', () => {
  test('R244 says who did what in which role, for whom and of what, for what no resource says of itself', async () => {
    const bundle = await life();
    const told = resourcesIn(bundle, 'Provenance').map(({ activity, target, agent: [one], reason }) => [
      code(activity),
      followed(bundle, target[0]),
      followed(bundle, one?.who),
      code(one?.role?.[0]),
      code(reason?.[0]),
    ]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['started', 'CarePlan', 'SE2321000131-BMM1b', 'clinician', undefined],
        ['form-opened', 'QuestionnaireResponse', 'SE2321000131-BMM1b', 'clinician', undefined],
        ['module-completed', 'Task steg-1', 'SE2321000131-BMM1b', 'clinician', undefined],
        ['clinician-changed', 'CarePlan', 'SE2321000131-BMM1ia', 'resident-administrator', 'semester'],
        ['handover-denied', 'Task handover', 'SE5565594230-BVC9ia', 'resident-administrator', 'fel-enhet'],
        ['ended', 'CarePlan', 'SE2321000131-BVC1b', 'clinician', 'avslutad-enligt-plan'],
        ['program-opened', 'CarePlan', 'Patient', undefined, undefined],
      ]),
    );
    expect(told.map(([what]) => what)).not.toContain('message-sent');
  });

  test('R244 of a process names it in words, for it is nobody of the bundle', async () => {
    const document = await theMiddle();
    const [first] = document.history;
    if (first === undefined) throw new Error('there is a history');
    const by = { kind: 'system', process: 'directory' } as const;
    const event = { ...first, type: 'resident-notifications-set', by, data: {} };
    const [provenance] = resourcesIn(programBundle({ ...document, history: [event] }), 'Provenance');
    expect(provenance?.agent).toEqual([{ who: { type: 'Device', display: 'directory' } }]);
  });

  test('R244 tells of a missed activity whose flag was cleared, which the bundle does not have', async () => {
    const document = await theMiddle();
    const [first] = document.history;
    if (first === undefined) throw new Error('there is a history');
    const event = { ...first, type: 'flag-cleared', data: { flagId: lifesProgram } };
    const bundle = programBundle({ ...document, history: [event] });
    expect(resourcesIn(bundle, 'Provenance').map(({ target }) => followed(bundle, target[0]))).toEqual(['CarePlan']);
  });
});
